"""Saved views: a name for what is filtered and sorted, each user's own. Kept beside the accounts, in `desk.sqlite`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from constat.desk.accounts import FILE
from constat.desk.desk import NoCasebookError
from constat.desk.endpoint import Call, RefusedError

_MOST, _LONGEST = 100, 4_000
_TABLE = "CREATE TABLE IF NOT EXISTS view (owner TEXT, name TEXT, query TEXT NOT NULL, PRIMARY KEY (owner, name))"


class View(msgspec.Struct, frozen=True):
    """What the address of the queue says after its `?`."""

    name: str
    query: str


class Query(msgspec.Struct, frozen=True):
    """The query to save under the name of the address."""

    query: str


class Views(msgspec.Struct, frozen=True):
    """A user's saved views, by name."""

    views: tuple[View, ...]


def every(call: Call) -> Views:
    """The saved views of who asks."""
    with kept(call, _TABLE) as db:
        rows = db.execute("SELECT name, query FROM view WHERE owner = ? ORDER BY name", (call.who.name,))
        return Views(tuple(View(name, query) for name, query in rows))


def put(call: Call) -> Views:
    """Save a view under a name, in place of the one that had it."""
    name, query = call.path["name"].strip(), call.body.query
    if not name or len(name) > 80 or len(query) > _LONGEST:
        raise RefusedError(400, "wrong", "a view has a name of up to 80 signs and a query of up to 4,000")
    with kept(call, _TABLE) as db:
        (count,) = db.execute("SELECT COUNT(*) FROM view WHERE owner = ?", (call.who.name,)).fetchone()
        if count >= _MOST:
            raise RefusedError(409, "too_many", f"{_MOST} views are saved already; remove one first")
        db.execute("INSERT OR REPLACE INTO view VALUES (?, ?, ?)", (call.who.name, name, query))
    return every(call)


def remove(call: Call) -> Views:
    """Forget a view."""
    with kept(call, _TABLE) as db:
        db.execute("DELETE FROM view WHERE owner = ? AND name = ?", (call.who.name, call.path["name"]))
    return every(call)


@contextmanager
def kept(call: Call, table: str) -> Iterator[sqlite3.Connection]:
    """What the desk keeps of its users, with a table that is made if it is not there; in one transaction."""
    if call.desk.folder is None:
        raise NoCasebookError
    path = call.desk.folder / FILE
    fresh = not path.exists()
    db = sqlite3.connect(path, timeout=10)
    try:
        if fresh:
            path.chmod(0o600)
        db.execute(table)
        with db:
            yield db
    finally:
        db.close()
