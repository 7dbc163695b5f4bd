"""All incidents at a glance: months, kinds, countries, places, actors, what is contested, and how sources fare."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import msgspec

from constat.store.incidents import Asked, _where
from constat.store.protocol import Store
from constat.store.tables import decode

_MOST = 15  # lines of each list
_LISTS = frozenset({"weapons", "responses", "sources", "uncertain"})  # of which several can hold at once


# Claims come first in the canonical JSON of an incident and are most of it; only what follows them is read. The mark
# cannot stand within a claim: there its quotation marks would be escaped.
_AFTER_CLAIMS = ',"denials":['


class Month(msgspec.Struct, kw_only=True):
    """One month: how many incidents, of which types, and the killed from low to high."""

    month: str
    incidents: int = 0
    low: int = 0
    best: int = 0
    high: int = 0
    types: dict[str, int] = {}


class Counted(msgspec.Struct, frozen=True):
    """A name and in how many incidents it is; `near`: a place's degrees, by which it is asked for."""

    name: str
    incidents: int
    near: str = ""


class Contested(msgspec.Struct, frozen=True):
    """An incident and the fields on which its sources differ."""

    id: str
    fields: tuple[str, ...]


class Track(msgspec.Struct, kw_only=True):
    """How a source fares: incidents it tells of, those it tells alone, those that were accepted and rejected."""

    name: str
    grade: str
    incidents: int = 0
    alone: int = 0
    accepted: int = 0
    rejected: int = 0


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, each list with its largest first."""

    incidents: int
    undated: int
    open: int
    accepted: int
    rejected: int
    months: tuple[Month, ...]
    types: tuple[Counted, ...]
    countries: tuple[Counted, ...]
    places: tuple[Counted, ...]
    actors: tuple[Counted, ...]
    contested: tuple[Contested, ...]
    sources: tuple[Track, ...]


class _Stated(msgspec.Struct, frozen=True):
    value: msgspec.Raw


class _Fused(msgspec.Struct, frozen=True):
    field: str
    value: Any = None
    stated: tuple[_Stated, ...] = ()


class _Toll(msgspec.Struct, frozen=True):
    field: str
    low: int
    high: int | None = None
    best: int | None = None
    group: str | None = None
    stated: tuple[_Stated, ...] = ()


class _Voice(msgspec.Struct, frozen=True):
    name: str
    grade: str = "F"


class _Body(msgspec.Struct, frozen=True):
    """What of an incident's JSON is read here; the rest of it, which is most of it, is passed over."""

    fields: tuple[_Fused, ...] = ()
    tolls: tuple[_Toll, ...] = ()
    voices: tuple[_Voice, ...] = ()


def overview(store: Store, asked: Asked) -> Overview:
    """The overview of the incidents that are like that."""
    where, values = _where(asked)
    months: dict[str, Month] = {}
    states: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    types: Counter[str] = Counter()
    places: Counter[tuple[str, str]] = Counter()
    actors: Counter[str] = Counter()
    tracks: dict[str, Track] = {}
    contested: dict[int, list[Contested]] = defaultdict(list)
    total = undated = 0
    query = (
        f"SELECT i.id, i.first, i.country, i.killed, i.status, b.body FROM incident i "
        f"JOIN incident_body b ON b.id = i.id {where}"
    )
    for id, day, country, killed, status, text in store.rows(query, values):
        body = decode(_without_claims(str(text)), _Body)
        held = {f.field: f.value for f in body.fields}
        total += 1
        states[str(status)] += 1
        kind = held.get("type")
        if isinstance(kind, str):
            types[kind] += 1
        if country:
            countries[str(country)] += 1
        if isinstance(point := held.get("place"), dict) and point.get("lat") is not None:
            places[str(point.get("name")), f"{point['lat']},{point.get('lon')}"] += 1
        if isinstance(held.get("perpetrator"), str):
            actors[held["perpetrator"]] += 1
        _track(tracks, body, str(status))
        if fields := _contested(body):
            contested[len(fields)].append(Contested(str(id), fields))
        if not day:
            undated += 1
            continue
        month = months.setdefault(str(day)[:7], Month(month=str(day)[:7]))
        month.incidents += 1
        if isinstance(kind, str):
            month.types[kind] = month.types.get(kind, 0) + 1
        if killed:
            _add(month, body, int(killed))
    worst = [one for n in sorted(contested, reverse=True) for one in sorted(contested[n], key=lambda c: c.id)]
    return Overview(
        incidents=total,
        undated=undated,
        open=states["open"],
        accepted=states["accepted"],
        rejected=states["rejected"],
        months=tuple(months[name] for name in sorted(months)),
        types=_counted(types),
        countries=_counted(countries),
        places=tuple(
            Counted(name, count, near)
            for (name, near), count in sorted(places.items(), key=lambda item: (-item[1], item[0]))[:_MOST]
        ),
        actors=_counted(actors),
        contested=tuple(worst[:_MOST]),
        sources=tuple(sorted(tracks.values(), key=lambda t: (-t.incidents, t.name))[:_MOST]),
    )


def _without_claims(text: str) -> str:
    at = text.find(_AFTER_CLAIMS)
    return text if at < 0 else "{" + text[at + 1 :]


def _add(month: Month, body: _Body, best: int) -> None:
    """Low, best and high of the killed; where no bound is stated, the highest that is."""
    told = [t for t in body.tolls if t.field == "killed"]
    whole = [t for t in told if t.group is None] or told
    month.best += best
    month.low += min([best, *(t.low for t in whole)])
    month.high += max([best, *(t.high for t in whole if t.high is not None)])


def _track(tracks: dict[str, Track], body: _Body, status: str) -> None:
    for voice in body.voices:
        track = tracks.setdefault(voice.name, Track(name=voice.name, grade=voice.grade))
        track.incidents += 1
        track.alone += len(body.voices) == 1
        track.accepted += status == "accepted"
        track.rejected += status == "rejected"


def _contested(body: _Body) -> tuple[str, ...]:
    fields = [f.field for f in body.fields if f.field not in _LISTS and len(f.stated) > 1]
    return (*fields, *sorted({t.field for t in body.tolls if len({bytes(s.value) for s in t.stated}) > 1}))


def _counted(names: Counter[str]) -> tuple[Counted, ...]:
    ordered = sorted(names.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Counted(name, count) for name, count in ordered[:_MOST])
