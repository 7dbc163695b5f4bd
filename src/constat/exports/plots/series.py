"""Incidents and dead over time: bars by type above, the best figure on a bar from low to high below."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from constat.exports import drawing as d
from constat.exports.days import bounds, date_of
from constat.exports.dossier import About, Dossier
from constat.exports.row import total, word

_LEFT, _TOP, _HIGH, _GAP = 70.0, 90.0, 180.0, 44.0
_DAYS, _WEEKS = 31, 200  # days of material up to which it is counted by day, by week; more: by month


def draw(dossiers: Iterable[Dossier], about: About) -> str:
    """By day, week or month, as the material is long. An incident counts where its first day is."""
    dated = [(b, one) for one in dossiers if (b := bounds(date_of(one.incident.field("date"))))]
    exact = [(b[0], one) for b, one in dated if (b[1] - b[0]).days <= 31]
    if not exact:
        return d.page(about.title, "No incident with a month or a day.", 120, [])
    first, last = min(day for day, _ in exact), max(day for day, _ in exact)
    unit = "day" if (last - first).days < _DAYS else "week" if (last - first).days < _WEEKS else "month"
    steps = _steps(first, last, unit)
    kinds = d.kinds_of(word(one.incident, "type") for _, one in exact)
    counts: Counter[tuple[dt.date, str]] = Counter()
    tolls: dict[dt.date, list[int]] = {}
    for day, one in exact:
        step = _step(day, unit)
        counts[step, word(one.incident, "type") or "Not typed"] += 1
        toll = total(one.incident, "killed")
        if toll:
            best = toll.low if toll.best is None else toll.best
            for n, figure in enumerate((toll.low, best, best if toll.high is None else toll.high)):
                tolls.setdefault(step, [0, 0, 0])[n] += figure
    parts = _bars(steps, kinds, counts)
    parts += _tolls(steps, tolls, {step for step, _ in counts})
    bottom = _TOP + 2 * _HIGH + _GAP
    parts += _axis(steps, unit, bottom)
    parts += d.legend(_LEFT, bottom + 44, kinds)
    left = len(dated) - len(exact)
    shown = f"{len(exact)} incidents by {unit}" + (f"; {left} known to the year alone are left out." if left else ".")
    return d.page(about.title, shown, bottom + 64, parts)


def _step(day: dt.date, unit: str) -> dt.date:
    if unit == "month":
        return day.replace(day=1)
    return day - dt.timedelta(day.weekday()) if unit == "week" else day


def _steps(first: dt.date, last: dt.date, unit: str) -> list[dt.date]:
    steps, day = [], _step(first, unit)
    while day <= last:
        steps.append(day)
        day = _step(day + dt.timedelta(32), unit) if unit == "month" else day + dt.timedelta(7 if unit == "week" else 1)
    return steps


def _width(steps: Sequence[dt.date]) -> float:
    return (d.WIDTH - d.MARGIN - _LEFT) / len(steps)


def _bars(steps: Sequence[dt.date], kinds: Sequence[str], counts: Counter[tuple[dt.date, str]]) -> list[str]:
    most = max(sum(counts[step, kind] for kind in kinds) for step in steps)
    marks = d.ticks(most)
    scale, wide = d.Band(0, marks[-1], _TOP + _HIGH, _TOP), _width(steps)
    parts = _grid(marks, scale, "incidents")
    for n, step in enumerate(steps):
        below = 0
        for kind in kinds:
            count = counts[step, kind]
            if count:
                y = scale(below + count)
                box = (_LEFT + n * wide + wide * 0.1, y, wide * 0.8, scale(below) - y)
                parts.append(d.rect(*box, d.colour(kind), f"{step.isoformat()}, {kind}: {count}"))
                below += count
    return parts


def _tolls(steps: Sequence[dt.date], tolls: dict[dt.date, list[int]], told: set[dt.date]) -> list[str]:
    """A bar from low to high with its best figure. No line joins them, for time without a figure is not time without
    dead: a ring on the ground is time with incidents and no word of dead."""
    top = _TOP + _HIGH + _GAP
    marks = d.ticks(max((high for _, _, high in tolls.values()), default=0))
    scale, wide = d.Band(0, marks[-1], top + _HIGH, top), _width(steps)
    parts = _grid(marks, scale, "killed: low, best, high (a ring: incidents of which no dead are stated)")
    for n, step in enumerate(steps):
        x = _LEFT + (n + 0.5) * wide
        if step in tolls:
            low, best, high = tolls[step]
            label = f"{step.isoformat()}: {low} – {best} – {high}"
            bar = max(2.0, min(14.0, wide * 0.5))
            parts.append(d.rect(x - bar / 2, scale(high), bar, scale(low) - scale(high), d.INK, label, 0.25))
            parts.append(d.circle(x, scale(best), 3.5, d.INK, label))
        elif step in told:
            parts.append(d.circle(x, scale(0), 3.5, "none", f"{step.isoformat()}: not stated", stroke=d.INK))
    return parts


def _grid(marks: Sequence[int], scale: d.Band, label: str) -> list[str]:
    parts = [d.text(_LEFT, scale.end - 8, label, fill=d.QUIET, size=11)]
    for mark in marks:
        y = scale(mark)
        parts.append(d.line(_LEFT, y, d.WIDTH - d.MARGIN, y))
        parts.append(d.text(_LEFT - 8, y + 4, f"{mark:,}", anchor="end", fill=d.QUIET, size=11))
    return parts


def _axis(steps: Sequence[dt.date], unit: str, bottom: float) -> list[str]:
    every = max(1, -(-len(steps) // 12))
    wide = _width(steps)
    return [
        d.text(_LEFT + (n + 0.5) * wide, bottom + 18, step.isoformat()[: 7 if unit == "month" else 10],
               anchor="middle", fill=d.QUIET, size=11)
        for n, step in enumerate(steps)
        if n % every == 0
    ]  # fmt: skip
