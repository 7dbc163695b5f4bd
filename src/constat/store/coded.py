"""Rows of data sets of coded events, by their days: where they stand beside the incidents. Derived from readings."""

from __future__ import annotations

from collections.abc import Iterable

from constat.store.protocol import Store

_NEWEST = (
    "NOT EXISTS (SELECT 1 FROM document d WHERE d.previous = c.document "
    "AND d.id NOT IN (SELECT document FROM superseded))"
)


def put(store: Store, document: str, dataset: str, first: str, last: str) -> None:
    """Hold a row with the first and last day on which its event may have been; empty if it has none."""
    drop(store, document)
    store.execute("INSERT INTO coded VALUES (?, ?, ?, ?)", (document, dataset, first, last))


def drop(store: Store, document: str) -> None:
    """Hold a row no more."""
    store.execute("DELETE FROM coded WHERE document = ?", (document,))


def counts(store: Store, datasets: Iterable[str]) -> dict[str, int]:
    """How many rows there are of each data set, without those of which a later edition has a newer version."""
    if not any_of(store, datasets):
        return {}
    query = f"SELECT c.dataset, COUNT(*) FROM coded c WHERE {_NEWEST} GROUP BY c.dataset ORDER BY c.dataset"
    return {str(name): int(count or 0) for name, count in store.rows(query)}


def any_of(store: Store, datasets: Iterable[str]) -> bool:
    """Whether there are rows of any data set; a casebook from before there were any is asked in vain for the table."""
    # Their addresses begin with the name of the data set; an order of letters would not do, for databases differ in it.
    query = "SELECT 1 FROM document WHERE chain LIKE ? LIMIT 1"
    return any(next(store.rows(query, (f"{name}:%",)), None) is not None for name in datasets)


def documents(store: Store, dataset: str, since: str | None = None, until: str | None = None) -> list[str]:
    """The newest versions of the rows of a data set that may be of these days."""
    query = f"SELECT c.document FROM coded c WHERE c.dataset = ? AND c.last >= ? AND c.first <= ? AND {_NEWEST}"
    values = (dataset, since or "", until or "9999")
    return [str(number) for (number,) in store.rows(f"{query} ORDER BY c.document", values)]


def is_newest(store: Store, document: str) -> bool:
    """Whether no later edition has a newer version of a row."""
    query = f"SELECT 1 FROM coded c WHERE c.document = ? AND {_NEWEST}"
    return next(store.rows(query, (document,)), None) is not None
