"""A sentence without what stands between its verbs and those who act and suffer: asides, days, "in such a place"."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import msgspec

from constat.facts import PlaceMention, Range, TimeMention
from constat.text import Chunk, Sentence

_TOLD = frozenset({"EV", "EVU", "KILL", "DIE", "DO", "UNDERGO", "OCCUR", "CLAIM", "SUSPECT", "DEAD", "AND", "BY"})
_BEFORE_TIME = frozenset({"ON", "IN", "DET", "DURING"})
_WITHIN = frozenset({"PLK", "DET", "DE", "DIR", "ITS"})
_IN = frozenset({"IN", "NEAR"})
_LONGEST_ASIDE, _LONGEST_CLAUSE = 8, 12


class Skeleton(msgspec.Struct, frozen=True):
    """The shortened sentence, and for each chunk of it where it stands in the whole one."""

    sentence: Sentence
    at: tuple[int, ...]

    def whole(self, part: Range) -> Range:
        """The range of the whole sentence that a range of the shortened one stands for, up to the first gap."""
        first, last = part
        end = first + 1
        while end < last and self.at[end] == self.at[end - 1] + 1:
            end += 1
        return self.at[first], self.at[end - 1] + 1


def skeleton(sentence: Sentence, times: Iterable[TimeMention], places: Iterable[PlaceMention]) -> Skeleton | None:
    """The sentence shortened, None where nothing could be left out."""
    chunks = sentence.chunks
    out: set[int] = set()
    for first, last in _asides(chunks):
        out.update(range(first, last))
    for time in times:
        first = time.first
        while first > 0 and chunks[first - 1].tag in _BEFORE_TIME:
            first -= 1
        out.update(range(first, time.last))
    for place in sorted(places, key=lambda p: p.first):
        begin = _begins(chunks, place.first, out)
        if begin is not None:
            out.update(range(begin, place.last))
    _clauses(chunks, out)
    _commas(chunks, out)
    if not out:
        return None
    at = tuple(i for i in range(len(chunks)) if i not in out)
    if not at:
        return None
    short = msgspec.structs.replace(
        sentence, chunks=tuple([chunks[i] for i in at]), tags="".join([sentence.tags[i] for i in at])
    )
    return Skeleton(short, at)


def _asides(chunks: Sequence[Chunk]) -> Iterable[Range]:
    """What stands in brackets."""
    first = None
    for i, chunk in enumerate(chunks):
        if chunk.tag == "PA":
            first = i
        elif chunk.tag == "PZ" and first is not None:
            if i - first <= _LONGEST_ASIDE:
                yield first, i + 1
            first = None


def _begins(chunks: Sequence[Chunk], first: int, out: Collection[int]) -> int | None:
    """Where the words begin that bring in a place, "in the village of"; None where it may be what is acted on."""
    i = first
    while i > 0 and chunks[i - 1].tag in _WITHIN:
        i -= 1
    if i > 0 and chunks[i - 1].tag in _IN:
        return i - 1
    if i > 1 and chunks[i - 1].tag == "CM" and i - 2 in out:
        return i - 1
    return None


def _clauses(chunks: Sequence[Chunk], out: set[int]) -> None:
    """Leave out what stands between two commas, or a comma and the end, and tells of nothing done."""
    bounds = [i for i, c in enumerate(chunks) if c.tag in ("CM", "DASH") and i not in out]
    ends = [*bounds, len(chunks) - 1 if chunks and chunks[-1].tag == "STOP" else len(chunks)]
    for first, last in zip(bounds, ends[1:], strict=True):
        inside = [chunks[i].tag for i in range(first + 1, last) if i not in out]
        if not inside:
            continue
        if len(inside) <= _LONGEST_CLAUSE and not _TOLD.intersection(inside):
            out.update(range(first, last))
            if last < len(chunks) and chunks[last].tag in ("CM", "DASH"):
                out.add(last)


def _commas(chunks: Sequence[Chunk], out: set[int]) -> None:
    """Leave out commas that nothing stands before, or another comma."""
    before = "CM"
    for i, chunk in enumerate(chunks):
        if i in out:
            continue
        if chunk.tag == "CM" and before in ("CM", "DASH", "SC"):
            out.add(i)
        else:
            before = chunk.tag
