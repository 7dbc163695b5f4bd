"""Bytes as received, each under its SHA-256: never a half file under a final name, never a changed one unnoticed."""

from __future__ import annotations

import hashlib
import io
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

from constat.captures import Readable
from constat.errors import LimitError, StoreError

_PIECE = 1 << 20  # bytes
_NUMBERS = itertools.count()


class Evidence:
    """A folder of files named by what they hold. Written aside, synced, renamed, and the folder synced."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.aside = folder / "aside"

    def create(self) -> None:
        """Make the folders."""
        self.aside.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Where bytes of this digest are, or would be."""
        return self.folder / sha256[:2] / sha256[2:]

    def put(self, stream: Readable, limit: int, name: str) -> tuple[str, int]:
        """Keep all bytes of a stream; their digest and number. Raises `LimitError`, or `StoreError` if writing fails.

        What the stream itself raises passes through, and nothing is kept.
        """
        aside = self.aside / f"{os.getpid()}-{next(_NUMBERS)}"
        digest, size = hashlib.sha256(), 0
        try:
            with _writing(aside) as file:
                while piece := stream.read(_PIECE):
                    size += len(piece)
                    if size > limit:
                        raise LimitError(name, None, f"more than {limit:,} bytes, the setting `max_capture_bytes`")
                    digest.update(piece)
                    _guarded(_write, file, piece)
                _guarded(os.fsync, file.fileno())
            self._name(aside, self.path(digest.hexdigest()), digest.hexdigest())
        finally:
            aside.unlink(missing_ok=True)
        return digest.hexdigest(), size

    def _name(self, aside: Path, target: Path, sha256: str) -> None:
        if target.exists() and _digest(target) == sha256:
            return
        new = not target.parent.exists()
        _guarded(lambda: target.parent.mkdir(exist_ok=True))
        _guarded(os.replace, aside, target)
        _guarded(_sync, target.parent)
        if new:
            _guarded(_sync, self.folder)

    def fault(self, sha256: str) -> str | None:
        """What is wrong with the file of this digest, or None; all its bytes are read."""
        path = self.path(sha256)
        if not path.exists():
            return "missing"
        try:
            found = _digest(path)
        except OSError as error:
            return f"cannot be read: {error.strerror}"
        return None if found == sha256 else f"changed: its bytes have the digest {found[:12]}…"

    def checked(self, sha256: str) -> Path:
        """The path of bytes that are what they were; raises `StoreError`."""
        if fault := self.fault(sha256):
            raise StoreError(f"evidence {sha256[:12]}… is {fault}; restore it from a copy of the casebook")
        return self.path(sha256)

    def erase(self, sha256: str) -> None:
        """Overwrite the bytes and take the file away."""
        path = self.path(sha256)
        if path.exists():
            with path.open("r+b") as file:
                for start in range(0, path.stat().st_size, _PIECE):
                    file.write(bytes(min(_PIECE, path.stat().st_size - start)))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            _sync(path.parent)

    def all(self) -> Iterator[str]:
        """The digests that have a file."""
        for folder in sorted(self.folder.iterdir()):
            if len(folder.name) == 2 and folder.is_dir():
                yield from (folder.name + file.name for file in sorted(folder.iterdir()))

    def tidy(self) -> int:
        """Take away what processes that are gone left aside; how many files that were."""
        left = [file for file in self.aside.iterdir() if not _alive(file.name.split("-")[0])]
        for file in left:
            file.unlink(missing_ok=True)
        return len(left)


def _writing(path: Path) -> io.FileIO:
    try:
        return path.open("xb", buffering=0)  # so that closing after a failure has nothing left to write
    except OSError as error:
        raise StoreError(f"{path}: the evidence cannot be written: {error.strerror}") from error


def _write(file: io.FileIO, piece: bytes) -> None:
    rest = memoryview(piece)
    while rest:
        rest = rest[file.write(rest) :]


def _guarded(step: object, *values: object) -> None:
    try:
        step(*values)  # type: ignore[operator]
    except OSError as error:
        raise StoreError(f"the evidence cannot be written: {error.strerror}; nothing of it was kept") from error


def _alive(process: str) -> bool:
    if not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _sync(folder: Path) -> None:
    if os.name == "nt":  # pragma: no cover - folders cannot be opened there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
