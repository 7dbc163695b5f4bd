"""Points and circles on the globe as formats write them."""

from __future__ import annotations

import struct

from constat.gazetteer import offset

_CORNERS = 32
WGS84 = 4326


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
