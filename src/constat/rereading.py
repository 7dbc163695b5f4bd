"""Reading again what is stored: all of it when a casebook is rebuilt, or what waits for a reading."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping

import msgspec

from constat.account import now
from constat.ahead import Ahead, Read
from constat.documents.language import Hint
from constat.records import Document
from constat.store import tables
from constat.store.protocol import Store
from constat.store.searching import Words


class Reread(msgspec.Struct, kw_only=True):
    """Documents gone through, readings that changed, documents that were not read, or not by all who should."""

    documents: int = 0
    changed: int = 0
    unread: int = 0
    partly: int = 0


def reread(
    store: Store,
    words: Words,
    actor: str,
    documents: Iterable[tables.Stored],
    ahead: Ahead,
    hints: Mapping[str, Hint],
    tell: Callable[[], None] = lambda: None,
) -> Reread:
    """Read documents anew, in the language that the packs tell by now, and index them; each in one transaction."""
    done = Reread()
    begun: deque[tuple[tables.Stored, Document, Callable[[], Read]]] = deque()

    def settle(left: int) -> None:
        while len(begun) > left:
            stored, document, read = begun.popleft()
            _put(store, words, actor, stored, document, read(), done)
            tell()

    for stored in documents:
        begun.append((stored, *ahead.told(stored.document, hints, stored.locator)))
        settle(ahead.held)
    settle(0)
    return done


def _put(
    store: Store, words: Words, actor: str, stored: tables.Stored, document: Document, read: Read, done: Reread
) -> None:
    reading, why = read
    document = reading.document if reading is not None else document
    with store.transaction():
        if document != stored.document:
            tables.retell(store, stored, document, now(), actor)
        done.changed += tables.put_outcome(store, document.id, read, now(), actor)
        store.index(document.id, words.folded(document.title, document.text))
    done.documents += 1
    if why is not None:
        stands = tables.reading_digest(store, document.id) is not None
        done.partly += stands
        done.unread += not stands
