"""From readings and decisions to incidents: the same ones in any order give the same bytes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from constat.actors import ActorRegister
from constat.records import Decision, EventMention, Grade, Incident, Reading, Voice
from constat.resolution.actors import actor_ids
from constat.resolution.decisions import Refused, rulings
from constat.resolution.fuse import fuse
from constat.resolution.links import ties
from constat.resolution.origins import credits, origin, voices
from constat.resolution.resolve import resolve
from constat.resolution.stated import Telling
from constat.resolution.tellings import tellings


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
    found = resolve((t for reading in held.values() for t in tellings(reading, actor_of)), ruled.constraints)
    origins = [origin(reading.document, reading.events, credit_of) for reading in held.values()]
    voice_of = {document: voice for voice in voices(origins, grades) for document in voice.documents}
    on_events: dict[str, list[Decision]] = defaultdict(list)
    for decision in ruled.on_incidents:
        for event in decision.subject:
            on_events[event].append(decision)
    number_of = {event: number for number, group in enumerate(found.groups) for event in group}
    edges: list[dict[tuple[str, str], float]] = [{} for _ in found.groups]
    for (a, b), odds in found.edges.items():
        if number_of[a] == number_of[b]:
            edges[number_of[a]][a, b] = odds
    fused = []
    for number, group in enumerate(found.groups):
        about = {d.id: d for event in group for d in on_events[event]}
        made = sorted(about.values(), key=lambda d: (d.decided_at, d.id))
        told = [_telling(events[event], held, voice_of) for event in group]
        fused.append(fuse(told, edges[number], made))
    tied = ties(fused, events.values())
    whole = [msgspec.structs.replace(one, ties=tied.get(one.id, ())) for one in fused]
    return View(tuple(sorted(whole, key=lambda one: one.id)), ruled.refused)


def _telling(event: EventMention, held: Mapping[str, Reading], voice_of: Mapping[str, Voice]) -> Telling:
    reading = held[event.document]
    loaded = {word.casefold() for claim in reading.wording for span in claim.spans for word in span.quote.split()}
    return Telling(event, reading.document, voice_of[event.document], frozenset(loaded))
