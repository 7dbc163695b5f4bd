"""Records into the rows of a casebook and back, and what each change writes into the audit log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TypeAlias, TypeVar

import msgspec

from constat.captures import Draft
from constat.errors import StoreError
from constat.records import Claim, Document, EventMention, Reading, Run, content_id
from constat.store import audit
from constat.store.protocol import Store

T = TypeVar("T")
Outcome: TypeAlias = tuple[Reading | None, str | None]  # the reading, or why there is none; both: why not the whole


class Occurrence(msgspec.Struct, frozen=True, kw_only=True):
    """When and where the bytes of a capture were seen, by whom and with what."""

    capture: str
    name: str
    captured_at: str
    collector: str
    tool: str
    address: str | None = None
    final_address: str | None = None
    media_type: str | None = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    parent: str | None = None
    locator: str = ""
    fetched: bool = False  # then each time counts; a file found again in its place is the same occurrence
    said: str | None = None  # what the user said of it, as JSON, empty if nothing; None if that was not noted yet

    @property
    def id(self) -> str:
        """The hash of what makes it one occurrence."""
        when = self.captured_at if self.fetched else None
        said = [self.said] if self.said else []
        return content_id([self.capture, self.name, self.address, when, self.parent, self.locator, *said])

    @property
    def logged(self) -> dict[str, Any]:
        """What the audit log holds a digest of."""
        told: dict[str, Any] = msgspec.to_builtins(self)
        return {name: value for name, value in told.items() if name != "said" or value is not None}


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A document of the casebook: where it was first found, and what it is a newer version of."""

    document: Document
    capture: str
    locator: str
    given: str | None
    chain: str | None
    previous: str | None
    host: str | None
    added_at: str
    unread: str | None = None

    @property
    def logged(self) -> list[Any]:
        """What the audit log holds a digest of."""
        document = msgspec.to_builtins(self.document)
        return [document, self.capture, self.locator, self.given, self.chain, self.previous, self.host, self.added_at]


def encode(value: Any) -> str:
    """A value as JSON text; a lone surrogate, which no database takes, is written as its escape."""
    try:
        return msgspec.json.encode(value, order="sorted").decode().replace("\x7f", "\\u007f")
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(value), sort_keys=True, separators=(",", ":"))


def decode(text: object, kind: type[T]) -> T:
    """A value from its JSON text; raises `StoreError` if the text is not what was written."""
    try:
        return msgspec.json.decode(str(text), type=kind)
    except (msgspec.MsgspecError, UnicodeError):
        pass  # a lone surrogate, which the quick way does not take
    try:
        return msgspec.convert(json.loads(str(text)), kind)
    except (msgspec.MsgspecError, ValueError) as error:
        raise StoreError(f"the database holds what is no {kind.__name__}: {error}") from error


_COLUMNS = "body, capture, locator, given, chain, previous, host, added_at, unread"


def document_id(draft: Draft) -> str:
    """What makes a report one and the same wherever it is found: all that its working copy says."""
    d = draft.document
    return content_id([d.text, d.title, d.publisher, d.published, d.lang, d.url])


def documents(store: Store, where: str = "", values: tuple[str | int, ...] = ()) -> Iterator[Stored]:
    """Documents in the order of their ids, or those of a condition."""
    clause = where or "ORDER BY id"
    for body, *rest in store.rows(f"SELECT {_COLUMNS} FROM document {clause}", values):
        names = ("capture", "locator", "given", "chain", "previous", "host", "added_at", "unread")
        yield Stored(document=decode(body, Document), **dict(zip(names, rest, strict=True)))  # type: ignore[arg-type]


def put_capture(store: Store, sha256: str, size: int, occurrence: Occurrence, actor: str) -> bool:
    """Note bytes and where they were seen; whether that was news."""
    new = store.execute("INSERT INTO capture VALUES (?, ?, NULL) ON CONFLICT DO NOTHING", (sha256, size)) > 0
    if new:
        audit.append(store, occurrence.captured_at, actor, "captured", sha256, [sha256, size])
    o = occurrence
    seen = store.execute(
        "INSERT INTO occurrence VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (o.id, o.capture, o.name, o.address, o.captured_at, o.parent, encode(o)),
    )
    if seen:
        columns = [o.id, o.name, o.address, o.captured_at, o.parent]
        audit.append(store, o.captured_at, actor, "seen", sha256, [o.logged, columns])
    return bool(seen)


def put_document(store: Store, stored: Stored, now: str, actor: str) -> None:
    """A new document, and its place in its capture."""
    s = stored
    store.execute(
        "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            s.document.id,
            s.capture,
            s.locator,
            s.given,
            s.chain,
            s.previous,
            s.host,
            s.added_at,
            encode(s.document),
            s.unread,
        ),
    )
    audit.append(store, now, actor, "added", s.document.id, s.logged)


def retell(store: Store, stored: Stored, document: Document, now: str, actor: str) -> None:
    """What is known of a document by now: its language, what is odd about it; inside a transaction."""
    store.execute("UPDATE document SET body = ? WHERE id = ?", (encode(document), document.id))
    audit.append(store, now, actor, "told", document.id, msgspec.structs.replace(stored, document=document).logged)


def supersede(store: Store, document: str, successor: str, now: str, actor: str) -> None:
    """Note that another document stands in the place of this one, which is kept unread; inside a transaction.

    With no successor it stands in its place again.
    """
    store.execute("DELETE FROM superseded WHERE document = ?", (document,))
    if successor:
        store.execute("INSERT INTO superseded VALUES (?, ?)", (document, successor))
    drop_reading(store, document)
    store.execute("UPDATE document SET unread = NULL WHERE id = ?", (document,))
    store.unindex(document)
    audit.append(store, now, actor, "superseded", document, successor)


def successor(store: Store, document: str) -> str | None:
    """The document that stands in the place of another, None if that one stands there itself."""
    row = next(store.rows("SELECT successor FROM superseded WHERE document = ?", (document,)), None)
    return str(row[0]) if row else None


def newest(store: Store, document: str | None) -> str | None:
    """The document itself, or the last that stands in its place."""
    while document is not None and (other := successor(store, document)) is not None:
        document = other
    return document


def put_appearance(store: Store, document: str, capture: str, locator: str, now: str, actor: str) -> bool:
    """That a document stands at a place of a capture; whether that was news."""
    row = (document, capture, locator)
    new = store.execute("INSERT INTO appearance VALUES (?, ?, ?) ON CONFLICT DO NOTHING", row)
    if new:
        audit.append(store, now, actor, "appeared", document, list(row))
    return bool(new)


def put_reading(store: Store, reading: Reading, now: str, actor: str) -> bool:
    """A reading in place of the one before; whether it differs from that."""
    reading = decode(encode(reading), Reading)  # as it will come back: a whole number for a measure is a decimal one
    document = reading.document.id
    before = reading_digest(store, document)
    if before == digest_of(reading):
        store.execute("UPDATE document SET unread = NULL WHERE id = ? AND unread IS NOT NULL", (document,))
        return False
    drop_reading(store, document)
    run = content_id(reading.run) if reading.run else None
    if reading.run:
        store.execute("INSERT INTO run VALUES (?, ?) ON CONFLICT DO NOTHING", (run, encode(reading.run)))
    store.execute("INSERT INTO reading VALUES (?, ?, ?)", (document, run, encode(reading.wording)))
    number = 0
    for kind, events in (("event", reading.events), ("denial", reading.denials)):
        for event in events:
            bare = msgspec.structs.replace(event, claims=())
            store.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?)", (document, number, event.id, kind, encode(bare)))
            for place, claim in enumerate(event.claims):
                store.execute(
                    "INSERT INTO claim VALUES (?, ?, ?, ?, ?)", (document, number, place, claim.field, encode(claim))
                )
            number += 1
    store.execute("UPDATE document SET unread = NULL WHERE id = ?", (document,))
    audit.append(store, now, actor, "read", document, digest_of(reading))
    return True


def put_outcome(store: Store, document: str, read: Outcome, now: str, actor: str) -> bool:
    """What came of reading a document: its reading, or why there is none or not the whole; whether readings differ.

    Where a model gives no answer now, what it read before stays.
    """
    reading, why = read
    changed = False
    if reading is not None and (why is None or not _by_model(store, document)):
        changed = put_reading(store, reading, now, actor)
    if why is not None:
        store.execute("UPDATE document SET unread = ? WHERE id = ?", (why, document))
    return changed


def _by_model(store: Store, document: str) -> bool:
    """Whether a model had a part in the reading of a document."""
    query = "SELECT body FROM run WHERE id = (SELECT run FROM reading WHERE document = ?)"
    row = next(store.rows(query, (document,)), None)
    return row is not None and decode(row[0], Run).model is not None


def drop_reading(store: Store, document: str) -> None:
    """Take away what was read in a document; the incidents are to learn of it."""
    for table in ("reading", "event", "claim"):
        store.execute(f"DELETE FROM {table} WHERE document = ?", (document,))
    store.execute("INSERT INTO pending VALUES (?) ON CONFLICT DO NOTHING", (document,))


def get_reading(store: Store, document: Document) -> Reading | None:
    """The reading of a document as it was put, or None."""
    row = next(store.rows("SELECT run, wording FROM reading WHERE document = ?", (document.id,)), None)
    if row is None:
        return None
    claims: dict[object, list[Claim]] = {}
    for event, number, field, body in store.rows(
        "SELECT event, number, field, body FROM claim WHERE document = ? ORDER BY event, number", (document.id,)
    ):
        claim, before = decode(body, Claim), claims.setdefault(event, [])
        _agree((number, field), (len(before), claim.field), f"claim {number} of document {document.id[:12]}…")
        before.append(claim)
    events: dict[object, list[EventMention]] = {"event": [], "denial": []}
    rows = store.rows("SELECT number, id, kind, body FROM event WHERE document = ? ORDER BY number", (document.id,))
    for count, (number, id_, kind, body) in enumerate(rows):
        bare = decode(body, EventMention)
        known = (number, id_, kind in events)
        _agree(known, (count, bare.id, True), f"event {number} of document {document.id[:12]}…")
        events[kind].append(msgspec.structs.replace(bare, claims=tuple(claims.pop(number, ()))))
    _agree(tuple(claims), (), f"claims of document {document.id[:12]}… without their event")
    run = next(store.rows("SELECT body FROM run WHERE id = ?", (row[0],)), None)
    _agree((row[0] is None,), (run is None,), f"the run of the reading of document {document.id[:12]}…")
    return Reading(
        document=document,
        events=tuple(events["event"]),
        denials=tuple(events["denial"]),
        wording=decode(row[1], tuple[Claim, ...]),
        run=decode(run[0], Run) if run else None,
    )


def _agree(held: tuple[object, ...], said: tuple[object, ...], what: str) -> None:
    """Columns by which rows are found say the same as the record in the row."""
    if held != said:
        raise StoreError(f"{what}: its columns were changed")


def digest_of(reading: Reading) -> str:
    """One hash over everything that was read in a document, without the document."""
    return content_id([reading.document.id, reading.run, reading.events, reading.denials, reading.wording])


def reading_digest(store: Store, document: str) -> str | None:
    """The same hash from the rows."""
    reading = get_reading(store, Document(id=document, text=""))
    return digest_of(reading) if reading else None
