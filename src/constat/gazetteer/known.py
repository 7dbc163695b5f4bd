"""Which place of the own tables an added one is, so that a place is listed once and has the spellings of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from constat.gazetteer.place import Place, kilometres

_SETTLED = ("town", "village")
_NEAR = {"town": 8.0, "village": 8.0, "district": 100.0, "province": 200.0}  # km apart that two may be the same

Spelled = tuple[Place, set[str]]  # a place and its folded names


class Known:
    """The settlements, districts and provinces of the own tables by country and name."""

    def __init__(self, places: Iterable[Spelled]) -> None:
        self._named: dict[tuple[str, str], list[Spelled]] = defaultdict(list)
        for place, names in places:
            if place.kind in _NEAR:
                for name in names:
                    self._named[place.country, name].append((place, names))

    def spellings(self, place: Place, names: Iterable[str]) -> set[str] | None:
        """The names of the nearest of the own places that an added one is, for it to add to; None if it is none."""
        near = [
            (kilometres(place.lat, place.lon, own.lat, own.lon), own.id, spelled)
            for name in sorted(names)
            for own, spelled in self._named.get((place.country, name), ())
            if _same_kind(place, own)
        ]
        far, _, spelled = min(near, key=lambda one: one[:2], default=(0.0, "", None))
        return spelled if spelled is not None and far <= _NEAR[place.kind] else None


def _same_kind(place: Place, own: Place) -> bool:
    return place.kind == own.kind or (place.kind in _SETTLED and own.kind in _SETTLED)
