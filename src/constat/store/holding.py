"""How much a casebook holds: its own reports, and apart from them the rows of imported data sets."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from constat.store import coded
from constat.store.protocol import Store

_GONE = "(SELECT document FROM superseded)"
_WAITS = f"document WHERE unread IS NOT NULL AND id NOT IN {_GONE}"
_CAUSES = f"SELECT unread, COUNT(*) FROM {_WAITS} GROUP BY unread ORDER BY 2 DESC, 1"


def counts(store: Store, datasets: Collection[str]) -> dict[str, Any]:
    """What `Status` tells in numbers; `datasets` are the names that rows may go by."""
    rows = coded.counts(store, datasets)
    own, owned = _own("id", rows), _own("document", rows)
    return {
        "captures": count(store, "capture WHERE erased IS NULL"),
        "documents": count(store, f"document WHERE {own} AND id NOT IN {_GONE}"),
        "superseded": count(store, f"document WHERE {own} AND id IN {_GONE}"),
        "unread": count(store, f"{_WAITS} AND id NOT IN (SELECT document FROM reading)"),
        "partly": count(store, f"{_WAITS} AND id IN (SELECT document FROM reading)"),
        "causes": tuple((str(why), int(n or 0)) for why, n in store.rows(_CAUSES)),
        "events": count(store, f"event WHERE kind = 'event' AND {owned}"),
        "rows": rows,
        "decisions": count(store, "decision"),
        "quarantined": count(store, "quarantine"),
        "entries": count(store, "audit"),
    }


def added_since(store: Store, at: str, datasets: Collection[str]) -> int:
    """How many reports came in since a moment."""
    own = _own("id", coded.any_of(store, datasets))
    (number,) = next(store.rows(f"SELECT COUNT(*) FROM document WHERE added_at >= ? AND {own}", (at,)))
    return int(number or 0)


def count(store: Store, what: str) -> int:
    """How many rows a table has, or a condition on it leaves."""
    (number,) = next(store.rows(f"SELECT COUNT(*) FROM {what}"))
    return int(number or 0)


def _own(column: str, rows: object) -> str:
    """The condition that it is no row of a data set; an older casebook has no table of those, and none of them."""
    return f"{column} NOT IN (SELECT document FROM coded)" if rows else "1 = 1"
