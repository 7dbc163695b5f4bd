"""Which pairs of tellings are worth comparing: those that share a time window, a neighbourhood and a family.

Every telling lies in a few blocks. What is known to the day and to the point meets its neighbours on a grid of cells
and days; what is known less well is looked up under whatever it does say. A block that everything falls into says
nothing: it is walked through with a window, so that the cost stays linear in the number of tellings.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from constat.resolution.tellings import Telling

CELL = 0.5  # degrees, some 55 km: with the eight cells around, whatever lies within 25 km
DAYS = 2  # how far apart the days of two tellings may be told
WIDE_KM = 30.0  # from this radius a place is no point
CROWD = 60  # tellings of one block that are all compared with one another
_WINDOW = 20  # neighbours to either side that are compared in a larger block
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

    def pairs(self) -> Iterator[Pair]:
        """All pairs worth comparing."""
        for (family, south, west, day), here in self.cells.items():
            yield from _within(here)
            for ds, dw, dd in _AROUND:
                if there := self.cells.get((family, south + ds, west + dw, day + dd)):
                    yield from _between(here, there)
        for key, lookers in self.coarse.items():
            yield from _between(lookers, self.fine[key])
        for same_words in self.texts.values():
            yield from _within(same_words)


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


def _within(block: Sequence[int]) -> Iterator[Pair]:
    reach = len(block) if len(block) <= CROWD else _WINDOW
    for n, one in enumerate(block):
        for other in block[n + 1 : n + 1 + reach]:
            yield one, other


def _between(here: Iterable[int], there: Sequence[int]) -> Iterator[Pair]:
    """Pairs across two blocks; a crowded block is met by each telling only around its own place in the order."""
    for one in here:
        if len(there) <= CROWD:
            met: Sequence[int] = there
        else:
            at = _place_in(there, one)
            met = there[max(0, at - _WINDOW) : at + _WINDOW]
        for other in met:
            if one != other:
                yield (one, other) if one < other else (other, one)


def _place_in(block: Sequence[int], one: int) -> int:
    """Where in a block an index would stand that is spread over it as over all."""
    low, high = 0, len(block)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if block[middle] < one else (low, middle)
    return low
