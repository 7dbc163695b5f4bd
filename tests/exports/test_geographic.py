"""GeoJSON, KML, KMZ, GeoPackage and GeoParquet: by GDAL where it is installed, and read back by hand."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import struct
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest
from dossiers import dossier, with_field, with_place
from lxml import etree
from test_every_format import written
from tools import run, tool

from constat.exports import exporter
from constat.exports.geometry import ring
from constat.exports.row import NAMES
from constat.gazetteer import kilometres
from constat.records import DateValue

HOSTILE = 'a <b> & "c" \x00\x07 ]]> \ud800 نص'
TOLD = [dossier(1), with_place(dossier(2), lat=-12.5, lon=-77.0), with_place(dossier(3), lat=None, lon=None)]
TOLD[0] = with_field(TOLD[0], "target", HOSTILE)


@pytest.mark.parametrize("name", ["geojson", "kml", "kmz", "geopackage"])
def test_gdal_reads_it(name: str, tmp_path: Path) -> None:
    ogr2ogr = tool("ogr2ogr", "gdal-bin")
    path = tmp_path / f"incidents{exporter(name).FORMAT.suffix}"
    path.write_bytes(written(name, TOLD))
    layer = {"geopackage": ["incidents"], "geojson": [], "kml": [], "kmz": []}[name]
    made = run(ogr2ogr, "-f", "CSV", "/vsistdout/", "-lco", "GEOMETRY=AS_XY", path, *layer)
    rows = list(csv.DictReader(io.StringIO(made)))
    points = [(float(r["X"]), float(r["Y"])) for r in rows if r["X"] and not r.get("role")]
    assert points[0] == (36.4, 15.45) and (-77.0, -12.5) in points
    assert sum(not r.get("role") for r in rows) == 3
    assert rows[0]["subtype"] == "Air/drone strike" and rows[0]["killed_high"] == "6"
    assert "نص" in rows[0]["target"]


@pytest.mark.parametrize(
    ("name", "layer", "points"),
    [("geojson", "", 5), ("kml", "", 3), ("kmz", "", 3), ("geopackage", "incidents", 3)],
)
def test_ogrinfo_knows_layer_extent_and_reference_system(name: str, layer: str, points: int, tmp_path: Path) -> None:
    ogrinfo = tool("ogrinfo", "gdal-bin")
    path = tmp_path / f"incidents{exporter(name).FORMAT.suffix}"
    path.write_bytes(written(name, TOLD))
    said = run(ogrinfo, "-ro", "-so", *([path, layer] if layer else ["-al", path]))
    assert f"Feature Count: {points}" in said and "WGS 84" in said
    (extent,) = re.findall(r"Extent: \((-?[\d.]+), (-?[\d.]+)\) - \((-?[\d.]+), (-?[\d.]+)\)", said)
    west, south, east, north = map(float, extent)
    assert (west, south) == pytest.approx((-77.0, -12.5), abs=0.07) and (east, north) == pytest.approx(
        (36.4, 15.45), abs=0.07
    )


def test_geojson_is_what_the_standard_says() -> None:
    features = json.loads(written("geojson", TOLD))["features"]
    assert [f["id"][-5:] for f in features] == ["00001", "-area", "00002", "-area", "00003"]
    assert features[4]["geometry"] is None
    outer = features[1]["geometry"]["coordinates"][0]
    assert outer[0] == outer[-1] and len(outer) == 33
    turn = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(outer))
    assert turn < 0  # counter-clockwise, as the right-hand rule demands
    for lon, lat in outer:
        assert kilometres(15.45, 36.4, lat, lon) == pytest.approx(6.5, abs=0.02)
    assert features[0]["properties"]["radius_m"] == 6500
    assert not any(isinstance(v, list | dict) for v in features[0]["properties"].values())


@pytest.mark.parametrize(("lat", "lon"), [(0.0, 179.9), (89.5, 0.0)])
def test_a_circle_across_the_edge_of_the_map_is_not_drawn(lat: float, lon: float) -> None:
    assert ring(lat, lon, 50.0) is None


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        (DateValue("2024-03-06", "hour"), "<when>2024-03-06</when>"),
        (DateValue("2024-03", "month"), "<when>2024-03</when>"),
        (DateValue("2024", "year"), "<when>2024</when>"),
        (DateValue("2024-03-04", "week"), "<begin>2024-03-04</begin>\n<end>2024-03-10</end>"),
    ],
)
def test_kml_says_no_more_of_a_date_than_is_known(date: DateValue, shown: str) -> None:
    data = written("kml", [with_field(dossier(), "date", date)])
    assert shown.encode() in data
    etree.fromstring(data)


def test_kmz_holds_the_kml() -> None:
    with zipfile.ZipFile(io.BytesIO(written("kmz", TOLD))) as packed:
        assert packed.namelist() == ["doc.kml"]
        assert packed.read("doc.kml") == written("kml", TOLD)


def test_geopackage_follows_its_standard(tmp_path: Path) -> None:
    path = tmp_path / "made.gpkg"
    path.write_bytes(written("geopackage", TOLD))
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        kinds = dict(db.execute("SELECT table_name, data_type FROM gpkg_contents"))
        assert kinds == {"incidents": "features"} | dict.fromkeys(("fields", "claims", "reports", "ties"), "attributes")
        shape, low = db.execute("SELECT geom, killed_low FROM incidents WHERE fid = 2").fetchone()
        assert struct.unpack("<2sBBiBIdd", shape) == (b"GP", 0, 1, 4326, 1, 1, -77.0, -12.5) and low == 3
        assert db.execute("SELECT geom FROM incidents WHERE fid = 3").fetchone() == (None,)
        quotes = {q for (q,) in db.execute("SELECT quote FROM claims")}
    db.close()
    assert quotes == {"four soldiers", "Kassala"}


def test_geoparquet_reads_back(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="NOT CHECKED: pip install 'constat[parquet]'")
    path = tmp_path / "made.parquet"
    path.write_bytes(written("parquet", TOLD))
    with duckdb.connect() as db:
        (meta,) = db.execute(f"SELECT value FROM parquet_kv_metadata('{path}') WHERE key = 'geo'").fetchone()
        geo = json.loads(meta)
        assert geo["version"] == "1.1.0" and geo["columns"]["geometry"] == {
            "encoding": "WKB",
            "geometry_types": ["Point"],
        }
        found = db.execute(f"SELECT * FROM read_parquet('{path}')")
        assert [c[0] for c in found.description] == [*NAMES, "geometry"]
        rows = found.fetchall()
    assert len(rows) == 3 and rows[2][-1] is None
    assert str(rows[0][NAMES.index("date_start")]) == "2024-03-06" and rows[0][NAMES.index("uncertain")] is True
    raw = rows[1][-1]
    assert struct.unpack("<BIdd", bytes(raw)) == (1, 1, -77.0, -12.5)
