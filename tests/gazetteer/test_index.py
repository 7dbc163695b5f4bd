"""The file: built once, whole, quickly opened."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest

from constat.errors import GazetteerError
from constat.gazetteer import Gazetteer, Place, kilometres
from constat.gazetteer.build import _write
from constat.gazetteer.tables import rows


def test_opens_at_once(gazetteer: Gazetteer) -> None:
    start = time.process_time()  # of this process alone: how busy the machine is says nothing of the index
    Gazetteer.open()
    assert time.process_time() - start < 0.05


def test_rows_in_are_rows_out(gazetteer: Gazetteer, tmp_path: Path) -> None:
    db = sqlite3.connect(gazetteer.path)
    places, names = gazetteer.count()
    assert places == db.execute("SELECT count(*) FROM place").fetchone()[0] > 260_000
    assert names > db.execute("SELECT count(*) FROM name").fetchone()[0] > 700_000  # a name may be of many places
    provinces = db.execute("SELECT count(*) FROM place WHERE kind = 'province'").fetchone()[0]
    assert provinces == len(list(rows("admin1.tsv")))
    here = Place("x:1", "Here", "village", "PPL", "SYR", "", 35.0, 40.0, 1.0, 10, "test", "point")
    there = Place("x:2", "There", "site", "OILF", "SYR", "", 36.0, 40.0, 1.0, 0, "test", "near")
    path = tmp_path / "two.sqlite"
    assert _write(path, [(here, {"here", "hither place"}), (there, {"there"})]) == (2, 3)
    small = Gazetteer.open(path)
    assert small.lookup("Hither Place") == (here,) and small.lookup("there") == (there,)


def test_every_own_row_can_be_found(gazetteer: Gazetteer) -> None:
    for row in rows("sites.tsv"):
        name = row["names_en"].split("|")[0]
        reach = max(8.0, float(row["radius_km"])) + 1
        found = [*gazetteer.lookup(name), *gazetteer.propose(name)]
        own = gazetteer.place(f"site:{row['id']}")
        assert own or any(kilometres(p.lat, p.lon, float(row["lat"]), float(row["lon"])) <= reach for p in found), row


def test_own_rows_are_sound() -> None:
    ids = [row["id"] for row in rows("sites.tsv")]
    assert len(ids) == len(set(ids)) >= 600
    for row in rows("sites.tsv"):
        assert -90 <= float(row["lat"]) <= 90 and -180 <= float(row["lon"]) <= 180 and float(row["radius_km"]) > 0, row
        assert row["kind"] in ("site", "town", "village", "area", "district", "province", "continent"), row
        assert row["certainty"] in ("sure", "likely") and row["names_en"], row


def test_nearest_first(gazetteer: Gazetteer) -> None:
    near = gazetteer.nearest(35.33, 40.14, 20)
    far = [kilometres(35.33, 40.14, p.lat, p.lon) for p in near]
    assert far == sorted(far) and far[-1] <= 20
    assert "geonames:170794" in {p.id for p in near}


def test_nearest_over_the_date_line(gazetteer: Gazetteer) -> None:
    assert {p.country for p in gazetteer.nearest(-16.8, 179.99, 60)} >= {"FJI"}


def test_a_file_that_is_no_index(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.sqlite"
    wrong.write_text("no index", encoding="utf-8")
    with pytest.raises(GazetteerError, match=r"wrong\.sqlite"):
        Gazetteer.open(wrong)


def test_many_at_once_find_what_each_finds(gazetteer: Gazetteer) -> None:
    names = ["Aleppo", "Al-Qamishli", "Deir ez-Zor", "Qwxzzt", "al-Omar", "حلب", "Aleppo", "Dayr al Zor", "", "x"]
    fresh = Gazetteer.open(gazetteer.path)
    assert fresh.lookup_all(names) == [gazetteer.lookup(name) for name in names]
    sizes = [[p.population for p in found if p.population] for found in fresh.lookup_all(["Tripoli", "Georgia"])]
    assert all(size == sorted(size, reverse=True) for size in sizes)


def test_country_by_code(gazetteer: Gazetteer) -> None:
    mali = gazetteer.country("MLI")
    assert mali is not None and mali.kind == "country" and mali.precision == "centre"
