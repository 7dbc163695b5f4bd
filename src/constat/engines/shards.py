"""Reports cut into shards that any machine can read: ranges of lines, whole archives, handfuls of single texts."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Literal

import msgspec

from constat.errors import InputError, MissingExtraError
from constat.settings import Settings
from constat.sources.files import JSON_LINES, lines, members, raw_reports, whole
from constat.sources.raw import Raw, is_archive

SIZE = 32 << 20  # bytes of JSON Lines in one shard: some ten thousand reports
TEXTS = 500  # single texts in one shard
_BLOCK = 1 << 20


class Part(msgspec.Struct, frozen=True):
    """A file, or of JSON Lines the lines that begin from byte `first` to before `last`, the first with a number."""

    path: str
    form: Literal["lines", "file"] = "file"
    first: int = 0
    last: int = 0
    number: int = 1


class Shard(msgspec.Struct, frozen=True):
    """What one task reads, in order."""

    number: int
    parts: tuple[Part, ...]


Each = Callable[[Callable[[Part], int], list[Part]], Iterable[int]]


def plan(paths: Iterable[str], each: Each = map, size: int = SIZE) -> list[Shard]:
    """The shards of all reports under the paths, in the order in which `constat read` reads them.

    `each` is how a function is applied to many parts: `map`, or one that asks other machines.
    """
    parts = [part for path in paths for part in _parts(path, size)]
    cut = [part for part in parts if part.form == "lines" and part.last - part.first == size]
    ends = dict(zip(cut, each(line_ends, cut), strict=True))
    groups = groupby(_numbered(parts, ends), lambda p: p.form == "file" and not is_archive(p.path))
    found: list[tuple[Part, ...]] = []
    for together, group in groups:
        some = list(group)
        step = TEXTS if together else 1
        found += (tuple(some[i : i + step]) for i in range(0, len(some), step))
    return [Shard(number, some) for number, some in enumerate(found)]


def read_shard(shard: Shard, settings: Settings) -> Iterator[Raw | InputError]:
    """The reports of a shard, as `constat read` finds them."""
    for part in shard.parts:
        try:
            yield from _read(part, settings)
        except FileNotFoundError:
            yield InputError(part.path, None, "there is no such file or folder")
        except OSError as error:
            yield InputError(part.path, None, f"cannot be read: {error.strerror or error}")


def line_ends(part: Part) -> int:
    """How many lines end before the part's first line and its last byte but one: what the next part's number needs."""
    fs, name = filesystem(part.path)
    position, ends = max(part.first - 1, 0), 0
    with fs.open(name, "rb") as stream:
        stream.seek(position)
        while position < part.last - 1 and (block := stream.read(min(_BLOCK, part.last - 1 - position))):
            ends += block.count(b"\n")
            position += len(block)
    return ends


def filesystem(path: str) -> tuple[Any, str]:
    """The file system of a path or an address, and what it calls it."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise MissingExtraError(path, "fsspec", "dask") from error
    found: tuple[Any, str] = url_to_fs(path)
    return found


def _parts(path: str, size: int) -> Iterator[Part]:
    for name, length in _files(path):
        if length is None or PurePosixPath(name).suffix.lower() not in JSON_LINES:
            yield Part(name)
            continue
        firsts = range(0, length, size) if length else [0]
        yield from (Part(name, "lines", first, min(first + size, length)) for first in firsts)


def _files(path: str) -> Iterator[tuple[str, int | None]]:
    """The files under a path with their lengths; what is not there has none, and is told when it is read."""
    if "://" not in path:
        here = Path(path)
        for file in members(here) or [here] if here.is_dir() else [here]:
            yield str(file), file.stat().st_size if file.is_file() else None
        return
    fs, name = filesystem(path)
    if not fs.isdir(name):
        yield path, fs.info(name)["size"] if fs.exists(name) else None
        return
    found = fs.find(name, detail=True)
    for member in members(PurePosixPath(name), map(PurePosixPath, found)):
        yield fs.unstrip_protocol(str(member)), found[str(member)]["size"]


def _numbered(parts: Iterable[Part], ends: dict[Part, int]) -> Iterator[Part]:
    before = 0
    for part in parts:
        before = before if part.first else 0
        yield msgspec.structs.replace(part, number=before + 2) if part.first else part
        before += ends.get(part, 0)


def _read(part: Part, settings: Settings) -> Iterator[Raw | InputError]:
    if part.form == "file" and "://" not in part.path:
        yield from raw_reports([part.path], settings)
        return
    fs, name = filesystem(part.path)
    if is_archive(part.path):
        from constat.sources.archives import archived

        with tempfile.TemporaryDirectory() as folder:
            local = Path(folder) / PurePosixPath(name).name
            fs.get(name, str(local))
            yield from archived(local, part.path, settings)
        return
    with fs.open(name, "rb") as stream:
        if part.form == "lines":
            yield from lines(part.path, _Range(stream, part), settings.max_line_bytes, part.number)
        else:
            yield whole(part.path, stream, settings)


class _Range:
    """The lines of a stream that begin within a range of bytes."""

    def __init__(self, stream: BinaryIO, part: Part) -> None:
        self._stream, self._last = stream, part.last
        self._position, self._begins = part.first, True
        if part.first:
            # The line that the byte before belongs to begins before the range.
            stream.seek(part.first - 1)
            self._position -= 1
            while (piece := stream.readline(_BLOCK)) and not piece.endswith(b"\n"):
                self._position += len(piece)
            self._position += len(piece)

    def readline(self, size: int, /) -> bytes:
        """The next line, or its first bytes."""
        if self._begins and self._position >= self._last:
            return b""
        data = self._stream.readline(size)
        self._position += len(data)
        self._begins = data.endswith(b"\n")
        return data
