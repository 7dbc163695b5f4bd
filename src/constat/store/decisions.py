"""Decisions of people: append-only; each names the revision it was made on, and a stale one is refused."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from constat.errors import ConflictError, StoreError, UsageError
from constat.records import Decision, content_id
from constat.store import audit
from constat.store.protocol import Store
from constat.store.tables import decode, encode


class Decided(msgspec.Struct, frozen=True):
    """A decision with its id and its revision of the subject, from 1."""

    id: str
    revision: int
    decision: Decision


def subject_of(decision: Decision) -> str:
    """What a decision is about: the pair or the one record, and the field if it sets a value."""
    return encode([sorted(decision.subject), decision.field])


def revision(store: Store, subject: str) -> int:
    """How many decisions there are about a subject."""
    (count,) = next(store.rows("SELECT COALESCE(MAX(revision), 0) FROM decision WHERE subject = ?", (subject,)))
    return int(count or 0)


def put(store: Store, decision: Decision, made_on: int) -> Decided:
    """Write a decision down, inside a transaction; raises `ConflictError` if another one came before it."""
    subject = subject_of(decision)
    last = revision(store, subject)
    if last != made_on:
        newest = list(every(store, subject))[-1].decision if last else None
        by = f": {newest.kind} by {newest.author} on {newest.decided_at}" if newest else ""
        raise ConflictError(f"this decision was made on revision {made_on}, and {last} is the last{by}; look again")
    made = Decided(content_id([decision, last + 1]), last + 1, decision)
    (seq,) = next(store.rows("SELECT COALESCE(MAX(seq), 0) + 1 FROM decision"))
    store.execute(
        "INSERT INTO decision VALUES (?, ?, ?, ?, ?)", (seq, made.id, subject, made.revision, encode(decision))
    )
    audit.append(store, decision.decided_at, decision.author, "decided", made.id, logged(made))
    return made


def logged(made: Decided) -> list[object]:
    """What the audit log holds a digest of."""
    return [made.id, made.revision, msgspec.to_builtins(made.decision)]


def newest(store: Store) -> Decided | None:
    """The last decision of all."""
    return next(_decided(store, "ORDER BY seq DESC LIMIT 1", ()), None)


def beginning_with(store: Store, beginning: str) -> Decision:
    """The decision whose id begins so, its own or that of its row; raises `UsageError`."""
    if len(beginning) < 4:
        raise UsageError("four or more signs of a decision's id are wanted, as `show` prints it")
    found = {
        d.id: d.decision for d in every(store) if d.id.startswith(beginning) or d.decision.id.startswith(beginning)
    }
    if len(found) != 1:
        raise UsageError(f"{beginning}: {'several decisions begin' if found else 'no decision begins'} so")
    return next(iter(found.values()))


def every(store: Store, subject: str | None = None) -> Iterator[Decided]:
    """All decisions in the order they were made, or those about one subject."""
    where, values = ("WHERE subject = ?", (subject,)) if subject is not None else ("", ())
    yield from _decided(store, f"{where} ORDER BY seq", values)


def _decided(store: Store, which: str, values: tuple[str, ...]) -> Iterator[Decided]:
    for id_, held, number, body in store.rows(f"SELECT id, subject, revision, body FROM decision {which}", values):
        decision = decode(body, Decision)
        if held != subject_of(decision):
            raise StoreError(f"decision {str(id_)[:12]}…: its columns were changed")
        yield Decided(str(id_), int(number or 0), decision)


def about(store: Store, events: list[str]) -> Iterator[Decided]:
    """The decisions that name one of these events as subject or in their footing, in the order they were made."""
    events = events[:500]  # a database takes so many values at least
    if not events:
        return
    asked = f"body LIKE {' OR body LIKE '.join('?' * len(events))}"
    rows = store.rows(
        f"SELECT id, revision, body FROM decision WHERE {asked} ORDER BY seq", tuple(f'%"{e}"%' for e in events)
    )
    for id_, number, body in rows:
        yield Decided(str(id_), int(number or 0), decode(body, Decision))
