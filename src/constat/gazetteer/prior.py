"""How likely a report means a place before anything is known of the report, counted in inhabitants."""

from __future__ import annotations

from constat.gazetteer.place import Place

# What a named site is worth beside towns: a listed base is meant more often than a hamlet of the same name.
_OWN = {
    "site": 20_000, "area": 20_000, "district": 20_000, "province": 100_000, "town": 5_000, "village": 2_000,
    "continent": 100_000_000,
}  # fmt: skip
_AIRFIELD = 500
_HAMLET = 300  # of a list that names every one of them


def weight(place: Place) -> int:
    """The population, or for what has none the number of inhabitants that it counts for."""
    if place.population:
        return place.population
    if place.source == "airportsdata":
        return _AIRFIELD
    if place.kind in ("town", "village") and not place.source.startswith("own"):
        return _HAMLET
    return _OWN.get(place.kind, 500)
