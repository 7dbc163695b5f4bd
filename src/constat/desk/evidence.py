"""One incident with all that it stands on: its reports, which claim stands in which, decisions about it, neighbours."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from constat.casebook import Casebook
from constat.desk.endpoint import Call, Plain, RefusedError
from constat.desk.rows import Reason, Row, row
from constat.fields import reading_json
from constat.filters import Filters
from constat.records import DateValue, Incident, PlaceValue, Value
from constat.resolution.attention import attention
from constat.resolution.decisions import in_force
from constat.store.decisions import Decided
from constat.store.incidents import get
from constat.store.tables import get_reading

_REPORTS = 200  # of one incident that are listed; a flood of copies has more
_NEAR_DAYS, _NEAR_KM, _NEAR = 3, 60.0, 12


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report that tells of an incident, and which of its events do."""

    id: str
    title: str | None
    publisher: str | None
    published: str | None
    lang: str | None
    url: str | None
    added_at: str
    voice: str
    events: tuple[str, ...]


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A decision about an incident; `holds` false: undone, or overruled by a later one that names it."""

    id: str
    kind: str
    author: str
    at: str
    reason: str
    field: str | None
    value: Value | None
    undoes: str | None
    holds: bool


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """An incident and what it stands on; `where`: the documents in which a claim stands, by the claim's id."""

    row: Row
    incident: Incident
    claim_ids: tuple[str, ...]
    revision: str
    attention: tuple[Reason, ...]
    reports: tuple[Report, ...]
    unlisted: int
    where: dict[str, tuple[str, ...]]
    history: tuple[Made, ...]
    near: tuple[Row, ...]
    tied: tuple[Row, ...]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A document with its reading as `constat read --json` gives it, its capture, and its other versions."""

    reading: dict[str, Any] | None
    document: dict[str, Any]
    capture: str
    locator: str
    added_at: str
    unread: str | None
    versions: tuple[str, ...]
    seen: tuple[dict[str, Any], ...]


def incident(call: Call) -> Whole:
    """One incident with its reports, the places of its claims, decisions about it, what is tied to it and near it."""
    with call.desk.casebook() as book:
        return whole(book, book.incident(call.path["id"]))


def whole(book: Casebook, one: Incident) -> Whole:
    """An incident and what it stands on."""
    names = [(voice.name, d) for voice in one.voices for d in voice.documents]
    own, reports = set(one.events), []
    where: dict[str, tuple[str, ...]] = {}
    for voice, number in sorted(names, key=lambda pair: pair[1])[:_REPORTS]:
        stored, reading = book.document(number), book.reading(number)
        told = [event for event in reading.events if event.id in own]
        for claim in (claim for event in told for claim in event.claims):
            where[claim.id] = (*where.get(claim.id, ()), number)
        d = stored.document
        reports.append(
            Report(
                id=d.id, title=d.title, publisher=d.publisher, published=d.published, lang=d.lang, url=d.url,
                added_at=stored.added_at, voice=voice, events=tuple(event.id for event in told),
            )
        )  # fmt: skip
    reports.sort(key=lambda r: (r.published or "9999", r.added_at, r.id))
    tied = {tie.to: row(other) for tie in one.ties[:_NEAR] if (other := get(book.store, tie.to)) is not None}
    return Whole(
        row=row(one),
        incident=one,
        claim_ids=tuple(claim.id for claim in one.claims),
        revision=one.revision,
        attention=tuple(Reason(weight, why) for weight, why in attention(one)),
        reports=tuple(reports),
        unlisted=max(0, len(names) - _REPORTS),
        where=where,
        history=history(book, one),
        near=tuple(r for r in _near(book, one) if r.id not in tied),
        tied=tuple(tied.values()),
    )


def history(book: Casebook, one: Incident) -> tuple[Made, ...]:
    """What was decided about an incident, oldest first."""
    about = list(book.decisions_about(one.events))
    hold = {decision.id for decision in in_force(made.decision for made in about)}
    return tuple(_made(made, hold) for made in about)


def _made(made: Decided, hold: set[str]) -> Made:
    d = made.decision
    return Made(
        id=made.id, kind=d.kind, author=d.author, at=d.decided_at, reason=d.reason, field=d.field, value=d.value,
        undoes=d.supersedes, holds=d.id in hold,
    )  # fmt: skip


def _near(book: Casebook, one: Incident) -> list[Row]:
    """What happened about then and there, and may be the same."""
    date, place = one.field("date"), one.field("place")
    when = date.value.value if date and isinstance(date.value, DateValue) else None
    where = place.value if place and isinstance(place.value, PlaceValue) else None
    if when is None or len(when) < len("2024-01-01") or where is None or where.lat is None:
        return []
    day, apart = dt.date.fromisoformat(when), dt.timedelta(days=_NEAR_DAYS)
    asked = Filters(
        since=(day - apart).isoformat(), until=(day + apart).isoformat(), near=f"{where.lat},{where.lon}", km=_NEAR_KM
    )
    found = (other for other in book.incidents(asked, limit=_NEAR + 1) if other.id != one.id)
    return [row(other) for other in found][:_NEAR]


def document(call: Call) -> Source:
    """A document with its reading, where it came from, and its versions."""
    with call.desk.casebook() as book:
        stored = book.document(call.path["id"])
        reading = get_reading(book.store, stored.document)
        chain = book.history(stored.chain) if stored.chain else []
        return Source(
            reading=reading_json(reading) if reading else None,
            document=msgspec.to_builtins(stored.document),
            capture=stored.capture,
            locator=stored.locator,
            added_at=stored.added_at,
            unread=stored.unread,
            versions=tuple(other.document.id for other in chain),
            seen=tuple(msgspec.to_builtins(seen) for seen in book.occurrences(stored.capture)),
        )


def capture(call: Call) -> Plain:
    """The bytes in which a document came, to be saved; never shown by the browser itself."""
    with call.desk.casebook() as book:
        stored = book.document(call.path["id"])
        try:
            data = book.evidence.path(stored.capture).read_bytes()
        except OSError as error:
            raise RefusedError(404, "not_found", f"capture {stored.capture[:12]} is not in the evidence") from error
    return Plain(data, f"{stored.capture[:16]}.bin")
