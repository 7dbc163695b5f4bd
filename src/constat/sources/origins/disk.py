"""Files, folders with all that is in them, and standard input."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from constat.captures import Received, Refused
from constat.sources.receive import Way


def score(name: str) -> float:
    """Whatever nobody else claims is a path."""
    return 0.1


def receive(name: str, way: Way) -> Iterator[Received | Refused]:
    """A file as it is; of a folder every file that is not hidden, by name; links and devices in it are refused."""
    if name == "-":
        yield Received(name="-", stream=sys.stdin.buffer, collector="standard input")
        return
    path = Path(os.path.abspath(name))
    if path.is_dir():
        empty = True
        for found in _files(path):
            empty = False
            yield from _file(found, inside=True)
        if empty:
            yield Refused(locator=str(path), cause="the folder holds no file")
    else:
        yield from _file(path, inside=False)


def _files(folder: Path) -> Iterator[Path]:
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        yield from (Path(where, f) for f in sorted(files) if not f.startswith("."))


def _file(path: Path, inside: bool) -> Iterator[Received | Refused]:
    try:
        kind = (path.lstat() if inside else path.stat()).st_mode
        if stat.S_ISLNK(kind):
            yield Refused(locator=str(path), cause="a link; add what it leads to")
        elif not stat.S_ISREG(kind):
            yield Refused(locator=str(path), cause="neither a file nor a folder")
        else:
            with path.open("rb") as file:
                yield Received(name=str(path), stream=file, collector="file")
    except FileNotFoundError:
        yield Refused(locator=str(path), cause="there is no such file or folder")
    except OSError as error:
        yield Refused(locator=str(path), cause=f"cannot be read: {error.strerror or error}")
