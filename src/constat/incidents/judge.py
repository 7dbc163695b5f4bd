"""A judgement of a person as a decision: about which events, standing on which words, and not on an outdated view."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import get_args

import msgspec

from constat.errors import ConflictError, UsageError
from constat.incidents.states import state_of
from constat.records import Decision, DecisionKind, EventMention, Incident, Value
from constat.resolution.decisions import footing

KINDS: tuple[str, ...] = get_args(DecisionKind)
_OF_ONE = ("accept", "reject", "value", "note")
_OF_SEVERAL = ("positive", "negative", "unsure", "merge")


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says of some incidents, and the revisions of them that the person was looking at."""

    kind: DecisionKind
    about: tuple[Incident, ...]
    events: tuple[str, ...] = ()  # split: those that are taken out
    field: str | None = None
    value: Value | None = None
    reason: str = ""


def decision(said: Judgement, events: Mapping[str, EventMention], author: str, at: str) -> Decision:
    """The decision that a judgement makes; `events` are those of the incidents. Raises `UsageError`."""
    kind, about = said.kind, said.about
    if kind in _OF_ONE and len(about) != 1:
        raise UsageError(f"{kind} is said of one incident, not of {len(about)}")
    if kind in _OF_SEVERAL and len(about) < 2:
        raise UsageError(f"{kind} is said of two incidents or more")
    if kind == "note" and not said.reason.strip():
        raise UsageError("a note needs words")
    subject = tuple(event for incident in about for event in incident.events)
    if kind == "value":
        if said.field is None or said.value is None:
            raise UsageError("a field and a value are wanted")
    elif said.field is not None or said.value is not None:
        raise UsageError(f"{kind} takes no field and no value")
    if kind == "split":
        kind, subject = "split", _taken_out(said)
    elif kind == "negative":
        if len(about) != 2:
            raise UsageError("not-same is said of two incidents")
        # None of the one is one with any of the other, while each stays as it is.
        kind = "negative" if len(subject) == 2 else "split"
        subject = subject if kind == "negative" else about[0].events
    elif kind == "unsure":
        subject = tuple(incident.events[0] for incident in about)
    stands = footing(events[e] for incident in about for e in incident.events if e in events)
    return Decision(
        kind=kind, subject=tuple(sorted(subject)), author=author, decided_at=at, reason=said.reason.strip(),
        field=said.field, value=said.value, made_on=about[0].id if about else None, footing=stands,
    )  # fmt: skip


def undoing(undone: Decision, author: str, at: str, reason: str) -> Decision:
    """The decision that puts another out of force."""
    return Decision(
        kind="undo", subject=undone.subject, author=author, decided_at=at, reason=reason.strip(), field=undone.field,
        supersedes=undone.id, footing=undone.footing,
    )  # fmt: skip


def moment(last: str | None) -> str:
    """Now, to the microsecond, and later than the last decision: their order is that of their times."""
    now = dt.datetime.now(dt.UTC)
    if last is not None:
        before = dt.datetime.fromisoformat(last)
        now = max(now, before + dt.timedelta(microseconds=1))
    return now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def check_seen(seen: Sequence[str], now: Sequence[Incident], before: Mapping[str, str]) -> None:
    """Raises `ConflictError`, with both versions, if an incident is not as it was seen any more."""
    current = {incident.revision: incident for incident in now}
    for revision in seen:
        if not any(one.startswith(revision) for one in current):
            held = (said for known, said in before.items() if known.startswith(revision))
            then = next(held, "a version that is no longer kept")
            lines = "; ".join(f"{one.id[:8]} at {one.revision[:8]}: {state_of(one)}" for one in now)
            raise ConflictError(f"you saw {revision[:8]}: {then}. It is now {lines}. Look again and decide anew")


def _taken_out(said: Judgement) -> tuple[str, ...]:
    if len(said.about) != 1:
        raise UsageError("split is said of one incident, with the events that are taken out")
    held = said.about[0].events
    out = []
    for beginning in said.events:
        found = [event for event in held if event.startswith(beginning)]
        if len(found) != 1:
            raise UsageError(f"event {beginning!r}: {'several events begin so' if found else 'not of this incident'}")
        out.append(found[0])
    if not out or set(out) == set(held):
        raise UsageError("name some of its events to take out, not all; `constat show` lists them")
    return tuple(out)
