"""What was told of which incident, and what is still to be sent: `alerts.sqlite` in the folder of a casebook.

A file of its own, so that alerts go out while a long intake holds the lock of the casebook's writer. Its own lock lets
one process raise and send at a time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Self

from constat.errors import StoreError
from constat.store.sqlite import _take

FILE, LOCK = "alerts.sqlite", "alerts.lock"
_TABLES = (
    # `digest` of what a watch asks for, as it was when it last looked.
    "CREATE TABLE IF NOT EXISTS watch (name TEXT PRIMARY KEY, digest TEXT NOT NULL, looked_at TEXT NOT NULL)",
    # One incident as one watch follows it. `number`: alerts raised so far; `standing` as last told, empty if forgotten.
    """CREATE TABLE IF NOT EXISTS thread (
        id TEXT PRIMARY KEY, watch TEXT NOT NULL, root TEXT NOT NULL, incident TEXT NOT NULL, digest TEXT NOT NULL,
        standing TEXT NOT NULL, opened_at TEXT NOT NULL, closed INTEGER NOT NULL, number INTEGER NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS member (
        watch TEXT NOT NULL, event TEXT NOT NULL, document TEXT NOT NULL, thread TEXT NOT NULL,
        PRIMARY KEY (watch, event))""",
    """CREATE TABLE IF NOT EXISTS alert (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, watch TEXT NOT NULL, thread TEXT NOT NULL,
        body TEXT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS delivery (
        alert INTEGER NOT NULL, channel TEXT NOT NULL, target TEXT NOT NULL, state TEXT NOT NULL,
        tries INTEGER NOT NULL, due REAL NOT NULL, error TEXT NOT NULL, sent_at TEXT,
        PRIMARY KEY (alert, channel, target))""",
    # A channel that takes nothing, until when it is left alone and why.
    """CREATE TABLE IF NOT EXISTS outage (
        channel TEXT PRIMARY KEY, tries INTEGER NOT NULL, due REAL NOT NULL, error TEXT NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS thread_watch ON thread (watch, incident)",
    "CREATE INDEX IF NOT EXISTS thread_root ON thread (watch, root)",
    "CREATE INDEX IF NOT EXISTS member_thread ON member (thread)",
    "CREATE INDEX IF NOT EXISTS member_document ON member (document)",
    "CREATE INDEX IF NOT EXISTS alert_thread ON alert (thread)",
    "CREATE INDEX IF NOT EXISTS delivery_state ON delivery (state, alert)",
)


class AlertRows:
    """The file as it is read, also while another process raises and sends."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        try:
            self._db = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: cannot be opened: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self._try(query, values).fetchall()

    def _try(self, statement: str, values: Sequence[Any]) -> sqlite3.Cursor:
        try:
            return self._db.execute(statement, tuple(values))
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: {error}") from error


class AlertState(AlertRows):
    """The open file, held by this process alone."""

    def __init__(self, folder: Path, wait_seconds: float = 10.0) -> None:
        self.path = folder / FILE
        self._lock: IO[str] | None = _take(folder / LOCK, wait_seconds)
        try:
            self._db = sqlite3.connect(self.path, isolation_level=None)
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA secure_delete = ON")
            self._db.execute("BEGIN IMMEDIATE")
            for table in _TABLES:
                self._db.execute(table)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            self._release()
            raise StoreError(f"{self.path}: cannot be opened: {error}") from error

    def close(self) -> None:
        """Close the file, then give the lock back."""
        self._db.close()
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Iterator[None]:
        """Everything or nothing, on the disk when the block has ended; nothing at all without `keep`."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.run("ROLLBACK")
            raise
        self.run("COMMIT" if keep else "ROLLBACK")

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run a statement; how many rows it touched."""
        return self._try(statement, values).rowcount

    def forget(self, document: str) -> None:
        """Let go of all words that a document may have given: of standings, alerts, and alerts not yet sent."""
        with self.transaction():
            touched = "SELECT thread FROM member WHERE document = ?"
            self.run(f"UPDATE thread SET standing = '' WHERE id IN ({touched})", (document,))
            alerts = f"SELECT seq FROM alert WHERE thread IN ({touched})"
            self.run(f"DELETE FROM delivery WHERE alert IN ({alerts}) AND state <> 'sent'", (document,))
            self.run(f"UPDATE alert SET body = '' WHERE thread IN ({touched})", (document,))
            self.run("DELETE FROM member WHERE document = ?", (document,))
        self.run("VACUUM")


def forget(folder: Path, document: str) -> None:
    """As `AlertState.forget`, where there is such a file."""
    if (folder / FILE).is_file():
        with AlertState(folder) as state:
            state.forget(document)
