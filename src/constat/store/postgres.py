"""A casebook in PostgreSQL, for many people at once; evidence and anchors stay in the casebook's folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from constat.errors import MissingExtraError, StoreError
from constat.store.protocol import Row, Scalar
from constat.store.schema import TABLES, VERSION

if TYPE_CHECKING:
    import psycopg

_TABLES = (
    *TABLES,
    "CREATE TABLE IF NOT EXISTS search (document TEXT PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX IF NOT EXISTS search_words ON search USING gin (words)",
)
_TRIGGERS = {"audit_guard": "audit", "decision_guard": "decision"}
_HELD_TEXT = (
    *("document", "occurrence", "reading", "event", "claim", "secret", "quarantine"),
    *("incident", "incident_body", "incident_gist"),
)
_MAKING = 5_272_026  # the advisory lock under which one connection makes the tables


class PostgresStore:
    """One connection. Each writing transaction holds the lock of the audit log, so that its chain is single."""

    def __init__(self, address: str, *, writable: bool) -> None:
        try:
            import psycopg
        except ImportError as error:
            raise MissingExtraError("postgresql", "psycopg", "postgres") from error
        self._error: type[Exception] = psycopg.Error
        self.writable, self._open_transaction = writable, False
        try:
            self._db: psycopg.Connection[Any] = psycopg.connect(address, autocommit=True)
            if writable:
                with self._db.transaction():
                    self._make()
            else:
                self._db.execute("SET default_transaction_read_only = on")
        except psycopg.Error as error:
            raise StoreError(f"the PostgreSQL of the setting `store` cannot be used: {error}") from error
        self._check_version()

    def _make(self) -> None:
        """Make what is not there yet. Even IF NOT EXISTS locks the table, and deadlocks with a writer at work."""
        self._db.execute("SELECT pg_advisory_xact_lock(%s)", (_MAKING,))
        there = self._there()
        if "audit" in there and not there.issuperset((*map(_made, _TABLES), *_TRIGGERS)):
            self._db.execute("LOCK TABLE audit IN EXCLUSIVE MODE")
        for table in _TABLES:
            if _made(table) not in there:
                self._db.execute(table)
        if not there.issuperset(_TRIGGERS):
            self._guard()
        self._db.execute("INSERT INTO meta VALUES ('version', %s) ON CONFLICT DO NOTHING", (VERSION,))

    def _there(self) -> set[str]:
        """Names of the tables, indexes and triggers of the schema."""
        query = (
            "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(current_schema()) UNION "
            "SELECT tgname FROM pg_trigger JOIN pg_class t ON t.oid = tgrelid "
            "WHERE t.relnamespace = to_regnamespace(current_schema())"
        )
        return {name for (name,) in self._db.execute(query)}

    def _guard(self) -> None:
        self._db.execute(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
        for trigger, table in _TRIGGERS.items():
            self._db.execute(
                f"CREATE OR REPLACE TRIGGER {trigger} BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )

    def _check_version(self) -> None:
        found = next(self.rows("SELECT value FROM meta WHERE name = 'version'"), (None,))[0]
        if found != VERSION:
            raise StoreError(f"PostgreSQL holds a casebook of version {found}; this constat reads version {VERSION}")

    @property
    def name(self) -> str:
        """The kind of database and its version."""
        return f"PostgreSQL {self._db.info.server_version // 10_000}.{self._db.info.server_version % 10_000}"

    @property
    def warnings(self) -> tuple[str, ...]:
        """Said where the server acknowledges before it has written."""
        (synced,) = next(self.rows("SHOW fsync"))
        return () if synced == "on" else ("this PostgreSQL runs with fsync off: a power cut loses acknowledged work",)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything or nothing; other writers wait for the lock of the audit log."""
        if self._open_transaction:
            raise StoreError("a transaction is open already")
        if not self.writable:
            raise StoreError("opened for reading only")
        self._open_transaction = True
        try:
            self._run("BEGIN")
            self._run("SET LOCAL synchronous_commit = on")
            self._run("LOCK TABLE audit IN EXCLUSIVE MODE")
            yield
            self._run("COMMIT")
        except BaseException:
            with suppress(self._error):
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
        yield from self._run(statement, values)

    def _run(self, statement: str, values: Sequence[Scalar] = ()) -> psycopg.Cursor[Any]:
        try:
            return self._db.execute(statement.replace("?", "%s"), tuple(values) or None)
        except self._error as error:
            raise StoreError(f"PostgreSQL: {str(error).splitlines()[0]}") from error

    def index(self, document: str, folded: str) -> None:
        """Make a document findable; a `tsvector` ends at a megabyte, so the words are given once each."""
        words = sorted(set(folded.split()))
        self.execute(
            "INSERT INTO search VALUES (?, array_to_tsvector(CAST(? AS text[]))) "
            "ON CONFLICT (document) DO UPDATE SET words = excluded.words",
            (document, "{" + ",".join(map(_item, words)) + "}"),
        )

    def unindex(self, document: str) -> None:
        """Take a document out of the index."""
        self.execute("DELETE FROM search WHERE document = ?", (document,))

    def find(self, alternatives: Sequence[Sequence[str]], limit: int) -> list[str]:
        """Documents that hold one word of each group; the words carry no weights here, so the order is that of ids."""
        if not alternatives:
            return []
        query, values = self.matching(alternatives)
        return [str(document) for (document,) in self.rows(f"{query} ORDER BY document LIMIT ?", (*values, limit))]

    def matching(self, alternatives: Sequence[Sequence[str]]) -> tuple[str, tuple[Scalar, ...]]:
        """The query of documents that hold one word of each group."""
        query = " & ".join(f"({' | '.join(map(_lexeme, group))})" for group in alternatives)
        return "SELECT document FROM search WHERE words @@ CAST(? AS tsquery)", (query,)

    def check(self) -> list[str]:
        """PostgreSQL checks its pages itself when it runs with data checksums; nothing is added here."""
        return []

    def shred(self) -> None:
        """Give deleted rows of the tables that held text back at once."""
        for table in (*_HELD_TEXT, "search"):
            self._run(f"VACUUM (FULL) {table}")

    def close(self) -> None:
        """Close the connection."""
        self._db.close()


def _made(statement: str) -> str:
    """The name of the table or the index that a statement makes."""
    return statement.partition(" IF NOT EXISTS ")[2].split()[0]


def _item(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _lexeme(word: str) -> str:
    beginning = word.endswith("*")
    return "'" + word.rstrip("*").replace("\\", "\\\\").replace("'", "''") + "'" + (":*" if beginning else "")
