"""The place index: one SQLite file, opened read-only and shared between processes."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from constat.errors import GazetteerError
from constat.folding import fold
from constat.gazetteer.build import PLACE_COLUMNS, build, inputs_digest
from constat.gazetteer.place import KM_A_DEGREE, Place, kilometres
from constat.gazetteer.sound import bare, plain_key, sound_and_shape
from constat.gazetteer.tables import rows
from constat.settings import default_cache

_COLUMNS = ", ".join(f"p.{column}" for column in PLACE_COLUMNS)
_CACHED = 200_000  # look-ups kept in memory, about 40 MB when full
_MOST = 60  # places an answer holds
LONGEST = 6  # words of the longest name that is looked for


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """The words of `common.tsv`, with an article and without."""
    return frozenset(word for row in rows("common.tsv") for word in (row["word"], bare(row["word"])))


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
        except (sqlite3.Error, KeyError) as error:
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
    def open(cls, path: Path | None = None) -> Gazetteer:
        """The index at a path, or the default one, built on first use; raises `GazetteerError`."""
        if path is None:
            path = default_cache() / f"gazetteer-{inputs_digest()[:12]}.sqlite"
            if not path.exists():
                build(path)
        return cls(path)

    def lookup(self, name: str) -> tuple[Place, ...]:
        """All places of a name, the most populous first: as folded, or failing that without articles and spaces."""
        key = fold(name)
        found = self._found.get(key)
        if found is None:
            found = self._places("SELECT place FROM name WHERE key = ?", key)
            if not found and len(plain := plain_key(key)) > 2:
                found = self._places(
                    "SELECT place FROM plain WHERE key = ?1 UNION SELECT place FROM name WHERE key = ?1", plain
                )
            if len(self._found) > _CACHED:
                self._found.clear()
            self._found[key] = found
        return found

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
                    f"JOIN place p ON p.number = s.place ORDER BY s.alike DESC, p.weight DESC, p.id LIMIT {_MOST}"
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
            row = self._db.execute("SELECT 1 FROM name WHERE key = ? LIMIT 1", (key,)).fetchone()
            known = self._known[key] = row is not None
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
        query = f"SELECT {_COLUMNS} FROM place p WHERE p.kind IN ({marks}) ORDER BY p.weight DESC, p.id LIMIT {limit:d}"
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

    def _places(self, where: str, key: str) -> tuple[Place, ...]:
        return self._rows(
            f"SELECT {_COLUMNS} FROM place p WHERE p.number IN ({where}) ORDER BY p.weight DESC, p.id LIMIT {_MOST}",
            (key,),
        )

    def _rows(self, query: str, values: tuple[object, ...]) -> tuple[Place, ...]:
        return tuple(Place(*row) for row in self._db.execute(query, values))
