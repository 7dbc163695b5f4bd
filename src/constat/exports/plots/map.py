"""A map: a mark an incident, larger for more dead, a ring for how far from the point it may lie, towns for the land."""

from __future__ import annotations

import math
from collections.abc import Iterable

from constat.exports import drawing as d
from constat.exports.atlas import Taken, View, label, land, ruler, towns
from constat.exports.dossier import About, Dossier
from constat.exports.row import place_of, word
from constat.exports.words import headline
from constat.gazetteer.place import KM_A_DEGREE
from constat.records import PlaceValue

_TOP, _TALLEST = 74.0, 760.0
_NAMED, _CITIES = 10, 14  # incidents and towns with names


def draw(dossiers: Iterable[Dossier], about: About) -> str:
    """Over borders and towns; the deadliest incidents with the names of their places."""
    every = list(dossiers)
    placed = [(place, one) for one in every if (place := place_of(one.incident)) and place.lat is not None]
    if not placed:
        return d.page(about.title, "No incident with a point.", 120, [])
    points = [(place.lat or 0.0, place.lon or 0.0) for place, _ in placed]
    view = View.of(points, d.WIDTH - 2 * d.MARGIN, _TALLEST, d.MARGIN, _TOP)
    ordered = sorted(placed, key=lambda pair: (-(d.dead(pair[1]) or 0), pair[1].incident.id))
    marked = {(place.lat, place.lon): d.radius(d.dead(one)) for place, one in reversed(ordered)}
    # What is under a mark has no name: a box of the size of the mark is taken.
    taken: Taken = [(x - r, y + 4, 2 * r) for (lat, lon), r in marked.items() for x, y in [view.at(lat or 0, lon or 0)]]
    names: list[str] = []
    named: dict[str, None] = {}
    for place, one in ordered:
        if len(named) < _NAMED and place.name not in named:
            x, y = view.at(place.lat or 0, place.lon or 0)
            words = d.shortened(place.name, 160, 11)
            if written := label(x + d.radius(d.dead(one)) + 7, y + 4, words, view, taken, 11, d.INK):
                named[place.name] = None
                names.append(written)
    parts = [*land(view), *_grid(view), *towns(view, taken, _CITIES, 10)]
    for place, one in ordered:
        parts += _mark(place, one, view)
    bottom = _TOP + view.height
    parts += [*names, *ruler(view)]
    parts += d.legend(d.MARGIN, bottom + 22, d.kinds_of(word(one.incident, "type") for _, one in placed))
    left = len(every) - len(placed)
    shown = f"{len(placed)} incidents. Area: killed; a ring: not stated; wide circle: where it may lie."
    return d.page(about.title, shown + (f" {left} without a point." if left else ""), bottom + 44, parts)


def _mark(place: PlaceValue, one: Dossier, view: View) -> list[str]:
    x, y = view.at(place.lat or 0, place.lon or 0)
    killed, ink = d.dead(one), d.colour(word(one.incident, "type"))
    label = headline(one) + (f": {killed} killed" if killed is not None else "")
    out = []
    reach = (place.radius_km or 0) / KM_A_DEGREE * view.scale
    if reach > d.radius(killed):
        out.append(d.circle(x, y, min(reach, 300.0), ink, label, 0.07, ink))
    fill, stroke = (ink, d.PAPER) if killed is not None else ("none", ink)
    return [*out, d.circle(x, y, d.radius(killed), fill, label, 0.8, stroke)]


def _grid(view: View) -> list[str]:
    """Meridians and parallels at round degrees, with their names."""
    step = next(s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60) if (view.east - view.west) / s <= 8 or s == 60)
    out = []
    for n in range(math.ceil(view.west / step), math.floor(view.east / step) + 1):
        x, _ = view.at(view.north, n * step)
        out += [d.line(x, _TOP, x, _TOP + view.height, "#e3e6eb")]
        out += [d.text(x, _TOP + 12, _degrees(n * step, "E", "W"), "middle", 10, d.QUIET)]
    for n in range(math.ceil(view.south / step), math.floor(view.north / step) + 1):
        _, y = view.at(n * step, view.west)
        out += [d.line(d.MARGIN, y, d.WIDTH - d.MARGIN, y, "#e3e6eb")]
        out += [d.text(d.MARGIN + 4, y - 3, _degrees(n * step, "N", "S"), size=10, fill=d.QUIET)]
    return out


def _degrees(value: float, plus: str, minus: str) -> str:
    return f"{abs(value):g}°{plus if value > 0 else minus if value < 0 else ''}"
