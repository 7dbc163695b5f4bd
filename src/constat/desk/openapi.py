"""The description of the interface as OpenAPI 3.1, made from the endpoints and the structs that they name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from constat import __version__
from constat.desk.endpoint import Endpoint, Failed, Plain

_REF = "#/components/schemas/{name}"


def openapi(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The whole description."""
    kinds: list[Any] = [Failed]
    for e in endpoints:
        kinds += [k for k in (e.query, e.takes, e.gives) if k not in (None, bytes, Plain)]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    schema_of = {id(kind): schema for kind, schema in zip(kinds, schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for e in endpoints:
        paths.setdefault(_plain(e.path), {})[e.method.lower()] = _operation(e, schema_of, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Constat desk", "version": __version__, "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "constat"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _operation(e: Endpoint, schema_of: dict[int, Any], components: dict[str, Any]) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)", e.path)
    ]
    if e.query is not None:
        known = components[e.query.__name__]
        parameters += [
            {"name": name, "in": "query", "required": name in known.get("required", ()), "schema": schema}
            for name, schema in known["properties"].items()
        ]
    out: dict[str, Any] = {"summary": e.summary, "parameters": parameters, "x-role": e.role}
    out["security"] = [] if e.role == "anyone" else [{"session": []}, {"token": []}]
    if e.takes is bytes:
        out["requestBody"] = {"content": {"application/octet-stream": {}}, "required": True}
    elif e.takes is not None:
        out["requestBody"] = {"content": {"application/json": {"schema": schema_of[id(e.takes)]}}, "required": True}
    if e.gives is Plain:
        fine: dict[str, Any] = {"application/octet-stream": {}}
    else:
        fine = {"application/json": {"schema": schema_of.get(id(e.gives), {})}}
    wrong = {"application/json": {"schema": {"$ref": _REF.format(name="Failed")}}}
    out["responses"] = {
        "200": {"description": "what was asked for", "content": fine},
        "default": {"description": "what went wrong", "content": wrong},
    }
    return out


def _plain(path: str) -> str:
    return re.sub(r"\{(\w+):\w+\}", r"{\1}", path)
