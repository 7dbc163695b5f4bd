"""All incidents at a glance: months, kinds, countries, places, actors, what is contested, and how sources fare."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TypeVar

import msgspec

from constat.store.gist import Gist
from constat.store.incidents import Asked, _where
from constat.store.protocol import Store
from constat.store.tables import decode

T = TypeVar("T", str, tuple[str, str])
_MOST = 15  # lines of each list


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
    some = f" WHERE id IN (SELECT i.id FROM incident i {where})" if where else ""
    for id, body in store.rows(f"SELECT id, body FROM incident_gist{some}", values):
        one = decode(body, Gist)
        states[one.status] += 1
        types[one.type] += 1
        countries[one.country] += 1
        places[one.place, one.near] += 1
        actors[one.actor] += 1
        _track(tracks, one)
        if one.contested:
            contested[len(one.contested)].append(Contested(str(id), one.contested))
        if one.month:
            month = months.get(one.month) or months.setdefault(one.month, Month(month=one.month))
            month.incidents += 1
            month.types[one.type] = month.types.get(one.type, 0) + 1
            month.low, month.best, month.high = month.low + one.low, month.best + one.best, month.high + one.high
    total = sum(states.values())
    for month in months.values():
        month.types.pop("", None)
    worst: list[Contested] = []
    for fields in sorted(contested, reverse=True):
        if len(worst) < _MOST:
            worst += sorted(contested[fields], key=lambda c: c.id)
    return Overview(
        incidents=total,
        undated=total - sum(month.incidents for month in months.values()),
        open=states["open"],
        accepted=states["accepted"],
        rejected=states["rejected"],
        months=tuple(months[name] for name in sorted(months)),
        types=_counted(types),
        countries=_counted(countries),
        places=tuple(Counted(name, count, near) for (name, near), count in _largest(places)),
        actors=_counted(actors),
        contested=tuple(worst[:_MOST]),
        sources=tuple(sorted(tracks.values(), key=lambda t: (-t.incidents, t.name))[:_MOST]),
    )


def _track(tracks: dict[str, Track], one: Gist) -> None:
    for name, grade in one.voices:
        track = tracks.get(name) or tracks.setdefault(name, Track(name=name, grade=grade))
        track.incidents += 1
        track.alone += len(one.voices) == 1
        track.accepted += one.status == "accepted"
        track.rejected += one.status == "rejected"


def _counted(names: Counter[str]) -> tuple[Counted, ...]:
    return tuple(Counted(name, count) for name, count in _largest(names))


def _largest(names: Counter[T]) -> list[tuple[T, int]]:
    """The names that are most, without the empty one, which stands for what is not known."""
    known = (item for item in names.items() if item[0] not in ("", ("", "")))
    return sorted(known, key=lambda item: (-item[1], item[0]))[:_MOST]
