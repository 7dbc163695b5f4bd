"""A place as the gazetteer knows it, and distances between places."""

from __future__ import annotations

import math
from functools import lru_cache

import msgspec

EARTH_KM = 6371.0
KM_A_DEGREE = 2 * math.pi * EARTH_KM / 360
DIRECTIONS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")


class Place(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A named place: `kind` site, town, village, area, district, province or country; `country` ISO 3166-1 alpha-3;
    `lat`, `lon` degrees, WGS 84; `radius_km` the distance within which the named thing lies; `source` of the
    coordinate, and its `precision`: `point`, `near` (an estimate), `centre` (of something wide).
    Packed as its values alone and left to no collector: looking names up is mostly unpacking places.
    """

    id: str
    name: str
    kind: str
    feature: str
    country: str
    admin1: str
    lat: float
    lon: float
    radius_km: float
    population: int
    source: str
    precision: str


@lru_cache(maxsize=20_000)  # a report asks for the same distances again and again
def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle distance in km."""
    p, q = math.radians(lat), math.radians(other_lat)
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, h)))


def km(a: Place, b: Place) -> float:
    """Great-circle distance between two places in km."""
    return kilometres(a.lat, a.lon, b.lat, b.lon)


def bearing(direction: str) -> float:
    """A compass direction such as `NE` in degrees; raises `ValueError` for anything else."""
    return DIRECTIONS.index(direction) * 360 / len(DIRECTIONS)


def offset(lat: float, lon: float, bearing: float, km: float) -> tuple[float, float]:
    """The point so many km from another along a bearing in degrees (0 north, 90 east)."""
    angle, course = km / EARTH_KM, math.radians(bearing)
    p, r = math.radians(lat), math.radians(lon)
    q = math.asin(math.sin(p) * math.cos(angle) + math.cos(p) * math.sin(angle) * math.cos(course))
    s = r + math.atan2(math.sin(course) * math.sin(angle) * math.cos(p), math.cos(angle) - math.sin(p) * math.sin(q))
    return math.degrees(q), (math.degrees(s) + 540) % 360 - 180


def displaced(place: Place, direction: str, km: float) -> Place:
    """The place so many km from another in a direction: `20 km north-east of Gao`; wider by a quarter of the way."""
    lat, lon = offset(place.lat, place.lon, bearing(direction), km)
    return msgspec.structs.replace(
        place,
        id=f"{place.id}+{km:g}{direction}",
        kind="area",
        lat=round(lat, 4),
        lon=round(lon, 4),
        radius_km=round(place.radius_km + km / 4, 1),
        population=0,
        precision="near",
    )
