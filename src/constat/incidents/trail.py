"""How an incident came to say what it says: its state after each day of reports and after each decision.

It follows from what was printed when, not from when it was taken in: the same reports leave the same trail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from constat.actors import ActorRegister
from constat.incidents.words import of_value, toll_words
from constat.records import Decision, EventMention, Grade, Incident, Reading
from constat.resolution.decisions import in_force
from constat.resolution.origins import credits
from constat.resolution.shingles import wording
from constat.resolution.view import whole

_FIELDS = ("type", "subtype", "date", "place", "perpetrator", "claimed_by", "target")
_UNDATED = ""


class Change(msgspec.Struct, frozen=True):
    """One thing that moved: when (a day of print, or the moment of a decision), what, from and to, and by whom."""

    at: str
    what: str
    before: str | None
    after: str | None
    by: tuple[str, ...]


def trail(
    incident: Incident,
    readings: Iterable[Reading],
    decisions: Iterable[Decision],
    register: ActorRegister,
    grades: Mapping[str, Grade],
) -> list[Change]:
    """The changes, oldest first. Reports without a date come before all others."""
    held = {reading.document.id: reading for reading in readings}
    told = [(e, r) for r in held.values() for e in r.events if e.id in incident.events]
    wanted = {denial.event for denial in incident.denials}
    against = [(e, r) for r in held.values() for e in r.denials if e.id in wanted]
    days = sorted({r.document.published or _UNDATED for _, r in (*told, *against)})
    credit_of = credits(register)
    phrases = {number: wording(reading.document.text).phrases for number, reading in held.items()}
    state: dict[str, str] = {}
    changes: list[Change] = []
    own = set(incident.events)
    made = sorted(decisions, key=lambda d: (d.decided_at, d.id))

    def step(at: str, last: str, known: Sequence[Decision], by: tuple[str, ...] | None) -> None:
        nonlocal state
        events = [(e, r) for e, r in told if (r.document.published or _UNDATED) <= last]
        if not events:
            return
        denials = [(e, r) for e, r in against if (r.document.published or _UNDATED) <= last]
        holding = [d for d in in_force(known) if own.intersection(d.subject)]
        found = whole(events, {}, holding, denials, credit_of, grades, phrases)
        now = dict(_state(found))
        fresh = by or _voices(found, [(e, r) for e, r in (*events, *denials) if (r.document.published or "") == at])
        for what in sorted({*state, *now}, key=lambda name: (list(now).index(name) if name in now else 99, name)):
            if state.get(what) != now.get(what):
                changes.append(Change(at, what, state.get(what), now.get(what), fresh))
        state = now

    for day in days:
        step(day, day, (), None)
    for number, decision in enumerate(made, 1):
        before = len(changes)
        step(decision.decided_at, "9999", made[:number], (decision.author,))
        if len(changes) == before:
            said = f"{decision.kind}{f': {decision.reason}' if decision.reason else ''}"
            changes.append(Change(decision.decided_at, "decision", None, said, (decision.author,)))
    return changes


def _state(found: Incident) -> Iterator[tuple[str, str]]:
    """What is followed of an incident, in words."""
    for name in _FIELDS:
        fused = found.field(name)
        if fused is not None:
            yield name, of_value(fused.value)
    for toll in found.tolls:
        if toll.group is None:
            yield toll.field, toll_words(toll)
    yield "information", f"{found.information}: {found.information_why}"
    if found.status != "open":
        yield "status", found.status


def _voices(found: Incident, fresh: Iterable[tuple[EventMention, Reading]]) -> tuple[str, ...]:
    documents = {reading.document.id for _, reading in fresh}
    named = {v.name if v.kind in ("agency", "outlet") else v.documents[0][:12] for v in found.voices
             if documents.intersection(v.documents)}  # fmt: skip
    named |= {denial.by or denial.voice for denial in found.denials if denial.document in documents}
    return tuple(sorted(named))
