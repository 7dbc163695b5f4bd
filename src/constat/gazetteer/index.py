"""The place index: one SQLite file, opened read-only and shared between processes."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import msgspec

from constat.errors import GazetteerError
from constat.folding import fold
from constat.gazetteer.build import MOST, build, inputs_digest
from constat.gazetteer.kept import forget_unused, used
from constat.gazetteer.place import KM_A_DEGREE, Place, kilometres
from constat.gazetteer.presence import Presence, number
from constat.gazetteer.shipped import unpack
from constat.gazetteer.sound import bare, plain_key, sound_and_shape
from constat.gazetteer.tables import rows
from constat.settings import default_cache

try:
    import fcntl
except ImportError:  # on Windows, where two processes may build the same index, and the last one's file stays
    fcntl = None  # type: ignore[assignment]

_CACHED = 50_000  # look-ups kept in memory of each kind, about 20 MB when full
_NAME = "SELECT places FROM name WHERE number = ?"
_PLAIN = (
    f"SELECT p.packed FROM plain n JOIN place p ON p.number = n.place WHERE n.key = ? ORDER BY n.place LIMIT {MOST}"
)
_unpacked = msgspec.msgpack.Decoder(Place).decode
_all_unpacked = msgspec.msgpack.Decoder(tuple[Place, ...]).decode
_MAPPED = 128 << 20  # bytes of the file that may count as this process's memory; all of it would be a tenth quicker
LONGEST = 6  # words of the longest name that is looked for


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """The words of `common.tsv`, with an article and without."""
    return frozenset(word for row in rows("common.tsv") for word in (row["word"], bare(row["word"])))


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """While one process builds an index, others that need it wait for it rather than building it too."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_suffix(".lock").open("wb")
    except OSError:  # building says what is wrong with the folder
        yield
        return
    with lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)  # freed when the file is closed, whatever happens to the process
        yield


def _default() -> Path:
    return default_cache() / f"gazetteer-{inputs_digest()[:12]}.sqlite"


class Gazetteer:
    """Looks names up in an index file; answers never depend on what was asked before."""

    def __init__(self, path: Path) -> None:
        try:
            self._db = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            self._db.execute(f"PRAGMA mmap_size={_MAPPED}")
            self._about = {str(k): str(v) for k, v in self._db.execute("SELECT key, value FROM about")}
            self.digest = self._about["digest"]
            self._hamlets = int(self._about["hamlets"])
            self._may_hold = Presence(self._db.execute("SELECT filter FROM presence").fetchone()[0])
        except (sqlite3.Error, KeyError, TypeError, ValueError) as error:
            raise GazetteerError(
                f"{path}: cannot be opened as a place index ({error}); delete it, and it is built anew"
            ) from error
        self.path: Path = path
        self._common = common_words()
        self._firsts: dict[str, int] = {}
        self._known: dict[str, bool] = {}
        self._found: dict[str, tuple[Place, ...]] = {}
        self._alike: dict[tuple[str, str | None], tuple[Place, ...]] = {}

    @classmethod
    def is_built(cls) -> bool:
        """Whether the default index is there, so that opening it does not build it first."""
        return _default().exists()

    @classmethod
    def open(cls, path: Path | None = None) -> Gazetteer:
        """The index at a path, or the default one, unpacked or built on first use; raises `GazetteerError`."""
        if path is None:
            path = _default()
            if not path.exists():
                with _alone(path):
                    if not path.exists():
                        if not unpack(path):
                            build(path)
                        forget_unused(path)
            used(path)
        return cls(path)

    def lookup(self, name: str) -> tuple[Place, ...]:
        """All places of a name, the most populous first: as folded, or failing that without articles and spaces."""
        key = name.lower() if name.isascii() and name.isalpha() else fold(name)  # folding is a third of a look-up
        found = self._found.get(key)
        if found is None:
            if len(self._found) > _CACHED:
                self._found.clear()
            found = self._found[key] = self._new(key)
        return found

    def _new(self, key: str) -> tuple[Place, ...]:
        """The places of a folded name that was not asked for before. Hot: most names are in no index."""
        asked = number(key)
        known = self._may_hold(asked)
        if known and (row := self._db.execute(_NAME, (asked,)).fetchone()):
            return _all_unpacked(row[0])
        plain = plain_key(key)
        if len(plain) < 3:
            return ()
        if plain != key:
            asked = number(plain)
            known = self._may_hold(asked)
        if not known:
            return ()
        found = self._rows(_PLAIN, (plain,))
        if not found and plain != key and (row := self._db.execute(_NAME, (asked,)).fetchone()):
            return _all_unpacked(row[0])
        return found

    def lookup_all(self, names: Iterable[str]) -> list[tuple[Place, ...]]:
        """What `lookup` finds for each of many names."""
        return [self.lookup(name) for name in names]

    def propose(self, name: str, country: str | None = None) -> tuple[Place, ...]:
        """Places whose name sounds alike in any script, the likest first; they rank below exact answers."""
        asked = (fold(name), country)
        found = self._alike.get(asked)
        if found is None:
            sound, shape = sound_and_shape(asked[0])
            found = ()
            if sound:
                inside = "" if country is None else " AND s.country = ?3"
                query = (
                    "SELECT p.packed FROM (SELECT place, max(shape = ?2) AS alike FROM sound s "
                    f"WHERE key = ?1{inside} GROUP BY place) s "
                    f"JOIN place p ON p.number = s.place ORDER BY s.alike DESC, s.place LIMIT {MOST}"
                )
                found = self._rows(query, (sound, shape) if country is None else (sound, shape, country))
            if len(self._alike) > _CACHED:
                self._alike.clear()
            self._alike[asked] = found
        return found

    def longest(self, keys: Sequence[str], start: int) -> int:
        """How many folded words from `start` make the longest known name, 0 if none does; the name of a hamlet is known
        only once words make it a place. Hot: reads no places."""
        first = keys[start]
        most = self._firsts.get(first)
        if most is None:
            if len(self._firsts) > _CACHED:
                self._firsts.clear()
            row = self._db.execute("SELECT most FROM first WHERE word = ?", (first,)).fetchone()
            most = self._firsts[first] = int(row[0]) if row else 0
        for size in range(min(most, LONGEST, len(keys) - start), 0, -1):
            if self._is_name(first if size == 1 else " ".join(keys[start : start + size])):
                return size
        return 0

    def is_common(self, key: str) -> bool:
        """A folded name that is a common word or a given name, and no place where it stands alone."""
        return key in self._common

    def _is_name(self, key: str) -> bool:
        if key in self._common:
            return False
        known = self._known.get(key)
        if known is None:
            if len(self._known) > _CACHED:
                self._known.clear()
            known = False
            asked = number(key)
            if self._may_hold(asked):
                row = self._db.execute("SELECT first FROM name WHERE number = ?", (asked,)).fetchone()
                known = row is not None and int(row[0]) < self._hamlets
            self._known[key] = known
        return known

    def place(self, id: str) -> Place | None:
        """The place of an id."""
        found = self._rows("SELECT p.packed FROM place p WHERE p.id = ?", (id,))
        return found[0] if found else None

    def country(self, code: str) -> Place | None:
        """A country as a place, by its ISO 3166-1 alpha-3 code."""
        return self.place("country:" + code)

    def largest(self, kinds: Sequence[str], limit: int) -> tuple[Place, ...]:
        """The weightiest places of some kinds: what a map has names for."""
        marks = ", ".join("?" * len(kinds))
        query = f"SELECT p.packed FROM place p WHERE p.kind IN ({marks}) ORDER BY p.number LIMIT {limit:d}"
        return self._rows(query, tuple(kinds))

    def nearest(self, lat: float, lon: float, km: float) -> tuple[Place, ...]:
        """Places within so many km of a point, the nearest first."""
        high = km / KM_A_DEGREE
        wide = min(180.0, high / max(0.01, math.cos(math.radians(min(89.0, abs(lat) + high)))))
        query = (
            "SELECT p.packed FROM area a JOIN place p ON p.number = a.number "
            "WHERE a.south >= ? AND a.north <= ? AND a.west >= ? AND a.east <= ?"
        )
        # The date line is where a box has two halves.
        boxes = [
            (lon - wide + turn, lon + wide + turn)
            for turn in (-360, 0, 360)
            if lon - wide + turn <= 180 and lon + wide + turn >= -180
        ]
        found = [p for west, east in boxes for p in self._rows(query, (lat - high, lat + high, west, east))]
        near = sorted((kilometres(lat, lon, p.lat, p.lon), p.id, p) for p in found)
        return tuple(p for far, _, p in near if far <= km)

    def count(self) -> tuple[int, int]:
        """How many places and how many names the index holds."""
        return int(self._about["places"]), int(self._about["names"])

    def sources(self) -> list[tuple[str, int]]:
        """Where the places come from, with how many of each, the most first."""
        query = "SELECT source, count(*) FROM place GROUP BY source ORDER BY count(*) DESC, source"
        return [(str(source), int(count)) for source, count in self._db.execute(query)]

    def _rows(self, query: str, values: tuple[object, ...]) -> tuple[Place, ...]:
        return tuple([_unpacked(packed) for (packed,) in self._db.execute(query, values)])
