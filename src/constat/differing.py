"""An event as others have it and as the casebook has it, field by field, and both as a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import msgspec

from constat.exports.days import bounds, date_of
from constat.exports.row import place_of, toll_words, total, word
from constat.gazetteer import kilometres
from constat.records import FusedToll, Incident
from constat.resolution.tellings import ActorOf

FIELDS = ("date", "place", "type", "subtype", "killed", "wounded", "perpetrator")


UNCOUNTED = "not counted there"  # of a field that the data set does not have, such as the wounded in ACLED


class Differing(msgspec.Struct, frozen=True):
    """One field as they have it and as the casebook has it, and how the two compare."""

    field: str
    theirs: str
    ours: str
    how: str

    @property
    def apart(self) -> bool:
        """Whether the two are not the same."""
        return self.how not in ("same", UNCOUNTED)


def differing(theirs: Incident, ours: Incident, actor_of: ActorOf) -> Iterator[Differing]:
    """Each field of both."""
    yield _dates(theirs, ours)
    yield _places(theirs, ours)
    for name in ("type", "subtype"):
        a, b = word(theirs, name) or "", word(ours, name) or ""
        yield Differing(name, a, b, _words(a, b, a.casefold() == b.casefold()))
    for name in ("killed", "wounded"):
        yield _tolls(name, total(theirs, name), total(ours, name))
    a, b = word(theirs, "perpetrator") or "", word(ours, "perpetrator") or ""
    place, day = place_of(theirs), first_day(theirs) or None
    country = place.country if place else None
    known = [actor_of(name, country, day) or name.casefold() if name else "" for name in (a, b)]
    yield Differing("perpetrator", a, b, _words(a, b, known[0] == known[1]))


def side_by_side(fields: Iterable[Differing], name: str) -> list[str]:
    """The fields that are not the same, a line each, as the data set has them and as the casebook has them."""
    apart = [f for f in fields if f.apart]
    cells = [("", name, "casebook", ""), *((f.field, f.theirs or "-", f.ours or "-", f.how) for f in apart)]
    wide = [max(len(row[n]) for row in cells) for n in range(3)]
    lines = ["  " + "  ".join([*(row[n].ljust(wide[n]) for n in range(3)), row[3]]).rstrip() for row in cells]
    return lines if apart else []


def _words(theirs: str, ours: str, same: bool) -> str:
    if not theirs or not ours:
        return "same" if theirs == ours else "only theirs" if theirs else "only ours"
    return "same" if same else "different"


def _dates(theirs: Incident, ours: Incident) -> Differing:
    a, b = bounds(date_of(theirs.field("date"))), bounds(date_of(ours.field("date")))
    shown = _span(a), _span(b)
    if a is None or b is None or a == b:
        return Differing("date", *shown, _words(*shown, True))
    gap = (max(a[0], b[0]) - min(a[1], b[1])).days
    return Differing("date", *shown, f"{gap} day{'s' if gap > 1 else ''} apart" if gap > 0 else "less precise")


def _span(days: tuple[dt.date, dt.date] | None) -> str:
    if days is None:
        return ""
    first, last = (day.isoformat() for day in days)
    return first if first == last else f"{first} to {last}"


def _places(theirs: Incident, ours: Incident) -> Differing:
    a, b = place_of(theirs), place_of(ours)
    shown = a.name if a else "", b.name if b else ""
    if a and b and a.lat is not None and a.lon is not None and b.lat is not None and b.lon is not None:
        far = kilometres(a.lat, a.lon, b.lat, b.lon)
        return Differing("place", *shown, "same" if far < 1 else f"{far:,.0f} km apart")
    return Differing("place", *shown, _words(*shown, shown[0].casefold() == shown[1].casefold()))


def _tolls(name: str, theirs: FusedToll | None, ours: FusedToll | None) -> Differing:
    """What they count beside our range. A toll that is not stated is neither none nor the same as none."""
    shown = toll_words(theirs) if theirs else "", toll_words(ours) if ours else ""
    if theirs is None or ours is None:
        return Differing(name, *shown, _words(*shown, True))
    figure = theirs.low if theirs.best is None else theirs.best
    if figure == ours.best and (theirs.low, theirs.high) == (ours.low, ours.high):
        return Differing(name, *shown, "same")
    if figure < ours.low:
        return Differing(name, *shown, f"theirs is lower by {ours.low - figure}")
    if ours.high is not None and figure > ours.high:
        return Differing(name, *shown, f"theirs is higher by {figure - ours.high}")
    return Differing(name, *shown, "inside our range")


def first_day(one: Incident) -> str:
    """The first day on which it may have been, empty if none is known."""
    days = bounds(date_of(one.field("date")))
    return days[0].isoformat() if days else ""
