"""The auction: of all formats the one that fits a capture best reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Protocol

import msgspec

from constat.captures import Draft, Kept, Refused, Rows
from constat.documents.reports import Known
from constat.errors import InputError
from constat.plugins import modules
from constat.settings import Settings


class Context(msgspec.Struct, frozen=True):
    """What bears on reading a capture besides its bytes: what the user knows, names of columns, limits."""

    known: Known
    settings: Settings
    columns: Mapping[str, str] = {}
    rows: Rows | None = None  # it is a table of coded events: no format has to be told


class Format(Protocol):
    """What a module in `formats/` offers."""

    def score(self, kept: Kept, head: bytes) -> float:
        """From 0, cannot read it, to 1, made for nothing else."""

    def drafts(self, kept: Kept, context: Context) -> Iterator[Draft | Refused]:
        """Every report in it; raises `InputError` if it is unreadable as a whole."""


@lru_cache(maxsize=1)
def formats() -> Mapping[str, Format]:
    """All formats by name, found by listing."""
    from constat.documents import formats as folder

    return modules(folder)


def drafts(kept: Kept, context: Context) -> Iterator[Draft | Refused]:
    """The reports in a capture; raises `InputError` if no format reads it or it holds none."""
    best, empty = "coded" if context.rows else _best(kept), True
    for found in formats()[best].drafts(kept, context):
        empty = False
        yield found
    if empty:
        raise InputError(kept.name, None, f"read as {best.replace('_', ' ')}, and no report was found in it")


def _best(kept: Kept) -> str:
    head = kept.head
    scores = {name: form.score(kept, head) for name, form in formats().items()}
    return max(scores, key=lambda name: scores[name])
