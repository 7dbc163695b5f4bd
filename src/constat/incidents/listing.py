"""Incidents for a person at a terminal: one a line, and what to look at first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from constat.highlight import inline
from constat.incidents.words import of_value, span_words
from constat.records import DateValue, Incident, PlaceValue
from constat.resolution.attention import attention

SHORT = 8  # signs of an id that are shown
_STATUS = {"open": ("·", "dim"), "accepted": ("✓", "green"), "rejected": ("✗", "red")}
_GRADES = {1: "green", 2: "green", 3: "yellow", 4: "bright_red", 5: "red", 6: "dim"}
_NARROW = 100  # columns under which a line has no room for what to look at
_WIDEST = 160
# Name, style, least width, share of what is left, side.
_COLUMNS: tuple[tuple[str, str, int, int | None, Literal["left", "right", "center"]], ...] = (
    ("", "", 1, None, "left"),
    ("id", "dim", SHORT, None, "left"),
    ("when", "cyan", 10, None, "left"),
    ("where", "green", 12, 3, "left"),
    ("what", "", 12, 4, "left"),
    ("killed", "bold red", 6, None, "right"),
    ("wounded", "bright_magenta", 7, None, "right"),
    ("by", "", 3, None, "right"),
    ("grade", "", 5, None, "center"),
    ("look at", "yellow", 20, 5, "left"),
)
Cover = Callable[[str], str]


def listing(found: Sequence[Incident], total: int, unreviewed: int, console: Console, cover: Cover) -> None:
    """Print a page of incidents, with how many there are in all."""
    wide = console.width >= _NARROW
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True, header_style="dim", padding=(0, 1))
    for name, style, least, share, justify in _COLUMNS if wide else _COLUMNS[:-1]:
        fixed = least if not share else None
        table.add_column(
            name, style=style, width=fixed, min_width=least, ratio=share, justify=justify, no_wrap=True,
            overflow="ellipsis",
        )  # fmt: skip
    for one in found:
        mark, style = _STATUS[one.status]
        reasons = attention(one)
        cells = [
            Text(mark, style),
            Text(one.id[:SHORT]),
            Text(when(one), "cyan"),
            Text(cover(where(one)), "green"),
            Text(cover(_value(one, "subtype") or _value(one, "type"))),
            Text(toll(one, "killed"), "bold red"),
            Text(toll(one, "wounded"), "bright_magenta"),
            Text(str(len(one.voices))),
            Text(str(one.information), _GRADES[one.information]),
        ]
        table.add_row(*cells, *([Text(cover(inline(reasons[0][1])) if reasons else "")] if wide else []))
    console.print(table, width=min(console.width, _WIDEST))
    said = f"{total:,} incident{'' if total == 1 else 's'}"
    said += f", {unreviewed:,} not reviewed" if unreviewed else ", all reviewed" if total else ""
    console.print(Text(said + (_shown(len(found)) if len(found) < total else "")))


def _shown(number: int) -> str:
    return "; the first is shown" if number == 1 else f"; the first {number:,} are shown"


def when(one: Incident) -> str:
    """The day, or as much of it as is known."""
    fused = one.field("date")
    value = fused.value if fused else None
    return (value.value or "") if isinstance(value, DateValue) else ""


def where(one: Incident) -> str:
    """The place with its country."""
    fused = one.field("place")
    place = fused.value if fused else None
    if not isinstance(place, PlaceValue):
        return "not stated"
    return inline(place.name) + (f" · {place.country}" if place.country else "")


def toll(one: Incident, field: str) -> str:
    """The toll in the least signs: the best figure, with a mark where others are told, or the range."""
    fused = one.toll(field)
    if fused is None:
        return "–"
    if fused.best is not None:
        return str(fused.best) + ("?" if fused.low != fused.high else "")
    return span_words(fused.low, fused.high)


def _value(one: Incident, field: str) -> str:
    fused = one.field(field)
    return inline(of_value(fused.value)) if fused else ""
