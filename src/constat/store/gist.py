"""What the overview counts of an incident, in a few words: so that a hundred thousand are counted in a second.

Kept beside the incident, whose own JSON is a hundred times as long.
"""

from __future__ import annotations

import msgspec

from constat.records import Incident, PlaceValue

_LISTS = frozenset({"weapons", "responses", "sources", "uncertain"})  # of which several can hold at once


class Gist(msgspec.Struct, frozen=True, array_like=True):
    """One incident: its month, kind, country, place with its degrees, who did it, the killed from low to high, on which
    fields its sources differ, each voice with its grade. What is not known is empty."""

    status: str
    month: str
    type: str
    country: str
    place: str
    near: str
    actor: str
    low: int
    best: int
    high: int
    contested: tuple[str, ...]
    voices: tuple[tuple[str, str], ...]


def gist_of(one: Incident, first: str, country: str, killed: int | None) -> Gist:
    """The gist of an incident, with its first day, country and killed as the table has them."""
    place = one.field("place")
    where = place.value if place and isinstance(place.value, PlaceValue) and place.value.lat is not None else None
    low, high = _bounds(one, killed or 0)
    return Gist(
        status=one.status,
        month=first[:7],
        type=_text(one, "type"),
        country=country,
        place=where.name if where else "",
        near=f"{where.lat},{where.lon}" if where else "",
        actor=_text(one, "perpetrator"),
        low=low,
        best=killed or 0,
        high=high,
        contested=contested(one),
        voices=tuple((voice.name, voice.grade) for voice in one.voices),
    )


def contested(one: Incident) -> tuple[str, ...]:
    """The fields on which the sources of an incident differ."""
    fields = [f.field for f in one.fields if f.field not in _LISTS and len(f.stated) > 1]
    tolls = {t.field for t in one.tolls if len({msgspec.json.encode(s.value) for s in t.stated}) > 1}
    return (*fields, *sorted(tolls))


def _bounds(one: Incident, best: int) -> tuple[int, int]:
    """Low and high of the killed, around the best; where no bound is stated, the highest that is."""
    if not best:
        return 0, 0
    told = [t for t in one.tolls if t.field == "killed"]
    whole = [t for t in told if t.group is None] or told
    return min([best, *(t.low for t in whole)]), max([best, *(t.high for t in whole if t.high is not None)])


def _text(one: Incident, field: str) -> str:
    fused = one.field(field)
    return fused.value if fused is not None and isinstance(fused.value, str) else ""
