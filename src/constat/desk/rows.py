"""An incident as a line of the queue and a point of the map: its values in short, and why it deserves a look."""

from __future__ import annotations

import msgspec

from constat.records import DateValue, Incident, PlaceValue
from constat.resolution.attention import attention
from constat.store.gist import contested


class Reason(msgspec.Struct, frozen=True):
    """Why an incident deserves a look, the weightiest first."""

    weight: float
    why: str


class Figure(msgspec.Struct, frozen=True):
    """Low, best and high of a toll; None: not known, or no bound stated."""

    low: int
    best: int | None
    high: int | None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One incident in short. `revision` is what a decision about it names as seen."""

    id: str
    revision: str
    kind: str | None
    type: str | None
    date: DateValue | None
    place: PlaceValue | None
    perpetrator: str | None
    killed: Figure | None
    wounded: Figure | None
    tellings: int
    voices: int
    information: int
    confidence: float
    status: str
    contested: tuple[str, ...]
    attention: tuple[Reason, ...]
    flagged: bool = False
    release: str | None = None


def row(incident: Incident) -> Row:
    """An incident in short."""
    date, place = _value(incident, "date"), _value(incident, "place")
    return Row(
        id=incident.id,
        revision=incident.revision,
        kind=_text(incident, "subtype") or _text(incident, "type"),
        type=_text(incident, "type"),
        date=date if isinstance(date, DateValue) else None,
        place=place if isinstance(place, PlaceValue) else None,
        perpetrator=_text(incident, "perpetrator"),
        killed=_figure(incident, "killed"),
        wounded=_figure(incident, "wounded"),
        tellings=len(incident.events),
        voices=len(incident.voices),
        information=incident.information,
        confidence=incident.confidence,
        status=incident.status,
        contested=contested(incident),
        attention=tuple(Reason(weight, why) for weight, why in attention(incident)),
        flagged=_value(incident, "flag") == "yes",
        release=_text(incident, "release"),
    )


def _value(incident: Incident, name: str) -> object:
    fused = incident.field(name)
    return fused.value if fused else None


def _text(incident: Incident, name: str) -> str | None:
    value = _value(incident, name)
    return value if isinstance(value, str) else None


def _figure(incident: Incident, name: str) -> Figure | None:
    toll = incident.toll(name) or next((t for t in incident.tolls if t.field == name), None)
    return Figure(toll.low, toll.best, toll.high) if toll else None
