"""A report's text for a terminal: the words that carry a claim in the colour of its field, marked with its event."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import pairwise

import msgspec
from rich.text import Text

from constat.records import Part, Span

FIELD_STYLES = {
    "type": "bold yellow",
    "date": "cyan",
    "place": "green",
    "perpetrator": "red",
    "target": "magenta",
    "weapons": "bright_red",
    "killed": "bold red",
    "wounded": "bold bright_magenta",
    "damage": "yellow",
    "responses": "bright_cyan",
    "claimed_by": "bold blue",
    "sources": "bright_blue",
    "uncertain": "italic bright_yellow",
    "wording": "underline bright_yellow",
    "denied": "strike",
}
# Fields that are told by the words of another one, or say how sure it is, share its colour.
_SAME_STYLE = {"subtype": "type", "country": "place", "admin1": "place", "perpetrator_certainty": "perpetrator"}
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_ISOLATES = ("\u2068", "\u2069")


class Carrier(msgspec.Struct, frozen=True):
    """Words of a report that carry a field of the event with this number (0: of no event)."""

    span: Span
    field: str
    event: int


def shown_as(field: str) -> str:
    """The field whose colour a field has."""
    return _SAME_STYLE.get(field, field)


def style_of(field: str) -> str:
    """The style of a field's words."""
    return FIELD_STYLES.get(shown_as(field), "default")


def plain(text: str) -> str:
    """Text that does a terminal no harm: control signs shown, lone surrogates replaced, direction marks dropped."""
    return "".join(c if c.isprintable() or c == "\n" else _shown(c) for c in text)


def _shown(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Cf":
        # Joiners shape letters and stay; marks of direction would turn over what stands beside the text.
        return char if char in "\u200c\u200d" else ""
    if kind.startswith("Z") or char == "\t":
        return " "
    return chr(0x2400 + ord(char)) if ord(char) < 0x20 else "\ufffd"


def right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    return next((k != "L" for k in map(unicodedata.bidirectional, text) if k in ("L", "R", "AL")), False)


def inline(text: str) -> str:
    """Words on one line among others; those that run from right to left are isolated from what stands around them."""
    line = " ".join(plain(text).split())
    turned = any(unicodedata.bidirectional(c) in ("R", "AL") for c in line)
    return f"{_ISOLATES[0]}{line}{_ISOLATES[1]}" if turned else line


def superscript(numbers: Iterable[int]) -> str:
    """Event numbers as a mark behind a word."""
    return "·".join(str(n).translate(_SUPERSCRIPTS) for n in numbers)


def highlighted(text: str, part: Part, carriers: Iterable[Carrier], numbered: bool, coloured: bool) -> Text:
    """One part of a report with its carrying words styled, or in brackets where there is no colour; inner words win."""
    here = [c for c in carriers if c.span.part == part and c.span.end <= len(text)]
    borders = sorted({0, len(text), *(c.span.start for c in here), *(c.span.end for c in here)})
    out = Text()
    open_run = False
    for start, end in pairwise(borders):
        around = [c for c in here if c.span.start <= start and end <= c.span.end]
        if bool(around) is not open_run and not coloured:
            out.append("[" if around else "]")
        open_run = bool(around)
        inner = min(around, key=lambda c: c.span.end - c.span.start, default=None)
        out.append(plain(text[start:end]), style_of(inner.field) if inner else "")
        # An event's number stands once, behind the last of its words that overlap.
        ended = {c.event for c in here if c.span.end == end and c.event}
        ended -= {c.event for c in here if c.span.start < end < c.span.end}
        if numbered and ended:
            out.append(superscript(sorted(ended)), "dim")
    if open_run and not coloured:
        out.append("]")
    return out
