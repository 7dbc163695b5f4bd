"""Resolution on one page: tellings and decisions in, groups of tellings with the scored pairs behind them out.

Tellings are joined twice: reports that turn out to share one incident are likelier to share their others.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

import msgspec

from constat.records import content_id
from constat.resolution.candidates import candidates
from constat.resolution.cluster import LEAST, NOTHING_DECIDED, Constraints, Pair, cluster, components, pair
from constat.resolution.scores import TOGETHER, Scores, shipped
from constat.resolution.tellings import Telling, by_id

Group = tuple[str, ...]
_SEEN = 100_000  # pairs that are kept in mind, so that the table of them stays small


class Resolution(msgspec.Struct, frozen=True):
    """Groups of event ids, each one incident, and the pairs that spoke for a join, with their log-odds.

    `weak` are all pairs that were scored high enough to be of any use, `first` the groups of the first joining.
    """

    groups: tuple[Group, ...]
    edges: Mapping[Pair, float]
    weak: Mapping[Pair, float] = {}
    first: tuple[Group, ...] = ()

    def incidents(self) -> dict[str, str]:
        """Event id -> incident id, the hash of the events that are its tellings."""
        return {event: name for group in self.groups for name in [incident_id(group)] for event in group}


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for cycles meanwhile: there are none, and of 200,000 tellings it takes a quarter of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def incident_id(events: Iterable[str]) -> str:
    """The id of an incident: the same for the same tellings."""
    return content_id(["incident", sorted(events)])[:16]


def resolve(
    found: Iterable[Telling],
    constraints: Constraints = NOTHING_DECIDED,
    scores: Scores | None = None,
    least: float = LEAST,
) -> Resolution:
    """Which tellings are one incident; the same for the same tellings in any order."""
    weights = scores or shipped()
    ordered = by_id(found)
    return of_pairs(ordered, score_pairs(ordered, weights, weakest(weights, least)), constraints, weights, least)


@_uncollected()
def of_pairs(
    ordered: list[Telling],
    weak: Mapping[Pair, float],
    constraints: Constraints = NOTHING_DECIDED,
    scores: Scores | None = None,
    least: float = LEAST,
) -> Resolution:
    """The same of tellings that are sorted by id and whose pairs are scored, from `weakest` on."""
    weights = scores or shipped()
    tellings = {t.id: t for t in ordered}
    first = first_groups(tellings, weak, constraints, weights, least)
    together = Together.of(first, tellings)
    groups, edges = second_groups(tellings, weak, first, together, constraints, weights, least)
    return Resolution(groups, edges, weak, first)


def weakest(scores: Scores, least: float = LEAST) -> float:
    """The log-odds from which a pair may come to be joined."""
    return least - _more(scores)


@_uncollected()
def score_pairs(ordered: list[Telling], scores: Scores, least: float = LEAST) -> dict[Pair, float]:
    """The pairs that are worth comparing and likely enough, with their log-odds. The tellings are sorted by id."""
    score = scores.score
    edges: dict[Pair, float] = {}
    # A pair that comes again comes soon; one that was forgotten meanwhile is but scored twice.
    seen: set[int] = set()
    before: set[int] = set()
    size = len(ordered)
    for i, j in candidates(ordered):
        if (number := i * size + j) in seen or number in before:
            continue
        seen.add(number)
        if len(seen) >= _SEEN:
            seen, before = set(), seen
        a, b = ordered[i], ordered[j]
        if a.document != b.document and (value := score(a, b)) >= least:
            edges[a.id, b.id] = value
    return edges


class Together:
    """Whether two reports tell of one incident in common beside the one that is asked about.

    `group_of` names the group of an event, if it is told more than once; `groups_of` those of a report.
    """

    def __init__(self, group_of: Callable[[str], str | None], groups_of: Callable[[str], frozenset[str]]) -> None:
        self._group_of, self._groups_of = group_of, groups_of

    @classmethod
    def of(cls, groups: Iterable[Group], tellings: Mapping[str, Telling]) -> Together:
        """By the groups of a first joining."""
        group: dict[str, str] = {}
        of_report: dict[str, set[str]] = defaultdict(set)
        for events in groups:
            if len(events) > 1:
                for event in events:
                    group[event] = events[0]
                    of_report[tellings[event].document].add(events[0])
        held = {report: frozenset(names) for report, names in of_report.items()}
        return cls(group.get, lambda report: held.get(report, frozenset()))

    def __call__(self, a: Telling, b: Telling) -> bool:
        ours = self._groups_of(a.document)
        if not ours:
            return False
        theirs = self._groups_of(b.document)
        if not theirs or ours.isdisjoint(theirs):
            return False
        return bool((ours & theirs) - {self._group_of(a.id), self._group_of(b.id)})


def first_groups(
    tellings: Mapping[str, Telling],
    weak: Mapping[Pair, float],
    constraints: Constraints,
    scores: Scores,
    least: float = LEAST,
) -> tuple[Group, ...]:
    """The first joining, of any tellings that no pair and no decision ties to others."""
    edges = {p: s for p, s in weak.items() if s >= least}
    same = _decided(tellings, constraints)
    return _grouped(tellings, components(tellings, [*edges, *same]), edges, same, constraints, scores.score, least)


def second_groups(
    tellings: Mapping[str, Telling],
    weak: Mapping[Pair, float],
    first: Iterable[Group],
    together: Together,
    constraints: Constraints,
    scores: Scores,
    least: float = LEAST,
) -> tuple[tuple[Group, ...], dict[Pair, float]]:
    """The second joining and its edges; where no pair is told together, the groups stay as they were."""
    more = _more(scores)
    edges: dict[Pair, float] = {}
    raised: set[str] = set()
    for (a, b), odds in weak.items():
        told_together = together(tellings[a], tellings[b])
        odds += more * told_together
        if odds >= least:
            edges[a, b] = odds
            if told_together:
                raised.add(a)
    if not raised:
        return tuple(sorted(first)), edges

    def score(a: Telling, b: Telling) -> float:
        return scores.score(a, b) + more * together(a, b)

    same = _decided(tellings, constraints)
    anew = components(raised, [*edges, *same])
    touched = {event for component in anew for event in component}
    stay = [group for group in first if touched.isdisjoint(group)]
    return tuple(sorted([*stay, *_grouped(tellings, anew, edges, same, constraints, score, least)])), edges


def _more(scores: Scores) -> float:
    return max(0.0, scores.weights.get(TOGETHER, 0.0))


def _decided(tellings: Mapping[str, Telling], constraints: Constraints) -> list[Pair]:
    """The pairs that are one by decision, or because their report says so and no decision denies it."""
    same = [p for p in constraints.same if p[0] in tellings and p[1] in tellings]
    said = {pair(one.id, other) for one in tellings.values() for other in one.same_as if other in tellings}
    return same + [p for p in said - constraints.apart if p not in constraints.same]


def _grouped(
    tellings: Mapping[str, Telling],
    parts: Iterable[list[str]],
    edges: Mapping[Pair, float],
    same: Iterable[Pair],
    constraints: Constraints,
    score: Callable[[Telling, Telling], float],
    least: float,
) -> tuple[Group, ...]:
    """Groups, component by component."""

    def score_of(a: str, b: str) -> float:
        return score(tellings[a], tellings[b])

    groups: list[Group] = []
    several: list[list[str]] = []
    inside: dict[str, int] = {}
    for part in parts:
        if len(part) == 1:
            groups.append((part[0],))
        else:
            for event in part:
                inside[event] = len(several)
            several.append(part)
    edges_of: list[dict[Pair, float]] = [{} for _ in several]
    for p, value in edges.items():
        if (number := inside.get(p[0])) is not None:
            edges_of[number][p] = value
    same_of, apart_of = _by_part(same, inside), _by_part(constraints.apart, inside)
    for number, part in enumerate(several):
        own = edges_of[number]
        reports = {id: tellings[id].document for id in part}
        ruled = number in same_of or number in apart_of
        if not ruled and 2 * len(own) == len(part) * (len(part) - 1) and len(set(reports.values())) == len(part):
            groups.append(tuple(part))  # where every pair is likely, nothing stands against a join
            continue
        decided = Constraints(frozenset(same_of.get(number, ())), frozenset(apart_of.get(number, ())))
        groups += cluster(part, own, reports, score_of, decided, least)
    return tuple(sorted(groups))


def _by_part(pairs: Iterable[Pair], inside: Mapping[str, int]) -> dict[int, set[Pair]]:
    """Pairs by the part that both of them are in."""
    out: dict[int, set[Pair]] = defaultdict(set)
    for p in pairs:
        if p[0] in inside and inside.get(p[1]) == inside[p[0]]:
            out[inside[p[0]]].add(p)
    return out
