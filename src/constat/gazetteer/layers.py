"""Places that a user adds to the index: one file a source, kept beside the user's data, read at every build.

A layer is a gzipped table named `NAME-HASH.places.gz`, so that the index knows by its name that it changed.
"""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from constat.errors import GazetteerError
from constat.folding import fold
from constat.gazetteer.place import Place

_SUFFIX = ".places.gz"
_HASH = 12  # digits of a hash in a file's name


class _Spelled(Place, frozen=True, array_like=False, gc=False):
    """A place as a layer holds it, each value with its name."""


class _Line(msgspec.Struct):
    """A line of a layer."""

    place: _Spelled
    names: tuple[str, ...]


class Added(msgspec.Struct, frozen=True):
    """A place of a layer with its names as spelled."""

    place: Place
    names: tuple[str, ...]


def folder() -> Path:
    """Where layers are kept: CONSTAT_PLACES, or the user's data folder."""
    if chosen := os.environ.get("CONSTAT_PLACES"):
        return Path(chosen)
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "constat" / "places"


def layers(where: Path | None = None) -> list[Path]:
    """The files of all layers in the order of their names."""
    return sorted((where or folder()).glob(f"*{_SUFFIX}"))


def read(path: Path) -> Iterator[Added]:
    """The places of a layer; raises `GazetteerError`."""
    try:
        with gzip.open(path, "rb") as lines:
            for line in lines:
                one = msgspec.json.decode(line, type=_Line)
                yield Added(Place(*msgspec.structs.astuple(one.place)), one.names)
    except (OSError, EOFError, msgspec.DecodeError) as error:
        raise GazetteerError(
            f"{path}: the added places cannot be read ({error}); delete the file and add them again"
        ) from error


def write(name: str, added: Iterable[Added], where: Path | None = None) -> tuple[Path, int]:
    """Keep places as the layer of a name, in place of an older one; the file and how many there are."""
    here = where or folder()
    lines = sorted(msgspec.json.encode(_Line(_Spelled(*msgspec.structs.astuple(a.place)), a.names)) for a in added)
    data = b"\n".join(lines)
    path = here / f"{name}-{hashlib.sha256(data).hexdigest()[:_HASH]}{_SUFFIX}"
    try:
        here.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".part")
        aside.write_bytes(gzip.compress(data, mtime=0))
        for old in here.glob(f"{name}-{'[0-9a-f]' * _HASH}{_SUFFIX}"):
            old.unlink()
        aside.replace(path)
    except OSError as error:
        raise GazetteerError(f"{path}: cannot be written ({error}); CONSTAT_PLACES names another folder") from error
    return path, len(lines)


def folded(added: Added) -> set[str]:
    """The folded names of a place."""
    return {key for name in (added.place.name, *added.names) if len(key := fold(name)) > 1}
