"""What a casebook knows of something that comes: whether it was here before, and how much came from there."""

from __future__ import annotations

import datetime as dt

from constat.store import tables, waiting
from constat.store.protocol import Store


def held(store: Store, document: str) -> bool:
    """Whether a document is in the casebook."""
    return next(store.rows("SELECT 1 FROM document WHERE id = ?", (document,)), None) is not None


def waits(store: Store, item: str) -> bool:
    """Whether an item is in quarantine."""
    return next(store.rows("SELECT 1 FROM quarantine WHERE id = ?", (item,)), None) is not None


def noted(store: Store, occurrence: str) -> bool:
    """Whether it is known that something was seen then and there."""
    return next(store.rows("SELECT 1 FROM occurrence WHERE id = ?", (occurrence,)), None) is not None


def seen(store: Store, document: str, capture: str, locator: str, occurrence: str) -> bool:
    """Whether a report is known at its place, and nothing about it waits in quarantine."""
    query = "SELECT 1 FROM appearance WHERE document = ? AND capture = ? AND locator = ?"
    if not next(store.rows(query, (document, capture, locator)), None):
        return False
    return not waits(store, waiting.waiting_id(capture, "", locator)) and noted(store, occurrence)


def previous(store: Store, chain: str | None) -> str | None:
    """The newest version of what stands at an address."""
    if chain is None:
        return None
    newest = (
        "SELECT id FROM document WHERE chain = ? AND id NOT IN (SELECT previous FROM document WHERE chain = ? "
        "AND previous IS NOT NULL) AND id NOT IN (SELECT document FROM superseded) "
        "ORDER BY added_at DESC, id LIMIT 1"
    )
    return next((str(i) for (i,) in store.rows(newest, (chain, chain))), None)


def within_hour(store: Store, host: str, at: str) -> int:
    """How many reports of a web host came in the hour before a moment."""
    hour = (dt.datetime.fromisoformat(at) - dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    (count,) = next(store.rows("SELECT COUNT(*) FROM document WHERE host = ? AND added_at > ?", (host, hour)))
    return int(count or 0)


def headers(store: Store, address: str) -> dict[str, str] | None:
    """What the server said with the newest copy of an address of which a report was stored."""
    rows = store.rows(
        "SELECT body FROM occurrence WHERE address = ? AND capture IN (SELECT capture FROM appearance) "
        "ORDER BY captured_at DESC LIMIT 1",
        (address,),
    )
    row = next(rows, None)
    return None if row is None else {k.lower(): v for k, v in tables.decode(row[0], tables.Occurrence).headers}


def unread(store: Store) -> list[str]:
    """Ids of the documents that were not read, or not by all who should read them."""
    where = "WHERE unread IS NOT NULL AND id NOT IN (SELECT document FROM superseded) ORDER BY id"
    return [str(number) for (number,) in store.rows(f"SELECT id FROM document {where}")]
