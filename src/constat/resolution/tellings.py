"""A telling: what one event mention states, in the form in which it is compared with others."""

from __future__ import annotations

import calendar
import datetime as dt
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec

from constat.agreement import content_words
from constat.folding import fold
from constat.gazetteer.sound import plain_key, sound_and_shape
from constat.records import DateValue, Document, EventMention, PlaceValue, Reading, Toll
from constat.resolution.shingles import Wording, wording

Bounds = tuple[int, int | None]  # of a toll: low, high or None
ActorOf = Callable[[str, str | None, str | None], str | None]  # name, country, ISO date -> id in the register
_FAMILIES: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("families.toml").read_text(encoding="utf-8"))
_WEEK = 6  # days after the first of a week
SPELLED = "="  # before a name too short to have a sound: it is known by its letters, in its own script


class Telling(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One report's telling of one incident. Days are ordinals; `first` to `last` is when it happened, None if untold.

    `sounds` are the keys of the place name in any script; `actors` ids of the register, or the folded words.
    `same_as` holds the ids of events of the same report that the report itself calls the same incident.
    """

    id: str
    document: str
    main: bool = True
    family: str = ""
    type: str | None = None
    subtype: str | None = None
    first: int | None = None
    last: int | None = None
    part_of_day: str | None = None
    published: int | None = None
    lat: float | None = None
    lon: float | None = None
    radius: float = 0.0
    country: str | None = None
    admin1: str = ""
    place_id: str | None = None
    sounds: tuple[str, ...] = ()
    weapons: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    target: frozenset[str] = frozenset()
    killed: Bounds | None = None
    wounded: Bounds | None = None
    lang: str | None = None
    title: frozenset[str] = frozenset()
    wording: Wording = Wording()
    same_as: tuple[str, ...] = ()

    @property
    def day(self) -> int | None:
        """The day, where it is known to the day."""
        return self.first if self.first == self.last else None


def family(type: str | None, subtype: str | None) -> str:
    """The family of event types in which tellings are compared."""
    own = _FAMILIES["subtype"].get(subtype) or _FAMILIES["family"].get(type)
    return str(own or _FAMILIES["default"])


def days(value: str | None, precision: str = "day") -> tuple[int | None, int | None]:
    """First and last day of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; (None, None) for what is no date."""
    try:
        year, month, day = (*(int(part) for part in (value or "")[:10].split("-")), 0, 0)[:3]
        if day:
            first = dt.date(year, month, day).toordinal()
            return first, first + (_WEEK if precision == "week" else 0)
        if month:
            return dt.date(year, month, 1).toordinal(), dt.date(
                year, month, calendar.monthrange(year, month)[1]
            ).toordinal()
        return dt.date(year, 1, 1).toordinal(), dt.date(year, 12, 31).toordinal()
    except ValueError:
        return None, None


@lru_cache(maxsize=20_000)
def sound_keys(name: str) -> tuple[str, ...]:
    """Keys under which a place name meets its other spellings: of the whole name, then of its words."""
    key = fold(name)
    whole = sound_and_shape(key)[0] or SPELLED + plain_key(key)
    words = key.split()
    parts = {sound_and_shape(word)[0] for word in words} if len(words) > 1 else set()
    return tuple(dict.fromkeys([whole, *sorted(part for part in parts if part)])) if key else ()


def telling(id: str, document: Document, fields: Mapping[str, Any], actor_of: ActorOf, shape: Wording) -> Telling:
    """A telling from the flat fields of an event (`constat.fields`), its document and the sketches of its text."""
    first, last = days(fields.get("date"), fields.get("date_precision") or "day")
    place, lat, lon = fields.get("place"), fields.get("lat"), fields.get("lon")
    country, kind = fields.get("country"), fields.get("type")
    perpetrators = [name for name in (fields.get("perpetrator"), fields.get("claimed_by")) if name]
    actors = (actor_of(name, country, fields.get("date")) or fold(name) for name in perpetrators)
    return Telling(
        id=id,
        document=document.id,
        main=fields.get("role") != "background",
        family=family(kind, fields.get("subtype")),
        type=kind,
        subtype=fields.get("subtype"),
        first=first,
        last=last,
        part_of_day=fields.get("part_of_day"),
        published=days(document.published)[0],
        lat=lat if lon is not None else None,
        lon=lon if lat is not None else None,
        radius=float(fields.get("place_radius_km") or 0.0),
        country=country,
        admin1=sound_and_shape(fold(fields.get("admin1") or ""))[0],
        place_id=fields.get("place_id"),
        sounds=sound_keys(place) if place else (),
        weapons=tuple(sorted(fields.get("weapons") or ())),
        actors=tuple(sorted(set(actors))),
        target=content_words(fields["target"]) if fields.get("target") else frozenset(),
        killed=_bounds(fields.get("killed")),
        wounded=_bounds(fields.get("wounded")),
        lang=document.lang,
        title=content_words(document.title) if document.title else frozenset(),
        wording=shape,
        same_as=tuple(fields.get("same_as") or ()),
    )


def tellings(reading: Reading, actor_of: ActorOf) -> list[Telling]:
    """The tellings of one report."""
    if not reading.events:
        return []
    document = reading.document
    shape = wording(document.text, document.title)
    return [telling(event.id, document, flat(event), actor_of, shape) for event in reading.events]


def flat(event: EventMention) -> dict[str, Any]:
    """The values of an event that bear on which incident it is, as flat fields; the first claim of a field wins."""
    out: dict[str, Any] = {"role": event.role, "weapons": []}
    out["same_as"] = [link.to for link in event.links if link.kind == "same incident"]
    places: list[PlaceValue] = []
    for claim in event.claims:
        if claim.rank != "preferred":
            continue
        match claim.value:
            case Toll(low=low, high=high):
                out.setdefault(claim.field, {"low": low, "high": high})
            case DateValue(value=value, precision=precision, part_of_day=part):
                for name, of in (("date", value), ("date_precision", precision), ("part_of_day", part)):
                    out.setdefault(name, of)
            case PlaceValue() as place:
                out.setdefault("place", place.name)
                places.append(place)
            case value if claim.field == "weapons":
                out["weapons"].append(value)
            case value:
                out.setdefault(claim.field, value)
    for place in places[:1]:
        where: dict[str, Any] = {"country": place.country, "admin1": place.admin1, "lat": place.lat, "lon": place.lon}
        where |= {"place_radius_km": place.radius_km, "place_id": place.gazetteer_id}
        out = where | out
    return out


def _bounds(toll: Mapping[str, Any] | None) -> Bounds | None:
    return (int(toll["low"]), toll["high"]) if toll else None


def by_id(found: Iterable[Telling]) -> list[Telling]:
    """Each telling once, in the order of their ids: what is done with them cannot depend on the order of reading."""
    return sorted({t.id: t for t in found}.values(), key=attrgetter("id"))
