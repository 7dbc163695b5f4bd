"""The place index: one SQLite file, opened read-only and shared between processes."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from constat.errors import GazetteerError
from constat.folding import fold
from constat.gazetteer.build import PLACE_COLUMNS, build, inputs_digest
from constat.gazetteer.place import KM_A_DEGREE, Place, kilometres
from constat.gazetteer.presence import Presence
from constat.gazetteer.sound import bare, plain_key, sound_and_shape
from constat.gazetteer.tables import rows
from constat.settings import default_cache

try:
    import fcntl
except ImportError:  # on Windows, where two processes may build the same index, and the last one's file stays
    fcntl = None  # type: ignore[assignment]

_COLUMNS = ", ".join(f"p.{column}" for column in PLACE_COLUMNS)
_CACHED = 200_000  # look-ups kept in memory, about 40 MB when full
_MOST = 60  # places an answer holds
# The numbers of places follow their weight: the order of these answers costs nothing.
_SPELLED = (
    f"SELECT {_COLUMNS} FROM name n JOIN place p ON p.number = n.place WHERE n.key = ? ORDER BY n.place LIMIT {_MOST}"
)
_PLAIN = (
    f"SELECT {_COLUMNS} FROM (SELECT place FROM plain WHERE key = ?1 UNION SELECT place FROM name WHERE key = ?1) n "
    f"JOIN place p ON p.number = n.place ORDER BY n.place LIMIT {_MOST}"
)
# Joined as written, so that the places of each name come together and in order.
_SPELLED_ALL, _PLAIN_ALL = (
    f"SELECT n.key, {_COLUMNS} FROM json_each(?) j CROSS JOIN {table} n ON n.key = j.value "
    "CROSS JOIN place p ON p.number = n.place"
    for table in ("name", "plain")
)
_BATCH = 500  # names of one question
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
            self._db.execute("PRAGMA mmap_size=1073741824")
            self._about = {str(k): str(v) for k, v in self._db.execute("SELECT key, value FROM about")}
            self.digest = self._about["digest"]
            self._may_hold = Presence(self._db.execute("SELECT filter FROM presence").fetchone()[0])
        except (sqlite3.Error, KeyError, TypeError) as error:
            raise GazetteerError(
                f"{path}: cannot be opened as a place index ({error}); delete it, and it is built anew"
            ) from error
        self.path = path
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
        """The index at a path, or the default one, built on first use; raises `GazetteerError`."""
        if path is None:
            path = _default()
            if not path.exists():
                with _alone(path):
                    if not path.exists():
                        build(path)
        return cls(path)

    def lookup(self, name: str) -> tuple[Place, ...]:
        """All places of a name, the most populous first: as folded, or failing that without articles and spaces."""
        key = fold(name)
        found = self._found.get(key)
        if found is None:
            found = self._rows(_SPELLED, (key,)) if self._may_hold(key) else ()
            if not found and len(plain := plain_key(key)) > 2 and self._may_hold(plain):
                found = self._rows(_PLAIN, (plain,))
            if len(self._found) > _CACHED:
                self._found.clear()
            self._found[key] = found
        return found

    def lookup_all(self, names: Iterable[str]) -> list[tuple[Place, ...]]:
        """What `lookup` finds for each of many names, several times faster than one by one."""
        keys = [fold(name) for name in names]
        new = [key for key in dict.fromkeys(keys) if key not in self._found]
        for start in range(0, len(new), _BATCH):
            self._learn(new[start : start + _BATCH])
        return [self._found[key] if key in self._found else self.lookup(key) for key in keys]

    def _learn(self, keys: Sequence[str]) -> None:
        """Keep what is found for folded names that were not asked for before."""
        if len(self._found) > _CACHED:
            self._found.clear()
        spelled = self._many(_SPELLED_ALL, keys)  # in one question, what is not there costs less than asking the filter
        rest = {key: plain for key in keys if key not in spelled and len(plain := plain_key(key)) > 2}
        bare = self._many(_PLAIN_ALL, list(set(rest.values())))
        whole = self._many(_SPELLED_ALL, [plain for plain in set(rest.values()) if plain not in rest])
        for key in keys:
            plain = rest.get(key, "")
            if plain in bare and plain in whole:
                self._found[key] = self._rows(_PLAIN, (plain,))
            else:
                self._found[key] = tuple(spelled.get(key) or bare.get(plain) or whole.get(plain) or ())

    def _many(self, query: str, keys: Sequence[str]) -> dict[str, list[Place]]:
        out: dict[str, list[Place]] = {}
        last = ""
        for row in self._db.execute(query, (json.dumps(keys, ensure_ascii=False),)):
            if row[0] != last:
                last = row[0]
                here = out[last] = []
            if len(here) < _MOST:
                here.append(Place(*row[1:]))
        return out

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
                    f"SELECT {_COLUMNS} FROM (SELECT place, max(shape = ?2) AS alike FROM sound s "
                    f"WHERE key = ?1{inside} GROUP BY place) s "
                    f"JOIN place p ON p.number = s.place ORDER BY s.alike DESC, s.place LIMIT {_MOST}"
                )
                found = self._rows(query, (sound, shape) if country is None else (sound, shape, country))
            if len(self._alike) > _CACHED:
                self._alike.clear()
            self._alike[asked] = found
        return found

    def longest(self, keys: Sequence[str], start: int) -> int:
        """How many folded words from `start` make the longest known name, 0 if none does. Hot: reads no places."""
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
            known = self._may_hold(key) and (
                self._db.execute("SELECT 1 FROM name WHERE key = ? LIMIT 1", (key,)).fetchone() is not None
            )
            self._known[key] = known
        return known

    def place(self, id: str) -> Place | None:
        """The place of an id."""
        found = self._rows(f"SELECT {_COLUMNS} FROM place p WHERE p.id = ?", (id,))
        return found[0] if found else None

    def country(self, code: str) -> Place | None:
        """A country as a place, by its ISO 3166-1 alpha-3 code."""
        return self.place("country:" + code)

    def largest(self, kinds: Sequence[str], limit: int) -> tuple[Place, ...]:
        """The weightiest places of some kinds: what a map has names for."""
        marks = ", ".join("?" * len(kinds))
        query = f"SELECT {_COLUMNS} FROM place p WHERE p.kind IN ({marks}) ORDER BY p.number LIMIT {limit:d}"
        return self._rows(query, tuple(kinds))

    def nearest(self, lat: float, lon: float, km: float) -> tuple[Place, ...]:
        """Places within so many km of a point, the nearest first."""
        high = km / KM_A_DEGREE
        wide = min(180.0, high / max(0.01, math.cos(math.radians(min(89.0, abs(lat) + high)))))
        query = (
            f"SELECT {_COLUMNS} FROM area a JOIN place p ON p.number = a.number "
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
        return tuple(Place(*row) for row in self._db.execute(query, values))
