"""Tellings, reports and voices made by hand for the tests of resolution."""

from __future__ import annotations

import datetime as dt
from typing import Any

from constat.records import Claim, DateValue, Document, EventMention, PlaceValue, Span, Toll, Voice, content_id
from constat.resolution.shingles import wording
from constat.resolution.stated import Telling as Told
from constat.resolution.tellings import Telling, family, sound_keys

DAY = dt.date(2021, 7, 11).toordinal()


def telling(id: str, document: str | None = None, place: str = "Kassala", text: str = "", **given: Any) -> Telling:
    """A telling of a strike at a point on a day, unless said otherwise."""
    defaults: dict[str, Any] = {
        "type": "Explosions/Remote violence",
        "subtype": "Shelling/artillery/missile attack",
        "first": DAY,
        "last": DAY,
        "lat": 15.45,
        "lon": 36.4,
        "country": "SDN",
        "lang": "en",
    }
    values = {**defaults, **given}
    kind = family(values["type"], values["subtype"])
    sounds = sound_keys(place) if place else ()
    return Telling(
        id=id, document=document or f"report of {id}", family=kind, sounds=sounds, wording=wording(text), **values
    )


def told(name: str, published: str | None = "2021-07-12", grade: Any = "F", **fields: Any) -> Told:
    """One outlet's report of an incident with these values as claims."""
    claims = tuple(
        Claim(field=field, value=value, spans=(Span("text", n, n + 1, "x"),))
        for n, (field, value) in enumerate(fields.items())
    )
    document = Document(id=f"{name} {published}", text="x" * 50, publisher=name, published=published)
    event = EventMention(
        id=content_id([document.id, claims])[:16], document=document.id, role="main", claims=claims, confidence=1.0
    )
    return Told(event, document, Voice(name, "outlet", (document.id,), grade))


def toll(low: int, high: int | None = None) -> Toll:
    """So many, or at least so many."""
    return Toll(low, high)


def day(value: str) -> DateValue:
    """A date known to the day."""
    return DateValue(value, "day")


def place(name: str, lat: float, lon: float, radius: float, precision: int) -> PlaceValue:
    """A place with a point and a radius."""
    return PlaceValue(name, country="SDN", lat=lat, lon=lon, radius_km=radius, precision=precision)
