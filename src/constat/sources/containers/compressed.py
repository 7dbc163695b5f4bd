"""One file compressed with gzip, bzip2 or xz."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath
from typing import IO, Any

from constat.captures import Kept, Received, Refused
from constat.sources.receive import Bounded, Counted, Way

_HEADS: Mapping[bytes, Callable[..., Any]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\x00": lzma.open}


def score(kept: Kept, head: bytes) -> float:
    """By its first bytes; tar archives and WARC files score higher with their own readers."""
    return 0.4 if head.startswith(tuple(_HEADS)) else 0.0


def members(kept: Kept, way: Way) -> Iterator[Received | Refused]:
    """The one file in it, named without the ending."""
    opener = next(o for h, o in _HEADS.items() if kept.head.startswith(h))
    name = str(PurePath(kept.name).with_suffix("")) if kept.suffix in (".gz", ".bz2", ".xz") else kept.name + "/content"
    stream: IO[bytes]
    with Counted(kept.path) as file, opener(file, "rb") as stream:
        way.budget.member(kept.name)
        bounded = Bounded(stream, name, kept.size, way.budget, file.taken)
        yield Received(name=name, stream=bounded, collector="archive", locator="content")
