"""What is handed on by default: restricted names covered, places told less exactly where a rule says so, no texts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from urllib.parse import unquote

import msgspec

from constat.exports.dossier import Custody, Dossier
from constat.gazetteer.place import KM_A_DEGREE
from constat.records import Claim, Document, PlaceValue
from constat.settings import Lowered

T = TypeVar("T")
Hide = Callable[[str], str]
COVER = "▮▮▮"
LOWERED = "lowered"  # the kind of a place that is told less exactly
_PROVINCE = 4  # where_prec of a first-level unit
_HALF_DIAGONAL = math.sqrt(0.5)
# Fields that hold ids, codes and closed lists: no words of a report.
_CODES = frozenset({
    "at", "author", "capture", "captured_at", "claims", "code", "country", "decided_at", "digest", "document",
    "documents", "event", "events", "field", "first", "flags", "gazetteer", "gazetteer_id", "grade", "group", "id",
    "kind", "lang", "last", "made_on", "media_type", "modality", "model", "packs", "parent", "part", "part_of_day",
    "precision", "published", "rank", "reader", "run", "settings", "sha256", "size", "status", "subject",
    "supersedes", "to", "tool", "weights",
})  # fmt: skip


def covered(dossier: Dossier, hide: Hide | None) -> Dossier:
    """The dossier with every restricted name covered, if there are any, and without the texts of its reports."""
    if hide is not None:
        return _renumbered(dossier, _hidden(dossier, hide, {}))
    bare = tuple(
        msgspec.structs.replace(r, document=msgspec.structs.replace(r.document, text="")) for r in dossier.readings
    )
    return msgspec.structs.replace(dossier, readings=bare)


def lowered(dossier: Dossier, rules: Iterable[Lowered], hider: Callable[[Iterable[str]], Hide]) -> Dossier:
    """The dossier with its places told as a rule of the settings demands; their names are covered everywhere else."""
    rule = max((r for r in rules if _applies(r, dossier)), key=lambda r: r.km, default=None)
    if rule is None:
        return dossier
    places = _places(dossier)
    names = {name for place in places for name in (place.name, place.placed_by, *place.passed_over) if name}
    words = {s.quote for claim in _claims(dossier) if isinstance(claim.value, PlaceValue) for s in claim.spans}
    provinces = {known for place in places for known in (place.admin1, place.country) if known}
    cover = hider(sorted((names | words) - provinces))

    def hide(text: str) -> str:
        return text if text in provinces else cover(text)

    return _renumbered(dossier, _hidden(dossier, hide, {place: _lower(place, rule.km) for place in places}))


def _applies(rule: Lowered, dossier: Dossier) -> bool:
    one = dossier.incident
    kinds = {str(f.value).casefold() for f in (one.field("type"), one.field("subtype")) if f}
    countries = {place.country for place in _places(dossier)}
    if rule.types and not kinds & {name.casefold() for name in rule.types}:
        return False
    return not rule.countries or bool(countries & set(rule.countries))


def _lower(place: PlaceValue, km: float) -> PlaceValue:
    """The middle of the square of so many km that the point lies in, under the name of its province or country."""
    name = place.admin1 or place.country or COVER
    bare = PlaceValue(name=name, country=place.country, admin1=place.admin1, kind=LOWERED)
    precision = max(place.precision or _PROVINCE, _PROVINCE if place.admin1 else _PROVINCE + 2)
    bare = msgspec.structs.replace(bare, precision=precision)
    if place.lat is None or place.lon is None:
        return bare
    step = km / KM_A_DEGREE
    lat = max(-90.0, min(90.0, (math.floor(place.lat / step) + 0.5) * step))
    across = step / max(0.01, math.cos(math.radians(lat)))
    lon = (math.floor(place.lon / across) + 0.5) * across
    radius = max(place.radius_km or 0.0, round(km * _HALF_DIAGONAL, 1))
    turned = (lon + 180) % 360 - 180
    return msgspec.structs.replace(bare, lat=round(lat, 4), lon=round(turned, 4), radius_km=radius)


def _claims(dossier: Dossier) -> list[Claim]:
    told = (c for r in dossier.readings for e in (*r.events, *r.denials) for c in e.claims)
    denied = (c for denial in dossier.incident.denials for c in denial.claims)
    return [*dossier.incident.claims, *denied, *told]


def _places(dossier: Dossier) -> set[PlaceValue]:
    one = dossier.incident
    values = [
        *(f.value for f in one.fields),
        *(s.value for f in one.fields for s in f.stated),
        *(c.value for c in _claims(dossier)),
        *(d.value for d in dossier.decisions),
    ]
    return {value for value in values if isinstance(value, PlaceValue)}


def _hidden(value: Any, hide: Hide, places: Mapping[PlaceValue, PlaceValue]) -> Any:
    """A record with names covered in its words, other places, no texts; an address that holds a name is left out."""
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, PlaceValue) and value in places:
        return places[value]

    def of(name: str, inner: Any) -> Any:
        if inner is None or (name in _CODES and isinstance(inner, str)):
            return inner
        if name in ("url", "address", "final_address"):
            return inner if hide(unquote(inner)) == unquote(inner) else None
        if name == "headers":
            return tuple((k, v) for k, v in inner if hide(unquote(v)) == unquote(v))
        if name in ("name", "locator") and isinstance(value, Custody):
            return inner if hide(unquote(inner)) == unquote(inner) else COVER
        if name == "text" and isinstance(value, Document):
            return ""
        return _hidden(inner, hide, places)

    return _each(value, of)


def _each(value: T, of: Callable[[str, Any], Any]) -> T:
    """A record or tuple with each of its parts replaced; itself if none changes."""
    if isinstance(value, msgspec.Struct):
        parts = {name: getattr(value, name) for name in value.__struct_fields__}
        new = {name: of(name, part) for name, part in parts.items()}
        changed = {name: part for name, part in new.items() if part is not parts[name]}
        return msgspec.structs.replace(value, **changed) if changed else value
    if isinstance(value, tuple):
        members = tuple(of("", part) for part in value)
        return members if any(a is not b for a, b in zip(members, value, strict=True)) else value  # type: ignore[return-value]
    return value


def _renumbered(before: Dossier, after: Dossier) -> Dossier:
    """The ids of claims that were changed, wherever one is named: a hash of the covered words would tell them."""
    ids = {a.id: b.id for a, b in zip(_claims(before), _claims(after), strict=True) if a is not b}
    if not ids:
        return after

    def stated(entries: Any) -> Any:
        return tuple(
            msgspec.structs.replace(one, stated=tuple(
                msgspec.structs.replace(s, claims=tuple(ids.get(c, c) for c in s.claims)) for s in one.stated
            )) for one in entries
        )  # fmt: skip

    incident = after.incident
    incident = msgspec.structs.replace(incident, fields=stated(incident.fields), tolls=stated(incident.tolls))
    return msgspec.structs.replace(after, incident=incident)
