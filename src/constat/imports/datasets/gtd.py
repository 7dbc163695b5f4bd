"""The Global Terrorism Database: attack, weapon and target types, killed and wounded; day 0 is a day not known."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from constat.countries import named
from constat.imports.coded import Cells, Said, count, degrees
from constat.records import DateValue, PlaceValue, Toll
from constat.tables import read_toml

TITLE = "GTD"
NUMBER = ("eventid",)
COLUMNS = ("eventid", "iyear", "imonth", "iday", "country_txt", "attacktype1_txt", "gname", "nkill", "nwound")
FIELDS = (
    *("type", "subtype", "date", "place", "perpetrator", "perpetrator_certainty", "claimed_by", "target"),
    *("killed", "wounded"),
)
_RADIUS = {"1": 10.0, "2": 25.0, "3": 50.0, "4": 150.0, "5": 500.0}  # km, by specificity
_PRECISION = {"1": 1, "2": 3, "3": 3, "4": 4, "5": 6}  # where_prec


def said(cells: Cells) -> Iterator[Said]:
    """What a row states."""
    terms = _terms()
    if kind := _kind(cells, terms):
        columns = ("attacktype1_txt", "weapsubtype1_txt", "targtype1_txt")
        yield Said("type", kind[0], columns)
        yield Said("subtype", kind[1], columns)
    if date := _date(cells):
        yield Said("date", date, ("iyear", "imonth", "iday"))
    yield from _where(cells)
    group = cells.get("gname", "")
    if group and group not in terms["unknown"]["words"]:
        certain = "suspected" if count(cells.get("guncertain1")) == 1 else "stated"
        yield Said("perpetrator", group, ("gname",))
        yield Said("perpetrator_certainty", certain, ("guncertain1", "gname"))
        if count(cells.get("claimed")) == 1:
            yield Said("claimed_by", group, ("claimed", "gname"))
    for column in ("target1", "targsubtype1_txt", "targtype1_txt"):
        if (target := cells.get(column, "")) and target not in terms["unknown"]["words"]:
            yield Said("target", target, (column,))
            break
    for field, column in (("killed", "nkill"), ("wounded", "nwound")):
        if (people := count(cells.get(column))) is not None:
            yield Said(field, Toll(people, people), (column,))


def _kind(cells: Cells, terms: dict[str, Any]) -> list[str] | None:
    attack = cells.get("attacktype1_txt", "")
    if attack == "Armed Assault" and cells.get("targtype1_txt") in terms["fighting"]["targets"]:
        found: list[str] | None = terms["fighting"]["is"]
    else:
        found = terms["attack"].get(attack)
    closer: list[str] | None = terms["weapon"].get(cells.get("weapsubtype1_txt", ""))
    return closer if closer and found and closer[0] == found[0] else found


def _date(cells: Cells) -> DateValue | None:
    year, month, day = (count(cells.get(column)) or 0 for column in ("iyear", "imonth", "iday"))
    if not year:
        return None
    if month and day:
        return DateValue(f"{year:04}-{month:02}-{day:02}", "day")
    return DateValue(f"{year:04}-{month:02}", "month") if month else DateValue(f"{year:04}", "year")


def _where(cells: Cells) -> Iterator[Said]:
    lat, lon = degrees(cells.get("latitude"), cells.get("longitude"))
    terms, country = _terms(), cells.get("country_txt", "")
    where = named(terms["country"].get(country, country))
    unknown = terms["unknown"]["words"]
    names = [cells.get(column, "") for column in ("city", "provstate", "country_txt")]
    name = next((n for n in names if n and n not in unknown), None)
    if name:
        precision = cells.get("specificity", "").split(".")[0]
        place = PlaceValue(
            name=name, country=where.iso if where else None, admin1=cells.get("provstate") or None, lat=lat, lon=lon,
            kind="coded", radius_km=_RADIUS.get(precision, 25.0), precision=_PRECISION.get(precision),
        )  # fmt: skip
        yield Said("place", place, ("city", "latitude", "longitude", "provstate", "country_txt"))


@lru_cache(maxsize=1)
def _terms() -> dict[str, Any]:
    return read_toml(Path(__file__).with_name("gtd.toml"))
