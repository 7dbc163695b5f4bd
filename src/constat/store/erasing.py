"""Erasure: a document, its evidence and its readings are taken out for good; the log keeps that it was done."""

from __future__ import annotations

import hashlib
import hmac

from constat.errors import StoreError
from constat.store import audit
from constat.store.protocol import Store
from constat.store.tables import drop_reading


def mark(store: Store, subject: str) -> str:
    """By what an erased document or capture is known if it comes again: its id under the secret of the casebook."""
    (salt,) = next(store.rows("SELECT value FROM meta WHERE name = 'salt'"))
    return hmac.new(str(salt).encode(), subject.encode(), hashlib.sha256).hexdigest()


def erased(store: Store, subject: str) -> str | None:
    """When a document or capture was erased, or None."""
    row = next(store.rows("SELECT at FROM erasure WHERE mark = ?", (mark(store, subject),)), None)
    return str(row[0]) if row else None


def captures_of(store: Store, document: str) -> list[str]:
    """Every capture that holds the document and is there still, with the archives in which those came."""
    there = "SELECT sha256 FROM capture WHERE erased IS NULL"
    query = f"SELECT capture FROM appearance WHERE document = ? AND capture IN ({there})"
    found = {str(c) for (c,) in store.rows(query, (document,))}
    todo = list(found)
    while todo:
        rows = store.rows("SELECT parent FROM occurrence WHERE capture = ? AND parent IS NOT NULL", (todo.pop(),))
        new = {str(parent) for (parent,) in rows} - found
        found |= new
        todo.extend(new)
    return sorted(found)


def forms(store: Store, document: str) -> list[str]:
    """The document and all that ever stood in its place or still does: the same report, extracted otherwise."""
    found, todo = {document}, [document]
    while todo:
        one = todo.pop()
        pairs = store.rows("SELECT document, successor FROM superseded WHERE ? IN (document, successor)", (one,))
        new = {str(other) for pair in pairs for other in pair} - found
        found |= new
        todo.extend(new)
    return [document, *sorted(found - {document})]


def others(store: Store, document: str, captures: list[str]) -> list[str]:
    """Other documents that lose their evidence with these captures; their working copies stay."""
    found = set()
    for capture in captures:
        rows = store.rows("SELECT document FROM appearance WHERE capture = ? AND document <> ?", (capture, document))
        found |= {str(other) for (other,) in rows}
    return sorted(found)


def erase(store: Store, document: str, captures: list[str], now: str, actor: str) -> None:
    """Take the rows away, inside a transaction; the files of the evidence are the caller's to erase."""
    for subject in (document, *captures):
        row = next(store.rows("SELECT token FROM secret WHERE subject = ?", (subject,)), None)
        if row is None:
            raise StoreError(f"{subject[:12]}…: the log knows nothing of it; run `constat verify`")
        token, digest = str(row[0]), mark(store, subject)
        store.execute("INSERT INTO erasure VALUES (?, ?, ?)", (token, digest, now))
        audit.append_plain(store, now, actor, "erased", token, digest)
        store.execute("DELETE FROM secret WHERE subject = ?", (subject,))
    drop_reading(store, document)
    store.unindex(document)
    store.execute("DELETE FROM document WHERE id = ?", (document,))
    store.execute("DELETE FROM appearance WHERE document = ?", (document,))
    store.execute("DELETE FROM superseded WHERE document = ?", (document,))
    store.execute("UPDATE document SET previous = NULL WHERE previous = ?", (document,))
    for capture in captures:
        store.execute("UPDATE capture SET erased = ? WHERE sha256 = ?", (now, capture))
        store.execute("DELETE FROM occurrence WHERE capture = ?", (capture,))
        waiting = [str(i) for (i,) in store.rows("SELECT id FROM quarantine WHERE capture = ?", (capture,))]
        for item in waiting:
            store.execute("DELETE FROM secret WHERE subject = ?", (item,))
        store.execute("DELETE FROM quarantine WHERE capture = ?", (capture,))
