"""Whatever is changed behind the casebook's back is found: bits, rows, entries, cut tails, rewritten logs."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest

from constat.casebook import DATABASE, Casebook
from constat.errors import StoreError
from constat.records import Claim, Decision, Document, EventMention, Reading, Span
from constat.settings import Settings
from constat.store import audit

T = TypeVar("T")
FULL = os.environ.get("CONSTAT_FULL") == "1"
EDITS, CAPTURES = (1_000, 1_000) if FULL else (200, 200)


class Finds:
    """Reads the word `attacked` as an event."""

    def read(self, document: Document) -> Reading:
        at = document.text.find("attacked")
        if at < 0:
            return Reading(document=document, events=())
        span = Span("text", at, at + 8, "attacked").check(document)
        claims = (Claim(field="type", value="Battles", spans=(span,)),)
        event = EventMention(id=f"e{at}", document=document.id, role="main", claims=claims, confidence=0.5)
        return Reading(document=document, events=(event,))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for n in range(20):
        (inbox / f"{n}.txt").write_text(f"The patrol was attacked near the town on day {n}.")
    (inbox / "bad.jpg").write_bytes(b"\xff\xd8\xff" + bytes(99))
    made = tmp_path / "book"
    with Casebook.init(made, Settings(actor="tester")) as book:
        book.add([str(inbox)], reader=Finds)
        book.decide(Decision(kind="positive", subject=("a", "b"), author="Ada", decided_at="2024-01-01"), 0)
        book.restrict(["Amina Testname"])
        book.anchor()
        assert book.verify().faults == []
    return made


def faults(folder: Path) -> list[str]:
    try:
        with Casebook.open(folder) as book:
            return book.verify().faults
    except StoreError as error:
        return [str(error)]


def test_twenty_bit_flips_are_found_twenty_times(folder: Path) -> None:
    rng, found = random.Random(3), 0
    files = sorted(p for p in (folder / "evidence").rglob("*") if p.is_file())
    for path in files[:20]:
        data = bytearray(path.read_bytes())
        at, bit = rng.randrange(len(data)), rng.randrange(8)
        data[at] ^= 1 << bit
        path.write_bytes(data)
        (fault,) = faults(folder)
        found += path.parent.name in fault and "changed" in fault
        data[at] ^= 1 << bit
        path.write_bytes(data)
    assert found == 20 and faults(folder) == []


CHANGES = {
    "a text": "UPDATE document SET body = replace(body, 'patrol', 'parade') WHERE id = (SELECT min(id) FROM document)",
    "a place": "UPDATE document SET locator = 'line 9' WHERE id = (SELECT min(id) FROM document)",
    "a document": "DELETE FROM document WHERE id = (SELECT min(id) FROM document)",
    "a document that came from nowhere": "INSERT INTO document SELECT 'f00', capture, locator, given, chain, previous, "
    "host, added_at, body, unread FROM document LIMIT 1",
    "an appearance": "DELETE FROM appearance WHERE rowid = 1",
    "a claim": "UPDATE claim SET body = replace(body, 'Battles', 'Riots') WHERE rowid = 1",
    "a claim less": "DELETE FROM claim WHERE rowid = 1",
    "an event": "UPDATE event SET kind = 'denial' WHERE rowid = 1",
    "a reading": "DELETE FROM reading WHERE rowid = 1",
    "a capture": "DELETE FROM capture WHERE rowid = 1",
    "a size": "UPDATE capture SET size = size + 1 WHERE rowid = 1",
    "a time": "UPDATE occurrence SET body = replace(body, 'captured_at\":\"20', 'captured_at\":\"19') WHERE rowid = 1",
    "an occurrence": "DELETE FROM occurrence WHERE rowid = 1",
    "a quarantine": "DELETE FROM quarantine",
    "a restricted name": "DELETE FROM restricted",
    "a decision": "UPDATE decision SET body = replace(body, 'positive', 'negative')",
    "a decision less": "DELETE FROM decision",
    "an entry": "UPDATE audit SET actor = 'other' WHERE seq = 5",
    "an entry less": "DELETE FROM audit WHERE seq = 5",
    "a cut tail": "DELETE FROM audit WHERE seq > 9",
    "two entries swapped": "UPDATE audit SET seq = CASE seq WHEN 4 THEN -5 WHEN 5 THEN -4 END WHERE seq IN (4, 5)",
    "a token": "UPDATE secret SET token = 'f' WHERE rowid = 3",
    "a salt": "UPDATE secret SET salt = 'ff' || substr(salt, 3) WHERE substr(salt, 1, 2) <> 'ff' AND rowid = 3",
    "a secret": "DELETE FROM secret WHERE rowid = 3",
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_row_is_found(folder: Path, what: str) -> None:
    edit(folder, lambda db: db.execute(CHANGES[what]))
    assert faults(folder), what


def edit(folder: Path, change: Callable[[sqlite3.Connection], T]) -> T:
    """As someone with the file and a tool for it would."""
    db = sqlite3.connect(folder / DATABASE)
    for (name,) in list(db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")):
        db.execute(f"DROP TRIGGER {name}")
    told = change(db)
    db.commit()
    db.close()
    return told


def test_one_bit_in_each_of_many_captures_is_found(tmp_path: Path) -> None:
    """As many faults as files, each by the name of its file."""
    rng, inbox = random.Random(8), tmp_path / "many"
    inbox.mkdir()
    for n in range(CAPTURES):
        (inbox / f"{n}.txt").write_text(f"The patrol was attacked near the town, report {n}.")
    with Casebook.init(tmp_path / "large", Settings(actor="tester")) as book:
        book.add([str(inbox)], reader=Finds)
    files = sorted(p for p in (tmp_path / "large" / "evidence").rglob("*") if p.is_file())
    assert len(files) == CAPTURES
    for path in files:
        data = bytearray(path.read_bytes())
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(data)
    found = faults(tmp_path / "large")
    assert len(found) == CAPTURES and all("its bytes have the digest" in fault for fault in found)


def test_random_edits_are_found(folder: Path, tmp_path: Path) -> None:
    rng, columns = random.Random(5), {}
    kept = (
        *("capture", "occurrence", "document", "appearance", "reading", "event", "claim"),
        *("quarantine", "restricted", "decision", "audit"),
    )
    with sqlite3.connect(folder / DATABASE) as db:
        for table in kept:
            columns[table] = [str(c[1]) for c in db.execute(f"PRAGMA table_info({table})")]
    db.close()
    columns["document"].remove("unread")
    columns["capture"].remove("erased")
    columns["quarantine"] = ["id", "capture", "locator"]
    original, told = (folder / DATABASE).read_bytes(), Counter[str]()
    as_it_was = content(folder)
    while sum(told.values()) < EDITS:
        kind = rng.choice(list(EDITING))
        table = rng.choice(kept if kind != "cut" else ("audit",))
        tampered = edit(folder, lambda db, k=kind, t=table: EDITING[k](db, t, rng.choice(columns[t]), rng))  # type: ignore[misc]
        if content(folder) != as_it_was:  # of two rows that say the same, the numbers may have been changed about
            assert faults(folder), (kind, table, tampered)
            told[kind] += 1
        (folder / DATABASE).write_bytes(original)
    assert faults(folder) == []
    print(f"\n{EDITS} edits, each found: {', '.join(f'{n} {kind}' for kind, n in told.items())}")


def content(folder: Path) -> dict[str, list[str]]:
    """All rows of all tables, in no order of their own."""
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(map(repr, db.execute(f"SELECT * FROM {name}"))) for name in tables}


def changed(db: sqlite3.Connection, table: str, column: str, rng: random.Random) -> str:
    row = some(db, table, rng)
    value = rng.choice((f"x{row}", row * 1_000 + 7))
    db.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, row))
    return f"{column} = {value!r} in row {row}"


def deleted(db: sqlite3.Connection, table: str, column: str, rng: random.Random) -> str:
    row = some(db, table, rng)
    db.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,))
    return f"row {row}"


def inserted(db: sqlite3.Connection, table: str, column: str, rng: random.Random) -> str:
    """A row like another one, under keys of its own."""
    about = list(db.execute(f"PRAGMA table_info({table})"))
    keys = [c[1] for c in about if c[5]]
    changes = [f"{c[1]} || 'x'" if c[2] == "TEXT" and c[1] in keys else
               f"{c[1]} + 1000" if c[1] in keys else c[1] for c in about]  # fmt: skip
    if table == "decision":
        changes[3] = "revision + 1000"
    row = some(db, table, rng)
    db.execute(f"INSERT INTO {table} SELECT {', '.join(changes)} FROM {table} WHERE rowid = ?", (row,))
    return f"as row {row}"


def swapped(db: sqlite3.Connection, table: str, column: str, rng: random.Random) -> str:
    """What two rows say in one column, changed about; where they say the same, a row less."""
    a, b = some(db, table, rng), some(db, table, rng)
    said = [db.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (row,)).fetchone()[0] for row in (a, b)]
    if said[0] == said[1]:
        return deleted(db, table, column, rng)
    for row, value in ((a, None), (b, said[0]), (a, said[1])):
        apart = f"aside{row}" if value is None else value
        db.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (apart, row))
    return f"{column} of {a} and {b}"


def cut(db: sqlite3.Connection, table: str, column: str, rng: random.Random) -> str:
    (last,) = db.execute("SELECT max(seq) FROM audit").fetchone()
    left = rng.randrange(last)
    db.execute("DELETE FROM audit WHERE seq > ?", (left,))
    return f"behind {left}"


EDITING = {"changed": changed, "deleted": deleted, "inserted": inserted, "swapped": swapped, "cut": cut}


def some(db: sqlite3.Connection, table: str, rng: random.Random) -> int:
    return int(rng.choice([row for (row,) in db.execute(f"SELECT rowid FROM {table} ORDER BY rowid")]))


def test_a_log_written_anew_is_found_by_its_anchors(folder: Path, tmp_path: Path) -> None:
    def rewrite(db: sqlite3.Connection) -> None:
        previous = audit.GENESIS
        for row in list(db.execute("SELECT * FROM audit ORDER BY seq")):
            entry = audit.Entry(*row)
            changed = audit.Entry(entry.seq, entry.at, "nobody", *row[3:6], previous, "")
            db.execute(
                "UPDATE audit SET actor = 'nobody', previous = ?, hash = ? WHERE seq = ?",
                (previous, changed.expected, entry.seq),
            )
            previous = changed.expected

    edit(folder, rewrite)
    assert any("written anew" in fault for fault in faults(folder))
    (folder / "anchors.jsonl").unlink()
    assert any("written anew" in fault for fault in faults(folder)), "the copy in the state folder tells"
    shutil.rmtree(tmp_path / "state")
    with Casebook.open(folder) as book:
        findings = book.verify()
        assert findings.faults == [] and findings.anchored == 0, "unanchored, and said to be"
        assert book.verify("5:0123456789").faults


def test_a_forged_anchor_is_found(folder: Path) -> None:
    path = folder / "anchors.jsonl"
    row = json.loads(path.read_text().splitlines()[0])
    path.write_text(json.dumps(row | {"seq": 3}) + "\n")
    assert any("signature" in fault for fault in faults(folder))


def test_a_tail_behind_the_last_anchor_is_reported_as_such(folder: Path) -> None:
    with Casebook.open(folder, writable=True) as book:
        book.restrict(["Bo Testname"])
        findings = book.verify()
    assert findings.faults == [] and findings.entries == findings.anchored + 1
