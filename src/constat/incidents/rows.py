"""Many rows at a time, in the part of SQL that both databases share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from constat.store.protocol import Row, Scalar, Store

T = TypeVar("T")
_AT_ONCE = 400  # values of one statement


def insert(store: Store, table: str, rows: Iterable[Sequence[Scalar]]) -> None:
    """Rows into a table, those that are there already left as they are; inside a transaction."""
    held = list(rows)
    if not held:
        return
    width = len(held[0])
    marks = "(" + ", ".join("?" * width) + ")"
    for some in _batches(held, max(1, _AT_ONCE // width)):
        values = ", ".join([marks] * len(some))
        flat = [value for row in some for value in row]
        store.execute(f"INSERT INTO {table} VALUES {values} ON CONFLICT DO NOTHING", flat)


def select(store: Store, query: str, wanted: Iterable[Scalar]) -> Iterator[Row]:
    """The rows of a query with `IN ({})` for any number of wanted values."""
    for some in _batches(wanted, _AT_ONCE):
        yield from store.rows(query.format(", ".join("?" * len(some))), some)


def delete(store: Store, statement: str, wanted: Iterable[Scalar]) -> None:
    """Run a statement with `IN ({})` for any number of values; inside a transaction."""
    for some in _batches(wanted, _AT_ONCE):
        store.execute(statement.format(", ".join("?" * len(some))), some)


def _batches(values: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    rest = iter(values)
    while some := tuple(islice(rest, size)):
        yield some
