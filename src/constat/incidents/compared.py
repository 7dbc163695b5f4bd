"""The tellings of a casebook in their blocks, kept in the database: who meets whom is asked there, never in memory.

The rule is that of `resolution.candidates`; a test holds the two to the same pairs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from constat.incidents.rows import delete, insert, select
from constat.records import Reading
from constat.resolution.candidates import CROWD, WINDOW, Keys, keys_of
from constat.resolution.denials import denied
from constat.resolution.tellings import ActorOf, Telling, by_id, tellings
from constat.store.protocol import Store
from constat.store.tables import decode, encode

_REACH = WINDOW + 1  # places in the order of a crowded block within which a newcomer changes who meets whom


class Changed(msgspec.Struct, frozen=True):
    """What a change of documents did to the tellings: new ones, those that are no more, and all that were looked at."""

    added: dict[str, Telling]
    gone: dict[str, Telling]
    seen: frozenset[str]


class Compared:
    """The tellings and blocks of one casebook. Bodies that were read once are kept while this lives."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._held: dict[str, tuple[Telling, bool]] = {}
        self._keys: dict[str, Keys] = {}

    def change(self, document: str, reading: Reading | None, actor_of: ActorOf) -> Changed:
        """Hold what is read in a document now, in place of what was held of it; inside a transaction."""
        before = {
            str(event): (decode(body, Telling), bool(denial))
            for event, body, denial in self.store.rows(
                "SELECT event, body, denial FROM telling WHERE document = ?", (document,)
            )
        }
        now = {t.id: (t, False) for t in by_id(tellings(reading, actor_of))} if reading else {}
        now |= {t.id: (t, True) for t in denied(reading, actor_of)} if reading else {}
        gone = {event: one for event, one in before.items() if now.get(event) != one}
        added = {event: one for event, one in now.items() if before.get(event) != one}
        self._drop(gone)
        for event in self._taken(added):
            del added[event]
        for event, (one, denial) in added.items():
            self._put(event, document, one, denial)
        self._held |= added
        return Changed(
            {event: one for event, (one, _) in added.items()},
            {event: one for event, (one, _) in gone.items()},
            frozenset(now) | frozenset(before),
        )

    def _taken(self, events: Iterable[str]) -> list[str]:
        """Events whose id another document has: it stays that document's."""
        return [str(e) for (e,) in select(self.store, "SELECT event FROM telling WHERE event IN ({})", list(events))]

    def _put(self, event: str, document: str, one: Telling, denial: bool) -> None:
        self.store.execute("INSERT INTO telling VALUES (?, ?, ?, ?, NULL)", (event, document, int(denial), encode(one)))
        keys = self.keys(one)
        if denial:
            lies: set[int] = set()
            looks = {*keys.looks, *keys.ahead, *keys.behind, *keys.own}
        else:
            lies, looks = {*keys.own, *keys.lies}, set(keys.looks)
        insert(self.store, "block", [(key, 0, event) for key in sorted(lies)])
        insert(self.store, "block", [(key, 1, event) for key in sorted(looks)])

    def _drop(self, events: Iterable[str]) -> None:
        listed = list(events)
        delete(self.store, "DELETE FROM telling WHERE event IN ({})", listed)
        delete(self.store, "DELETE FROM block WHERE event IN ({})", listed)
        for event in listed:
            self._held.pop(event, None)
            self._keys.pop(event, None)

    def keys(self, one: Telling) -> Keys:
        """The blocks of a telling."""
        if one.id not in self._keys:
            self._keys[one.id] = keys_of(one)
        return self._keys[one.id]

    def get(self, events: Iterable[str]) -> dict[str, Telling]:
        """Tellings and denials by their ids, those that there are."""
        wanted = list(events)
        missing = [event for event in wanted if event not in self._held]
        query = "SELECT event, body, denial FROM telling WHERE event IN ({})"
        for event, body, denial in select(self.store, query, missing):
            self._held[str(event)] = (decode(body, Telling), bool(denial))
        return {event: self._held[event][0] for event in wanted if event in self._held}

    def is_denial(self, event: str) -> bool:
        """Whether an id that `get` has returned is that of a denial."""
        return self._held[event][1]

    def all(self, denial: bool) -> list[Telling]:
        """Every telling, or every denial, by id."""
        query = "SELECT body FROM telling WHERE denial = ? ORDER BY event"
        return [decode(body, Telling) for (body,) in self.store.rows(query, (int(denial),))]

    def partners(self, one: Telling, denial: bool) -> set[str]:
        """All that a telling is compared with, denials among them; a denial meets tellings only."""
        keys = self.keys(one)
        ahead = {*keys.own, *keys.ahead, *keys.looks, *(keys.behind if denial else ())}
        sizes = self._sizes({*ahead, *keys.own, *keys.lies})
        found = self._members(key for key in ahead if 0 < sizes[key] <= CROWD)
        for key in ahead:
            if sizes[key] > CROWD:
                found.update(self._around(key, one.id, WINDOW))
        if not denial:
            found |= self._lookers(one, sizes)
        found.discard(one.id)
        return found

    def _lookers(self, one: Telling, sizes: Mapping[int, int]) -> set[str]:
        """Those that look into a block in which a telling lies, and meet it there."""
        keys = self.keys(one)
        lies = {*keys.own, *keys.lies}
        found = self._members((key for key in lies if sizes[key] <= CROWD), looks=1)
        cells = self._cell(keys)
        if cells is not None and sizes[cells] <= CROWD:
            found |= self._members(keys.behind)
        for key in lies:
            if sizes[key] > CROWD:
                low, high = self._ends(key, one.id, WINDOW)
                found |= self._between((key,), 1, low, high)
                if key == cells:
                    found |= self._between(keys.behind, 0, low, high)
        return found

    def shaken(self, added: Mapping[str, Telling], gone: Mapping[str, Telling]) -> set[str]:
        """Those whose partners may be others now than before the change, because a block that they meet is crowded."""
        joined: dict[int, list[Telling]] = defaultdict(list)
        left: dict[int, list[Telling]] = defaultdict(list)
        for changed, by_key in ((added, joined), (gone, left)):
            for one in changed.values():
                for key in {*self.keys(one).own, *self.keys(one).lies}:
                    by_key[key].append(one)
        found: set[str] = set()
        touched = {*joined, *left}
        sizes = self._sizes(touched)
        for key in touched:
            now, before = sizes[key], sizes[key] - len(joined[key]) + len(left[key])
            if max(now, before) <= CROWD:
                continue
            for one in (*joined[key], *left[key]):
                keys = self.keys(one)
                cells = keys.behind if key == self._cell(keys) else ()
                if min(now, before) <= CROWD:
                    found |= self._members((key,)) | self._members((key,), looks=1) | self._members(cells)
                else:
                    low, high = self._ends(key, one.id, _REACH)
                    found |= self._between((key,), 0, low, high) | self._between((key,), 1, low, high)
                    found |= self._between(cells, 0, low, high)
        return found

    def _cell(self, keys: Keys) -> int | None:
        """The block of a telling's cell and day, the last of its own, if it has one."""
        return keys.own[-1] if keys.behind else None

    def _sizes(self, keys: Iterable[int]) -> dict[int, int]:
        sizes = dict.fromkeys(keys, 0)
        query = "SELECT key, COUNT(*) FROM block WHERE looks = 0 AND key IN ({}) GROUP BY key"
        for key, count in select(self.store, query, sorted(sizes)):
            sizes[int(key or 0)] = int(count or 0)
        return sizes

    def _members(self, keys: Iterable[int], looks: int = 0) -> set[str]:
        query = f"SELECT event FROM block WHERE looks = {looks:d} AND key IN ({{}})"
        return {str(event) for (event,) in select(self.store, query, sorted(keys))}

    def _around(self, key: int, event: str, reach: int) -> list[str]:
        """The members of a block that come before and after an id."""
        return [*self._side(key, event, reach, "<", "DESC"), *self._side(key, event, reach, ">", "ASC")]

    def _ends(self, key: int, event: str, reach: int) -> tuple[str | None, str | None]:
        """The members that many places before and after an id, None where there are fewer."""
        before, after = self._side(key, event, reach, "<", "DESC"), self._side(key, event, reach, ">", "ASC")
        return (before[-1] if len(before) == reach else None), (after[-1] if len(after) == reach else None)

    def _side(self, key: int, event: str, reach: int, than: str, order: str) -> list[str]:
        query = f"SELECT event FROM block WHERE key = ? AND looks = 0 AND event {than} ? ORDER BY event {order} LIMIT ?"
        return [str(found) for (found,) in self.store.rows(query, (key, event, reach))]

    def _between(self, keys: Iterable[int], looks: int, low: str | None, high: str | None) -> set[str]:
        found: set[str] = set()
        for key in keys:
            query, values = "SELECT event FROM block WHERE key = ? AND looks = ?", [key, looks]
            bounds: list[str] = []
            if low is not None:
                query, bounds = query + " AND event >= ?", [*bounds, low]
            if high is not None:
                query, bounds = query + " AND event <= ?", [*bounds, high]
            found |= {str(event) for (event,) in self.store.rows(query, (*values, *bounds))}
        return found
