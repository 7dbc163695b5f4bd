"""From readings and decisions to incidents: the same ones in any order give the same bytes.

`incidents` does it for readings in memory, `whole` for one group of tellings, whoever joined them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from constat.actors import ActorRegister
from constat.records import Decision, EventMention, Grade, Incident, Reading, Voice
from constat.resolution.actors import actor_ids
from constat.resolution.cluster import Pair
from constat.resolution.decisions import Refused, rulings
from constat.resolution.denials import as_denied, best, denied, fits
from constat.resolution.fuse import fuse
from constat.resolution.links import ties
from constat.resolution.origins import CreditOf, credits, origin, voices
from constat.resolution.resolve import resolve
from constat.resolution.shingles import Sketch
from constat.resolution.stated import Telling
from constat.resolution.tellings import by_id, tellings


class View(msgspec.Struct, frozen=True):
    """All incidents by id, with their ties, and the decisions that could not be applied."""

    incidents: tuple[Incident, ...]
    refused: tuple[Refused, ...] = ()


def incidents(
    readings: Iterable[Reading],
    register: ActorRegister,
    decisions: Iterable[Decision] = (),
    grades: Mapping[str, Grade] | None = None,
) -> View:
    """The incidents that readings tell of, under the decisions of people and the user's grades of sources."""
    held = {reading.document.id: reading for reading in readings}
    events = {e.id: e for reading in held.values() for e in reading.events}
    ruled = rulings(decisions, events)
    actor_of, credit_of = actor_ids(register), credits(register)
    ordered = by_id(t for reading in held.values() for t in tellings(reading, actor_of))
    found = resolve(ordered, ruled.constraints)
    denials = {e.id: (e, reading) for reading in held.values() for e in reading.denials}
    against: dict[str, list[tuple[EventMention, Reading]]] = defaultdict(list)
    for denial, fitting in fits((t for r in held.values() for t in denied(r, actor_of)), ordered).items():
        if (event := best(fitting)) is not None:
            against[event].append(denials[denial])
    on_events: dict[str, list[Decision]] = defaultdict(list)
    for decision in ruled.on_incidents:
        for event in decision.subject:
            on_events[event].append(decision)
    number_of = {event: number for number, group in enumerate(found.groups) for event in group}
    edges: list[dict[Pair, float]] = [{} for _ in found.groups]
    for (a, b), odds in found.edges.items():
        if number_of[a] == number_of[b]:
            edges[number_of[a]][a, b] = odds
    fused = []
    for number, group in enumerate(found.groups):
        told = [(events[event], held[events[event].document]) for event in group]
        said_against = [denial for event in group for denial in against[event]]
        made = [decision for event in group for decision in on_events[event]]
        fused.append(whole(told, edges[number], made, said_against, credit_of, grades or {}))
    tied = ties(fused, events.values())
    complete = [msgspec.structs.replace(one, ties=tied.get(one.id, ())) for one in fused]
    return View(tuple(sorted(complete, key=lambda one: one.id)), ruled.refused)


def whole(
    told: Sequence[tuple[EventMention, Reading]],
    edges: Mapping[Pair, float],
    decisions: Iterable[Decision],
    denials: Sequence[tuple[EventMention, Reading]],
    credit_of: CreditOf,
    grades: Mapping[str, Grade],
    phrases: Mapping[str, Sketch] | None = None,
) -> Incident:
    """The incident of a group of events, without its ties. Its voices are told apart among its own reports alone.

    `phrases`: those of a report's text, where they are known already.
    """
    readings = {reading.document.id: reading for _, reading in (*told, *denials)}
    known = phrases or {}
    origins = [origin(r.document, r.events, credit_of, known.get(number)) for number, r in sorted(readings.items())]
    voice_of = {document: voice for voice in voices(origins, grades) for document in voice.documents}
    made = sorted({d.id: d for d in decisions}.values(), key=lambda d: (d.decided_at, d.id))
    against = [as_denied(event, reading, voice_of[reading.document.id].name) for event, reading in denials]
    return fuse([_telling(event, reading, voice_of) for event, reading in told], edges, made, against)


def _telling(event: EventMention, reading: Reading, voice_of: Mapping[str, Voice]) -> Telling:
    loaded = {word.casefold() for claim in reading.wording for span in claim.spans for word in span.quote.split()}
    return Telling(event, reading.document, voice_of[reading.document.id], frozenset(loaded))
