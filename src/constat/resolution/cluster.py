"""Tellings into incidents: the likeliest pairs first, each join checked against everything that both sides hold.

A join is refused where it would bring two events of one report together, cross a decision that says "not the same", or
join groups whose members do not fit one another on the average: no chain of likely pairs grows into a giant. The
outcome is a function of the set of tellings, pairs and decisions, whatever order they came in; nothing that is joined
is lost, so every join can be undone by deciding otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product

import msgspec

Pair = tuple[str, str]
Edges = Mapping[Pair, float]  # scored pairs, the smaller id first: log-odds
ScoreOf = Callable[[str, str], float]
LEAST = 0.0  # log-odds from which a pair is more likely one incident than two
_HEARD = 5  # members that speak for a group; more would cost without changing much


class Constraints(msgspec.Struct, frozen=True):
    """What decisions demand: pairs that are one, and pairs that are not. Where both are said, "not the same" holds."""

    same: frozenset[Pair] = frozenset()
    apart: frozenset[Pair] = frozenset()


NOTHING_DECIDED = Constraints()


def pair(a: str, b: str) -> Pair:
    """A pair in its one order."""
    return (a, b) if a < b else (b, a)


def cluster(
    ids: Iterable[str],
    edges: Edges,
    exclusive: Mapping[str, str],
    score_of: ScoreOf | None = None,
    constraints: Constraints = NOTHING_DECIDED,
    least: float = LEAST,
) -> list[tuple[str, ...]]:
    """Groups of ids, sorted; each id in one. `exclusive`: the report of an id; a group holds one event of each.

    `score_of` scores pairs that have no edge (None: they count as strongly unlike); pairs decided the same are joined
    even within a report.
    """
    groups = _Groups(ids, exclusive, constraints, edges, score_of, least)
    for a, b in sorted(constraints.same):
        groups.decide(a, b)
    ranked = sorted((-score, p) for p, score in edges.items() if score >= least)
    for _, (a, b) in ranked:
        groups.join(a, b)
    return sorted(tuple(sorted(members)) for members in groups.members.values())


def components(ids: Iterable[str], links: Iterable[Pair]) -> list[list[str]]:
    """Sets of ids that links connect; what happens in one never bears on another."""
    neighbours: dict[str, list[str]] = defaultdict(list)
    for a, b in links:
        neighbours[a].append(b)
        neighbours[b].append(a)
    wanted = set(ids)
    out = [[id] for id in wanted if id not in neighbours]
    seen: set[str] = set()
    for start in neighbours:  # in the order of the links, whose ends lie near each other in memory
        if start in seen or start not in wanted:
            continue
        seen.add(start)
        found, walk = [start], [start]
        while walk:
            for other in neighbours.get(walk.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    found.append(other)
                    walk.append(other)
        out.append(sorted(found))
    return out


class _Groups:
    """The groups while they grow, each under the id of its first member."""

    def __init__(
        self,
        ids: Iterable[str],
        exclusive: Mapping[str, str],
        constraints: Constraints,
        edges: Edges,
        score_of: ScoreOf | None,
        least: float,
    ) -> None:
        self.members: dict[str, list[str]] = {id: [id] for id in sorted(set(ids))}
        self._of = {id: id for id in self.members}
        self._reports = {id: {exclusive[id]} for id in self.members if id in exclusive}
        self._apart: dict[str, set[str]] = defaultdict(set)
        for a, b in constraints.apart:
            self._apart[a].add(b)
            self._apart[b].add(a)
        self._edges, self._score_of, self._least = edges, score_of, least

    def decide(self, a: str, b: str) -> None:
        """Join two as decided, unless another decision keeps them, or what was joined to them, apart."""
        if a in self._of and b in self._of:
            ours, theirs = self._of[a], self._of[b]
            if ours != theirs and not self._kept_apart(ours, theirs):
                self._merge(ours, theirs)

    def join(self, a: str, b: str) -> None:
        """Join the groups of two tellings if nothing stands against it."""
        ours, theirs = self._of[a], self._of[b]
        if ours == theirs or self._reports.get(ours, set()) & self._reports.get(theirs, set()):
            return
        if self._kept_apart(ours, theirs):
            return
        heard_here, heard_there = self._speakers(ours), self._speakers(theirs)
        if len(heard_here) * len(heard_there) > 1 and self._mean(heard_here, heard_there) < self._least:
            return
        self._merge(ours, theirs)

    def _speakers(self, group: str) -> Sequence[str]:
        members = self.members[group]
        if len(members) <= _HEARD:
            return members
        # Spread over the group, so that those who joined last are heard as well as those who were first.
        step = (len(members) - 1) / (_HEARD - 1)
        return [members[round(n * step)] for n in range(_HEARD)]

    def _mean(self, here: Sequence[str], there: Sequence[str]) -> float:
        total = 0.0
        for a, b in product(here, there):
            score = self._edges.get(pair(a, b))
            if score is None:
                score = self._score_of(a, b) if self._score_of else -2.0 * abs(self._least) - 5.0
            total += min(score, _CAP)
        return total / (len(here) * len(there))

    def _kept_apart(self, ours: str, theirs: str) -> bool:
        small, large = sorted((ours, theirs), key=lambda group: len(self.members[group]))
        held = self._of
        return any(held.get(other) == large for member in self.members[small] for other in self._apart.get(member, ()))

    def _merge(self, ours: str, theirs: str) -> None:
        into, gone = (ours, theirs) if len(self.members[ours]) >= len(self.members[theirs]) else (theirs, ours)
        moved = self.members.pop(gone)
        for member in moved:
            self._of[member] = into
        self.members[into].extend(moved)
        self._reports.setdefault(into, set()).update(self._reports.pop(gone, set()))


_CAP = 6.0  # log-odds: one pair that is very sure does not outvote others that are sure of the contrary
