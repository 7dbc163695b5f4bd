"""The place index: one SQLite file, opened read-only and shared between processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from constat.errors import GazetteerError
from constat.folding import fold
from constat.gazetteer.build import build, inputs_digest
from constat.gazetteer.place import Place
from constat.gazetteer.sound import plain_key, sound_key
from constat.settings import default_cache

_COLUMNS = "p.id, p.name, p.kind, p.feature, p.country, p.admin1, p.lat, p.lon, p.radius_km, p.population, p.source"
_CACHED = 200_000  # look-ups kept in memory, about 40 MB when full
LONGEST = 6  # words of the longest name that is looked for


class Gazetteer:
    """Looks names up in an index file; answers never depend on what was asked before."""

    def __init__(self, path: Path) -> None:
        try:
            self._db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            self._db.execute("PRAGMA mmap_size=1073741824")
            self.digest = str(self._db.execute("SELECT value FROM about WHERE key='digest'").fetchone()[0])
        except (sqlite3.Error, TypeError) as error:
            raise GazetteerError(f"{path}: cannot be opened as a place index ({error}); build it with `constat gazetteer build`") from error
        self.path = path
        self._firsts: dict[str, int] = {}
        self._found: dict[str, tuple[Place, ...]] = {}

    @classmethod
    def open(cls, path: Path | None = None) -> Gazetteer:
        """The index at a path, or the default one, built on first use; raises `GazetteerError`."""
        if path is None:
            path = default_cache() / f"gazetteer-{inputs_digest()[:12]}.sqlite"
            if not path.exists():
                build(path)
        return cls(path)

    def _places(self, where: str, value: str) -> tuple[Place, ...]:
        query = f"SELECT {_COLUMNS} FROM name n JOIN place p ON p.rowid = n.place WHERE n.{where} = ? ORDER BY p.population DESC, p.id LIMIT 60"
        return tuple(Place(*row) for row in self._db.execute(query, (value,)))

    def lookup(self, name: str) -> tuple[Place, ...]:
        """All places of a name: the folded spelling, or if there is none, without articles and spaces."""
        key = fold(name)
        found = self._found.get(key)
        if found is None:
            if len(self._found) > _CACHED:
                self._found.clear()
            found = self._places("key", key)
            if not found and (plain := plain_key(key)) and len(plain) > 3:
                found = self._places("plain", plain)
            self._found[key] = found
        return found

    def propose(self, name: str, country: str | None = None) -> tuple[Place, ...]:
        """Places whose name sounds alike in any script; proposals, ranked below every exact answer."""
        key = sound_key(name)
        if not key:
            return ()
        found = self._places("sound", key)
        return tuple(p for p in found if country is None or p.country == country)

    def longest(self, keys: Sequence[str], start: int) -> tuple[int, tuple[Place, ...]]:
        """The longest run of folded words from `start` that is a name: how many words, and its places."""
        first = keys[start]
        most = self._firsts.get(first)
        if most is None:
            if len(self._firsts) > _CACHED:
                self._firsts.clear()
            row = self._db.execute("SELECT most FROM first WHERE word = ?", (first,)).fetchone()
            most = self._firsts[first] = int(row[0]) if row else 0
        for size in range(min(most, LONGEST, len(keys) - start), 0, -1):
            found = self._exact(" ".join(keys[start : start + size]))
            if found:
                return size, found
        return 0, ()

    def _exact(self, key: str) -> tuple[Place, ...]:
        found = self._found.get("=" + key)
        if found is None:
            if len(self._found) > _CACHED:
                self._found.clear()
            found = self._found["=" + key] = self._places("key", key)
        return found

    def country(self, code: str) -> Place | None:
        """A country as a place, by its ISO 3166-1 alpha-3 code."""
        row = self._db.execute(f"SELECT {_COLUMNS} FROM place p WHERE p.id = ?", ("country:" + code,)).fetchone()
        return Place(*row) if row else None

    def nearest(self, lat: float, lon: float, km: float) -> tuple[Place, ...]:
        """Places within a box of so many km around a point, the most populous first."""
        dlat, dlon = km / 111.0, km / 60.0
        query = (
            f"SELECT {_COLUMNS} FROM area a JOIN place p ON p.rowid = a.id "
            "WHERE a.south >= ? AND a.north <= ? AND a.west >= ? AND a.east <= ? ORDER BY p.population DESC LIMIT 50"
        )
        return tuple(Place(*row) for row in self._db.execute(query, (lat - dlat, lat + dlat, lon - dlon, lon + dlon)))

    def count(self) -> tuple[int, int]:
        """How many places and how many names the index holds."""
        places = self._db.execute("SELECT count(*) FROM place").fetchone()[0]
        return int(places), int(self._db.execute("SELECT count(*) FROM name").fetchone()[0])
