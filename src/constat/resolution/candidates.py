"""Which pairs of tellings are worth comparing: those that share a time window, a neighbourhood and a family.

Every telling lies in a few blocks and looks into others: two are compared if one looks into a block in which the other
lies. What is known to the day and to the point meets its neighbours on a grid of cells and days; what is known less
well is looked up under whatever it does say. A block that everything falls into says nothing: each meets only those
before and after it in the order of their ids, so that the cost stays linear in the number of tellings.

Blocks are kept by their time and gone through in its order, so that what is compared lies near in memory: of a million
tellings, tables without that order cost a half more for each.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import msgspec

from constat.resolution.tellings import Telling

CELL = 0.5  # degrees, some 55 km: with the eight cells around, whatever lies within 25 km
DAYS = 2  # how far apart the days of two tellings may be told
WIDE_KM = 30.0  # from this radius a place is no point
CROWD = 60  # tellings of one block that are all met by whoever looks into it
WINDOW = 20  # neighbours to either side that are compared in a larger block
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # made once: there are 63 keys a telling
_BEFORE = 2  # months before its publication in which an undated report's incident is looked for
When = int | None  # of a block: a day, a month as a number below zero, or None for any time
Key = tuple[object, ...]
Place = tuple[When, Key]  # of a block among all
Members = dict[When, dict[Key, list[int]]]
Pair = tuple[int, int]
_AROUND = [
    (south, west, day)
    for day in range(-DAYS, DAYS + 1)
    for south in (-1, 0, 1)
    for west in (-1, 0, 1)
    if (day, south, west) > (0, 0, 0)
]
_MONTH = 30.44  # days
_MANY = 5  # dead from which a number with the name of the place finds an incident in any time


def candidates(tellings: Sequence[Telling]) -> Iterator[Pair]:
    """Index pairs, the smaller first, to be compared; some come more than once. The tellings are sorted by id."""
    times = [one.published or 0 if one.first is None else one.first for one in tellings]
    ordered = sorted(range(len(tellings)), key=times.__getitem__)
    blocks = Blocks()
    for index in ordered:
        blocks.look(index, tellings[index])
    for index in ordered:
        blocks.lie(index, tellings[index], only_seen=True)
    blocks.sort()
    return blocks.pairs()


class Blocks:
    """Tellings by the keys that they lie under (`fine`) and those that look others up there (`coarse`)."""

    def __init__(self) -> None:
        self.cells: Members = {}
        self.fine: Members = {}
        self.coarse: Members = {}
        self.texts: dict[tuple[str, bool, int], list[int]] = defaultdict(list)

    def look(self, index: int, one: Telling) -> None:
        """Note into which blocks a telling looks."""
        for when, key in _looks_under(one, cell(one)):
            _lay(self.coarse, when, key, index)

    def lie(self, index: int, one: Telling, only_seen: bool = False) -> None:
        """Lay a telling into its blocks; `only_seen`: where one that was noted looks. Added in any other than ascending
        order of indexes, `sort` must follow."""
        point = cell(one)
        if one.day is not None and point:
            _lay(self.cells, one.day, (one.family, *point), index)
        for when, key in _lies_under(one, point):
            if not only_seen or key in self.coarse.get(when, ()):
                _lay(self.fine, when, key, index)
        for hash in one.wording.phrases.keys:
            self.texts[one.family, one.main, hash].append(index)

    def sort(self) -> None:
        """Put the tellings of every block into the order of their indexes."""
        for members in (self.cells, self.fine, self.coarse):
            for blocks in members.values():
                for block in blocks.values():
                    block.sort()
        for block in self.texts.values():
            block.sort()

    def met(self, one: Telling, at: int) -> set[int]:
        """Those that a telling meets which lies in no block itself, such as a denial; `at` is its place by its id."""
        blocks: list[Sequence[int]] = [_at(self.fine, when, key) for when, key in _looks_under(one, cell(one))]
        if one.day is not None and (point := cell(one)):
            offsets = [(0, 0, 0), *_AROUND, *((-s, -w, -d) for s, w, d in _AROUND)]
            near = ((one.day + d, (one.family, point[0] + s, point[1] + w)) for s, w, d in offsets)
            blocks += [_at(self.cells, when, key) for when, key in near]
        return {n for block in blocks for n in (block if len(block) <= CROWD else _between_ids(block, at))}

    def pairs(self) -> Iterator[Pair]:
        """All pairs worth comparing, in the order of time."""
        for when in sorted({*self.cells, *self.coarse}, key=_moment):
            yield from self._in_cells(when)
            lying = self.fine.get(when, {})
            for key, lookers in self.coarse.get(when, {}).items():
                if there := lying.get(key):
                    yield from between(lookers, there)
        for same_words in self.texts.values():
            yield from within(same_words)

    def _in_cells(self, day: When) -> Iterator[Pair]:
        if day is None or day not in self.cells:
            return
        beside = [self.cells.get(day + d, {}) for d in range(DAYS + 1)]
        around = [(ds, dw, beside[dd]) for ds, dw, dd in _AROUND if beside[dd]]
        for (family, south, west), here in self.cells[day].items():
            yield from within(here)
            for ds, dw, cells in around:
                if there := cells.get((family, south + ds, west + dw)):  # type: ignore[operator]
                    yield from between(here, there)


def _moment(when: When) -> float:
    """A day, the middle of a month as a day, and any time before all."""
    return 0.0 if when is None else float(when) if when > 0 else _MONTH * (-when - 12.5)


def _lay(members: Members, when: When, key: Key, index: int) -> None:
    blocks = members.get(when)
    if blocks is None:
        blocks = members[when] = {}
    block = blocks.get(key)
    if block is None:
        blocks[key] = [index]
    else:
        block.append(index)


def _at(members: Members, when: When, key: Key) -> Sequence[int]:
    return members.get(when, {}).get(key, ())


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
    lies, looks = ([(when, *key) for when, key in under(one, point)] for under in (_lies_under, _looks_under))
    found = (own, lies, looks, ahead, behind)
    return Keys(*(tuple(dict.fromkeys(map(_number, keys))) for keys in found))


def _number(key: Key) -> int:
    """A key as a number that a database column holds, the same on every machine."""
    text = _JSON(key).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big", signed=True)


def cell(one: Telling) -> tuple[int, int] | None:
    """The cell of the grid that a point lies in, None where the place is no point."""
    if one.lat is None or one.lon is None or one.radius > WIDE_KM:
        return None
    return math.floor(one.lat / CELL), math.floor(one.lon / CELL)


def _lies_under(one: Telling, point: tuple[int, int] | None) -> Iterator[Place]:
    """Where those find a telling that know less than it, or as little."""
    about, day = one.family, one.day
    months = _months(one)
    if one.country and day is not None:
        yield day, (about, one.country)
    for sound in one.sounds:
        named = about, "name", sound
        yield None, named
        if day is not None:
            yield day, named
        for month in months:
            yield month, named
    if one.sounds and one.killed and one.killed[0] >= _MANY:
        yield None, (about, "killed", one.sounds[0], one.killed[0])
    if point:
        where = about, "cell", *point
        yield None, where
        for month in months:
            yield month, where
    for actor in one.actors:
        for month in months:
            yield month, (about, "actor", actor)


def _looks_under(one: Telling, point: tuple[int, int] | None) -> Iterator[Place]:
    """Where a telling looks that lacks a day or a point: as narrowly as what it does say allows."""
    about, day = one.family, one.day
    if day is not None and point:
        # Places of one name may be put at points far apart.
        yield from ((day, (about, "name", sound)) for sound in one.sounds[:1])
        return
    if day is not None:
        for near in range(day - DAYS, day + DAYS + 1):
            yield from ((near, (about, "name", sound)) for sound in one.sounds)
            if one.country:
                yield near, (about, one.country)
        return
    months = _months(one)
    for month in months:
        yield from ((month, (about, "name", sound)) for sound in one.sounds)
        if point:
            for south in (-1, 0, 1):
                yield from ((month, (about, "cell", point[0] + south, point[1] + west)) for west in (-1, 0, 1))
        else:
            yield from ((month, (about, "actor", actor)) for actor in one.actors)
    if not months:
        yield from ((None, (about, "name", sound)) for sound in one.sounds)
        if point:
            yield None, (about, "cell", *point)
    elif one.sounds and one.killed and one.killed[0] >= _MANY:
        # What happened long before it is told again is known by its dead.
        yield None, (about, "killed", one.sounds[0], one.killed[0])


def _months(one: Telling) -> list[int]:
    """The months in which it may have happened; of an undated report, those up to its publication."""
    if one.first is not None and one.last is not None:
        first, last = _month(one.first), _month(one.last)
        return [-month for month in range(first, last + 1)] if last - first < 2 else []
    if one.published is not None:
        month = _month(one.published)
        return [-before for before in range(month - _BEFORE, month + 1)]
    return []


@lru_cache(maxsize=10_000)
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
