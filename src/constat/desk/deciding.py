"""Decisions at the desk take the same way as those at the command line: through `Casebook.judge` into the log."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import msgspec

from constat.actors import load_register
from constat.casebook import Casebook
from constat.desk.endpoint import Call, RefusedError
from constat.desk.evidence import Whole, whole
from constat.desk.rows import Row, row
from constat.errors import ConflictError, ConstatError, UsageError
from constat.filters import Filters
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


class Sampled(Filters, frozen=True, kw_only=True):
    """Filters of what is to be accepted together."""

    sample: int = 5


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Open incidents that could be accepted together, and some of them, by chance, to be looked at before."""

    total: int
    incidents: tuple[tuple[str, str], ...]  # id and revision
    sample: tuple[Row, ...]


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


def batch(call: Call) -> Batch:
    """Open incidents that could be accepted together, with a sample drawn by chance."""
    asked: Sampled = msgspec.structs.replace(call.query, status="open")
    call.desk.settle()
    with call.desk.casebook() as book:
        total = book.count_incidents(asked)
        found = list(book.incidents(asked, sort="date", limit=_MOST))
    drawn = secrets.SystemRandom().sample(found, min(len(found), max(1, min(asked.sample, 50))))
    return Batch(
        total=total,
        incidents=tuple((one.id, one.revision) for one in found),
        sample=tuple(row(one) for one in drawn),
    )


def _approved(book: Casebook, said: Said) -> Said:
    """Where two people must approve, the first one's acceptance is noted, and the second one's is the acceptance."""
    if said.kind != "accept" or not book.settings.desk_two_people or len(said.about) != 1:
        return said
    approval = book.incident(said.about[0]).field("approval")
    first = approval.value if approval else None
    if first is None:
        return msgspec.structs.replace(said, kind="value", field="approval", value=book.actor)
    if first == book.actor:
        raise RefusedError(409, "second_person", f"{first} has approved it already; another person has to as well")
    return said


def _judge(book: Casebook, said: Said) -> tuple[str, tuple[str, ...]]:
    """The id of the decision, and the events whose incidents to look at."""
    if said.kind != "undo" and len(said.seen) != len(said.about):
        raise RefusedError(400, "wrong", "a decision names the revision of every incident that was looked at")
    events: tuple[str, ...] = ()
    if said.kind != "undo":
        events = tuple(event for name in said.about for event in _events(book, name))
    said = _approved(book, said)
    if said.field == "release" and said.value == "published" and book.incident(said.about[0]).status != "accepted":
        raise RefusedError(409, "not_accepted", "only what is accepted is published; accept it first")
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
