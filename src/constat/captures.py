"""What sources hand on to documents: bytes on their way in, the reports found in them, and what was refused."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import msgspec

from constat.errors import LimitError
from constat.records import Document


class Readable(Protocol):
    """Anything that gives its bytes piece by piece."""

    def read(self, size: int = -1, /) -> bytes:
        """Some bytes, none at the end."""


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes as they come, read once from `stream`, with all that is known of where they come from.

    `name` is for people (a path, an address, a member of an archive); `locator` says where in `parent` they stood.
    """

    name: str
    stream: Readable
    address: str | None = None
    final_address: str | None = None
    captured_at: str | None = None
    media_type: str | None = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    collector: str = ""
    locator: str = ""

    @classmethod
    def of(cls, data: bytes, **known: Any) -> Received:
        """Bytes that are in memory already."""
        return cls(stream=io.BytesIO(data), **known)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A capture that is in the evidence folder: where its bytes are, how it is called, and what is known of it."""

    path: Path
    name: str
    size: int
    media_type: str | None = None
    address: str | None = None
    captured_at: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def head(self) -> bytes:
        """The first bytes, by which a format is told."""
        with self.path.open("rb") as file:
            return file.read(4_096)

    @property
    def suffix(self) -> str:
        """The ending of the name, in lower case."""
        return Path(self.name).suffix.lower()

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The bytes as a stream."""
        with self.path.open("rb") as file:
            yield file

    def read(self, limit: int, setting: str) -> bytes:
        """All bytes; raises `LimitError` naming the setting if there are more than the limit."""
        if self.size > limit:
            raise LimitError(self.name, None, f"{self.size:,} bytes, more than the {limit:,} of `{setting}`")
        return self.path.read_bytes()


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """That a table holds the events of a data set, a row each: which set, how it is called, the columns of which one
    holds the number of an event, and those that it cannot do without."""

    name: str
    title: str
    number: tuple[str, ...]
    columns: tuple[str, ...]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A report found in a capture: the working copy, where it stood in the capture, and the id its source gave it."""

    document: Document
    locator: str = ""
    given: str | None = None


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be taken in: where it stood and why, in words that say what to do."""

    locator: str
    cause: str


class Unchanged(msgspec.Struct, frozen=True, kw_only=True):
    """An address whose server says that nothing changed since it was last fetched."""

    address: str
