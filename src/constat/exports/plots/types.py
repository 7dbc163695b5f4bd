"""How many incidents of each sub-event type, and between how many and how many they are said to have killed."""

from __future__ import annotations

from collections.abc import Iterable

from constat.exports import drawing as d
from constat.exports.dossier import About, Dossier
from constat.exports.row import total, word

_TOP, _ROW, _LEFT, _MIDDLE = 100.0, 26.0, 250.0, 570.0


def draw(dossiers: Iterable[Dossier], about: About) -> str:
    """Bars for incidents, and beside them the sums of low, best and high; an arrow where no upper bound is stated."""
    counts: dict[tuple[str, str], int] = {}
    tolls: dict[tuple[str, str], tuple[int, int, int, bool]] = {}
    for one in dossiers:
        key = word(one.incident, "type") or "Not typed", word(one.incident, "subtype") or "Not typed further"
        counts[key] = counts.get(key, 0) + 1
        toll = total(one.incident, "killed")
        low, best, high, unbound = tolls.get(key, (0, 0, 0, False))
        if toll:
            figure = toll.low if toll.best is None else toll.best
            most = max(figure, toll.low) if toll.high is None else toll.high
            tolls[key] = low + toll.low, best + figure, high + most, unbound or toll.high is None
    if not counts:
        return d.page(about.title, "No incident.", 120, [])
    ordered = sorted(counts, key=lambda key: (-counts[key], key))
    bars = d.Band(0, max(counts.values()), _LEFT, _MIDDLE - 60)
    deaths = d.Band(0, max([1, *(t[2] for t in tolls.values())]), _MIDDLE, d.WIDTH - d.MARGIN - 150)
    parts = [
        d.text(_LEFT, _TOP - 14, "incidents", fill=d.QUIET, size=11),
        d.text(_MIDDLE, _TOP - 14, "killed: low – best – high (+: no bound is stated)", fill=d.QUIET, size=11),
    ]
    for number, key in enumerate(ordered):
        y = _TOP + _ROW * number
        ink = d.colour(key[0])
        parts.append(d.text(d.MARGIN, y + 13, d.shortened(key[1], _LEFT - d.MARGIN - 10)))
        parts.append(d.rect(_LEFT, y + 2, bars(counts[key]) - _LEFT, 15, ink, f"{key[1]}: {counts[key]} incidents"))
        parts.append(d.text(bars(counts[key]) + 6, y + 14, f"{counts[key]:,}", fill=d.QUIET, size=11))
        if key in tolls:
            parts += _range(tolls[key], deaths, y + 9, ink)
        else:
            parts.append(d.text(_MIDDLE, y + 14, "not stated", fill=d.QUIET, size=11))
    height = _TOP + _ROW * len(ordered)
    parts += d.legend(d.MARGIN, height + 22, d.kinds_of(kind for kind, _ in ordered))
    return d.page(about.title, f"{sum(counts.values())} incidents by sub-event type.", height + 42, parts)


def _range(toll: tuple[int, int, int, bool], scale: d.Band, y: float, ink: str) -> list[str]:
    low, best, high, unbound = toll
    most = f"{high:,}+" if unbound else f"{high:,}"
    words = most if low == best == high else f"{low:,} – {best:,} – {most}"
    out = [
        d.rect(scale(low), y - 3, max(1.0, scale(high) - scale(low)), 6, ink, words, 0.35),
        d.circle(scale(best), y, 5, ink, words),
    ]
    if unbound:
        x = scale(high)
        out.append(d.path([(x + 2, y - 5), (x + 9, y), (x + 2, y + 5)], ink, 0.6))
    return [*out, d.text(scale(high) + 16, y + 4, words, fill=d.QUIET, size=11)]
