"""GeoParquet 1.1: all columns with their types, the point as well-known binary."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
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


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """One file with the `geo` metadata that readers look for; incidents without a point have no geometry."""
    try:
        import duckdb
    except ImportError as error:
        raise missing("GeoParquet", "duckdb", "parquet") from error
    with tempfile.TemporaryDirectory() as folder:
        rows, path = Path(folder) / "rows.jsonl", Path(folder) / "made.parquet"
        with rows.open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(_cells(dossier), ensure_ascii=False) + "\n" for dossier in dossiers)
        with duckdb.connect() as db:
            db.execute("SET threads = 1")  # row groups in the order of the rows
            # Through a file of lines: inserting rows one by one is thirty times slower.
            types = ", ".join(f"{_quoted(column.name)}: '{_TYPES[column.kind]}'" for column in COLUMNS)
            columns = ", ".join(f'"{column.name}"' for column in COLUMNS)
            shape = f"format = 'newline_delimited', columns = {{{types}, geometry: 'VARCHAR'}}"
            select = f"SELECT {columns}, from_hex(geometry) AS geometry FROM read_json({_quoted(str(rows))}, {shape})"
            geo = _quoted(json.dumps(_geo(), sort_keys=True))
            how = f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {{geo: {geo}}}"
            db.execute(f"COPY ({select}) TO {_quoted(str(path))} ({how})")
        with path.open("rb") as made:
            shutil.copyfileobj(made, out)
    return {}


def _cells(dossier: Dossier) -> dict[str, Any]:
    cells = row(dossier)
    lat, lon = cells["lat"], cells["lon"]
    shape = wkb(lat, lon).hex() if lat is not None and lon is not None else None
    return {name: clean(value) if isinstance(value, str) else value for name, value in cells.items()} | {
        "geometry": shape
    }


def _quoted(text: str) -> str:
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def _geo() -> dict[str, Any]:
    """Without `crs`, which means longitude and latitude in WGS 84."""
    column = {"encoding": "WKB", "geometry_types": ["Point"]}
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
