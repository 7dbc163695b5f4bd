"""A Frictionless data package: CSV files with their types and keys, described once more as CSV on the Web."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from constat.exports.cells import write_csv
from constat.exports.dossier import About, Dossier
from constat.exports.listing import Format
from constat.exports.losses import BEHIND, because
from constat.exports.row import COLUMNS, Column, row
from constat.exports.tables import BESIDE, Once
from constat.exports.zipped import archive

FORMAT = Format(
    title="Data package",
    suffix=".zip",
    media_type="application/zip",
    lost=because("json-lines holds it", *BEHIND),
    blurred=because("as words in one cell, without its claims", "denials"),
)
_TYPES = {"text": "string", "whole": "integer", "number": "number", "date": "date", "truth": "boolean"}
_KEYS = {"incidents": "id", "reports": "report"}


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """`datapackage.json`, a CSV a table, and beside each its `-metadata.json` of CSV on the Web."""
    rows: dict[str, list[Sequence[Any]]] = {name: [] for name in ("incidents", *BESIDE)}
    once = Once()
    for dossier in dossiers:
        rows["incidents"].append(list(row(dossier).values()))
        for name, (_, make) in BESIDE.items():
            rows[name] += [cells for cells in make(dossier) if once.new(name, cells)]
    members: list[tuple[str, bytes]] = [("datapackage.json", _json(_package(about)))]
    for name, columns in _tables().items():
        made = io.BytesIO()
        write_csv(made, [[column.name for column in columns]], rows[name])
        members += [(f"{name}.csv", made.getvalue()), (f"{name}.csv-metadata.json", _json(_on_the_web(name, columns)))]
    archive(out, members)
    return {}


def _tables() -> dict[str, tuple[Column, ...]]:
    return {"incidents": COLUMNS} | {name: columns for name, (columns, _) in BESIDE.items()}


def _package(about: About) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": "incidents",
        "id": about.urn(f"casebook {about.casebook}"),
        "title": about.title,
        "description": "What reports tell of violent incidents, with the words that carry each value.",
        "created": about.at,
        "version": about.version or "0",
        "contributors": [{"title": about.by, "role": "author"}] if about.by else [],
        "resources": [_resource(name, columns) for name, columns in _tables().items()],
    }


def _resource(name: str, columns: Sequence[Column]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in columns], "missingValues": [""]}
    if name in _KEYS:
        schema["primaryKey"] = _KEYS[name]
    keys = [("incident", "incidents")] if name in ("fields", "claims", "ties") else []
    keys += [("report", "reports")] if name == "claims" else []
    if keys:
        schema["foreignKeys"] = [
            {"fields": field, "reference": {"resource": table, "fields": _KEYS[table]}} for field, table in keys
        ]
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\r\n"},
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": _TYPES[column.kind], "description": column.about}
    if column.name in _KEYS.values():
        field["constraints"] = {"required": True}
    return field


def _on_the_web(name: str, columns: Sequence[Column]) -> dict[str, Any]:
    described = [
        {"name": c.name, "titles": c.name, "datatype": _TYPES[c.kind], "dc:description": c.about} for c in columns
    ]
    schema: dict[str, Any] = {"columns": described}
    if name in _KEYS:
        schema["primaryKey"] = _KEYS[name]
    return {"@context": "http://www.w3.org/ns/csvw", "url": f"{name}.csv", "tableSchema": schema}


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
