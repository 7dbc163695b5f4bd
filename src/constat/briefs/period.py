"""What came into a casebook since a time: new incidents, changed ones, and how those stood before."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import msgspec

from constat.actors import load_register
from constat.casebook import Casebook
from constat.dossiers import shown
from constat.errors import UsageError
from constat.filters import Filters
from constat.incidents.refresh import grades_of
from constat.records import Decision, EventMention, Incident, Reading
from constat.resolution.decisions import rulings
from constat.resolution.origins import credits
from constat.resolution.view import whole
from constat.standing import Standing, changes, standing
from constat.store import incidents as table

_SPAN = re.compile(r"(\d{1,4})\s*([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 24 * 7}


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """An incident that something came in about. `before`: how it stood, None for a new one; `reports`: the new ones."""

    incident: Incident
    before: Standing | None
    reports: frozenset[str]


def start(since: str, now: dt.datetime) -> dt.datetime:
    """The time that `24h`, `7d`, `2w`, a day or a moment means; raises `UsageError`."""
    if found := _SPAN.fullmatch(since.strip().lower()):
        return now - dt.timedelta(hours=int(found[1]) * _HOURS[found[2]])
    try:
        at = dt.datetime.fromisoformat(since.strip().replace("Z", "+00:00"))
    except ValueError:
        raise UsageError(f"--since {since!r} should be a span such as 24h or 7d, or a day such as 2024-03-12") from None
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


def came(book: Casebook, filters: Filters, since: dt.datetime) -> Iterator[Came]:
    """Incidents that reports or decisions told of since, by id; of the older ones those that stand otherwise now."""
    at = since.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    query = "SELECT DISTINCT m.incident FROM member m JOIN document d ON d.id = m.document WHERE d.added_at >= ?"
    touched = {str(id) for (id,) in book.store.rows(query, (at,))}
    decided = [d.decision for d in book.decisions() if d.decision.decided_at >= at]
    touched |= {id for decision in decided for event in decision.subject if (id := book.telling_of(event))}
    asked = book.states(filters)
    show = shown(book)
    for id in sorted(touched & asked.keys()):
        incident = table.get(book.store, id)
        if incident is None:
            continue
        tellings = book.tellings(id)
        added = {d: _added(book, d) for _, d in tellings}
        fresh = frozenset(d for d, when in added.items() if when >= at)
        if len(fresh) == len(added):
            yield Came(incident=incident, before=None, reports=fresh)
            continue
        before = standing(show(_before(book, incident, tellings, added, at)))
        if changes(before, standing(show(incident))):
            yield Came(incident=incident, before=before, reports=fresh)


def _added(book: Casebook, document: str) -> str:
    row = next(book.store.rows("SELECT added_at FROM document WHERE id = ?", (document,)), None)
    return str(row[0]) if row else ""


def _before(
    book: Casebook, incident: Incident, tellings: list[tuple[str, str]], added: dict[str, str], at: str
) -> Incident:
    """The incident of the tellings and decisions that there were at a time."""
    old = {d for d, when in added.items() if when < at}
    readings = {d: book.reading(d) for d in sorted(old)}
    own = {event for event, document in tellings if document in old}
    told: list[tuple[EventMention, Reading]] = [(e, r) for r in readings.values() for e in r.events if e.id in own]
    denials: list[tuple[EventMention, Reading]] = []
    for denied in incident.denials:
        if _added(book, denied.document) < at:
            reading = book.reading(denied.document)
            denials += [(e, reading) for e in reading.denials if e.id == denied.event]
    made = [d.decision for d in book.decisions_about(sorted(own)) if d.decision.decided_at < at]
    held: list[Decision] = list(rulings(made, {e.id: e for e, _ in told}).on_incidents)
    credit_of = credits(load_register(book.settings.overlays))
    return whole(told, {}, held, denials, credit_of, grades_of(book.folder))
