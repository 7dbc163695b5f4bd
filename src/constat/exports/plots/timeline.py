"""A time line: a mark an incident in the lane of its type, larger for more dead, a bar where the day is not known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from constat.exports import drawing as d
from constat.exports.days import bounds, date_of
from constat.exports.dossier import About, Dossier
from constat.exports.row import place_of, word
from constat.exports.words import headline

_LANE, _TOP, _LEFT = 84.0, 84.0, 216.0
_NAMED = 6  # of the deadliest incidents


def draw(dossiers: Iterable[Dossier], about: About) -> str:
    """A lane for each event type; rings are incidents of which no dead are stated."""
    dated = [(b, one) for one in dossiers if (b := bounds(date_of(one.incident.field("date"))))]
    if not dated:
        return d.page(about.title, "No incident with a date.", 120, [])
    first, last = min(b[0] for b, _ in dated), max(b[1] for b, _ in dated)
    scale = d.Band(first.toordinal(), last.toordinal(), _LEFT + 30, d.WIDTH - d.MARGIN - 30)
    kinds = d.kinds_of(word(one.incident, "type") for _, one in dated)
    bottom = _TOP + _LANE * len(kinds)
    parts = []
    for day, name in d.days_of(first, last):
        x = scale(day.toordinal())
        parts += [d.line(x, _TOP, x, bottom), d.text(x, bottom + 18, name, anchor="middle", fill=d.QUIET, size=11)]
    for number, kind in enumerate(kinds):
        y = _TOP + _LANE * (number + 0.5)
        parts.append(d.text(d.MARGIN, y + 4, d.shortened(kind, _LEFT - d.MARGIN - 10), fill=d.INK))
        parts.append(d.line(_LEFT, y + _LANE / 2, d.WIDTH - d.MARGIN, y + _LANE / 2))
    ordered = sorted(dated, key=lambda pair: (-(d.dead(pair[1]) or 0), pair[0], pair[1].incident.id))
    for days, one in ordered:
        lane = kinds.index(word(one.incident, "type") or "Not typed")
        parts += _mark(one, days, scale, _TOP + _LANE * (lane + 0.5))
    parts += _names([pair for pair in ordered if d.dead(pair[1])][:_NAMED], scale, kinds)
    shown = f"{len(dated)} incidents, {first.isoformat()} to {last.isoformat()}. Area: killed; a ring: not stated."
    return d.page(about.title, shown, bottom + 36, parts)


def _mark(one: Dossier, days: tuple[dt.date, dt.date], scale: d.Band, y: float) -> list[str]:
    kind, killed = word(one.incident, "type"), d.dead(one)
    start, end = (scale(day.toordinal()) for day in days)
    label = headline(one) + (f": {killed} killed" if killed is not None else "")
    ink = d.colour(kind)
    bar = [d.rect(start, y - 2, end - start, 4, ink, opacity=0.35)] if days[0] != days[1] else []
    fill, stroke = (ink, d.PAPER) if killed is not None else ("none", ink)
    return [*bar, d.circle((start + end) / 2, y, d.radius(killed), fill, label, 0.75, stroke)]


def _names(deadliest: list[tuple[tuple[dt.date, dt.date], Dossier]], scale: d.Band, kinds: list[str]) -> list[str]:
    """Names of the deadliest, above their marks, those that would run into one another left out."""
    out: list[str] = []
    taken: list[tuple[float, float, float]] = []
    for days, one in deadliest:
        kind = word(one.incident, "type") or "Not typed"
        x = (scale(days[0].toordinal()) + scale(days[1].toordinal())) / 2
        y = _TOP + _LANE * (kinds.index(kind) + 0.5) - d.radius(d.dead(one)) - 5
        words = d.shortened(f"{_place(one)} {d.dead(one)}", 140, 11)
        half = d.wide(words, 11) / 2
        if all(abs(x - other) > half + room or abs(y - height) > 13 for other, height, room in taken):
            taken.append((x, y, half))
            out.append(d.text(x, y, words, anchor="middle", size=11, halo=True))
    return out


def _place(one: Dossier) -> str:
    place = place_of(one.incident)
    return place.name if place else ""
