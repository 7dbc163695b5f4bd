"""The queue: incidents by what is asked for, a page at a time."""

from __future__ import annotations

import msgspec

from constat.casebook import Casebook
from constat.desk.endpoint import Call, RefusedError
from constat.desk.rows import Row, row
from constat.filters import SORTS, Filters, called
from constat.gazetteer import Gazetteer
from constat.records import content_id

_PAGE, _MOST = 50, 500


class Listed(Filters, frozen=True, kw_only=True):
    """Filters as everywhere, the order, and which page."""

    sort: str = "attention"
    limit: int = _PAGE
    offset: int = 0


class Incidents(msgspec.Struct, frozen=True, kw_only=True):
    """One page of incidents; `next` is the offset of the following one, None after the last."""

    incidents: list[Row]
    total: int
    next: int | None


class Near(msgspec.Struct, frozen=True, kw_only=True):
    """A name to look up in the place index."""

    name: str


class Candidate(msgspec.Struct, frozen=True):
    """A place that has a name, or one that sounds like it."""

    id: str
    name: str
    kind: str
    country: str
    admin1: str
    lat: float
    lon: float
    radius_km: float
    alike: bool = False


class Candidates(msgspec.Struct, frozen=True):
    """Places, the likeliest first."""

    places: list[Candidate]


def incidents(call: Call) -> Incidents:
    """Incidents by time, place, type, actor, toll, source, language, state, confidence, text."""
    asked: Listed = call.query
    if asked.sort not in SORTS:
        raise RefusedError(400, "wrong", f"sort {asked.sort!r}: it is one of {', '.join(SORTS)}")
    if not (1 <= asked.limit <= _MOST and asked.offset >= 0):
        raise RefusedError(400, "wrong", f"limit is 1 to {_MOST}, offset 0 or more")
    call.desk.settle()
    with call.desk.casebook() as book:
        total = _total(call, book)
        found = [row(one) for one in book.incidents(asked, sort=asked.sort, limit=asked.limit, offset=asked.offset)]
    after = asked.offset + len(found)
    return Incidents(incidents=found, total=total, next=after if after < total and found else None)


def _total(call: Call, book: Casebook) -> int:
    """How many are asked for, counted once for all pages and orders while nothing changes."""
    bare = msgspec.structs.replace(call.query, sort="", limit=0, offset=0)
    return call.desk.kept(book.revised(), content_id(bare), lambda: book.count_incidents(call.query))


def of_document(call: Call) -> Incidents:
    """The incidents that a document tells of."""
    with call.desk.casebook() as book:
        reading = book.reading(book.document(call.path["id"]).document.id)
        found = {one.id: row(one) for event in reading.events for one in [book.incident(event.id)]}
    return Incidents(incidents=list(found.values()), total=len(found), next=None)


def places(call: Call) -> Candidates:
    """Places of a name, those that are called so first, and failing that those that sound alike."""
    index = Gazetteer.open()
    exact = called(call.query.name, index.lookup(call.query.name))
    alike = () if exact else index.propose(call.query.name)
    found = [
        Candidate(p.id, p.name, p.kind, p.country, p.admin1, p.lat, p.lon, p.radius_km, not exact)
        for p in (*exact, *alike)[:20]
    ]
    return Candidates(found)
