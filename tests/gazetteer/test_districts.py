"""Districts come from another package's tables; what is added gets the province of its nearest town."""

from __future__ import annotations

from pathlib import Path

import pytest

from constat.errors import GazetteerError
from constat.gazetteer.districts import districts
from constat.gazetteer.layers import Added
from constat.gazetteer.loaders import Reject
from constat.gazetteer.place import Place
from constat.gazetteer.provinces import Provinces

UNITS = (
    "Northland\tXA-N\tXA.01\t11\tProvince\t\t1\t\t1\n"
    "Tamba District\t\tXA.01.02\t12\t\tTamba|Tambba\t2\t1\t1\n"
    "Upper Kossa\t\tXA.01.03\t13\t\t\t2\t1\t1\n"
    "Nowhere\t\tXA.01.04\t14\t\t\t2\t1\t1\n"
)
CITIES = (
    "Tamba\t21\t2\t1\t900\t10.0\t20.0\n"
    "Far\t22\t2\t1\t900\t10.3\t20.0\n"
    "One\t23\t3\t1\t900\t11.0\t21.0\n"
    "Two\t24\t3\t1\t900\t11.2\t21.2\n"
)


def tables(folder: Path, units: str = UNITS) -> Path:
    for name, text in (("subdivisions", units), ("cities", CITIES)):
        (folder / name).mkdir()
        (folder / name / f"{name}.tsv").write_text(text, encoding="utf-8")
    return folder


def test_a_district_stands_at_its_namesake_or_amid_its_towns(tmp_path: Path) -> None:
    tamba, kossa, nowhere = districts(tables(tmp_path), {"XA": "XAA"})
    assert isinstance(tamba, Added) and isinstance(kossa, Added)
    assert (tamba.place.lat, tamba.place.lon, tamba.place.kind) == (10.0, 20.0, "district")
    assert tamba.place.radius_km == 34 and tamba.names == ("Tamba", "Tambba")
    assert (kossa.place.lat, kossa.place.lon, kossa.place.admin1) == (11.1, 21.1, "Northland")
    assert isinstance(nowhere, Reject) and "no town" in nowhere.why


def test_tables_of_another_shape_are_refused(tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match=r"subdivisions\.tsv:1: 2 columns"):
        list(districts(tables(tmp_path, "Northland\tXA-N\n"), {"XA": "XAA"}))


def test_a_place_without_a_province_has_that_of_its_nearest_town() -> None:
    provinces = Provinces([("XAA", 10.0, 20.0, "North"), ("XAA", 10.9, 20.0, "South"), ("XBB", 10.05, 20.0, "East")])

    def filled(lat: float, admin1: str = "", kind: str = "village") -> str:
        return provinces.filled(Place("x", "X", kind, "PPL", "XAA", admin1, lat, 20.0, 1.0, 0, "", "point")).admin1

    assert [filled(10.04), filled(10.6)] == ["North", "South"]
    assert filled(10.04, "SOUTH") == "South"  # known, and spelled as the index spells it
    assert filled(10.04, "Sud") == "North"
    assert filled(30.0) == ""
    assert filled(10.04, "Sud", "province") == "Sud"
