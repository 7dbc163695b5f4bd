"""Joins anew what a change can have touched, and nothing else; the outcome is that of joining everything anew.

A change touches the components of pairs that it reaches. The first joining tells which reports share an incident, which
raises other pairs of theirs; so the components of those reports' other tellings are joined anew as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec

from constat.incidents.compared import Compared
from constat.incidents.edges import Edges
from constat.incidents.rows import select
from constat.resolution.cluster import LEAST, Constraints, Pair
from constat.resolution.resolve import Group, Together, first_groups, incident_id, second_groups, weakest
from constat.resolution.scores import Scores
from constat.resolution.tellings import Telling
from constat.store.protocol import Store


class Regrouped(msgspec.Struct, frozen=True):
    """Groups of all tellings that were joined anew, the pairs that joined them, and the tellings that changed."""

    groups: tuple[Group, ...]
    edges: dict[Pair, float]
    touched: frozenset[str]


class Regrouping:
    """One change brought through both joinings; inside a transaction."""

    def __init__(
        self, store: Store, compared: Compared, edges: Edges, constraints: Constraints, scores: Scores
    ) -> None:
        self.store, self.compared, self.edges = store, compared, edges
        self.constraints, self.scores = constraints, scores
        self._more = LEAST - weakest(scores)
        self._same: dict[str, set[str]] = {}
        for a, b in constraints.same:
            self._same.setdefault(a, set()).add(b)
            self._same.setdefault(b, set()).add(a)
        self._joined: dict[str, dict[str, str | None]] = {}  # report -> its events with their first groups

    def run(self, seeds: Iterable[str]) -> Regrouped:
        """Join anew whatever these events can touch."""
        first = self._tellings(self._closure(seeds, lambda a, b, odds: odds >= LEAST))
        weak = _inside(self.edges.among(first), first)
        groups = first_groups(first, weak, self.constraints, self.scores)
        reports = self._note(first, groups)
        touched = set(first) | {e for report in sorted(reports) for e in self._events(report)}
        touched |= {b for near in self.edges.neighbours(touched).values() for b in near}
        together = Together(self._group_of, self._groups_of)
        known: dict[str, Telling] = {}

        def likely(a: str, b: str, odds: float) -> bool:
            if odds >= LEAST or odds + self._more < LEAST:
                return odds >= LEAST
            known.update(self.compared.get((a, b)))
            return bool(together(known[a], known[b]))

        second = self._tellings(self._closure(touched, likely))
        weak = _inside(self.edges.among(second), second)
        before = self._first_groups(second)
        final, edges = second_groups(second, weak, before, together, self.constraints, self.scores)
        return Regrouped(final, edges, frozenset(touched))

    def _closure(self, seeds: Iterable[str], joins: Callable[[str, str, float], bool]) -> set[str]:
        """The events that pairs, or decisions, connect with the seeds."""
        found: set[str] = set()
        front = set(seeds)
        while front:
            found |= front
            near = self.edges.neighbours(front)
            met = {b for a in front for b in self._same.get(a, ())}
            met |= {b for a in front for b, odds in near.get(a, {}).items() if b not in found and joins(a, b, odds)}
            front = met - found
        return found

    def _tellings(self, events: Iterable[str]) -> dict[str, Telling]:
        held = self.compared.get(sorted(events))
        return {event: one for event, one in held.items() if not self.compared.is_denial(event)}

    def _note(self, tellings: Mapping[str, Telling], groups: Iterable[Group]) -> set[str]:
        """Hold the first groups; the reports of events whose group is another one than before."""
        now = {event: _name(group) for group in groups for event in group}
        rows = select(self.store, "SELECT event, joined FROM telling WHERE event IN ({})", list(now))
        before = {str(event): joined for event, joined in rows}
        changed = [event for event in now if before.get(event) != now[event]]
        for event in changed:
            self.store.execute("UPDATE telling SET joined = ? WHERE event = ?", (now[event], event))
        return {tellings[event].document for event in changed}

    def _events(self, report: str) -> dict[str, str | None]:
        if report not in self._joined:
            rows = self.store.rows("SELECT event, joined FROM telling WHERE document = ? AND denial = 0", (report,))
            self._joined[report] = {str(event): str(joined) if joined else None for event, joined in rows}
        return self._joined[report]

    def _group_of(self, event: str) -> str | None:
        return self._events(self.compared.get((event,))[event].document).get(event)

    def _groups_of(self, report: str) -> frozenset[str]:
        return frozenset(name for name in self._events(report).values() if name)

    def _first_groups(self, tellings: Mapping[str, Telling]) -> list[Group]:
        """The groups of the first joining that these are in, as far as they are among these."""
        by_name: dict[str, list[str]] = {}
        for event, one in tellings.items():
            by_name.setdefault(self._events(one.document).get(event) or event, []).append(event)
        return [tuple(sorted(events)) for events in by_name.values()]


def _name(group: Group) -> str | None:
    """What a group of the first joining is known by; None for one telling alone."""
    return incident_id(group) if len(group) > 1 else None


def _inside(pairs: Mapping[Pair, float], events: Mapping[str, Telling]) -> dict[Pair, float]:
    return {p: odds for p, odds in pairs.items() if p[0] in events and p[1] in events}


def note_first_groups(store: Store, groups: Iterable[Group]) -> None:
    """Hold the first groups of everything; inside a transaction."""
    store.execute("UPDATE telling SET joined = NULL WHERE joined IS NOT NULL")
    for group in groups:
        if name := _name(group):
            for event in group:
                store.execute("UPDATE telling SET joined = ? WHERE event = ?", (name, event))
