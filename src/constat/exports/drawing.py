"""What every picture is drawn with: scales, ticks, colours of event types, and SVG that needs nothing from outside."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from constat.exports.dossier import Dossier
from constat.exports.row import total
from constat.exports.xml import HEAD, element, tag

WIDTH, MARGIN = 960.0, 24.0
INK, QUIET, RULE, PAPER = "#1d2330", "#5d6675", "#d9dde4", "#ffffff"
# Colours that people with any colour vision tell apart (after Okabe and Ito), by ACLED event type.
COLOURS = {
    "Battles": "#0072b2",
    "Explosions/Remote violence": "#d55e00",
    "Violence against civilians": "#cc79a7",
    "Riots": "#e69f00",
    "Protests": "#009e73",
    "Strategic developments": "#56b4e9",
}
OTHER = "#8a8f98"
_FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans Arabic', sans-serif"
_LETTER = 0.53  # of the font size: how wide a letter is on average


class Band(msgspec.Struct, frozen=True):
    """From values to places in a picture."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value."""
        span = self.high - self.low or 1.0
        return self.start + (value - self.low) / span * (self.end - self.start)


def colour(kind: str | None) -> str:
    """The colour of an event type."""
    return COLOURS.get(kind or "", OTHER)


def dead(dossier: Dossier) -> int | None:
    """How many were killed: the best figure, the lowest where there is none; None if nothing is stated."""
    toll = total(dossier.incident, "killed")
    return None if toll is None else toll.low if toll.best is None else toll.best


def radius(killed: int | None) -> float:
    """Of a mark whose area tells how many were killed."""
    return min(26.0, 4.0 + 2.0 * math.sqrt(killed or 0))


def text(
    x: float,
    y: float,
    words: str,
    anchor: str = "start",
    size: float = 12,
    fill: str = INK,
    bold: bool = False,
    halo: bool = False,
) -> str:
    """Words at a point, which is their start, middle or end; with a halo they can be read over marks."""
    style: dict[str, object] = {"text-anchor": anchor if anchor != "start" else None}
    style |= {"font-weight": 600} if bold else {}
    place = {"x": _n(x), "y": _n(y), "font-size": _n(size)}
    around = {"fill": PAPER, "stroke": PAPER, "stroke-width": 3, "stroke-linejoin": "round"}
    # Below the words, for not every program that shows SVG knows `paint-order`.
    below = tag("text", words, **{**place, **style, **around, "aria-hidden": "true"}) if halo else ""
    return below + tag("text", words, **{**place, "fill": fill, **style})


def line(x1: float, y1: float, x2: float, y2: float, stroke: str = RULE, width: float = 1.0) -> str:
    """A straight line."""
    ends = {"x1": _n(x1), "y1": _n(y1), "x2": _n(x2), "y2": _n(y2)}
    return tag("line", **{**ends, "stroke": stroke, "stroke-width": _n(width)})


def rect(x: float, y: float, width: float, height: float, fill: str, title: str = "", opacity: float = 1.0) -> str:
    """A filled rectangle; `title` is shown when the mouse is over it."""
    box = {"x": _n(x), "y": _n(y), "width": _n(max(0.0, width)), "height": _n(max(0.0, height))}
    return _shape("rect", title, {**box, "fill": fill, "fill-opacity": _some(opacity)})


def circle(x: float, y: float, r: float, fill: str, title: str = "", opacity: float = 1.0, stroke: str = PAPER) -> str:
    """A disc, or a ring where `fill` is none."""
    place = {"cx": _n(x), "cy": _n(y), "r": _n(r)}
    return _shape("circle", title, {**place, "fill": fill, "fill-opacity": _some(opacity), "stroke": stroke})


def path(points: Sequence[tuple[float, float]], fill: str, opacity: float = 1.0, stroke: str = "none") -> str:
    """A polygon, or a line where `fill` is none."""
    d = "M" + "L".join(f"{_n(x)},{_n(y)}" for x, y in points) + ("Z" if fill != "none" else "")
    return _shape("path", "", {"d": d, "fill": fill, "fill-opacity": _some(opacity), "stroke": stroke})


def wide(words: str, size: float = 12) -> float:
    """About how wide words are."""
    return len(words) * size * _LETTER


def shortened(words: str, room: float, size: float = 12) -> str:
    """Words cut to fit."""
    most = max(3, int(room / (size * _LETTER)))
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def page(title: str, about: str, height: float, parts: Iterable[str]) -> str:
    """A whole picture with its title and what it shows."""
    box = f"0 0 {_n(WIDTH)} {_n(height)}"
    head = [
        tag("title", title), tag("desc", about), rect(0, 0, WIDTH, height, PAPER),
        text(MARGIN, 34, title, size=20, bold=True), text(MARGIN, 54, shortened(about, WIDTH - 2 * MARGIN), fill=QUIET),
    ]  # fmt: skip
    style = {"viewBox": box, "width": _n(WIDTH), "height": _n(height), "role": "img", "font-family": _FONT}
    return HEAD + element("svg", *head, *parts, xmlns="http://www.w3.org/2000/svg", **style) + "\n"


def legend(x: float, y: float, kinds: Sequence[str]) -> Iterator[str]:
    """The colours of the event types in a row."""
    for kind in kinds:
        yield circle(x + 5, y - 4, 5, colour(kind))
        yield text(x + 15, y, kind, fill=QUIET, size=11)
        x += 30 + wide(kind, 11)


def kinds_of(kinds: Iterable[str | None]) -> list[str]:
    """Event types in the order of their colours, others behind."""
    found = {kind or "Not typed" for kind in kinds}
    known = [kind for kind in COLOURS if kind in found]
    return [*known, *sorted(found - set(known))]


def ticks(most: float, about: int = 4) -> list[int]:
    """Round numbers from 0 to at least `most`."""
    if most <= 0:
        return [0, 1]
    raw = most / about
    power = 10 ** math.floor(math.log10(raw)) if raw >= 1 else 1
    step = max(1, next(power * n for n in (1, 2, 5, 10) if power * n >= raw))
    return [int(n * step) for n in range(math.ceil(most / step) + 1)]


def days_of(first: dt.date, last: dt.date) -> list[tuple[dt.date, str]]:
    """Days to be named on an axis of time, with their names: years, months or days, a dozen at most."""
    span = (last - first).days
    if span > 365 * 3:
        step = max(1, math.ceil(span / 365 / 12))
        return [(dt.date(y, 1, 1), str(y)) for y in range(first.year + 1, last.year + 1, step)]
    if span > 62:
        months = [(first.year + m // 12, m % 12 + 1) for m in range(first.month - 1, first.month + span // 28 + 1)]
        named = [(dt.date(y, m, 1), f"{y}-{m:02}") for y, m in months if first <= dt.date(y, m, 1) <= last]
        return named[:: max(1, math.ceil(len(named) / 12))]
    step = max(1, math.ceil((span + 1) / 10))
    return [(day, day.isoformat()) for n in range(0, span + 1, step) if (day := first + dt.timedelta(n))]


def _shape(kind: str, title: str, attributes: dict[str, object]) -> str:
    return element(kind, tag("title", title), **attributes) if title else tag(kind, None, **attributes)


def _some(opacity: float) -> str | None:
    return f"{opacity:g}" if opacity < 1 else None


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
