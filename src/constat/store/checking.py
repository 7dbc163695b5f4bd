"""Whether a casebook still is what its log says: every file, every row, every quote, every link of the chain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import msgspec

from constat.errors import EvidenceError, StoreError
from constat.records import Reading
from constat.store import audit, decisions, tables
from constat.store.anchors import Anchors
from constat.store.evidence import Evidence
from constat.store.protocol import Scalar, Store


class Findings(msgspec.Struct, kw_only=True):
    """What was checked and what is wrong; `anchored` and `entries` say how far the log is anchored."""

    faults: list[str]
    notes: list[str]
    captures: int
    documents: int
    entries: int
    anchored: int


def check(store: Store, evidence: Evidence, anchors: Anchors) -> Findings:
    """Everything, read anew from the disk."""
    faults = [f"database: {line}" for line in store.check()]
    notes: list[str] = []
    parts: tuple[Callable[[], Iterator[str]], ...] = (
        lambda: audit.faults(store),
        lambda: _captures(store, evidence),
        lambda: _documents(store),
        lambda: _decisions(store),
        lambda: _waiting(store),
        lambda: _privacy(store),
    )
    for part in parts:
        try:
            for fault in part():
                faults.append(fault)
        except StoreError as error:
            faults.append(str(error))
        except (ValueError, TypeError, KeyError) as error:  # a row was changed into what no row can be
            faults.append(f"a row holds what does not belong there: {str(error)[:200]}")
    try:
        wrong, anchored = anchors.faults(store)
        faults.extend(wrong)
    except StoreError as error:
        faults.append(str(error))
        anchored = 0
    strays = sum(1 for sha in evidence.all() if not _one(store, "SELECT 1 FROM capture WHERE sha256 = ?", sha))
    if strays:
        notes.append(
            f"{strays} files of evidence without a row, as an interrupt leaves them; adding again takes them in"
        )
    erased = _count(store, "capture WHERE erased IS NOT NULL")
    if erased:
        notes.append(f"{erased} captures were erased; their documents that remain have no evidence any more")
    return Findings(
        faults=faults, notes=notes, captures=_count(store, "capture"), documents=_count(store, "document"),
        entries=_count(store, "audit"), anchored=anchored,
    )  # fmt: skip


def _count(store: Store, what: str) -> int:
    (count,) = next(store.rows(f"SELECT COUNT(*) FROM {what}"))
    return int(count or 0)


def _one(store: Store, query: str, value: str) -> Scalar:
    row = next(store.rows(query, (value,)), None)
    return row[0] if row else None


def _logged(store: Store, subject: str) -> tuple[str | None, dict[str, list[str]]]:
    """The salt of a subject, and its digests in the log by action, oldest first."""
    row = next(store.rows("SELECT token, salt FROM secret WHERE subject = ?", (subject,)), None)
    if row is None:
        return None, {}
    found: dict[str, list[str]] = {}
    for action, digest in store.rows("SELECT action, digest FROM audit WHERE subject = ? ORDER BY seq", (row[0],)):
        found.setdefault(str(action), []).append(str(digest))
    return str(row[1]), found


def _captures(store: Store, evidence: Evidence) -> Iterator[str]:
    for sha256, size, erased in list(store.rows("SELECT sha256, size, erased FROM capture ORDER BY sha256")):
        name = f"capture {str(sha256)[:12]}…"
        if erased:
            if evidence.path(str(sha256)).exists():
                yield f"{name}: was erased on {erased}, and its file is there"
            continue
        if fault := evidence.fault(str(sha256)):
            yield f"{name}: its evidence is {fault}"
        salt, logged = _logged(store, str(sha256))
        if salt is None or logged.get("captured") != [audit.salted(salt, [sha256, size])]:
            yield f"{name}: is not what the log says was captured"
            continue
        columns = "body, id, name, address, captured_at, parent"
        held: Counter[str] = Counter()
        for body, *rest in store.rows(f"SELECT {columns} FROM occurrence WHERE capture = ?", (sha256,)):
            o = tables.decode(body, tables.Occurrence)
            held[audit.salted(salt, [o.logged, rest])] += 1
        if held != Counter(logged.get("seen", [])):
            yield f"{name}: where and when it was seen is not what the log says"
    known = {str(s) for (s,) in store.rows("SELECT sha256 FROM capture")}
    for (capture,) in list(store.rows("SELECT DISTINCT capture FROM occurrence")):
        if capture not in known:
            yield f"capture {str(capture)[:12]}…: was seen, and is gone from the table of captures"
    yield from _gone(store, "captured", "capture", known)


def _documents(store: Store) -> Iterator[str]:
    ids = [str(i) for (i,) in store.rows("SELECT id FROM document ORDER BY id")]
    for number in ids:
        name = f"document {number[:12]}…"
        try:
            stored = next(tables.documents(store, "WHERE id = ?", (number,)))
            reading = tables.get_reading(store, stored.document)
        except StoreError as error:
            yield f"{name}: {error}"
            continue
        salt, logged = _logged(store, number)
        added, told = logged.get("added", []), logged.get("told", [])
        if salt is None or len(added) != 1 or (added + told)[-1] != audit.salted(salt, stored.logged):
            yield f"{name}: is not what the log says was added"
            continue
        places = store.rows("SELECT document, capture, locator FROM appearance WHERE document = ?", (number,))
        if Counter(audit.salted(salt, list(p)) for p in places) != Counter(logged.get("appeared", [])):
            yield f"{name}: where it appeared is not what the log says"
        said = logged.get("read", [])
        other = tables.successor(store, number)
        if logged.get("superseded", [audit.salted(salt, "")])[-1] != audit.salted(salt, other or ""):
            yield f"{name}: what stands in its place is not what the log says"
        if other is not None:
            if reading is not None:
                yield f"{name}: another one stands in its place, and it has a reading"
            continue
        if (reading is None) != (not said):
            yield f"{name}: its reading is {'gone' if said else 'not in the log'}"
        elif reading is not None:
            if said[-1] != audit.salted(salt, tables.digest_of(reading)):
                yield f"{name}: its reading is not what the log says was read"
            yield from _quotes(stored, reading)
    yield from _gone(store, "added", "document", set(ids))
    for table in ("appearance", "reading", "event", "claim"):
        query = f"SELECT DISTINCT document FROM {table} WHERE document NOT IN (SELECT id FROM document)"
        for (stray,) in store.rows(query):
            yield f"document {str(stray)[:12]}…: is not there, and the table `{table}` has a row of it"


def _quotes(stored: tables.Stored, reading: Reading) -> Iterator[str]:
    claims = [c for e in (*reading.events, *reading.denials) for c in e.claims] + list(reading.wording)
    for span in (s for claim in claims for s in claim.spans):
        try:
            span.check(stored.document)
        except EvidenceError as error:
            yield str(error)


def _decisions(store: Store) -> Iterator[str]:
    made = list(decisions.every(store))
    numbers = [seq for (seq,) in store.rows("SELECT seq FROM decision ORDER BY seq")]
    if numbers != list(range(1, len(numbers) + 1)):
        yield "decisions: their order was changed, or some are gone"
    for decided in made:
        salt, logged = _logged(store, decided.id)
        if salt is None or logged.get("decided") != [audit.salted(salt, decisions.logged(decided))]:
            yield f"decision {decided.id[:12]}…: is not what the log says was decided"
    yield from _gone(store, "decided", "decision", {d.id for d in made})


def _waiting(store: Store) -> Iterator[str]:
    """What was set apart and not released must wait still."""
    query = (
        "SELECT s.subject FROM secret s WHERE EXISTS (SELECT 1 FROM audit a WHERE a.subject = s.token "
        "AND a.action = 'quarantined') AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.id = s.subject)"
    )
    for (subject,) in store.rows(query):
        yield f"quarantine {str(subject)[:12]}…: was set apart and is gone without a word in the log"
    for number, capture, locator in list(store.rows("SELECT id, capture, locator FROM quarantine ORDER BY id")):
        salt, logged = _logged(store, str(number))
        if salt is None or logged.get("quarantined", [""])[-1] != audit.salted(salt, [capture, locator]):
            yield f"quarantine {str(number)[:12]}…: is not what the log says was set apart"


def _privacy(store: Store) -> Iterator[str]:
    """Names that are covered, and what was erased and must not come again, are those that the log knows."""
    names = sorted(str(name) for (name,) in store.rows("SELECT name FROM restricted"))
    salt, logged = _logged(store, "restricted")
    noted = sum(int(action.split()[1]) * len(digests) for action, digests in logged.items())  # `restricted 2 names`
    if len(names) != noted:
        yield f"restricted names: {len(names)} are there, and the log says {noted}"
    elif salt is not None:
        query = "SELECT action, digest FROM audit WHERE subject = (SELECT token FROM secret WHERE subject = ?)"
        action, digest = next(store.rows(f"{query} ORDER BY seq DESC LIMIT 1", ("restricted",)))
        # Casebooks from before the names themselves were digested have the number of them there.
        if digest not in (audit.salted(salt, names), audit.salted(salt, int(str(action).split()[1]))):
            yield "restricted names: one of them is not what the log says"
    erased = set(store.rows("SELECT subject, digest FROM audit WHERE action = 'erased'"))
    if erased != set(store.rows("SELECT token, mark FROM erasure")):
        yield "erasures: what was erased, and may not come again, is not what the log says"


def _gone(store: Store, action: str, what: str, held: set[str]) -> Iterator[str]:
    """Subjects of the log that are neither held nor erased."""
    query = (
        "SELECT DISTINCT a.subject, s.subject FROM audit a LEFT JOIN secret s ON s.token = a.subject "
        "WHERE a.action = ? AND a.subject NOT IN (SELECT token FROM erasure)"
    )
    for token, subject in list(store.rows(query, (action,))):
        if subject is None:
            yield f"{what} {str(token)[:12]}…: the log names it, and what it was is gone"
        elif str(subject) not in held:
            yield f"{what} {str(subject)[:12]}…: was {action} and is gone"
