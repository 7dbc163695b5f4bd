"""A reading as flat fields, read by scripts, tables and scores. The claims stay the record; this is a view of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from constat.actors import ActorRegister
from constat.linking import links
from constat.records import Claim, DateValue, EventMention, PlaceValue, Reading, Toll

# Every field of an event in the order of the output, with its value while nothing is claimed; null is "not stated".
EMPTY: tuple[tuple[str, Any], ...] = (
    ("type", None),
    ("subtype", None),
    ("date", None),
    ("date_precision", None),
    ("part_of_day", None),
    ("place", None),
    ("place_kind", None),
    ("place_radius_km", None),
    ("country", None),
    ("admin1", None),
    ("lat", None),
    ("lon", None),
    ("perpetrator", None),
    ("perpetrator_certainty", None),
    ("target", None),
    ("weapons", ()),
    ("killed", None),
    ("wounded", None),
    ("damage", None),
    ("sources", ()),
    ("claimed_by", None),
    ("responses", ()),
    ("uncertain", False),
)
SETS = frozenset(name for name, empty in EMPTY if empty == ())
_BY_PLACE = ("country", "admin1", "lat", "lon", "place_kind", "place_radius_km")
_BY_DATE = ("date_precision", "part_of_day")


def preferred(event: EventMention) -> list[Claim]:
    """The claims that give the fields their values, in the order in which they were made."""
    return [claim for claim in event.claims if claim.rank == "preferred"]


def event_fields(event: EventMention, reading: Reading) -> dict[str, Any]:
    """One event of a reading as flat fields, with the words that carry each and all its claims."""
    stated: dict[str, Any] = {}
    evidence: dict[str, list[dict[str, Any]]] = {}
    for claim in preferred(event):
        for field, value in _values(claim):
            if field in SETS:
                stated.setdefault(field, {})[value] = None
            else:
                stated.setdefault(field, value)
        quotes = evidence.setdefault(claim.field, [])
        quotes.extend(q for span in claim.spans if (q := msgspec.to_builtins(span)) not in quotes)
    for claim in preferred(event):
        if isinstance(claim.value, PlaceValue):
            for field, value in _of_place(claim.value):
                stated.setdefault(field, value)
    for whole, parts in (("place", _BY_PLACE), ("date", _BY_DATE)):
        for field in parts:
            if whole in evidence and field not in evidence and stated.get(field) is not None:
                evidence[field] = evidence[whole]
    out: dict[str, Any] = {"id": event.id, "role": event.role}
    for field, empty in EMPTY:
        out[field] = list(stated.get(field, ())) if field in SETS else stated.get(field, empty)
    out["confidence"] = event.confidence
    out["links"] = [msgspec.to_builtins(link) for link in event.links]
    out["evidence"] = evidence
    out["claims"] = [_claim(claim) for claim in event.claims]
    return out


def _values(claim: Claim) -> list[tuple[str, Any]]:
    """The flat fields that one claim fills by itself."""
    match claim.value:
        case Toll(low=low, high=high):
            return [(claim.field, {"low": low, "high": high})]
        case DateValue() as date:
            return [("date", date.value), ("date_precision", date.precision), ("part_of_day", date.part_of_day)]
        case PlaceValue(name=name):
            return [("place", name)]
        case value:
            return [(claim.field, value)]


def _of_place(place: PlaceValue) -> list[tuple[str, Any]]:
    """What a place tells beside its name; a claim for one of these from other words wins."""
    where = [("country", place.country), ("admin1", place.admin1), ("lat", place.lat), ("lon", place.lon)]
    return [*where, ("place_kind", place.kind), ("place_radius_km", place.radius_km)]


def _claim(claim: Claim) -> dict[str, Any]:
    return {"id": claim.id, **msgspec.to_builtins(claim)}


def reading_json(
    reading: Reading, incidents: Mapping[str, str] | None = None, register: ActorRegister | None = None
) -> dict[str, Any]:
    """One report as the line that `constat read --json` prints; `incidents`: event id -> the incident it tells of.

    With a `register`, each event says in `actors` whom its perpetrator, target and claimant may mean.
    """

    def flat(event: EventMention) -> dict[str, Any]:
        row = event_fields(event, reading)
        if register is not None:
            row["actors"] = {
                field: [
                    {"id": c.actor.id, "name": c.actor.name, "confidence": c.confidence, "why": c.why} for c in rows
                ]
                for field, rows in links(event, register).items()
            }
        return row if incidents is None else {"id": row.pop("id"), "incident": incidents[event.id], **row}

    return {
        "id": reading.document.id,
        "document": msgspec.to_builtins(reading.document),
        "events": [flat(event) for event in reading.events],
        "denials": [event_fields(event, reading) for event in reading.denials],
        "wording": [_claim(claim) for claim in reading.wording],
        "run": msgspec.to_builtins(reading.run),
    }
