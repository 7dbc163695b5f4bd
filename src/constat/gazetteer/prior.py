"""How likely a report means a place before anything is known of the report, counted in inhabitants."""

from __future__ import annotations

from constat.gazetteer.place import Place

# What a named site is worth beside towns: a listed base is meant more often than a hamlet of the same name.
_OWN = {
    "site": 20_000, "area": 20_000, "district": 20_000, "province": 100_000, "town": 5_000, "village": 2_000,
    "continent": 100_000_000,
}  # fmt: skip
_OCEAN = 5_000_000  # what lies in no one country: a sea, a river, a mountain range that the world knows
_AIRFIELD = 500
_HAMLET = 300  # of a list that names every one of them
PEOPLED = 500  # inhabitants from which the package lists a place, seats apart
_LISTED = ("own", "UCDP")  # sources that name a place because something happened there
SEAT, CAPITAL = "PPLA", "PPLC"  # features of a seat of a division, however small, and of a country's capital
_FAMOUS = 1_000_000  # inhabitants from which a place is known the world over


def weight(place: Place) -> int:
    """The population, or for what has none the number of inhabitants that it counts for."""
    if place.population:
        return place.population
    if place.kind == "area" and not place.country:
        return _OCEAN
    if place.source == "airportsdata":
        return _AIRFIELD
    if place.kind in ("town", "village") and not place.source.startswith(_LISTED):
        return _HAMLET
    return _OWN.get(place.kind, 500)


def hamlet(place: Place) -> bool:
    """One of the many small places that only a list of all of them has: its name alone tells little."""
    return (
        place.population < PEOPLED
        and place.kind in ("town", "village")
        and place.feature not in (SEAT, CAPITAL)
        and not place.source.startswith(_LISTED)
    )


def famous(place: Place) -> bool:
    """A place that may be named anywhere in the world without its country."""
    return weight(place) >= _FAMOUS or place.feature == CAPITAL
