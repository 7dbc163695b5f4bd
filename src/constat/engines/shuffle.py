"""Which tellings are likely one, found block by block: the pairs of `resolution.candidates`, on any number of machines.

A telling is sent wherever a block is that it lies in or looks into. What meets in a block depends on that block alone,
and there tellings stand in the order of their ids, as they do on one machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from constat.resolution.candidates import between, keys_of, within
from constat.resolution.cluster import Pair
from constat.resolution.scores import Scores
from constat.resolution.tellings import Telling


class Sent(msgspec.Struct, frozen=True):
    """A telling on its way, with the blocks of one place: those it shares, lies in, looks into, and has beside it."""

    telling: Telling
    own: tuple[int, ...]
    lies: tuple[int, ...]
    looks: tuple[int, ...]
    ahead: tuple[int, ...]


def spread(tellings: Iterable[Telling], places: int) -> list[list[Sent]]:
    """What is sent to each of so many places, by the numbers of the blocks."""
    out: list[list[Sent]] = [[] for _ in range(places)]
    for one in tellings:
        keys = keys_of(one)
        there: dict[int, tuple[list[int], list[int], list[int], list[int]]] = {}
        for kind, numbers in enumerate((keys.own, keys.lies, keys.looks, keys.ahead)):
            for number in numbers:
                there.setdefault(number % places, ([], [], [], []))[kind].append(number)
        for place, (own, lies, looks, ahead) in there.items():
            out[place].append(Sent(one, tuple(own), tuple(lies), tuple(looks), tuple(ahead)))
    return out


def likely(sent: Iterable[Iterable[Sent]], scores: Scores, least: float) -> dict[Pair, float]:
    """The pairs that meet at one place and are likely enough, with their log-odds, the smaller id first."""
    here = sorted((one for some in sent for one in some), key=lambda one: one.telling.id)
    tellings = [one.telling for one in here]
    found: dict[Pair, float] = {}
    for i, j in set(_met(here)):
        a, b = tellings[i], tellings[j]
        if a.document != b.document and (value := scores.score(a, b)) >= least:
            found[a.id, b.id] = value
    return found


def _met(here: list[Sent]) -> Iterator[tuple[int, int]]:
    own, lies, looks, ahead = (defaultdict[int, list[int]](list) for _ in range(4))
    for index, one in enumerate(here):
        for blocks, numbers in ((own, one.own), (lies, one.lies), (looks, one.looks), (ahead, one.ahead)):
            for number in numbers:
                blocks[number].append(index)
    for block in own.values():
        yield from within(block)
    for lookers, lying in ((ahead, own), (looks, lies)):
        for number, some in lookers.items():
            if there := lying.get(number):
                yield from between(some, there)
