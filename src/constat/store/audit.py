"""The audit log: append-only, each entry chained to the one before by hash, written with what it tells of.

The log names its subjects by random tokens and holds salted digests of them; tokens and salts live in `secret` and go
with an erased subject, after which the log still checks and says nothing of it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from typing import Any

import msgspec

from constat.records import content_id
from constat.store.protocol import Store

GENESIS = "0" * 64


class Entry(msgspec.Struct, frozen=True):
    """One line of the log: number, when, who, what was done, to which token, the salted digest, and the chain."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    digest: str
    previous: str
    hash: str

    @property
    def expected(self) -> str:
        """The hash that the entry should have."""
        return content_id([self.seq, self.at, self.actor, self.action, self.subject, self.digest, self.previous])


def secret(store: Store, subject: str) -> tuple[str, str]:
    """The token and the salt of a subject, made on first use; inside a transaction."""
    for token, salt in store.rows("SELECT token, salt FROM secret WHERE subject = ?", (subject,)):
        return str(token), str(salt)
    token, salt = secrets.token_hex(16), secrets.token_hex(32)
    store.execute("INSERT INTO secret VALUES (?, ?, ?)", (subject, token, salt))
    return token, salt


def salted(salt: str, value: Any) -> str:
    """The digest of a value that nobody can guess without the salt."""
    return hmac.new(bytes.fromhex(salt), content_id(value).encode(), hashlib.sha256).hexdigest()


def append(store: Store, at: str, actor: str, action: str, subject: str, value: Any) -> Entry:
    """Write one entry about a subject, with the digest of its value; inside the transaction that changes it."""
    token, salt = secret(store, subject)
    return append_plain(store, at, actor, action, token, salted(salt, value))


def append_plain(store: Store, at: str, actor: str, action: str, token: str, digest: str) -> Entry:
    """Write one entry whose token and digest are known; inside a transaction."""
    last = next(last_entries(store, 1), None)
    seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
    entry = Entry(seq, at, actor, action, token, digest, previous, "")
    entry = msgspec.structs.replace(entry, hash=entry.expected)
    store.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)", msgspec.structs.astuple(entry))
    return entry


def last_entries(store: Store, count: int) -> Iterator[Entry]:
    """The newest entries, newest first."""
    for row in store.rows(f"SELECT * FROM audit ORDER BY seq DESC LIMIT {count:d}"):
        yield Entry(*row)  # type: ignore[arg-type]


def entries(store: Store, after: int = 0) -> Iterator[Entry]:
    """The log from its beginning, or from behind an entry."""
    for row in store.rows("SELECT * FROM audit WHERE seq > ? ORDER BY seq", (after,)):
        yield Entry(*row)  # type: ignore[arg-type]


def faults(store: Store) -> Iterator[str]:
    """Every entry that is not what its hash says, or does not follow the one before."""
    seq, previous = 0, GENESIS
    for entry in entries(store):
        if entry.seq != seq + 1:
            yield f"audit {entry.seq}: follows entry {seq}; what was between them is gone"
        if entry.previous != previous:
            yield f"audit {entry.seq}: is not chained to the entry before it"
        if entry.hash != entry.expected:
            yield f"audit {entry.seq}: was changed after it was written"
        seq, previous = entry.seq, entry.hash
