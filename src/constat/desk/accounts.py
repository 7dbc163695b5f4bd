"""Accounts of a desk that others reach: names, passwords as argon2id, roles, sessions, tokens for programs.

They are kept in `desk.sqlite` in the folder of the casebook, apart from what the casebook holds: nothing here is
evidence. Only hashes of sessions and tokens are kept.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import get_args

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from constat.desk.endpoint import Role, Who
from constat.errors import UsageError

FILE = "desk.sqlite"
ROLES: tuple[Role, ...] = tuple(role for role in get_args(Role) if role != "anyone")
SESSION_SECONDS = 12 * 3600.0
_IDLE_SECONDS = 2 * 3600.0
_LEAST_LETTERS = 10
_TABLES = (
    "CREATE TABLE IF NOT EXISTS account (name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS session (hash TEXT PRIMARY KEY, name TEXT NOT NULL, made REAL NOT NULL, "
    "seen REAL NOT NULL)",
    "CREATE TABLE IF NOT EXISTS token (hash TEXT PRIMARY KEY, name TEXT NOT NULL, label TEXT NOT NULL, "
    "made REAL NOT NULL)",
)


class Account(msgspec.Struct, frozen=True):
    """A person who may use the desk."""

    name: str
    role: Role


class Accounts:
    """All accounts of one desk. Every question opens the file anew: it is asked seldom, and by several threads."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._hasher = PasswordHasher()
        # Checked where no such account is, so that a wrong name takes as long as a wrong password.
        self._nobody = self._hasher.hash(secrets.token_hex(16))
        self._checking = Lock()  # argon2 takes 64 MiB a password: one at a time

    @contextmanager
    def _db(self) -> Iterator[sqlite3.Connection]:
        fresh = not self.path.exists()
        db = sqlite3.connect(self.path, timeout=10)
        try:
            if fresh:
                self.path.chmod(0o600)
            for table in _TABLES:
                db.execute(table)
            with db:
                yield db
        finally:
            db.close()

    def any(self) -> bool:
        """Whether there is an account at all."""
        return self.path.exists() and bool(self.every())

    def every(self) -> list[Account]:
        """All accounts, by name."""
        with self._db() as db:
            return [Account(n, r) for n, r in db.execute("SELECT name, role FROM account ORDER BY name")]

    def add(self, name: str, role: str, password: str) -> Account:
        """Make an account, or give one a new role and password; its sessions end."""
        name = name.strip()
        if not name or len(name) > 80 or not name.isprintable():
            raise UsageError(f"{name[:80]!r}: is no name for an account")
        if role not in ROLES:
            raise UsageError(f"role {role!r}: it is one of {', '.join(ROLES)}")
        if len(password) < _LEAST_LETTERS:
            raise UsageError(f"a password has {_LEAST_LETTERS} or more signs")
        hashed = self._hasher.hash(password)
        with self._db() as db:
            db.execute("DELETE FROM session WHERE name = ?", (name,))
            db.execute("INSERT OR REPLACE INTO account VALUES (?, ?, ?)", (name, role, hashed))
        return Account(name, role)

    def remove(self, name: str) -> None:
        """Take an account away with its sessions and tokens; raises `UsageError` if there is none."""
        with self._db() as db:
            gone = db.execute("DELETE FROM account WHERE name = ?", (name,)).rowcount
            for table in ("session", "token"):
                db.execute(f"DELETE FROM {table} WHERE name = ?", (name,))
        if not gone:
            raise UsageError(f"{name}: there is no such account")

    def sign_in(self, name: str, password: str) -> str | None:
        """A new session if name and password fit, else None."""
        with self._db() as db:
            row = db.execute("SELECT password FROM account WHERE name = ?", (name,)).fetchone()
        try:
            with self._checking:
                self._hasher.verify(row[0] if row else self._nobody, password)
        except (VerifyMismatchError, InvalidHashError):
            return None
        if row is None:
            return None
        session = secrets.token_urlsafe(32)
        now = time.time()
        with self._db() as db:
            db.execute("DELETE FROM session WHERE made < ? OR seen < ?", (now - SESSION_SECONDS, now - _IDLE_SECONDS))
            db.execute("INSERT INTO session VALUES (?, ?, ?, ?)", (_hash(session), name, now, now))
        return session

    def sign_out(self, session: str) -> None:
        """End a session."""
        with self._db() as db:
            db.execute("DELETE FROM session WHERE hash = ?", (_hash(session),))

    def by_session(self, session: str) -> Who | None:
        """Whose session it is, None if it ended."""
        now = time.time()
        query = (
            "SELECT a.name, a.role, s.seen FROM session s JOIN account a ON a.name = s.name "
            "WHERE s.hash = ? AND s.made >= ? AND s.seen >= ?"
        )
        with self._db() as db:
            row = db.execute(query, (_hash(session), now - SESSION_SECONDS, now - _IDLE_SECONDS)).fetchone()
            if row and row[2] < now - 60:
                db.execute("UPDATE session SET seen = ? WHERE hash = ?", (now, _hash(session)))
        return Who(row[0], row[1]) if row else None

    def token(self, name: str, label: str) -> str:
        """A token for a program that asks in the name of an account; it is shown once."""
        if name not in {account.name for account in self.every()}:
            raise UsageError(f"{name}: there is no such account")
        token = "constat_" + secrets.token_urlsafe(32)
        with self._db() as db:
            db.execute("INSERT INTO token VALUES (?, ?, ?, ?)", (_hash(token), name, label, time.time()))
        return token

    def by_token(self, token: str) -> Who | None:
        """Whose token it is."""
        query = "SELECT a.name, a.role FROM token t JOIN account a ON a.name = t.name WHERE t.hash = ?"
        with self._db() as db:
            row = db.execute(query, (_hash(token),)).fetchone()
        return Who(row[0], row[1]) if row else None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
