"""What a person types as the value of a field, as the value that the field holds."""

from __future__ import annotations

import re
from collections.abc import Callable

from constat.errors import UsageError
from constat.gazetteer.place import Place
from constat.records import DateValue, PlaceValue, Toll, Value

FIELDS = (
    *("type", "subtype", "date", "place", "perpetrator", "perpetrator_certainty", "target", "weapons", "killed"),
    *("wounded", "damage", "claimed_by", "responses", "uncertain", "flag", "release", "approval"),
)
# What people say of the record rather than of what happened: to be looked at again, who may see it.
CHOICES = {"flag": ("yes", "no"), "release": ("draft", "restricted", "published")}
_TOLL = re.compile(r"(\d{1,9})(?:\s*(\+)|\s*-\s*(\d{1,9}))?(?:\s+(\S.*))?")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_POINT = re.compile(r"(?:([^@]*[^@\s])\s*@\s*)?(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)")
Lookup = Callable[[str], Place | None]


def parse(field: str, text: str, lookup: Lookup) -> Value:
    """The value of a field; raises `UsageError` that says how it is written.

    Tolls are `3`, `3-5`, `3+`; dates a day, month or year; a place is a name, or a name and degrees: `Name@12.6,-8`.
    """
    written = text.strip()
    if field not in FIELDS:
        raise UsageError(f"field {field!r}: it is one of {', '.join(FIELDS)}")
    if not written:
        raise UsageError(f"{field}: a value is wanted")
    if field in ("killed", "wounded"):
        return _toll(field, written)
    if field == "date":
        return _date(written)
    if field == "place":
        return _place(written, lookup)
    if field in CHOICES and written not in CHOICES[field]:
        raise UsageError(f"{field} {written!r}: it is one of {', '.join(CHOICES[field])}")
    if field == "uncertain":
        if written not in ("true", "false"):
            raise UsageError("uncertain is true or false")
        return written == "true"
    return written


def _toll(field: str, written: str) -> Toll:
    match = _TOLL.fullmatch(written)
    if not match:
        raise UsageError(f"{field} {written!r}: write 3, 3-5 or 3+ (at least three)")
    low, more, high, group = match.groups()
    top = None if more else int(high or low)
    if top is not None and top < int(low):
        raise UsageError(f"{field} {written!r}: the second number should not be less than the first")
    return Toll(int(low), top, group)


def _date(written: str) -> DateValue:
    from constat.resolution.tellings import days

    match = _DATE.fullmatch(written)
    if not match or days(written)[0] is None:
        raise UsageError(f"date {written!r}: write a day, a month or a year, such as 2024-03-12, 2024-03 or 2024")
    precision = "day" if match.group(3) else "month" if match.group(2) else "year"
    return DateValue(written, precision)


def _place(written: str, lookup: Lookup) -> PlaceValue:
    if match := _POINT.fullmatch(written):
        name, lat, lon = match.group(1), float(match.group(2)), float(match.group(3))
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise UsageError(f"place {written!r}: degrees north are -90 to 90, degrees east -180 to 180")
        known = lookup(name) if name else None
        country, admin1 = (known.country, known.admin1) if known else (None, None)
        shown = name or f"{lat:g},{lon:g}"
        return PlaceValue(shown, country, admin1, lat, lon, "site", 1.0, precision=1)
    found = lookup(written)
    if found is None:
        raise UsageError(f"place {written!r}: is not in the place index; give degrees too: {written}@12.6,-8")
    precision = {"site": 1, "town": 1, "village": 1, "area": 5, "district": 3, "province": 4, "country": 6}
    return PlaceValue(
        found.name, found.country, found.admin1, found.lat, found.lon, found.kind, found.radius_km, found.id,
        precision=precision.get(found.kind, 1),
    )  # fmt: skip
