"""Reports from files, folders and standard input, in the order they were named in; a failure stops nothing else."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import Any, BinaryIO, Literal, Protocol, TypeVar, overload

from constat.errors import InputError
from constat.settings import Settings
from constat.sources.raw import ARCHIVES, is_archive
from constat.sources.raw import Raw as Raw

JSON_LINES = frozenset({".jsonl", ".ndjson"})
REPORTS = frozenset({".txt", ".text"}) | JSON_LINES  # what is read of a folder; a file that is named is read as it is
ENDINGS = (*sorted(REPORTS), *ARCHIVES)


class Lines(Protocol):
    """What gives lines, or so many bytes of one."""

    def readline(self, size: int, /) -> bytes:
        """The next line, or its first bytes."""


def raw_reports(paths: Iterable[str], settings: Settings) -> Iterator[Raw | InputError]:
    """Every report under the paths (`-` is standard input), or the error that kept it from being read."""
    for path in paths:
        if path == "-":
            yield from _guarded(path, _stream(sys.stdin.buffer, settings))
        elif Path(path).is_dir():
            yield from _guarded(path, _folder(Path(path), settings))
        else:
            yield from _file(Path(path), settings)


def raw_lines(path: Path, settings: Settings) -> Iterator[Raw | InputError]:
    """Every line of a JSON Lines file, whatever the file is called."""
    yield from _guarded(str(path), _opened(path, settings, json_lines=True))


def _guarded(path: str, found: Iterator[Raw | InputError]) -> Iterator[Raw | InputError]:
    try:
        yield from found
    except FileNotFoundError:
        yield InputError(path, None, "there is no such file or folder")
    except OSError as error:
        yield InputError(path, None, f"cannot be read: {error.strerror or error}")


def _folder(path: Path, settings: Settings) -> Iterator[Raw | InputError]:
    found = members(path)
    if not found:
        yield InputError(str(path), None, f"the folder holds no report; reports end in {', '.join(ENDINGS)}")
    for member in found:
        yield from _file(member, settings)


P = TypeVar("P", bound=PurePath)


@overload
def members(folder: Path) -> list[Path]: ...
@overload
def members(folder: P, found: Iterable[P]) -> list[P]: ...
def members(folder: Any, found: Iterable[Any] | None = None) -> list[Any]:
    """Reports of a folder and the folders in it, by name; hidden files are not reports. `found`: all that is there."""
    return sorted(
        p
        for p in (folder.rglob("*") if found is None else found)
        if (p.suffix.lower() in REPORTS or is_archive(p.name))
        and not any(part.startswith(".") for part in p.relative_to(folder).parts)
        and not (found is None and p.is_dir())
    )


def _file(path: Path, settings: Settings) -> Iterator[Raw | InputError]:
    yield from _guarded(str(path), _opened(path, settings))


def _opened(path: Path, settings: Settings, json_lines: bool = False) -> Iterator[Raw | InputError]:
    if not json_lines and is_archive(path.name):
        from constat.sources.archives import archived  # which brings all that fetches, too

        yield from archived(path, str(path), settings)
        return
    with path.open("rb") as file:
        if json_lines or path.suffix.lower() in JSON_LINES:
            yield from lines(str(path), file, settings.max_line_bytes)
        else:
            yield whole(str(path), file, settings)


def whole(path: str, stream: BinaryIO, settings: Settings) -> Raw | InputError:
    """A file that is one report."""
    form: Literal["text", "json"] = "json" if path.lower().endswith(".json") else "text"
    return _whole(path, stream.read(settings.max_report_bytes + 1), settings.max_report_bytes, form)


def _stream(stream: BinaryIO, settings: Settings) -> Iterator[Raw | InputError]:
    """Standard input: JSON Lines if its first line is an object, else one text."""
    head = stream.readline(settings.max_line_bytes + 1)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        yield from _lines("-", stream, head, settings.max_line_bytes)
        return
    rest = stream.read(max(0, settings.max_report_bytes + 1 - len(head)))
    yield _whole("-", head + rest, settings.max_report_bytes, "text")


def _whole(path: str, data: bytes, limit: int, form: Literal["text", "json"]) -> Raw | InputError:
    if len(data) > limit:
        return InputError(path, None, f"longer than {limit:,} bytes, the setting `max_report_bytes`")
    return Raw(path, None, data, form)


def lines(path: str, stream: Lines, limit: int, number: int = 1) -> Iterator[Raw | InputError]:
    """The lines of a stream, of which the first has a number."""
    return _lines(path, stream, stream.readline(limit + 1), limit, number)


def _lines(path: str, stream: Lines, line: bytes, limit: int, number: int = 1) -> Iterator[Raw | InputError]:
    """The lines from `line` on, read one at a time; of one over the limit no more than the limit is ever held."""
    while line:
        if len(line) > limit and not line.endswith(b"\n"):
            yield InputError(path, number, f"a line longer than {limit:,} bytes, the setting `max_line_bytes`")
            while line and not line.endswith(b"\n"):
                line = stream.readline(limit)
        elif line.strip():
            yield Raw(path, number, line, "json")
        line = stream.readline(limit + 1)
        number += 1
