"""Incidents as marks on a map and a time line: from the columns alone, so that a hundred thousand are drawn at once."""

from __future__ import annotations

import math
from collections.abc import Iterator

import msgspec

from constat.store.incidents import Asked, _where
from constat.store.protocol import Store


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """One incident. `day` is empty where none is known; `lat` and `lon` None where no place is."""

    id: str
    day: str
    country: str
    type: str
    lat: float | None
    lon: float | None
    killed: int | None
    status: str
    information: int


def every(store: Store, asked: Asked) -> Iterator[Mark]:
    """The incidents that are like that, the newest first."""
    where, values = _where(asked)
    query = (
        f"SELECT i.id, i.first, i.country, i.type, i.lat, i.x, i.y, i.killed, i.status, i.information FROM incident i "
        f"{where} ORDER BY i.first DESC, i.id"
    )
    for id, day, country, kind, lat, x, y, killed, status, information in store.rows(query, values):
        lon = None if x is None or y is None else round(math.degrees(math.atan2(float(y), float(x))), 5)
        yield Mark(id, day, country, kind, lat, lon, killed, status, information)  # type: ignore[arg-type]
