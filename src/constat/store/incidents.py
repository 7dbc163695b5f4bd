"""The incidents of a casebook as a table: columns to filter and sort by, and each incident as canonical JSON.

Derived from readings and decisions, like the readings themselves: it can be dropped and made anew to the same bytes.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from constat.errors import UsageError
from constat.filters import Filters, Point
from constat.folding import fold
from constat.records import Fused, Incident, content_id
from constat.store.gist import gist_of
from constat.store.protocol import Scalar, Store
from constat.store.tables import decode, encode

# Another one where what is kept of an incident is another: then all of them are made anew from what was read.
SHAPE = 3
_EARTH_KM = 6371.0
_YEAR = dt.timedelta(days=366)
_ORDERS = {
    "date": "i.first DESC, i.id",
    "oldest": "i.first, i.id",
    "attention": "i.attention DESC, i.first DESC, i.id",
    "killed": "COALESCE(i.killed, -1) DESC, i.first DESC, i.id",
    "voices": "i.voices DESC, i.first DESC, i.id",
    "unsure": "i.confidence, i.first DESC, i.id",
}
# The same where something is asked for: an expression is no column of an index, so that no index of the order is walked
# to its end for what is rare (a third of a second among 100,000); what is found is sorted instead.
_SORTED = {
    "date": "i.first || '' DESC, i.id",
    "oldest": "i.first || '', i.id",
    "attention": "i.attention + 0 DESC, i.first DESC, i.id",
}
_COLUMNS = (
    *("id", "digest", "status", "first", "last", "country", "type", "subtype", "lat", "x", "y", "z", "killed"),
    *("confidence", "information", "voices", "attention", "actors", "sources", "langs"),
)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What an incident is listed by. `first` and `last` day are empty where no date is known; names are folded."""

    incident: Incident
    members: tuple[tuple[str, str], ...]  # its events, each with its document
    first: str = ""
    last: str = ""
    country: str = ""
    type: str = ""
    subtype: str = ""
    lat: float | None = None
    lon: float | None = None
    killed: int | None = None
    attention: float = 0.0
    actors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The hash of all that the table holds of it."""
        return content_id(self)[:32]


def put(store: Store, line: Line) -> None:
    """Hold an incident, in place of what was held under its id; inside a transaction."""
    drop(store, line.incident.id)
    one = line.incident
    x, y, z = _on_the_sphere(line.lat, line.lon)
    row: tuple[Scalar, ...] = (
        *(one.id, line.digest, one.status, line.first, line.last, line.country, line.type.lower()),
        *(line.subtype.lower(), line.lat, x, y, z, line.killed, one.confidence, one.information, len(one.voices)),
        *(line.attention, _joined(line.actors), _joined(line.sources), _joined(line.langs)),
    )
    marks = ", ".join("?" * len(_COLUMNS))
    store.execute(f"INSERT INTO incident ({', '.join(_COLUMNS)}) VALUES ({marks})", row)
    store.execute("INSERT INTO incident_body VALUES (?, ?)", (one.id, encode(one)))
    gist = gist_of(one, line.first, line.country, line.killed)
    store.execute("INSERT INTO incident_gist VALUES (?, ?)", (one.id, encode(gist)))
    place(store, line)


def place(store: Store, line: Line) -> None:
    """Note which incident the events of this one are in; inside a transaction."""
    for event, document in line.members:
        store.execute("DELETE FROM member WHERE event = ?", (event,))
        store.execute("INSERT INTO member VALUES (?, ?, ?)", (event, document, line.incident.id))


def drop(store: Store, incident: str) -> None:
    """Hold an incident no more; inside a transaction."""
    store.execute("DELETE FROM member WHERE incident = ?", (incident,))
    store.execute("DELETE FROM incident WHERE id = ?", (incident,))
    store.execute("DELETE FROM incident_body WHERE id = ?", (incident,))
    store.execute("DELETE FROM incident_gist WHERE id = ?", (incident,))


def digests(store: Store, asked: Asked | None = None) -> dict[str, str]:
    """The id of every incident held, or of those asked for, with the digest of its line."""
    where, values = _where(asked) if asked else ("", ())
    return {str(id): str(digest) for id, digest in store.rows(f"SELECT i.id, i.digest FROM incident i {where}", values)}


def digest_of(store: Store, id: str) -> str | None:
    """The digest of the line that is held of an incident."""
    row = next(store.rows("SELECT digest FROM incident WHERE id = ?", (id,)), None)
    return str(row[0]) if row else None


def digest(store: Store) -> str:
    """One hash over all incidents, the same however and in whatever order their reports came."""
    return content_id(sorted(digests(store).items()))


def get(store: Store, id: str) -> Incident | None:
    """The incident of an id, without its ties."""
    row = next(store.rows("SELECT body FROM incident_body WHERE id = ?", (id,)), None)
    return decode(row[0], Incident) if row else None


def of_event(store: Store, event: str) -> str | None:
    """The id of the incident that an event is a telling of."""
    row = next(store.rows("SELECT incident FROM member WHERE event = ?", (event,)), None)
    return str(row[0]) if row else None


def tellings(store: Store, id: str) -> list[tuple[str, str]]:
    """The events of an incident, each with its document."""
    rows = store.rows("SELECT event, document FROM member WHERE incident = ? ORDER BY event", (id,))
    return [(str(event), str(document)) for event, document in rows]


def beginning_with(store: Store, beginning: str) -> str:
    """The id that begins so, of an incident or of one of its events; raises `UsageError` if none or several do."""
    if len(beginning) < 4 or set(beginning) - set("0123456789abcdef"):
        raise UsageError(f"{beginning!r}: four or more signs of an incident's id are wanted, as `incidents` prints it")
    for query in (
        "SELECT id FROM incident WHERE id >= ? AND id < ? LIMIT 2",
        "SELECT DISTINCT incident FROM member WHERE event >= ? AND event < ? LIMIT 2",
    ):
        found = [str(id) for (id,) in store.rows(query, (beginning, beginning + "g"))]
        if len(found) == 1:
            return found[0]
        if found:
            raise UsageError(f"{beginning}: several incidents begin so; give more of the id")
    raise UsageError(f"{beginning}: no incident begins so, and none holds an event that does")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Filters with what they mean in this casebook: a point, the ids of an actor, a query of documents that match."""

    filters: Filters = Filters()
    point: Point | None = None
    actors: tuple[str, ...] = ()
    documents: tuple[str, tuple[Scalar, ...]] | None = None


def count(store: Store, asked: Asked) -> int:
    """How many incidents are like that."""
    where, values = _where(asked)
    (number,) = next(store.rows(f"SELECT COUNT(*) FROM incident i {where}", values))
    return int(number or 0)


def ids(store: Store, asked: Asked, sort: str, limit: int | None = None, offset: int = 0) -> list[str]:
    """The ids of the incidents that are like that, in an order."""
    if sort not in _ORDERS:
        raise UsageError(f"sort {sort!r}: it is one of {', '.join(_ORDERS)}")
    where, values = _where(asked)
    some = f" LIMIT {limit:d} OFFSET {offset:d}" if limit is not None else ""
    order = _SORTED.get(sort, _ORDERS[sort]) if where else _ORDERS[sort]
    rows = store.rows(f"SELECT i.id FROM incident i {where} ORDER BY {order}{some}", values)
    found = [str(id) for (id,) in rows]
    return found if limit is not None else found[offset:]


class _Slim(msgspec.Struct, frozen=True):
    """Of an incident what bears on its ties; the rest is not decoded."""

    id: str
    events: tuple[str, ...]
    fields: tuple[Fused, ...]


def slim(store: Store, wanted: Sequence[str]) -> list[Incident]:
    """Incidents by their ids with their fields alone, which takes a tenth of the time."""
    found = []
    for id in wanted:
        for (body,) in store.rows("SELECT body FROM incident_body WHERE id = ?", (id,)):
            held = decode(body, _Slim)
            found.append(Incident(id=held.id, events=held.events, claims=(), fields=held.fields))
    return found


def find(store: Store, asked: Asked, sort: str, limit: int | None, offset: int) -> Iterator[Incident]:
    """The incidents that are like that, in an order, a page at a time."""
    for id in ids(store, asked, sort, limit, offset):
        if (one := get(store, id)) is not None:
            yield one


def _where(asked: Asked) -> tuple[str, tuple[Scalar, ...]]:
    """The condition in SQL, with its values."""
    f = asked.filters
    parts: list[str] = []
    values: list[Scalar] = []

    def both(part: str, *given: Scalar) -> None:
        parts.append(part)
        values.extend(given)

    def any_of(column: str, wanted: Iterable[str]) -> None:
        likes = [f"%{_escaped(word)}%" for word in wanted]
        both("(" + " OR ".join([f"i.{column} LIKE ? ESCAPE '!'"] * len(likes)) + ")", *likes)

    if f.since:
        # No date is vaguer than a year: so the index on the first day bounds the walk on both sides.
        earliest = dt.date.fromisoformat(f.since) - min(_YEAR, dt.date.fromisoformat(f.since) - dt.date.min)
        both("i.first >= ? AND i.last >= ?", earliest.isoformat(), f.since)
    if f.until:
        both("i.first <> '' AND i.first <= ?", f.until)
    if f.types:
        marks, named = ", ".join("?" * len(f.types)), [name.lower() for name in f.types]
        both(f"(i.type IN ({marks}) OR i.subtype IN ({marks}))", *named, *named)
    if f.countries:
        both(f"i.country IN ({', '.join('?' * len(f.countries))})", *(c.upper() for c in f.countries))
    if f.actor is not None:
        any_of("actors", (fold(f.actor), *(f"\n{id}\n" for id in asked.actors)))
    if f.source is not None:
        any_of("sources", (fold(f.source),))
    if f.lang is not None:
        any_of("langs", (f"\n{f.lang.lower()}\n",))
    if asked.documents is not None:
        query, given = asked.documents
        both(f"i.id IN (SELECT m.incident FROM member m WHERE m.document IN ({query}))", *given)
    if f.min_killed is not None:
        both("i.killed >= ?", f.min_killed)
    if f.min_confidence is not None:
        both("i.confidence >= ?", f.min_confidence)
    if f.status is not None:
        both("i.status = ?", f.status)
    if f.unreviewed:
        both("i.status = 'open'")
    if asked.point is not None:
        _near(asked.point, f.km, both)
    return ("WHERE " + " AND ".join(parts) if parts else ""), tuple(values)


def _near(point: Point, km: float, both: Callable[..., None]) -> None:
    """Within so many km of a point: a band of latitude for the index, then the straight line through the globe."""
    x, y, z = _on_the_sphere(*point)
    angle = min(math.pi, km / _EARTH_KM)
    band = math.degrees(angle)
    both("i.lat BETWEEN ? AND ?", point[0] - band, point[0] + band)
    chord = "(i.x - ?) * (i.x - ?) + (i.y - ?) * (i.y - ?) + (i.z - ?) * (i.z - ?) <= ?"
    both(chord, x, x, y, y, z, z, (2 * math.sin(angle / 2)) ** 2)


def _on_the_sphere(lat: float | None, lon: float | None) -> tuple[float | None, float | None, float | None]:
    if lat is None or lon is None:
        return None, None, None
    p, r = math.radians(lat), math.radians(lon)
    return math.cos(p) * math.cos(r), math.cos(p) * math.sin(r), math.sin(p)


def _joined(names: Sequence[str]) -> str:
    """Names between line ends, so that a whole one can be asked for."""
    return "\n" + "\n".join(sorted(set(names))) + "\n" if names else ""


def _escaped(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
