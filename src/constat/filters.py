"""Which incidents are asked for. Everything is optional, and all that is given must hold."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import msgspec

from constat.errors import UsageError
from constat.folding import fold

if TYPE_CHECKING:  # the gazetteer needs the settings, which hold filters
    from constat.gazetteer.place import Place

STATUSES = ("open", "accepted", "rejected")
_AREAS = ("province", "district")
SORTS = ("date", "oldest", "attention", "killed", "voices", "unsure")


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What an incident must be like. Days are ISO and stand for the incident's date, not the reports'.

    An incident whose date is a month or a year meets every day in it; one without a date meets no day.
    """

    since: str | None = None
    until: str | None = None
    near: str | None = None  # a place name, or degrees north and east as "12.65,-8"
    km: float = 50.0
    types: tuple[str, ...] = ()  # names of types or sub-types, in any case
    countries: tuple[str, ...] = ()  # ISO 3166-1 alpha-3
    actor: str | None = None  # a perpetrator or claimant, by any of its names
    source: str | None = None  # a part of the name of a voice, a publisher or a source that a report cites
    lang: str | None = None
    text: str | None = None  # words that one of its reports holds
    min_killed: int | None = None  # by the best figure, the lowest where there is none
    min_confidence: float | None = None
    status: str | None = None
    unreviewed: bool = False

    def check(self) -> Filters:
        """The filters themselves; raises `UsageError` where one makes no sense."""
        for name in ("since", "until"):
            if (day := getattr(self, name)) is not None:
                _iso(name, day)
        if self.since and self.until and self.since > self.until:
            raise UsageError(f"since {self.since} is after until {self.until}; nothing happened then")
        if not (math.isfinite(self.km) and self.km > 0):
            raise UsageError(f"km is {self.km:g}; it should be more than 0")
        if self.status is not None and self.status not in STATUSES:
            raise UsageError(f"status {self.status!r}: it is one of {', '.join(STATUSES)}")
        for country in self.countries:
            if not (len(country) == 3 and country.isalpha()):
                raise UsageError(f"country {country!r}: it is written in three letters, such as SDN")
        return self


ALL = Filters()
Point = tuple[float, float]


def point_of(near: str, find: Callable[[str], Point | None]) -> Point:
    """Latitude and longitude of "12.65,-8" or of a place that `find` knows; raises `UsageError`."""
    parts = near.split(",")
    if len(parts) == 2:
        try:
            lat, lon = float(parts[0]), float(parts[1])
        except ValueError:
            pass
        else:
            if not (-90 <= lat <= 90 and -180 <= lon <= 180):
                raise UsageError(f"near {near!r}: degrees north are -90 to 90, degrees east -180 to 180")
            return lat, lon
    found = find(near)
    if found is None:
        raise UsageError(f"near {near!r}: no such place is known; give degrees, such as 12.65,-8")
    return found


def called(name: str, found: Iterable[Place]) -> list[Place]:
    """Places of a name in their order; those that are called so before those that only go by it, as in a code."""
    wanted = fold(name)
    return sorted(found, key=lambda place: fold(place.name) != wanted)


def seat_of(name: str, found: Iterable[Place]) -> Place | None:
    """The place that a name means where something is near it: of a province and its town the town; None of none."""
    ordered = called(name, found)
    if not ordered:
        return None
    first = ordered[0]
    if first.kind not in _AREAS:
        return first
    towns = (p for p in ordered if p.precision == "point" and (p.country, p.admin1) == (first.country, first.admin1))
    return next(towns, first)


def _iso(name: str, day: str) -> None:
    try:
        dt.date.fromisoformat(day)
    except ValueError:
        raise UsageError(f"{name} {day!r} should be a day such as 2024-03-12") from None
