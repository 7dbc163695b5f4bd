"""UCDP GED and its candidate set: low, best and high for deaths, no type of event but the type of violence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from constat.countries import named, numbered
from constat.imports.coded import Cells, Said, count, degrees
from constat.records import DateValue, PlaceValue, Toll

TITLE = "UCDP GED"
NUMBER = ("id",)
COLUMNS = ("id", "type_of_violence", "side_a", "side_b", "latitude", "longitude", "date_start", "date_end", "best")
FIELDS = ("type", "date", "place", "perpetrator", "target", "killed", "sources")
_TYPES = {"1": "Battles", "2": "Battles", "3": "Violence against civilians"}
_DATE = {"1": "day", "2": "week", "3": "week", "4": "month", "5": "year"}
_RADIUS = {"1": 5.0, "2": 25.0, "3": 50.0, "4": 150.0, "5": 50.0, "6": 500.0, "7": 500.0}  # km, by where_prec
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def said(cells: Cells) -> Iterator[Said]:
    """What a row states; GED's state-based and non-state violence is taken for battles, whatever the means."""
    if kind := _TYPES.get(cells.get("type_of_violence", "")):
        yield Said("type", kind, ("type_of_violence",))
    start = _ISO.match(cells.get("date_start", ""))
    if start:
        precision = _DATE.get(cells.get("date_prec", ""), "day")
        size = {"month": 7, "year": 4}.get(precision, 10)
        columns = ("date_start", "date_end", "date_prec")
        yield Said("date", DateValue(start.group()[:size], precision), columns)
    yield from _where(cells)
    for field, column in (("perpetrator", "side_a"), ("target", "side_b")):
        if name := cells.get(column):
            yield Said(field, name, (column,))
    best, low, high = (count(cells.get(column)) for column in ("best", "low", "high"))
    if best is not None:
        yield Said("killed", Toll(best, best), ("best",))
    if low is not None and high is not None and (low, high) != (best, best):
        yield Said("killed", Toll(low, high), ("low", "high"), rival=True)
    for name in dict.fromkeys(part.strip() for part in cells.get("source_office", "").split(";")):
        if name:
            yield Said("sources", name, ("source_office",))


def _where(cells: Cells) -> Iterator[Said]:
    lat, lon = degrees(cells.get("latitude"), cells.get("longitude"))
    state = cells.get("country_id", "")
    where = named(cells.get("country", "")) or (numbered(int(state), gw=True) if state.isdigit() else None)
    name = cells.get("where_coordinates") or cells.get("adm_1") or cells.get("country")
    if name:
        precision = cells.get("where_prec", "")
        place = PlaceValue(
            name=name, country=where.iso if where else None, admin1=cells.get("adm_1") or None, lat=lat, lon=lon,
            kind="coded", radius_km=_RADIUS.get(precision, 50.0),
            precision=int(precision) if precision.isdigit() else None,
        )  # fmt: skip
        yield Said("place", place, ("where_coordinates", "latitude", "longitude", "country"))
