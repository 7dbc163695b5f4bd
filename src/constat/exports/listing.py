"""The formats there are, found by listing `formats/`; nothing has to be registered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import IO, Protocol

import msgspec

from constat.errors import UsageError
from constat.exports.dossier import About, Dossier
from constat.plugins import chosen, modules


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """What a format is and what it cannot say.

    `lost` names facts (`losses.FACTS`) that leave no trace in it, `blurred` those of which only a part is kept, each
    with the reason; `empty` its columns that nothing in a casebook can fill. `extra`: the extra it needs.
    """

    title: str
    suffix: str
    media_type: str
    lost: Mapping[str, str] = {}
    blurred: Mapping[str, str] = {}
    empty: tuple[str, ...] = ()
    extra: str = ""
    texts: bool = False  # whether it can hold the full text of reports


class Exporter(Protocol):
    """What a module in `formats/` offers."""

    FORMAT: Format

    def write(self, dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
        """Write all incidents, one at a time; why some were left out, and how many."""


@lru_cache(maxsize=1)
def exporters() -> Mapping[str, Exporter]:
    """All exporters by name."""
    from constat.exports import formats

    return modules(formats)


def exporter(name: str) -> Exporter:
    """The exporter of a format; raises `UsageError`."""
    return chosen(exporters(), name, "format")


class Plotter(Protocol):
    """What a module in `plots/` offers."""

    def draw(self, dossiers: Iterable[Dossier], about: About) -> str:
        """A picture of all incidents, as SVG."""


@lru_cache(maxsize=1)
def plotters() -> Mapping[str, Plotter]:
    """All pictures by name."""
    from constat.exports import plots

    return modules(plots)


def plotter(name: str) -> Plotter:
    """What draws a kind of picture; raises `UsageError`."""
    return chosen(plotters(), name, "picture")


def missing(name: str, package: str, extra: str) -> UsageError:
    """The error for a format whose package is not installed."""
    return UsageError(f"writing {name} needs {package}: pip install 'constat[{extra}]'")
