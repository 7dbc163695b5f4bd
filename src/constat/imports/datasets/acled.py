"""ACLED: its actors have no direction (the first one is taken for the one that acts), and 0 dead may mean unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from constat.countries import named, numbered
from constat.imports.coded import Cells, Said, count, degrees
from constat.records import DateValue, PlaceValue, Toll

TITLE = "ACLED"
NUMBER = ("event_id_cnty", "data_id")  # the second one in older files
COLUMNS = ("event_date", "event_type", "sub_event_type", "country", "latitude", "longitude", "fatalities")
FIELDS = ("type", "subtype", "date", "place", "perpetrator", "target", "killed", "sources")
_TIME = {"1": "day", "2": "week", "3": "month"}
_RADIUS = {"1": 10.0, "2": 30.0, "3": 100.0}  # km, by geo_precision
_PRECISION = {"1": 1, "2": 3, "3": 4}  # where_prec
_FORMATS = ("%Y-%m-%d", "%d %B %Y", "%d/%m/%Y", "%d-%B-%Y", "%d %b %Y", "%d-%b-%y", "%d-%b-%Y")


def said(cells: Cells) -> Iterator[Said]:
    """What a row states."""
    for field, column in (("type", "event_type"), ("subtype", "sub_event_type")):
        if value := cells.get(column):
            yield Said(field, value, (column,))
    if day := _day(cells.get("event_date", "")):
        precision = _TIME.get(cells.get("time_precision", ""), "day")
        value = day[:7] if precision == "month" else day
        yield Said("date", DateValue(value, precision), ("event_date", "time_precision"))
    yield from _where(cells)
    for field, column in (("perpetrator", "actor1"), ("target", "actor2")):
        if name := cells.get(column):
            yield Said(field, name, (column,))
    dead = count(cells.get("fatalities"))
    if dead:
        yield Said("killed", Toll(dead, dead), ("fatalities",))
    for name in dict.fromkeys(part.strip() for part in cells.get("source", "").split(";")):
        if name:
            yield Said("sources", name, ("source",))


def _where(cells: Cells) -> Iterator[Said]:
    iso = cells.get("iso", "")
    where = named(cells.get("country", "")) or (numbered(int(iso)) if iso.isdigit() else None)
    lat, lon = degrees(cells.get("latitude"), cells.get("longitude"))
    name = cells.get("location") or cells.get("admin1") or cells.get("country")
    if name:
        precision = cells.get("geo_precision", "")
        place = PlaceValue(
            name=name, country=where.iso if where else None, admin1=cells.get("admin1") or None, lat=lat, lon=lon,
            kind="coded", radius_km=_RADIUS.get(precision, 30.0), precision=_PRECISION.get(precision, 3),
        )  # fmt: skip
        yield Said("place", place, ("location", "latitude", "longitude", "country"))


def _day(cell: str) -> str | None:
    for form in _FORMATS:
        try:
            return dt.datetime.strptime(cell, form).date().isoformat()
        except ValueError:
            continue
    return cell[:10] if len(cell) >= 19 and cell[10] in " T" and _day(cell[:10]) else None
