"""Why the tellings of an incident are one: each with the pair that ties it to the others most, and its reasons."""

from __future__ import annotations

import msgspec

from constat.incidents.compared import Compared
from constat.incidents.edges import Edges
from constat.records import Incident
from constat.resolution.cluster import Pair
from constat.resolution.scores import probability, shipped
from constat.store.protocol import Store


class Bond(msgspec.Struct, frozen=True):
    """Two tellings, how likely they are one by themselves, and what speaks for it and against it, with weights."""

    events: Pair
    probability: float
    reasons: tuple[tuple[str, float], ...]


def bonds(store: Store, incident: Incident) -> list[Bond]:
    """The pairs that hold an incident together, likeliest first: a tree with every telling in it.

    A telling that no pair ties is there by decision, or because its report says so itself.
    """
    scores = shipped()
    compared = Compared(store)
    pairs = Edges(store, compared, scores).among(incident.events)
    held = set(incident.events)
    group = {event: event for event in held}

    def root(event: str) -> str:
        while group[event] != event:
            event = group[event]
        return event

    found = []
    for (a, b), odds in sorted(pairs.items(), key=lambda item: (-item[1], item[0])):
        if a in held and b in held and root(a) != root(b):
            group[root(b)] = root(a)
            tellings = compared.get((a, b))
            verdict = scores.verdict(tellings[a], tellings[b])
            said = tuple((reason, weight) for reason, weight in verdict.reasons if reason != "any pair" and weight)
            found.append(Bond((a, b), probability(odds), said))
    return found
