"""Which alerts each user has read: of each thread the number of the last one. Kept beside the accounts."""

from __future__ import annotations

from collections.abc import Mapping

from constat.desk.endpoint import Call, RefusedError
from constat.desk.views import kept

_MOST = 100_000  # threads marked at once
_TABLE = "CREATE TABLE IF NOT EXISTS seen (owner TEXT, thread TEXT, number INTEGER, PRIMARY KEY (owner, thread))"


def read(call: Call) -> Mapping[str, int]:
    """The threads of which who asks has read something, each with the number of the last alert."""
    with kept(call, _TABLE) as db:
        return dict(db.execute("SELECT thread, number FROM seen WHERE owner = ?", (call.who.name,)))


def mark(call: Call, numbers: Mapping[str, int]) -> None:
    """Note up to which alert of each thread who asks has read; 0: none of it."""
    if len(numbers) > _MOST or any(len(thread) > 64 or number < 0 for thread, number in numbers.items()):
        raise RefusedError(400, "wrong", "threads are marked by their ids, each with a number from 0")
    with kept(call, _TABLE) as db:
        rows = [(call.who.name, thread, number) for thread, number in numbers.items()]
        db.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", rows)
