"""The province of a place that brings none, or brings it in another spelling: that of the nearest town."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable

import msgspec

from constat.folding import fold
from constat.gazetteer.place import Place, kilometres

_CELL = 0.25  # degrees; a ring of cells is looked through at a time
_RINGS = 4  # about 100 km, beyond which no town tells the province

Town = tuple[float, float, str]  # lat, lon, province


class Provinces:
    """The towns of all countries by country and cell, each with its province."""

    def __init__(self, towns: Iterable[tuple[str, float, float, str]]) -> None:
        """Towns as country, lat, lon, province."""
        self._cells: dict[tuple[str, int, int], list[Town]] = defaultdict(list)
        self._names: dict[str, dict[str, str]] = defaultdict(dict)
        for country, lat, lon, province in towns:
            if province:
                self._cells[country, *_cell(lat, lon)].append((lat, lon, province))
                self._names[country][fold(province)] = province

    def filled(self, place: Place) -> Place:
        """The place with its province as the index spells it."""
        known = self._names.get(place.country, {})
        if place.kind == "province" or not known:
            return place
        province = known.get(fold(place.admin1)) or self._nearest(place)
        return msgspec.structs.replace(place, admin1=province) if province else place

    def _nearest(self, place: Place) -> str:
        row, column = _cell(place.lat, place.lon)
        best: tuple[float, str] | None = None
        for ring in range(_RINGS + 1):
            for r in range(row - ring, row + ring + 1):
                edge = abs(r - row) == ring
                for c in range(column - ring, column + ring + 1, 1 if edge or not ring else 2 * ring):
                    for lat, lon, province in self._cells.get((place.country, r, c), ()):
                        far = kilometres(place.lat, place.lon, lat, lon)
                        if best is None or far < best[0]:
                            best = (far, province)
            if best is not None and ring:
                break
        return best[1] if best else ""


def _cell(lat: float, lon: float) -> tuple[int, int]:
    return math.floor(lat / _CELL), math.floor(lon / _CELL)
