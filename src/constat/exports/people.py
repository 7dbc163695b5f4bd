"""Who a name means in the register of actors, and where countries are in other data sets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from constat.actors import Actor, load_register
from constat.exports.row import countries, country_names
from constat.tables import rows

DATA = Path(__file__).parent / "data"
_LEAST = 0.5  # how sure a link to the register must be to be handed on as that actor
_ALONE = 0.2  # where the name means no other row: that it is not known in the country then tells little


class Country(msgspec.Struct, frozen=True):
    """A country as other data sets know it: numbers, regions, names."""

    iso: str
    gw: str
    acled_region: str
    ucdp_region: str
    acled: str
    ucdp: str

    @property
    def number(self) -> int | None:
        """ISO 3166-1 numeric."""
        known = countries().get(self.iso)
        return int(known["isonumeric"]) if known else None


@lru_cache(maxsize=4_096)
def actor(name: str, country: str | None, date: str | None, overlays: tuple[Path, ...]) -> Actor | None:
    """The row of the register that a name most surely means, None if none is sure enough."""
    year = int(date[:4]) if date and date[:4].isdigit() else None
    found = load_register(overlays).find(name, country, year)
    return found[0].actor if found and found[0].confidence >= (_LEAST if found[1:] else _ALONE) else None


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Country]:
    columns = ("country", "gw", "acled_region", "ucdp_region", "acled_name", "ucdp_name")
    found = {}
    for _, (code, gw, acled_region, ucdp_region, acled, ucdp) in rows(DATA / "countries.tsv", columns):
        name = country_names().get(code, code)
        found[code] = Country(code, gw, acled_region, ucdp_region, acled or name, ucdp or name)
    return found


def country(code: str | None) -> Country | None:
    """A country by its ISO 3166-1 alpha-3 code."""
    return _table().get(code or "")
