"""Which pairs of tellings are worth comparing: those that share a time window, a neighbourhood and a family.

Every telling lies in a few blocks and looks into others: two are compared if one looks into a block in which the other
lies. What is known to the day and to the point meets its neighbours on a grid of cells and days; what is known less
well is looked up under whatever it does say. A block that everything falls into says nothing: each meets only those
before and after it in the order of their ids, so that the cost stays linear in the number of tellings.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from constat.resolution.tellings import Telling

CELL = 0.5  # degrees, some 55 km: with the eight cells around, whatever lies within 25 km
DAYS = 2  # how far apart the days of two tellings may be told
WIDE_KM = 30.0  # from this radius a place is no point
CROWD = 60  # tellings of one block that are all met by whoever looks into it
WINDOW = 20  # neighbours to either side that are compared in a larger block
_BEFORE = 2  # months before its publication in which an undated report's incident is looked for
Key = tuple[object, ...]
Pair = tuple[int, int]
_AROUND = [
    (south, west, day)
    for day in range(-DAYS, DAYS + 1)
    for south in (-1, 0, 1)
    for west in (-1, 0, 1)
    if (day, south, west) > (0, 0, 0)
]


def candidates(tellings: Sequence[Telling]) -> Iterator[Pair]:
    """Index pairs, the smaller first, to be compared; some come more than once. The tellings are sorted by id."""
    blocks = Blocks()
    for index, one in enumerate(tellings):
        blocks.add(index, one)
    return blocks.pairs()


class Blocks:
    """Tellings by the keys that they lie under (`fine`) and those that look others up there (`coarse`)."""

    def __init__(self) -> None:
        self.cells: dict[tuple[str, int, int, int], list[int]] = defaultdict(list)
        self.fine: dict[Key, list[int]] = defaultdict(list)
        self.coarse: dict[Key, list[int]] = defaultdict(list)
        self.texts: dict[tuple[str, bool, int], list[int]] = defaultdict(list)

    def add(self, index: int, one: Telling) -> None:
        """Lay a telling into its blocks; indexes are added in ascending order."""
        point = cell(one)
        if one.day is not None and point:
            self.cells[one.family, *point, one.day].append(index)
        for key in _lies_under(one, point):
            self.fine[key].append(index)
        for key in _looks_under(one, point):
            self.coarse[key].append(index)
        for hash in one.wording.phrases.keys:
            self.texts[one.family, one.main, hash].append(index)

    def met(self, one: Telling, at: int) -> set[int]:
        """Those that a telling meets which lies in no block itself, such as a denial; `at` is its place by its id."""
        blocks: list[Sequence[int]] = [self.fine.get(key, ()) for key in _looks_under(one, cell(one))]
        if one.day is not None and (point := cell(one)):
            offsets = [(0, 0, 0), *_AROUND, *((-s, -w, -d) for s, w, d in _AROUND)]
            near = ((one.family, point[0] + s, point[1] + w, one.day + d) for s, w, d in offsets)
            blocks += [self.cells.get(key, ()) for key in near]
        return {n for block in blocks for n in (block if len(block) <= CROWD else _between_ids(block, at))}

    def pairs(self) -> Iterator[Pair]:
        """All pairs worth comparing."""
        for (family, south, west, day), here in self.cells.items():
            yield from within(here)
            for ds, dw, dd in _AROUND:
                if there := self.cells.get((family, south + ds, west + dw, day + dd)):
                    yield from between(here, there)
        for key, lookers in self.coarse.items():
            yield from between(lookers, self.fine[key])
        for same_words in self.texts.values():
            yield from within(same_words)


class Keys(msgspec.Struct, frozen=True):
    """The blocks of one telling as numbers: into `own` it looks as well as lies, and `behind` look into its cell."""

    own: tuple[int, ...]
    lies: tuple[int, ...]
    looks: tuple[int, ...]
    ahead: tuple[int, ...]
    behind: tuple[int, ...]


def keys_of(one: Telling) -> Keys:
    """The blocks of a telling, for a table of blocks that is kept: the same rule as that of `Blocks`."""
    point, day = cell(one), one.day
    own: list[Key] = [("text", one.family, one.main, hash) for hash in one.wording.phrases.keys]
    ahead: list[Key] = []
    behind: list[Key] = []
    if day is not None and point:
        south, west = point
        own.append(("cells", one.family, south, west, day))
        ahead = [("cells", one.family, south + ds, west + dw, day + dd) for ds, dw, dd in _AROUND]
        behind = [("cells", one.family, south - ds, west - dw, day - dd) for ds, dw, dd in _AROUND]
    found = (own, list(_lies_under(one, point)), list(_looks_under(one, point)), ahead, behind)
    return Keys(*(tuple(dict.fromkeys(map(_number, keys))) for keys in found))


def _number(key: Key) -> int:
    """A key as a number that a database column holds, the same on every machine."""
    text = json.dumps(key, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big", signed=True)


def cell(one: Telling) -> tuple[int, int] | None:
    """The cell of the grid that a point lies in, None where the place is no point."""
    if one.lat is None or one.lon is None or one.radius > WIDE_KM:
        return None
    return math.floor(one.lat / CELL), math.floor(one.lon / CELL)


def _lies_under(one: Telling, point: tuple[int, int] | None) -> Iterator[Key]:
    """Keys under which those find a telling that know less than it, or as little."""
    about, day = one.family, one.day
    months = _months(one)
    if one.country and day is not None:
        yield about, one.country, day
    for sound in one.sounds:
        yield about, "name", sound
        if day is not None:
            yield about, "name", sound, day
    if point:
        yield about, "cell", *point
        for month in months:
            yield about, "cell", *point, month
    for actor in one.actors:
        for month in months:
            yield about, "actor", actor, month


def _looks_under(one: Telling, point: tuple[int, int] | None) -> Iterator[Key]:
    """Keys under which a telling looks that lacks a day or a point: the narrowest that what it does say allows."""
    about, day = one.family, one.day
    if day is not None and point:
        # Places of one name may be put at points far apart.
        yield from ((about, "name", sound, day) for sound in one.sounds[:1])
        return
    if day is not None:
        for near in range(day - DAYS, day + DAYS + 1):
            if one.sounds:
                yield from ((about, "name", sound, near) for sound in one.sounds)
            if one.country:
                yield about, one.country, near
        return
    months = _months(one)
    if point and months:
        for south in (-1, 0, 1):
            for west in (-1, 0, 1):
                yield from ((about, "cell", point[0] + south, point[1] + west, month) for month in months)
    if point:
        yield about, "cell", *point
    yield from ((about, "name", sound) for sound in one.sounds)
    if not point:
        yield from ((about, "actor", actor, month) for actor in one.actors for month in months)


def _months(one: Telling) -> list[int]:
    """Numbers of the months in which it may have happened; of an undated report, those up to its publication."""
    if one.first is not None and one.last is not None:
        first, last = (_month(day) for day in (one.first, one.last))
        return list(range(first, last + 1)) if last - first < 2 else []
    if one.published is not None:
        month = _month(one.published)
        return list(range(month - _BEFORE, month + 1))
    return []


def _month(day: int) -> int:
    date = dt.date.fromordinal(day)
    return date.year * 12 + date.month


def within(block: Sequence[int]) -> Iterator[Pair]:
    reach = len(block) if len(block) <= CROWD else WINDOW
    for n, one in enumerate(block):
        for other in block[n + 1 : n + 1 + reach]:
            yield one, other


def between(here: Iterable[int], there: Sequence[int]) -> Iterator[Pair]:
    """Pairs across two blocks; a crowded block is met by each telling only around its own place in the order."""
    for one in here:
        for other in there if len(there) <= CROWD else _around(there, one):
            if one != other:
                yield (one, other) if one < other else (other, one)


def _between_ids(block: Sequence[int], at: int) -> Sequence[int]:
    """Those of a block around a place between two indexes: before `at`, and from it on."""
    place = bisect_left(block, at)
    return block[max(0, place - WINDOW) : place + WINDOW]


def _around(block: Sequence[int], one: int) -> Sequence[int]:
    """Those of a block that come before and after an index, whether or not it stands there itself."""
    before, after = bisect_left(block, one), bisect_right(block, one)
    return [*block[max(0, before - WINDOW) : before], *block[after : after + WINDOW]]
