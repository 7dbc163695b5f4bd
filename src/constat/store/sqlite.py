"""A casebook in one SQLite file: one writer, each commit on the disk before it is acknowledged.

Versions before 3.51.3 can corrupt a write-ahead log that two connections write or check-point at once. So one process
at a time may write, whichever version is there; it alone check-points, and readers open the file read-only.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from constat.errors import BusyError, StoreError
from constat.store.protocol import Row, Scalar
from constat.store.schema import TABLES, VERSION

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows, where the database's own locks must do
    fcntl = None  # type: ignore[assignment]

_LEAST = (3, 35, 0)  # upserts and RETURNING
_SOUND_WAL = (3, 51, 3)
_BUSY_MS = 30_000  # readers hold a writer up only for moments
_APPEND_ONLY = ("audit", "decision")
_RANKED = 2_000  # documents that match at most are compared with one another


class SqliteStore:
    """The database file of a casebook. `writable` takes the one writer's lock and waits for it as long as is said."""

    def __init__(self, path: Path, *, writable: bool, wait_seconds: float = 10.0) -> None:
        if sqlite3.sqlite_version_info < _LEAST:
            raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old; {'.'.join(map(str, _LEAST))} is needed")
        self.path = path
        self._lock = _take(path.with_name("writer.lock"), wait_seconds) if writable else None
        try:
            self._db = self._open(writable)
        except sqlite3.Error as error:
            self._release()
            raise StoreError(f"{path}: cannot be opened: {error}") from error
        self._open_transaction = False

    def _open(self, writable: bool) -> sqlite3.Connection:
        where = self.path.absolute().as_uri() + ("" if writable else "?mode=ro")
        db = sqlite3.connect(where, uri=True, isolation_level=None, timeout=_BUSY_MS / 1000, check_same_thread=False)
        if not writable:
            db.execute("PRAGMA query_only = 1")
            _check_version(db, self.path)
            return db
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")
        db.execute("PRAGMA mmap_size = 0")
        db.execute("BEGIN IMMEDIATE")
        try:
            for table in TABLES:
                db.execute(table)
            db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5 (document UNINDEXED, folded)")
            db.execute("CREATE TABLE IF NOT EXISTS searched (document TEXT PRIMARY KEY, place INTEGER NOT NULL)")
            for table in _APPEND_ONLY:
                for verb in ("UPDATE", "DELETE"):
                    db.execute(
                        f"CREATE TRIGGER IF NOT EXISTS {table}_{verb.lower()} BEFORE {verb} ON {table} "
                        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                    )
            db.execute("INSERT INTO meta VALUES ('version', ?) ON CONFLICT DO NOTHING", (VERSION,))
            _check_version(db, self.path)
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")
        return db

    @property
    def name(self) -> str:
        """The kind of database and its version."""
        return f"SQLite {sqlite3.sqlite_version}"

    @property
    def warnings(self) -> tuple[str, ...]:
        """Said where the version has the fault in the write-ahead log, against which the one writer guards."""
        if sqlite3.sqlite_version_info >= _SOUND_WAL:
            return ()
        return (f"{self.name} is older than 3.51.3: a second process that writes is refused, which keeps it sound",)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything or nothing, on the disk when the block has ended."""
        if self._open_transaction:
            raise StoreError("a transaction is open already")
        if self._lock is None and fcntl is not None:
            raise StoreError(f"{self.path}: opened for reading only")
        self._run("BEGIN IMMEDIATE")
        self._open_transaction = True
        try:
            yield
            self._run("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # a full disk may have rolled it back already
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
            raise
        finally:
            self._open_transaction = False

    def execute(self, statement: str, values: Sequence[Scalar] = ()) -> int:
        """Run a statement inside a transaction."""
        if not self._open_transaction:
            raise StoreError("writing happens in a transaction")
        return self._run(statement, values).rowcount

    def rows(self, statement: str, values: Sequence[Scalar] = ()) -> Iterator[Row]:
        """The rows of a query."""
        cursor = self._run(statement, values)
        while True:
            try:
                found = cursor.fetchmany(500)
            except sqlite3.Error as error:
                raise StoreError(f"{self.path}: {error}") from error
            if not found:
                return
            yield from found

    def _run(self, statement: str, values: Sequence[Scalar] = ()) -> sqlite3.Cursor:
        try:
            return self._db.execute(statement, tuple(values))
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: {error}") from error

    def index(self, document: str, folded: str) -> None:
        """Make a document findable."""
        self.unindex(document)
        place = self._run("INSERT INTO search (document, folded) VALUES (?, ?)", (document, folded)).lastrowid
        self.execute("INSERT INTO searched VALUES (?, ?)", (document, place))

    def unindex(self, document: str) -> None:
        """Take a document out of the index."""
        for (place,) in list(self.rows("SELECT place FROM searched WHERE document = ?", (document,))):
            self.execute("DELETE FROM search WHERE rowid = ?", (place,))
        self.execute("DELETE FROM searched WHERE document = ?", (document,))

    def find(self, alternatives: Sequence[Sequence[str]], limit: int) -> list[str]:
        """Documents that hold one word of each group, best first; of very many, the newest alone are compared.

        To rank 100,000 that all match takes 0.4 s, to rank the newest 2,000 of them 15 ms.
        """
        if not alternatives:
            return []
        query, values = self.matching(alternatives)
        enough = query.replace("document", "rowid", 1) + " ORDER BY rowid DESC LIMIT 1 OFFSET ?"
        least = next(self.rows(enough, (*values, max(limit, _RANKED) - 1)), (0,))[0]
        found = self.rows(f"{query} AND rowid >= ? ORDER BY rank, document LIMIT ?", (*values, least, limit))
        return [str(document) for (document,) in found]

    def matching(self, alternatives: Sequence[Sequence[str]]) -> tuple[str, tuple[Scalar, ...]]:
        """The query of documents that hold one word of each group."""
        match = " AND ".join(f"({' OR '.join(map(_quoted, group))})" for group in alternatives)
        return "SELECT document FROM search WHERE search MATCH ?", (match,)

    def check(self) -> list[str]:
        """What `integrity_check` finds."""
        return [str(line) for (line,) in self.rows("PRAGMA integrity_check") if line != "ok"]

    def shred(self) -> None:
        """Rewrite the index and the file, so that nothing that was deleted stays in free pages or in the log."""
        self._run("INSERT INTO search (search) VALUES ('optimize')")
        self._run("VACUUM")
        self._run("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the file, then give the lock back."""
        self._db.close()
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _quoted(word: str) -> str:
    beginning = word.endswith("*")
    return '"' + word.rstrip("*").replace('"', '""') + '"' + ("*" if beginning else "")


def _check_version(db: sqlite3.Connection, path: Path) -> None:
    (found,) = db.execute("SELECT value FROM meta WHERE name = 'version'").fetchone() or (None,)
    if found != VERSION:
        raise StoreError(f"{path}: a casebook of version {found}; this constat reads version {VERSION}")


def _take(path: Path, wait_seconds: float) -> IO[str] | None:
    """The lock of the one writer, held until the file is closed; a process that dies gives it back."""
    file = path.open("a+", encoding="utf-8")
    if fcntl is None:  # pragma: no cover
        return file
    until = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < until:
                time.sleep(0.02)
                continue
            file.seek(0)
            holder = file.read(20).strip() or "unknown"
            file.close()
            raise BusyError(
                f"{path.parent}: another process (id {holder}) is writing to this casebook; "
                f"try again when it has ended, or wait longer with `writer_wait_seconds`"
            ) from None
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        return file
