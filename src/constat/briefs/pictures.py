"""The map and the time line of a brief as SVG: numbers are those of its entries, nothing comes from the network.

Labels are digits and Latin letters in every language: WeasyPrint does not order Arabic letters inside SVG.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from constat.briefs.brief import Entry
from constat.exports import drawing as d
from constat.exports.atlas import Taken, View, land, ruler, towns
from constat.exports.days import bounds
from constat.exports.xml import element, tag
from constat.gazetteer.place import KM_A_DEGREE
from constat.interface import Words
from constat.records import DateValue
from constat.standing import Standing

_WIDTH, _TALLEST = 720.0, 460.0
_NAMED = 14  # towns with names
_NUMBERED = 60  # entries with numbers on the map
_ROW = 22.0


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
    points = [(e.standing.lat or 0.0, e.standing.lon or 0.0) for e in shown]
    view = View.of(points, _WIDTH, _TALLEST)
    # Names of towns keep off the marks and their numbers.
    taken: Taken = [(x - 12, y + side, 24.0) for x, y in (view.at(*at) for at in points) for side in (-4, 8)]
    parts = [*land(view), *towns(view, taken, _NAMED, 9.5)]
    for entry in sorted(shown, key=lambda e: -(_dead(e.standing) or 0)):
        parts += _mark(entry, view, numbered=len(shown) <= _NUMBERED)
    parts += ruler(view)
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


def _mark(entry: Entry, view: View, *, numbered: bool) -> list[str]:
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
