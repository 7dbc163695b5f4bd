"""What every database behind a casebook offers. SQLite and PostgreSQL pass the same contract test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeAlias

Scalar: TypeAlias = str | int | float | None
Row: TypeAlias = tuple[Scalar, ...]


class Store(Protocol):
    """One connection. Statements use `?` and the tables of `schema.py`; all writing happens in `transaction()`."""

    @property
    def name(self) -> str:
        """The kind of database and its version, for people."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a user should know about this database, a line each."""

    def transaction(self) -> AbstractContextManager[None]:
        """Everything or nothing: committed and durable when the block ends, undone if it raises. One at a time."""

    def execute(self, statement: str, values: Sequence[Scalar] = ()) -> int:
        """Run a statement inside a transaction; the number of rows it touched."""

    def rows(self, statement: str, values: Sequence[Scalar] = ()) -> Iterator[Row]:
        """The rows of a query, one at a time."""

    def index(self, document: str, folded: str) -> None:
        """Make a document findable by its folded words, in place of what it had."""

    def unindex(self, document: str) -> None:
        """Take a document out of the index."""

    def find(self, alternatives: Sequence[Sequence[str]], limit: int) -> list[str]:
        """Documents that hold, for each group, one of its folded words (`word*` for a beginning); best first."""

    def matching(self, alternatives: Sequence[Sequence[str]]) -> tuple[str, tuple[Scalar, ...]]:
        """As `find`, all of them: the query and its values, to be used inside another query."""

    def check(self) -> list[str]:
        """What the database itself finds wrong with its files."""

    def shred(self) -> None:
        """Leave no trace of deleted rows in the files of the database."""

    def close(self) -> None:
        """Give the connection and its lock back."""
