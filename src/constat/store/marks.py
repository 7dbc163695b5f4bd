"""Incidents as marks on a map and a time line: from the columns alone, so that a hundred thousand are drawn at once."""

from __future__ import annotations

import math
from collections.abc import Iterator

import msgspec

from constat.store.incidents import Asked, _where
from constat.store.protocol import Store
from constat.store.tables import decode


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """One incident. `day` is empty where none is known; `lat` and `lon` None where no place is."""

    id: str
    day: str
    country: str
    type: str
    lat: float | None
    lon: float | None
    killed: int | None
    status: str
    information: int


class _Toll(msgspec.Struct, frozen=True):
    field: str
    low: int
    high: int | None = None
    best: int | None = None
    group: str | None = None


class _Body(msgspec.Struct, frozen=True):
    """What of an incident's JSON is read here; the rest of it is passed over."""

    tolls: tuple[_Toll, ...] = ()


class Band(msgspec.Struct, frozen=True):
    """The killed of one incident, with its month."""

    month: str
    low: int
    best: int
    high: int


def every(store: Store, asked: Asked) -> Iterator[Mark]:
    """The incidents that are like that, the newest first."""
    where, values = _where(asked)
    query = (
        f"SELECT i.id, i.first, i.country, i.type, i.lat, i.x, i.y, i.killed, i.status, i.information FROM incident i "
        f"{where} ORDER BY i.first DESC, i.id"
    )
    for id, day, country, kind, lat, x, y, killed, status, information in store.rows(query, values):
        lon = None if x is None or y is None else round(math.degrees(math.atan2(float(y), float(x))), 5)
        yield Mark(id, day, country, kind, lat, lon, killed, status, information)  # type: ignore[arg-type]


def bands(store: Store, asked: Asked) -> Iterator[Band]:
    """Low, best and high of the killed of each incident that tells of any; where no bound is stated, the best."""
    where, values = _where(asked)
    told = f"{where} AND i.killed > 0" if where else "WHERE i.killed > 0"
    query = f"SELECT i.first, i.killed, b.body FROM incident i JOIN incident_body b ON b.id = i.id {told}"
    for day, killed, body in store.rows(query, values):
        best = int(killed or 0)
        tolls = [t for t in decode(body, _Body).tolls if t.field == "killed"]
        whole = [t for t in tolls if t.group is None] or tolls
        low = min([best, *(t.low for t in whole)])
        high = max([best, *(t.high for t in whole if t.high is not None)])
        yield Band(str(day)[:7], low, best, high)
