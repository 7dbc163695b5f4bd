"""Where an incident stands: what a person would be told of it first, and in what two standings differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from constat.exports.row import place_of, total, word
from constat.records import DateValue, Incident

# In the order in which they are told. Another wording of the same (target, damage) is no change.
TOLD = (
    *("subtype", "type", "date", "place", "country", "killed", "wounded", "perpetrator", "claimed_by"),
    *("voices", "denials", "status"),
)


class Figures(msgspec.Struct, frozen=True):
    """A toll: low, best and high; None where no best figure or no bound is stated."""

    low: int
    best: int | None
    high: int | None


class When(msgspec.Struct, frozen=True):
    """A date as precise as it is known."""

    value: str | None
    precision: str
    part: str | None = None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The values of an incident by which it is told and compared. None: not stated, which is never zero."""

    type: str | None = None
    subtype: str | None = None
    date: When | None = None
    place: str | None = None
    country: str | None = None
    admin1: str | None = None
    lat: float | None = None
    lon: float | None = None
    radius_km: float | None = None
    killed: Figures | None = None
    wounded: Figures | None = None
    perpetrator: str | None = None
    certainty: str | None = None
    claimed_by: str | None = None
    target: str | None = None
    uncertain: bool = False
    voices: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    information: int = 6
    status: str = "open"


class Change(msgspec.Struct, frozen=True):
    """A field whose value is another one than it was."""

    field: str
    before: Any
    after: Any


def standing(one: Incident) -> Standing:
    """Where an incident stands."""
    place, date, uncertain = place_of(one), one.field("date"), one.field("uncertain")
    value = date.value if date and isinstance(date.value, DateValue) else None
    return Standing(
        type=word(one, "type"),
        subtype=word(one, "subtype"),
        date=When(value.value, value.precision, value.part_of_day) if value else None,
        place=place.name if place else None,
        country=(place.country if place else None) or word(one, "country"),
        admin1=(place.admin1 if place else None) or word(one, "admin1"),
        lat=place.lat if place else None,
        lon=place.lon if place else None,
        radius_km=place.radius_km if place else None,
        killed=_figures(one, "killed"),
        wounded=_figures(one, "wounded"),
        perpetrator=word(one, "perpetrator"),
        certainty=word(one, "perpetrator_certainty"),
        claimed_by=word(one, "claimed_by"),
        target=word(one, "target"),
        uncertain=bool(uncertain and uncertain.value is True),
        voices=tuple(sorted({voice.name for voice in one.voices})),
        denials=tuple(sorted({denial.by or denial.voice for denial in one.denials})),
        information=one.information,
        status=one.status,
    )


def _figures(one: Incident, name: str) -> Figures | None:
    toll = total(one, name)
    return Figures(toll.low, toll.best, toll.high) if toll else None


def changes(before: Standing, after: Standing) -> tuple[Change, ...]:
    """What a person who was told the one should be told of the other."""
    return tuple(_changes(before, after))


def _changes(before: Standing, after: Standing) -> Iterator[Change]:
    for name in TOLD:
        old, new = getattr(before, name), getattr(after, name)
        if old == new or (name == "type" and before.subtype != after.subtype):
            continue
        if name == "voices" and len(new) <= len(old):
            continue  # a voice by another name, or two that turn out to be one, is no news
        yield Change(name, old, new)
