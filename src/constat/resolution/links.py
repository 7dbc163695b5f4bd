"""Ties between incidents that are not one: told together, hours after, retaliation, same site, same series."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from constat.agreement import content_words
from constat.gazetteer import kilometres
from constat.records import DateValue, EventMention, Incident, PlaceValue, Tie
from constat.resolution.tellings import days

_SITE_KM = 2.0
_SITE_DAYS = 366
_SERIES_KM = 150.0
_SERIES_DAYS = 31
_SERIES_LEAST = 3  # incidents that make a series
_ANSWER_DAYS = 7
_NEXT = 40  # incidents after one, in order of time, with which it is compared


class Series(msgspec.Struct, frozen=True):
    """Incidents of one kind against one kind of target in one region, in order of time, and the days between them."""

    incidents: tuple[str, ...]
    intervals: tuple[int, ...]
    why: str


class _Sight(msgspec.Struct, frozen=True):
    """What of an incident bears on its ties."""

    id: str
    day: int
    lat: float | None
    lon: float | None
    point: bool
    country: str | None
    type: str
    against: str
    target: frozenset[str]
    actor: frozenset[str]


def ties(incidents: Iterable[Incident], events: Iterable[EventMention]) -> dict[str, tuple[Tie, ...]]:
    """The ties of each incident, to later and to earlier ones alike."""
    known = {incident.id: incident for incident in incidents}
    of_event = {event: incident.id for incident in known.values() for event in incident.events}
    sights = {s.id: s for s in map(_sight, known.values()) if s is not None}
    out: dict[str, set[Tie]] = defaultdict(set)
    for tie_from, tie in _told_together(events, of_event, sights):
        out[tie_from].add(tie)
    ordered = sorted(sights.values(), key=lambda s: (s.day, s.id))
    by_country: dict[str | None, list[_Sight]] = defaultdict(list)
    for sight in ordered:
        by_country[sight.country].append(sight)
    for near in by_country.values():
        for n, first in enumerate(near):
            for later in near[n + 1 : n + 1 + _NEXT]:
                if later.day - first.day > _SITE_DAYS:
                    break
                _same_site(first, later, out)
    for series in series_of(known.values()):
        for first_id, second_id in pairwise(series.incidents):
            gap = sights[second_id].day - sights[first_id].day
            out[first_id].add(Tie(second_id, "same series", series.why, gap))
            out[second_id].add(Tie(first_id, "same series", series.why, -gap))
    return {id: tuple(sorted(found, key=lambda t: (t.kind, t.to))) for id, found in sorted(out.items())}


def series_of(incidents: Iterable[Incident]) -> list[Series]:
    """Runs of three or more incidents of one type against like targets, each near the last in place and time."""
    sights = sorted(
        (s for s in map(_sight, incidents) if s is not None and s.target and s.lat is not None),
        key=lambda s: (s.day, s.id),
    )
    open_runs: list[list[_Sight]] = []
    done: list[list[_Sight]] = []
    for sight in sights:
        done += [run for run in open_runs if sight.day - run[-1].day > _SERIES_DAYS]
        open_runs = [run for run in open_runs if sight.day - run[-1].day <= _SERIES_DAYS]
        run = next((run for run in open_runs if _continues(run[-1], sight)), None)
        if run is None:
            open_runs.append([sight])
        else:
            run.append(sight)
    found = [run for run in (*done, *open_runs) if len(run) >= _SERIES_LEAST]
    return [_as_series(run) for run in sorted(found, key=lambda run: (run[0].day, run[0].id))]


def _as_series(run: Sequence[_Sight]) -> Series:
    gaps = tuple(b.day - a.day for a, b in pairwise(run))
    common = frozenset.intersection(*(s.target for s in run)) or run[0].target
    target = min((" ".join(w for w in s.against.split() if content_words(w) & common) for s in run), key=len)
    why = f"{len(run)} times {run[0].type} against {target}, {min(gaps)} to {max(gaps)} days apart"
    return Series(tuple(s.id for s in run), gaps, why)


def _continues(last: _Sight, sight: _Sight) -> bool:
    if last.type != sight.type or last.country != sight.country or not last.target & sight.target:
        return False
    far = _far(last, sight)
    return far is not None and far <= _SERIES_KM


def _told_together(
    events: Iterable[EventMention], of_event: dict[str, str], sights: dict[str, _Sight]
) -> Iterator[tuple[str, Tie]]:
    """What one report tells side by side; within two days it is told as hours after, or as an answer."""
    for event in events:
        for link in event.links:
            ours, theirs = of_event.get(event.id), of_event.get(link.to)
            if ours is None or theirs is None or ours == theirs or link.kind == "same incident":
                continue
            yield ours, Tie(theirs, "told together", "one report tells of both")
            yield theirs, Tie(ours, "told together", "one report tells of both")
            a, b = sights.get(ours), sights.get(theirs)
            if a is None or b is None:
                continue
            first, later = (a, b) if (a.day, a.id) <= (b.day, b.id) else (b, a)
            gap = later.day - first.day
            if gap <= 1:
                yield later.id, Tie(first.id, "hours after", "one report tells of both, at most a day apart", -gap)
                yield first.id, Tie(later.id, "hours after", "one report tells of both, at most a day apart", gap)
            if gap <= _ANSWER_DAYS and later.actor & first.target and first.actor & later.target:
                why = "whom the first hit struck back at who did it, in one report"
                yield later.id, Tie(first.id, "retaliation", why, -gap)
                yield first.id, Tie(later.id, "retaliation", why, gap)


def _same_site(first: _Sight, later: _Sight, out: dict[str, set[Tie]]) -> None:
    far = _far(first, later)
    if far is not None and far <= _SITE_KM and first.point and later.point:
        gap = later.day - first.day
        why = f"at most {_SITE_KM:g} km apart"
        out[first.id].add(Tie(later.id, "same site", why, gap))
        out[later.id].add(Tie(first.id, "same site", why, -gap))


def _far(a: _Sight, b: _Sight) -> float | None:
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    return kilometres(a.lat, a.lon, b.lat, b.lon)


def _sight(incident: Incident) -> _Sight | None:
    """What bears on ties, None without a day."""
    date, place = incident.field("date"), incident.field("place")
    value = date.value if date else None
    first, last = days(value.value, value.precision) if isinstance(value, DateValue) else (None, None)
    if first is None or first != last:
        return None
    where = place.value if place else None
    known = where if isinstance(where, PlaceValue) else PlaceValue(name="")
    return _Sight(
        id=incident.id,
        day=first,
        lat=known.lat if known.lon is not None else None,
        lon=known.lon if known.lat is not None else None,
        point=known.precision is None or known.precision <= 2,
        country=known.country,
        type=_text(incident, "type"),
        against=_text(incident, "target"),
        target=content_words(_text(incident, "target")),
        actor=content_words(_text(incident, "perpetrator")),
    )


def _text(incident: Incident, field: str) -> str:
    fused = incident.field(field)
    return fused.value if fused is not None and isinstance(fused.value, str) else ""
