"""GeoPackage 1.3: incidents as points, and the tables beside them (fields, claims, reports, ties) as attributes."""

from __future__ import annotations

import shutil
import sqlite3
import struct
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from constat.exports.cells import clean
from constat.exports.dossier import About, Dossier
from constat.exports.geometry import WGS84, wkb
from constat.exports.listing import Format
from constat.exports.losses import BEHIND, because
from constat.exports.row import COLUMNS, Column, row
from constat.exports.tables import BESIDE, Once

FORMAT = Format(
    title="GeoPackage",
    suffix=".gpkg",
    media_type="application/geopackage+sqlite3",
    lost=because("json-lines holds it", *BEHIND),
    blurred=because("as words in one cell, without its claims", "denials"),
)
_APPLICATION, _VERSION = 0x47504B47, 10300
_TYPES = {"text": "TEXT", "whole": "INTEGER", "number": "REAL", "date": "DATE", "truth": "BOOLEAN"}
_WGS84_TEXT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]'
)
_TABLES = (
    """CREATE TABLE gpkg_spatial_ref_sys (
        srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
        organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)""",
    """CREATE TABLE gpkg_contents (
        table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
        description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE,
        max_y DOUBLE, srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    """CREATE TABLE gpkg_geometry_columns (
        table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
        z TINYINT NOT NULL, m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name), UNIQUE (table_name))""",
)


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """A GeoPackage is a SQLite file, which is made aside and then copied."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.gpkg"
        with sqlite3.connect(path) as db:
            _fill(db, dossiers, about)
        db.close()
        with path.open("rb") as made:
            shutil.copyfileobj(made, out)
    return {}


def _fill(db: sqlite3.Connection, dossiers: Iterable[Dossier], about: About) -> None:
    db.execute("PRAGMA synchronous = OFF")  # the file is made aside; whatever interrupts that, it is not handed out
    db.execute(f"PRAGMA application_id = {_APPLICATION}")
    db.execute(f"PRAGMA user_version = {_VERSION}")
    for statement in _TABLES:
        db.execute(statement)
    db.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", (
        ("WGS 84", WGS84, "EPSG", WGS84, _WGS84_TEXT, "longitude and latitude in degrees"),
        ("Undefined cartesian", -1, "NONE", -1, "undefined", None),
        ("Undefined geographic", 0, "NONE", 0, "undefined", None),
    ))  # fmt: skip
    _create(db, "incidents", COLUMNS, ", geom POINT")
    for name, (columns, _) in BESIDE.items():
        _create(db, name, columns)
    points, once = [], Once()
    for dossier in dossiers:
        cells = row(dossier)
        lat, lon = cells["lat"], cells["lon"]
        shape = None
        if lat is not None and lon is not None:
            points.append((lon, lat))
            shape = _header() + wkb(lat, lon)
        _insert(db, "incidents", [*cells.values(), shape])
        for name, (_, rows) in BESIDE.items():
            for found in rows(dossier):
                if once.new(name, found):
                    _insert(db, name, found)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    box = (min(xs), min(ys), max(xs), max(ys)) if points else (None,) * 4
    at = about.time.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    insert = "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    db.execute(insert, ("incidents", "features", about.title, "incidents of a casebook", at, *box, WGS84))
    for name in BESIDE:
        db.execute(insert, (name, "attributes", name, "", at, None, None, None, None, None))
    db.execute("INSERT INTO gpkg_geometry_columns VALUES ('incidents', 'geom', 'POINT', ?, 0, 0)", (WGS84,))


def _create(db: sqlite3.Connection, name: str, columns: Sequence[Column], more: str = "") -> None:
    declared = ", ".join(f'"{column.name}" {_TYPES[column.kind]}' for column in columns)
    db.execute(f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {declared}{more})')


def _insert(db: sqlite3.Connection, name: str, cells: Sequence[Any]) -> None:
    values = [clean(value) if isinstance(value, str) else value for value in cells]
    db.execute(f'INSERT INTO "{name}" VALUES (NULL, {", ".join("?" * len(values))})', values)


def _header() -> bytes:
    """Of a geometry without an envelope, little-endian."""
    return struct.pack("<2sBBi", b"GP", 0, 1, WGS84)
