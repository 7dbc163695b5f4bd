"""Decisions of people: which still hold, what they demand of the joining, and what they stand on after a new reading.

Decisions are rows that are never changed. A later one on the same matter outranks an earlier one; one that `supersedes`
another, such as an undoing, puts it out of force. What cannot be applied is refused with the reason, and shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, product

import msgspec

from constat.records import Decision, EventMention, Footing, Incident
from constat.resolution.cluster import Constraints, Pair, pair

_SAME_WORDS = 0.3  # share of the words a decision stood on that an event must still stand on


class Refused(msgspec.Struct, frozen=True):
    """A decision that is not applied, and why."""

    decision: Decision
    why: str


class Rulings(msgspec.Struct, frozen=True):
    """What decisions demand: pairs, values and judgements in the order they were made, and those refused."""

    constraints: Constraints = Constraints()
    on_incidents: tuple[Decision, ...] = ()
    refused: tuple[Refused, ...] = ()


def in_force(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions that no later one puts out of force, oldest first. Undoing an undoing brings the first back."""
    ordered = sorted({d.id: d for d in decisions}.values(), key=lambda d: (d.decided_at, d.id))
    gone: set[str] = set()
    # From the newest: a row counts unless one that itself counts supersedes it.
    for decision in reversed(ordered):
        if decision.id not in gone and decision.supersedes:
            gone.add(decision.supersedes)
    return [d for d in ordered if d.id not in gone and d.kind != "undo"]


def rulings(decisions: Iterable[Decision], events: Mapping[str, EventMention]) -> Rulings:
    """What the decisions in force demand of these events, with the ids of events that were read anew since."""
    latest: dict[Pair, bool] = {}
    on_incidents: list[Decision] = []
    refused: list[Refused] = []
    of_report: dict[str, list[EventMention]] = defaultdict(list)
    for event in events.values():
        of_report[event.document].append(event)
    for decision in in_force(decisions):
        stood = decision.footing
        subject = [_found(name, stood, events, of_report) for name in decision.subject]
        lost = [old for old, new in zip(decision.subject, subject, strict=True) if new is None]
        if lost:
            refused.append(
                Refused(decision, f"no event stands where {', '.join(lost)} stood; look at its report again")
            )
            continue
        held = [name for name in subject if name is not None]
        stay = [_found(f.event, stood, events, of_report) for f in stood if f.event not in decision.subject]
        for decided, same in _pairs(decision.kind, held, [name for name in stay if name is not None]):
            latest[decided] = same
        if decision.kind in ("value", "accept", "reject", "note"):
            on_incidents.append(msgspec.structs.replace(decision, subject=tuple(held)))
    joined = frozenset(decided for decided, one in latest.items() if one)
    apart = frozenset(decided for decided, one in latest.items() if not one)
    return Rulings(Constraints(joined, apart), tuple(on_incidents), tuple(refused))


def stale(decision: Decision, current: Mapping[str, Incident]) -> str | None:
    """Why a decision is too late to be taken, None if it is not: its incident is no longer the one that was looked at.

    `current`: event id -> the incident it is now in.
    """
    if decision.made_on is None:
        return None
    now = {current[event].id if event in current else None for event in decision.subject}
    if decision.made_on in now:
        return None
    names = ", ".join(sorted(name or "no incident" for name in now))
    return f"the decision was made on incident {decision.made_on}, and its events are now in {names}; look again"


def footing(events: Iterable[EventMention]) -> tuple[Footing, ...]:
    """Where events stand, to be kept with a decision about them."""
    return tuple(Footing(e.id, e.document, tuple(sorted({s for c in e.claims for s in c.spans}))) for e in events)


def _pairs(kind: str, subject: Sequence[str], stay: Sequence[str]) -> list[tuple[Pair, bool]]:
    match kind:
        case "positive" | "merge":
            return [(pair(a, b), True) for a, b in combinations(subject, 2) if a != b]
        case "negative":
            return [(pair(a, b), False) for a, b in combinations(subject, 2) if a != b]
        case "split":
            return [(pair(a, b), False) for a, b in product(subject, stay) if a != b]
    return []


def _found(
    event: str,
    stood: Sequence[Footing],
    events: Mapping[str, EventMention],
    of_report: Mapping[str, Sequence[EventMention]],
) -> str | None:
    """The event that now stands where another stood: itself, or the one of its report that shares most of its words."""
    if event in events:
        return event
    old = next((f for f in stood if f.event == event), None)
    if old is None or not old.spans:
        return None
    words = {(s.part, n) for s in old.spans for n in range(s.start, s.end)}
    best: tuple[float, str] | None = None
    for other in sorted(of_report.get(old.document, ()), key=lambda e: e.id):
        theirs = {(s.part, n) for c in other.claims for s in c.spans for n in range(s.start, s.end)}
        share = len(words & theirs) / len(words)
        if share >= _SAME_WORDS and (best is None or share > best[0]):
            best = (share, other.id)
    return best[1] if best else None
