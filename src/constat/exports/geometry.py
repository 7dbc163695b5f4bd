"""Points and circles on the globe as formats write them."""

from __future__ import annotations

import math
import struct

from constat.gazetteer import offset

_CORNERS = 32
WGS84 = 4326
_CELL = 0.5  # degrees of a cell of PRIO-GRID


def ring(lat: float, lon: float, km: float) -> list[list[float]] | None:
    """The circle around a point as a closed ring of [lon, lat], counter-clockwise; None across ±180° or a pole."""
    corners = [offset(lat, lon, 360 - n * 360 / _CORNERS, km) for n in range(_CORNERS)]
    if any(abs(a - lon) > 90 for _, a in corners) or abs(lat) + km / 111 > 89:
        return None
    points = [[round(x, 5), round(y, 5)] for y, x in corners]
    return [*points, points[0]]


def wkb(lat: float, lon: float) -> bytes:
    """A point as well-known binary, little-endian."""
    return struct.pack("<BIdd", 1, 1, lon, lat)


def wkt(lat: float, lon: float) -> str:
    """A point as well-known text."""
    return f"POINT ({lon:.6f} {lat:.6f})"


def priogrid(lat: float, lon: float) -> int:
    """The cell of PRIO-GRID: numbered by rows of half a degree from the south, in them from the west."""
    rows, columns = round(180 / _CELL), round(360 / _CELL)
    row = min(rows - 1, math.floor((lat + 90) / _CELL))
    column = min(columns - 1, math.floor((lon + 180) / _CELL))
    return row * columns + column + 1
