"""One contract for both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from constat.casebook import Casebook
from constat.documents.reports import Known
from constat.errors import ConflictError, StoreError
from constat.records import Decision, Document, Reading
from constat.settings import Settings
from constat.store import audit
from constat.store.protocol import Store
from constat.store.sqlite import SqliteStore


class Plain:
    """Reads nothing in a report, which is a reading too."""

    def read(self, document: Document) -> Reading:
        return Reading(document=document, events=())


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        made: Store = SqliteStore(tmp_path / "casebook.sqlite", writable=True)
        yield made
        made.close()
        return
    address = request.getfixturevalue("postgres")
    if address is None:
        pytest.skip("NO POSTGRESQL HERE: the contract was checked for SQLite only")
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(address, autocommit=True) as db:
        db.execute("DROP SCHEMA public CASCADE")
        db.execute("CREATE SCHEMA public")
    from constat.store.postgres import PostgresStore

    made = PostgresStore(address, writable=True)
    yield made
    made.close()


def count(store: Store, table: str) -> int:
    (number,) = next(store.rows(f"SELECT COUNT(*) FROM {table}"))
    return int(number or 0)


def test_a_transaction_is_everything_or_nothing(store: Store) -> None:
    with store.transaction():
        store.execute("INSERT INTO meta VALUES (?, ?)", ("a", "1"))
    with pytest.raises(RuntimeError), store.transaction():
        store.execute("INSERT INTO meta VALUES (?, ?)", ("b", "2"))
        raise RuntimeError
    assert [str(n) for (n,) in store.rows("SELECT name FROM meta WHERE name <> 'version' ORDER BY name")] == ["a"]
    with store.transaction():
        store.execute("INSERT INTO meta VALUES (?, ?)", ("c", "3"))


def test_writing_happens_in_one_transaction_at_a_time(store: Store) -> None:
    with pytest.raises(StoreError):
        store.execute("INSERT INTO meta VALUES ('a', '1')")
    with store.transaction(), pytest.raises(StoreError), store.transaction():
        pass


def test_the_log_and_decisions_are_append_only(store: Store) -> None:
    with store.transaction():
        audit.append(store, "2024-01-01T00:00:00Z", "tester", "did", "thing", 1)
    for statement in ("DELETE FROM audit", "UPDATE audit SET actor = 'other'"):
        with pytest.raises(StoreError), store.transaction():
            store.execute(statement)
    assert list(audit.faults(store)) == []


def test_words_are_found_by_alternatives_and_beginnings(store: Store) -> None:
    with store.transaction():
        store.index("one", "attack on the depot")
        store.index("two", "attaque contre le depot d'armes \\ \"")
        store.index("two", "attaque contre le depot")
    assert store.find([["depot"]], 5) == ["one", "two"] or set(store.find([["depot"]], 5)) == {"one", "two"}
    assert store.find([["atta*"], ["contre", "zzz"]], 5) == ["two"]
    assert store.find([["armes"]], 5) == store.find([], 5) == []
    with store.transaction():
        store.unindex("two")
    assert store.find([["contre"]], 5) == []
    store.shred()


def test_of_very_many_that_match_some_are_ranked_and_all_can_be_had(store: Store) -> None:
    with store.transaction():
        for n in range(2_100):
            store.index(f"d{n:04}", "attack on the depot" + " depot" * (n == 2_050))
    found = store.find([["depot"]], 20)
    assert len(found) == 20 and (found[0] == "d2050" or not isinstance(store, SqliteStore))
    assert len(set(store.find([["depot"]], 5_000))) == 2_100


@pytest.fixture
def book(store: Store, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Casebook]:
    address = ""
    if not isinstance(store, SqliteStore):
        address = request.getfixturevalue("postgres")
    store.close()
    with Casebook.init(tmp_path / "book", Settings(store=address, state=tmp_path / "state", actor="tester")) as made:
        yield made


def test_both_stores_hold_the_same(book: Casebook, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for n in range(5):
        (inbox / f"{n}.txt").write_text(f"The patrol was attacked near the town on day {n}, a \x00 and \u202e sign.")
    (inbox / "twin.txt").write_bytes((inbox / "0.txt").read_bytes())
    (inbox / "picture.jpg").write_bytes(b"\xff\xd8\xff" + bytes(100))
    account = book.add([str(inbox)], reader=Plain)
    assert (account.received, account.stored, account.duplicate, account.quarantined) == (7, 5, 1, 1)
    before = {t: count(book.store, t) for t in ("capture", "occurrence", "document", "appearance", "quarantine")}
    digest = book.digest()
    again = book.add([str(inbox)], reader=Plain)
    assert (again.stored, again.duplicate, again.quarantined) == (0, 6, 1)
    assert before == {t: count(book.store, t) for t in before} and book.digest() == digest
    book.anchor()
    findings = book.verify()
    assert findings.faults == [] and findings.anchored == findings.entries
    assert {h.document for h in book.search("PATROL")} == {s.document.id for s in book.documents()}
    assert book.rebuild(Plain()).digest == digest


def test_a_stale_decision_is_refused_and_the_newer_one_told(book: Casebook) -> None:
    first = Decision(kind="positive", subject=("a", "b"), author="Ada", decided_at="2024-01-01T00:00:00Z")
    assert book.decide(first, 0).revision == 1
    other = Decision(kind="negative", subject=("b", "a"), author="Bo", decided_at="2024-01-02T00:00:00Z")
    with pytest.raises(ConflictError, match="positive by Ada"):
        book.decide(other, 0)
    assert book.decide(other, book.revision(other)).revision == 2
    assert [d.decision.author for d in book.decisions()] == ["Ada", "Bo"]
    assert book.verify().faults == []


def test_erasure_leaves_a_valid_log_and_refuses_what_was_erased(book: Casebook, tmp_path: Path) -> None:
    report = tmp_path / "r.txt"
    report.write_text("The witness Amina Testname was wounded in the attack on the town.")
    book.add([str(report)], reader=Plain, known=Known(lang="en"))
    (stored,) = book.documents()
    erased = book.erase(stored.document.id)
    assert len(erased.captures) == 1 and not list(book.documents()) and book.search("Testname") == []
    assert book.verify().faults == []
    again = book.add([str(report)], reader=Plain)
    assert again.quarantined == 1 and book.verify().faults == []
