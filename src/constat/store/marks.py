"""Incidents as what a map and a time line are drawn from: from the columns alone, and counted where they coincide.

A hundred thousand incidents lie at some thousand places and on some thousand days: those are what a page is sent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import msgspec

from constat.store.incidents import Asked, _where
from constat.store.protocol import Scalar, Store

_MOST = 20_000  # spots that a page is sent; beyond, those that lie close together are counted as one
_STEP = 0.02  # degrees, two kilometres: the first width within which they are, doubled until they are few enough


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


class Spot(msgspec.Struct, frozen=True, array_like=True):
    """What lies at one place: degrees, how many incidents, how many killed; of a single one, what it is."""

    lat: float
    lon: float
    incidents: int
    killed: int
    id: str = ""
    type: str = ""
    day: str = ""
    status: str = ""


class Day(msgspec.Struct, frozen=True, array_like=True):
    """One day on which something happened: how many incidents, how many killed."""

    day: str
    incidents: int
    killed: int


class Spots(msgspec.Struct, frozen=True):
    """Spots with the width within which they are counted as one, in degrees; 0: each is a place of its own."""

    spots: tuple[Spot, ...]
    width: float = 0.0


def days(store: Store, asked: Asked) -> Iterator[Day]:
    """The days of the incidents that are like that, the first one first."""
    where, values, narrowed = _and(asked, "i.first <> ''")
    first = "i.first || ''" if narrowed else "i.first"
    query = f"SELECT {first}, COUNT(*), SUM(i.killed) FROM incident i {where} GROUP BY {first} ORDER BY {first}"
    for day, number, killed in store.rows(query, values):
        yield Day(str(day), int(number or 0), int(killed or 0))


def spots(store: Store, asked: Asked, most: int = _MOST) -> Spots:
    """The places of the incidents that are like that."""
    where, values, narrowed = _and(asked, "i.x IS NOT NULL")
    at = "i.lat + 0, i.x + 0, i.y + 0" if narrowed else "i.lat, i.x, i.y"
    query = (
        f"SELECT {at}, COUNT(*), SUM(i.killed), MIN(i.id), MIN(i.type), MIN(i.first), MIN(i.status) "
        f"FROM incident i {where} GROUP BY {at} ORDER BY {at}"
    )
    found = [_spot(*row) for row in store.rows(query, values)]
    width = 0.0
    while len(found) > most:
        width = width * 2 or _STEP
        found = _coarser(found, width)
    return Spots(tuple(found), width)


def _spot(lat: Scalar, x: Scalar, y: Scalar, number: Scalar, killed: Scalar, *of_one: Scalar) -> Spot:
    lon = math.degrees(math.atan2(float(y or 0), float(x or 0)))
    single = map(str, of_one) if number == 1 else ()
    return Spot(round(float(lat or 0), 4), round(lon, 4), int(number or 0), int(killed or 0), *single)


def _coarser(found: list[Spot], width: float) -> list[Spot]:
    """Spots that lie within one square of so many degrees as one, at the middle of their incidents."""
    squares: dict[tuple[int, int], list[Spot]] = {}
    for spot in found:
        squares.setdefault((math.floor(spot.lat / width), math.floor(spot.lon / width)), []).append(spot)
    return [inside[0] if len(inside) == 1 else _together(inside) for inside in squares.values()]


def _together(inside: list[Spot]) -> Spot:
    number = sum(spot.incidents for spot in inside)
    lat = sum(spot.lat * spot.incidents for spot in inside) / number
    lon = sum(spot.lon * spot.incidents for spot in inside) / number
    return Spot(round(lat, 4), round(lon, 4), number, sum(spot.killed for spot in inside))


def _and(asked: Asked, condition: str) -> tuple[str, tuple[Scalar, ...], bool]:
    """The condition with a further one, and whether something is asked for at all.

    If so what is grouped by should be an expression, which no index has: else SQLite walks the whole index for what is
    rare, and looks each incident up (0.28 s among 100,000, against 0.08 s).
    """
    where, values = _where(asked)
    return (f"{where} AND {condition}", values, True) if where else (f"WHERE {condition}", values, False)
