"""The auction of stage 1: which origin a name is, which container a capture is, and the limits on what they give."""

from __future__ import annotations

import importlib
import io
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, cast

import msgspec

from constat.captures import Kept, Received, Refused, Unchanged
from constat.errors import InputError, LimitError
from constat.settings import Settings
from constat.sources.fetch import Fetcher, Validators

_EARLY = 16 << 20  # bytes unpacked, from which on they are compared with those that were read for them
Coming = Received | Refused | Unchanged


class Budget:
    """How much more may be unpacked from one thing that was added, all archives in it together."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.members, self.bytes = settings.max_archive_members, settings.max_archive_bytes

    def member(self, name: str) -> None:
        """One more member; raises `LimitError` when there are too many."""
        self.members -= 1
        if self.members < 0:
            limit = self.settings.max_archive_members
            raise LimitError(name, None, f"more than {limit:,} members, the setting `max_archive_members`")

    def unpacked(self, size: int, name: str) -> None:
        """So many more bytes; raises `LimitError` when there are too many."""
        self.bytes -= size
        if self.bytes < 0:
            limit = self.settings.max_archive_bytes
            raise LimitError(name, None, f"unpacks to more than {limit:,} bytes, the setting `max_archive_bytes`")


class Way(msgspec.Struct, frozen=True):
    """What origins and containers need: settings, the only socket, what is known of an address, and the budget."""

    settings: Settings
    fetcher: Fetcher
    validators: Callable[[str], Validators | None]
    budget: Budget


class Origin(Protocol):
    """What a module in `origins/` offers."""

    def score(self, name: str) -> float:
        """From 0 to 1: whether this kind of origin has the name."""

    def receive(self, name: str, way: Way) -> Iterator[Coming]:
        """All that comes from there."""


class Container(Protocol):
    """What a module in `containers/` offers."""

    def score(self, kept: Kept, head: bytes) -> float:
        """From 0 to 1: whether the capture is such a container."""

    def members(self, kept: Kept, way: Way) -> Iterator[Received | Refused]:
        """What it holds, one after the other: the stream of one is read before the next is asked for."""


@lru_cache(maxsize=4)
def _listed(folder: ModuleType) -> Mapping[str, Any]:
    names = sorted(module.name for module in pkgutil.iter_modules(folder.__path__))
    return {name: importlib.import_module(f"{folder.__name__}.{name}") for name in names}


def receive(name: str, way: Way) -> Iterator[Coming]:
    """All that comes from a name that a user gave: a path, a folder, an address, `-`."""
    from constat.sources import origins

    best = max(_listed(origins).values(), key=lambda origin: cast(Origin, origin).score(name))
    yield from cast(Origin, best).receive(name, way)


def container(kept: Kept) -> Container | None:
    """What kind of container a capture is, or None."""
    from constat.sources import containers

    head = kept.head
    scores = {name: cast(Container, c).score(kept, head) for name, c in _listed(containers).items()}
    best = max(scores, key=lambda name: scores[name])
    return cast(Container, _listed(containers)[best]) if scores[best] > 0 else None


class Counted(io.FileIO):
    """A file that knows how many bytes were read of it; `taken` counts those, wherever they stood."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")
        self._count = 0

    def readinto(self, buffer: Any) -> int | None:
        size = super().readinto(buffer)
        self._count += size or 0
        return size

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(-1 if size is None else size) or b""
        self._count += len(data)
        return data

    def taken(self) -> int:
        """How many bytes were read."""
        return self._count


class Bounded:
    """A stream out of an archive, read within the budget; damage in the archive is an `InputError`."""

    def __init__(
        self, stream: Any, name: str, packed: int, budget: Budget, taken: Callable[[], int] | None = None
    ) -> None:
        self.stream, self.name, self.budget, self.taken = stream, name, budget, taken
        self.before = taken() if taken else 0
        self.most = max(1 << 20, packed * budget.settings.max_archive_ratio)
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        """Some bytes; raises `LimitError` once there are too many, in number or for what they were packed in."""
        try:
            data: bytes = self.stream.read(min(size, 1 << 20) if size >= 0 else 1 << 20)
        except (InputError, MemoryError):
            raise
        except Exception as error:  # zlib, lzma, bz2, zipfile and tarfile each have their own kinds
            raise InputError(self.name, None, f"damaged or locked: {type(error).__name__}: {error}") from error
        self.given += len(data)
        most = self.most
        if self.taken and self.given > _EARLY:  # a bomb of many megabytes shows in its first ones
            most = min(most, (self.taken() - self.before) * self.budget.settings.max_archive_ratio)
        if self.given > most:
            ratio = self.budget.settings.max_archive_ratio
            raise LimitError(self.name, None, f"unpacks to more than {ratio} times its size, `max_archive_ratio`")
        self.budget.unpacked(len(data), self.name)
        return data
