"""Resolution on one page: tellings and decisions in, groups of tellings with the scored pairs behind them out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import msgspec

from constat.records import content_id
from constat.resolution.candidates import candidates
from constat.resolution.cluster import LEAST, NOTHING_DECIDED, Constraints, Pair, cluster, components, pair
from constat.resolution.scores import TOGETHER, Scores, shipped
from constat.resolution.tellings import Telling, by_id


class Resolution(msgspec.Struct, frozen=True):
    """Groups of event ids, each one incident, and the pairs that spoke for a join, with their log-odds."""

    groups: tuple[tuple[str, ...], ...]
    edges: Mapping[Pair, float]

    def incidents(self) -> dict[str, str]:
        """Event id -> incident id, the hash of the events that are its tellings."""
        return {event: name for group in self.groups for name in [incident_id(group)] for event in group}


def incident_id(events: Iterable[str]) -> str:
    """The id of an incident: the same for the same tellings."""
    return content_id(["incident", sorted(events)])[:16]


def resolve(
    found: Iterable[Telling],
    constraints: Constraints = NOTHING_DECIDED,
    scores: Scores | None = None,
    least: float = LEAST,
) -> Resolution:
    """Which tellings are one incident; the same for the same tellings in any order.

    Tellings are joined twice: reports that turn out to share one incident are likelier to share their others.
    """
    weights = scores or shipped()
    ordered = by_id(found)
    tellings = {t.id: t for t in ordered}
    more = max(0.0, weights.weights.get(TOGETHER, 0.0))
    edges = score_pairs(ordered, weights, least - more)
    first = _grouped(tellings, {p: s for p, s in edges.items() if s >= least}, constraints, weights.score, least)
    together = _Together(tellings, first)

    def score(a: Telling, b: Telling) -> float:
        return weights.score(a, b) + more * together(a, b)

    raised = {(a, b): s + more * together(tellings[a], tellings[b]) for (a, b), s in edges.items()}
    raised = {p: s for p, s in raised.items() if s >= least}
    return _grouped(tellings, raised, constraints, score, least) if len(raised) > len(first.edges) else first


class _Together:
    """Whether two reports tell of one incident in common beside the one that is asked about."""

    def __init__(self, tellings: Mapping[str, Telling], resolution: Resolution) -> None:
        self._group: dict[str, int] = {}
        self._of: dict[str, set[int]] = defaultdict(set)
        for number, group in enumerate(resolution.groups):
            for event in group:
                if len(group) > 1:
                    self._group[event] = number
                    self._of[tellings[event].document].add(number)

    def __call__(self, a: Telling, b: Telling) -> bool:
        ours, theirs = self._of.get(a.document), self._of.get(b.document)
        if not ours or not theirs or ours.isdisjoint(theirs):
            return False
        return bool((ours & theirs) - {self._group.get(a.id), self._group.get(b.id)})


def score_pairs(ordered: list[Telling], scores: Scores, least: float = LEAST) -> dict[Pair, float]:
    """The pairs that are worth comparing and likely enough, with their log-odds. The tellings are sorted by id."""
    score = scores.score
    edges: dict[Pair, float] = {}
    seen: set[int] = set()
    size = len(ordered)
    for i, j in candidates(ordered):
        if (number := i * size + j) in seen:
            continue
        seen.add(number)
        a, b = ordered[i], ordered[j]
        if a.document != b.document and (value := score(a, b)) >= least:
            edges[a.id, b.id] = value
    return edges


def _grouped(
    tellings: Mapping[str, Telling],
    edges: Mapping[Pair, float],
    constraints: Constraints,
    score: Callable[[Telling, Telling], float],
    least: float,
) -> Resolution:
    def score_of(a: str, b: str) -> float:
        return score(tellings[a], tellings[b])

    reports = {id: one.document for id, one in tellings.items()}
    said = {pair(one.id, other) for one in tellings.values() for other in one.same_as if other in tellings}
    constraints = Constraints(constraints.same | frozenset(said - constraints.apart), constraints.apart)
    linked = [*edges, *(p for p in constraints.same if p[0] in tellings and p[1] in tellings)]
    inside: dict[str, int] = {}
    groups: list[tuple[str, ...]] = []
    parts: list[list[str]] = []
    for component in components(tellings, linked):
        if len(component) == 1:
            groups.append((component[0],))
            continue
        for id in component:
            inside[id] = len(parts)
        parts.append(component)
    edges_of: dict[int, dict[Pair, float]] = defaultdict(dict)
    for p, value in edges.items():
        edges_of[inside[p[0]]][p] = value
    same_of: dict[int, set[Pair]] = defaultdict(set)
    for p in constraints.same:
        if p[0] in inside:
            same_of[inside[p[0]]].add(p)
    apart_of: dict[int, set[Pair]] = defaultdict(set)
    for p in constraints.apart:
        if p[0] in inside and inside.get(p[1]) == inside[p[0]]:
            apart_of[inside[p[0]]].add(p)
    for number, part in enumerate(parts):
        own = Constraints(frozenset(same_of[number]), frozenset(apart_of[number]))
        groups += cluster(part, edges_of[number], reports, score_of, own, least)
    return Resolution(tuple(sorted(groups)), edges)
