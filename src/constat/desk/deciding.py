"""Decisions at the desk take the same way as those at the command line: through `Casebook.judge` into the log."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from constat.actors import load_register
from constat.casebook import Casebook
from constat.desk.endpoint import Call, RefusedError
from constat.desk.evidence import Whole, whole
from constat.errors import ConflictError, ConstatError, UsageError
from constat.incidents import judge as judging
from constat.incidents.refresh import grades_of
from constat.records import DecisionKind, Incident, PlaceValue
from constat.resolution.view import incidents as view

_MOST = 500  # decisions of one batch


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a person decides. `seen`: the revisions of the incidents that the person was looking at, in their order.

    `value` is written as at the command line; `place` is a place that was picked on the map or from a list.
    """

    kind: DecisionKind
    about: tuple[str, ...]
    seen: tuple[str, ...] = ()
    field: str | None = None
    value: str | None = None
    place: PlaceValue | None = None
    reason: str = ""
    events: tuple[str, ...] = ()


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """The decision's id, by which it is undone, and the incidents that its events are in now."""

    decision: str
    incidents: tuple[Whole, ...]


class Many(msgspec.Struct, frozen=True, kw_only=True):
    """Several decisions, each for itself."""

    decisions: tuple[Said, ...]


class ManyDone(msgspec.Struct, frozen=True, kw_only=True):
    """How many were taken, and those that were not with the reason."""

    done: int
    refused: tuple[str, ...]


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What the incidents would be."""

    incidents: tuple[Incident, ...]
    claim_ids: tuple[tuple[str, ...], ...]


class Stale(msgspec.Struct, frozen=True):
    """The incidents as they are now, to be looked at beside what was seen."""

    now: tuple[Whole, ...]


def decide(call: Call) -> Done:
    """Take a decision; a stale one is refused, with the incident as it is now."""
    said: Said = call.body
    with call.desk.writing(call.who.name) as book:
        made, events = _judge(book, said)
        return Done(decision=made, incidents=_now(book, events))


def many(call: Call) -> ManyDone:
    """Take several decisions, each for itself: one that is refused keeps none of the others out."""
    asked: Many = call.body
    if len(asked.decisions) > _MOST:
        raise RefusedError(400, "wrong", f"at most {_MOST} decisions at once")
    done, refused = 0, []
    with call.desk.writing(call.who.name) as book:
        for said in asked.decisions:
            try:
                _judge(book, said)
                done += 1
            except ConstatError as error:
                refused.append(f"{', '.join(name[:8] for name in said.about)}: {error}")
    return ManyDone(done=done, refused=tuple(refused))


def _judge(book: Casebook, said: Said) -> tuple[str, tuple[str, ...]]:
    """The id of the decision, and the events whose incidents to look at."""
    if said.kind != "undo" and len(said.seen) != len(said.about):
        raise RefusedError(400, "wrong", "a decision names the revision of every incident that was looked at")
    events: tuple[str, ...] = ()
    if said.kind != "undo":
        events = tuple(event for name in said.about for event in _events(book, name))
    value = said.place if said.place is not None else said.value
    try:
        made = book.judge(
            said.kind, said.about, field=said.field, value=value, reason=said.reason, events=said.events,
            seen=said.seen if said.kind != "undo" else None,
        )  # fmt: skip
    except ConflictError as error:
        raise RefusedError(409, "stale", str(error), Stale(_now(book, events))) from error
    return made.id, events or made.decision.subject


def _events(book: Casebook, name: str) -> tuple[str, ...]:
    try:
        return book.incident(name).events
    except UsageError as error:
        # Its tellings went into another incident; the first of them is how an incident is called.
        raise RefusedError(409, "stale", f"{error}: it was merged or split since", Stale(())) from error


def _now(book: Casebook, events: Sequence[str]) -> tuple[Whole, ...]:
    found: dict[str, Incident] = {}
    for event in events:
        try:
            one = book.incident(event)
        except UsageError:
            continue
        found.setdefault(one.id, one)
        if len(found) == 10:
            break
    return tuple(whole(book, one) for one in found.values())


def preview(call: Call) -> Preview:
    """What merging or splitting would make, without doing it."""
    said: Said = call.body
    with call.desk.casebook() as book:
        about = tuple(book.incident(name) for name in said.about)
        documents = sorted({d for one in about for voice in one.voices for d in voice.documents})
        readings = [book.reading(number) for number in documents]
        events = {event.id: event for reading in readings for event in reading.events}
        judged = judging.Judgement(kind=said.kind, about=about, events=said.events, reason=said.reason or "preview")
        made = judging.decision(judged, events, call.who.name, judging.moment(None))
        before = [decided.decision for decided in book.decisions()]
        seen = view(readings, load_register(book.settings.overlays), [*before, made], grades_of(book.folder))
    own = {event for one in about for event in one.events}
    found = tuple(one for one in seen.incidents if own & set(one.events))
    return Preview(incidents=found, claim_ids=tuple(tuple(c.id for c in one.claims) for one in found))
