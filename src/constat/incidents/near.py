"""What ties an incident of the table to others of it: asked of its surroundings, never of the whole casebook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from constat.filters import Filters, Point
from constat.incidents.lines import span_of
from constat.incidents.rows import select
from constat.records import EventMention, Incident, PlaceValue, Tie
from constat.resolution.links import Series, series_of, ties
from constat.store import incidents as table
from constat.store.protocol import Store
from constat.store.tables import decode

_SITE_KM, _SITE_DAYS = 2.0, 366
_SERIES_KM, _SERIES_DAYS = 150.0, 93
_EACH_WAY = 40  # incidents before and after that are looked at
_REPORTS = 50  # reports of it whose other incidents are looked at


def ties_of(store: Store, one: Incident) -> tuple[Tie, ...]:
    """The ties of an incident, those to earlier and later ones alike."""
    events = _events(store, one)
    wanted = {str(i) for (i,) in _members(store, [e.id for e in events])} | set(_around(store, one))
    others = table.slim(store, sorted(wanted - {one.id}))
    return ties([one, *others], events).get(one.id, ())


def series(store: Store, one: Incident) -> Series | None:
    """The series that an incident is of, with the days between its incidents; None if it is of none."""
    others = table.slim(store, sorted(set(_around(store, one)) - {one.id}))
    return next((run for run in series_of([one, *others]) if one.id in run.incidents), None)


def _events(store: Store, one: Incident) -> list[EventMention]:
    """The events of its reports, with the links between them."""
    reports = sorted({document for voice in one.voices for document in voice.documents})[:_REPORTS]
    rows = select(store, "SELECT body FROM event WHERE kind = 'event' AND document IN ({})", reports)
    return [decode(body, EventMention) for (body,) in rows]


def _members(store: Store, events: list[str]) -> Iterator[tuple[object, ...]]:
    return select(store, "SELECT DISTINCT incident FROM member WHERE event IN ({})", events)


def _around(store: Store, one: Incident) -> Iterator[str]:
    """Incidents at its site within a year, and of its type in its region within a season."""
    first, last = span_of(one)
    place = one.field("place")
    where = place.value if place else None
    if not first or first != last or not isinstance(where, PlaceValue) or where.lat is None or where.lon is None:
        return
    kind = one.field("type")
    types = (kind.value,) if kind is not None and isinstance(kind.value, str) else ()
    point = (where.lat, where.lon)
    yield from _both_ways(store, point, _SITE_KM, first, _SITE_DAYS, ())
    if types:
        yield from _both_ways(store, point, _SERIES_KM, first, _SERIES_DAYS, types)


def _both_ways(store: Store, point: Point, km: float, day: str, days: int, types: tuple[str, ...]) -> Iterator[str]:
    gap, here = dt.timedelta(days=days), dt.date.fromisoformat(day)
    before = Filters(since=(here - gap).isoformat(), until=day, km=km, types=types)
    after = Filters(since=day, until=(here + gap).isoformat(), km=km, types=types)
    yield from table.ids(store, table.Asked(filters=before, point=point), "date", _EACH_WAY)
    yield from table.ids(store, table.Asked(filters=after, point=point), "oldest", _EACH_WAY)
