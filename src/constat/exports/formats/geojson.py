"""GeoJSON (RFC 7946): a point an incident with flat properties, and a second feature for the area it may lie in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import IO, Any

from constat.exports.cells import clean
from constat.exports.dossier import About, Dossier
from constat.exports.geometry import ring
from constat.exports.listing import Format
from constat.exports.losses import flat_losses
from constat.exports.row import row

LOST, BLURRED = flat_losses()
FORMAT = Format(title="GeoJSON", suffix=".geojson", media_type="application/geo+json", lost=LOST, blurred=BLURRED)


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """One FeatureCollection, a feature a line; an incident without a point has no geometry."""
    out.write(b'{"type":"FeatureCollection","features":[')
    comma = b"\n"
    for dossier in dossiers:
        for feature in features(dossier):
            out.write(comma + json.dumps(feature, ensure_ascii=False, separators=(",", ":")).encode())
            comma = b",\n"
    out.write(b"\n]}\n")
    return {}


def features(dossier: Dossier) -> list[dict[str, Any]]:
    """The point of an incident, and the circle around it that it may lie in."""
    cells = row(dossier)
    lat, lon, radius = cells["lat"], cells["lon"], cells["radius_km"]
    apart = ("id", "lat", "lon", "radius_km")
    shown = {name: value for name, value in cells.items() if name not in apart}
    properties = {name: clean(value) if isinstance(value, str) else value for name, value in shown.items()}
    properties["radius_m"] = round(radius * 1000) if radius is not None else None
    point = {"type": "Point", "coordinates": [lon, lat]} if lat is not None and lon is not None else None
    found = [{"type": "Feature", "id": cells["id"], "geometry": point, "properties": properties}]
    around = ring(lat, lon, radius) if point and radius else None
    if around:
        area = {"type": "Polygon", "coordinates": [around]}
        about = {"of": cells["id"], "role": "area in which it may lie", "radius_m": properties["radius_m"]}
        found.append({"type": "Feature", "id": f"{cells['id']}-area", "geometry": area, "properties": about})
    return found
