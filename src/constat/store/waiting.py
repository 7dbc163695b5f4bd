"""Quarantine: what could not be taken in waits with its reason until it is tried again with success."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from constat.records import content_id
from constat.store import audit
from constat.store.protocol import Store


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One item in quarantine. `capture` is kept evidence, None if not even bytes came; `known` what the user said."""

    capture: str | None
    source: str
    name: str
    locator: str
    cause: str
    since: str
    tries: int = 1
    known: str = "{}"

    @property
    def id(self) -> str:
        """The hash of what and where it is."""
        return waiting_id(self.capture, self.name, self.locator)


def waiting_id(capture: str | None, name: str, locator: str) -> str:
    """The id of a place in evidence, or of a source that gave none."""
    return content_id([capture or name, locator])


def put(store: Store, item: Waiting, actor: str) -> None:
    """Set an item apart, or note that it failed once more."""
    i = item
    again = store.execute(
        "UPDATE quarantine SET tries = tries + 1, cause = ?, known = ? WHERE id = ?", (i.cause, i.known, i.id)
    )
    if not again:
        row = (i.id, i.capture, i.source, i.name, i.locator, i.cause, i.since, i.tries, i.known)
        store.execute("INSERT INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        audit.append(store, i.since, actor, "quarantined", i.id, [i.capture, i.locator])


def release(store: Store, item: str, now: str, actor: str) -> bool:
    """Take an item out of quarantine, because it was taken in; whether it was there."""
    gone = store.execute("DELETE FROM quarantine WHERE id = ?", (item,)) > 0
    if gone:
        audit.append(store, now, actor, "released", item, [item])
        store.execute("DELETE FROM secret WHERE subject = ?", (item,))
    return gone


def inside(store: Store, capture: str) -> list[str]:
    """Ids of what waits in a capture, and of the capture if it waits itself."""
    return [str(number) for (number,) in store.rows("SELECT id FROM quarantine WHERE capture = ?", (capture,))]


def every(store: Store) -> Iterator[Waiting]:
    """What waits, in the order in which it came."""
    columns = "capture, source, name, locator, cause, since, tries, known"
    for row in store.rows(f"SELECT {columns} FROM quarantine ORDER BY since, id"):
        yield Waiting(**dict(zip(columns.split(", "), row, strict=True)))  # type: ignore[arg-type]
