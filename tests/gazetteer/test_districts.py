"""Districts stand at their seats, towns take spellings of the own table, and what is added has a province."""

from __future__ import annotations

from typing import ClassVar, cast

import pytest

from constat.errors import GazetteerError
from constat.gazetteer import Gazetteer, kilometres, sources
from constat.gazetteer.place import Place
from constat.gazetteer.provinces import Provinces


@pytest.mark.parametrize(
    ("name", "country", "admin1", "lat", "lon"),
    [
        ("Licking County", "USA", "Ohio", 40.06, -82.4),
        ("Madison County", "USA", "Kentucky", 37.75, -84.29),
        ("Avoyelles Parish", "USA", "Louisiana", 31.13, -92.07),
        ("Avoyelles", "USA", "Louisiana", 31.13, -92.07),
        ("Saint Clair County", "USA", "Illinois", 38.52, -89.98),
        ("Lancashire", "GBR", "England", 53.76, -2.7),
        ("Co Clare", "IRL", "", 52.84, -8.98),
    ],
)
def test_a_county_stands_at_its_seat(
    gazetteer: Gazetteer, name: str, country: str, admin1: str, lat: float, lon: float
) -> None:
    found = [p for p in gazetteer.lookup(name) if (p.kind, p.country, p.admin1) == ("district", country, admin1)]
    assert len(found) == 1 and kilometres(found[0].lat, found[0].lon, lat, lon) < 10


@pytest.mark.parametrize(
    ("name", "country", "lat", "lon"),
    [("غوندر", "ETH", 12.6, 37.47), ("بنو", "PAK", 32.99, 70.6), ("نجامينا", "TCD", 12.11, 15.04)],
)
def test_a_town_has_the_spellings_of_the_own_table(
    gazetteer: Gazetteer, name: str, country: str, lat: float, lon: float
) -> None:
    found = gazetteer.lookup(name)[0]
    assert found.country == country and kilometres(found.lat, found.lon, lat, lon) < 10


class NoTowns:
    """What a build reads, with no town in it."""

    iso2: ClassVar = {"USA": "US", "AFG": "AF"}
    namesakes: ClassVar[dict[str, str]] = {}


def test_a_row_whose_town_is_unknown_names_its_line() -> None:
    nothing = cast(sources.Inputs, NoTowns())
    with pytest.raises(GazetteerError, match=r"districts\.tsv:\d+: no town 'Prattville' in Alabama, USA to place"):
        list(sources._districts(nothing, {}))
    with pytest.raises(GazetteerError, match=r"spellings\.tsv:\d+: no town '.*' in AFG"):
        sources._respell(nothing)


def test_a_place_without_a_province_has_that_of_its_nearest_town() -> None:
    provinces = Provinces([("XAA", 10.0, 20.0, "North"), ("XAA", 10.9, 20.0, "South"), ("XBB", 10.05, 20.0, "East")])

    def filled(lat: float, admin1: str = "", kind: str = "village") -> str:
        return provinces.filled(Place("x", "X", kind, "PPL", "XAA", admin1, lat, 20.0, 1.0, 0, "", "point")).admin1

    assert [filled(10.04), filled(10.6)] == ["North", "South"]
    assert filled(10.04, "SOUTH") == "South"  # known, and spelled as the index spells it
    assert filled(10.04, "Sud") == "North"
    assert filled(30.0) == ""
    assert filled(10.04, "Sud", "province") == "Sud"
