"""GeoParquet 1.1: all columns with their types, the point as well-known binary."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import IO, Any

from constat.exports.cells import clean
from constat.exports.dossier import About, Dossier
from constat.exports.geometry import wkb
from constat.exports.listing import Format, missing
from constat.exports.losses import flat_losses
from constat.exports.row import COLUMNS, row

LOST, BLURRED = flat_losses()
FORMAT = Format(
    title="GeoParquet",
    suffix=".parquet",
    media_type="application/vnd.apache.parquet",
    lost=LOST,
    blurred=BLURRED,
    extra="parquet",
)
_TYPES = {"text": "VARCHAR", "whole": "INTEGER", "number": "DOUBLE", "date": "DATE", "truth": "BOOLEAN"}
_BATCH = 1_000  # rows handed over at a time


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """One file with the `geo` metadata that readers look for; incidents without a point have no geometry."""
    try:
        import duckdb
    except ImportError as error:
        raise missing("GeoParquet", "duckdb", "parquet") from error
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.parquet"
        with duckdb.connect() as db:
            db.execute("SET threads = 1")  # row groups in the order of the rows
            declared = ", ".join(f'"{column.name}" {_TYPES[column.kind]}' for column in COLUMNS)
            db.execute(f"CREATE TABLE incidents ({declared}, geometry BLOB)")
            marks = ", ".join("?" * (len(COLUMNS) + 1))
            rows = map(_cells, dossiers)
            while batch := list(islice(rows, _BATCH)):
                db.executemany(f"INSERT INTO incidents VALUES ({marks})", batch)
            geo = json.dumps(_geo(), sort_keys=True).replace("'", "''")
            target = str(path).replace("'", "''")
            db.execute(f"COPY incidents TO '{target}' (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{geo: '{geo}'}})")
        with path.open("rb") as made:
            shutil.copyfileobj(made, out)
    return {}


def _cells(dossier: Dossier) -> list[Any]:
    cells = row(dossier)
    lat, lon = cells["lat"], cells["lon"]
    shape = wkb(lat, lon) if lat is not None and lon is not None else None
    return [*(clean(value) if isinstance(value, str) else value for value in cells.values()), shape]


def _geo() -> dict[str, Any]:
    """Without `crs`, which means longitude and latitude in WGS 84."""
    column = {"encoding": "WKB", "geometry_types": ["Point"]}
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
