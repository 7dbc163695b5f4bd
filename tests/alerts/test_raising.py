"""Each news is raised once, whatever happens to the incident: reports join, people decide, packs change, words go."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import msgspec
import pytest
from looking import ALL, GEDAREF, KASSALA, kinds, look, report
from made import MadeReader

from constat.alerts.raising import Look
from constat.casebook import Casebook
from constat.records import Document, Reading, content_id
from constat.settings import Settings
from constat.store.alert_state import FILE, AlertState
from constat.watching import Watch


def test_what_is_there_before_a_watch_is_no_news_unless_it_is_asked_for(book: Casebook, tmp_path: Path) -> None:
    report(book, tmp_path, "Morning", killed=2, **KASSALA)
    with AlertState(book.folder) as state, state.transaction(keep=False):
        assert kinds(list(Look(book, state, ALL, "2024-05-03T10:00:00Z", everything=True).run().alerts)) == ["new"]
    assert look(book) == []
    report(book, tmp_path, "Evening", killed=3, **GEDAREF)
    (alert,) = look(book)
    assert (alert.kind, alert.standing.place, alert.number) == ("new", "Gedaref", 1)
    assert look(book) == []


def test_a_wider_watch_does_not_raise_what_it_could_have_raised_before(book: Casebook, tmp_path: Path) -> None:
    look(book, Watch(name="w", near="15.45,36.4", km=20))
    report(book, tmp_path, "Morning", killed=2, **GEDAREF)
    assert look(book, Watch(name="w", near="15.45,36.4", km=20)) == []
    assert look(book, Watch(name="w")) == []
    report(book, tmp_path, "Evening", killed=4, **GEDAREF)
    (alert,) = look(book, Watch(name="w"))
    assert alert.kind == "update" and {c.field for c in alert.changes} >= {"killed"}


def test_an_update_says_what_changed_in_the_thread_of_the_first(book: Casebook, tmp_path: Path) -> None:
    look(book)
    report(book, tmp_path, "Morning", killed=2, **KASSALA)
    (first,) = look(book)
    report(book, tmp_path, "Evening", killed=5, **KASSALA)
    (second,) = look(book)
    assert (second.kind, second.thread, second.number) == ("update", first.thread, 2)
    assert second.earlier == (first.id,) and second.id != first.id and second.incident != first.incident
    changed = {c.field: c for c in second.changes}
    assert changed["killed"].after.high == 5 and changed["voices"].after == ("Evening", "Morning")
    assert {r.publisher for r in second.reports} == {"Morning", "Evening"}
    assert "5" in second.text() and look(book) == []


def test_another_copy_of_the_same_text_is_no_news(book: Casebook, tmp_path: Path) -> None:
    look(book)
    words = " ".join(f"word{n}" for n in range(120))
    report(book, tmp_path, "Morning", words=words, killed=2, **KASSALA)
    look(book)
    report(book, tmp_path, "Morning", words=words + " again", killed=2, **KASSALA)
    assert book.count_incidents() == 1 and book.status().documents == 2
    assert look(book) == []


def test_merging_ends_one_thread_and_splitting_begins_one(book: Casebook, tmp_path: Path) -> None:
    look(book)
    report(book, tmp_path, "Morning", killed=2, **KASSALA)
    report(book, tmp_path, "Evening", killed=9, **GEDAREF)
    first = look(book)
    assert kinds(first) == ["new", "new"]
    book.judge("merge", [a.incident for a in first])
    merged = look(book)
    assert sorted(kinds(merged)) == ["merged", "update"]
    (ended,), (going,) = ([a for a in merged if a.kind == kind] for kind in ("merged", "update"))
    assert ended.into == going.thread and look(book) == []
    (one,) = book.incidents()
    book.judge("split", one.id, events=[one.events[0]])
    split = look(book)
    assert {a.thread for a in split} == {ended.thread, going.thread} and set(kinds(split)) == {"update"}
    assert look(book) == []


def test_a_new_reading_of_everything_raises_nothing_twice(book: Casebook, tmp_path: Path) -> None:
    class Surer(MadeReader):
        """Finds the same with other ids, as after a change of the packs."""

        def read(self, document: Document) -> Reading:
            found = super().read(document)
            again = [msgspec.structs.replace(e, id=content_id([e.id, "anew"])[:16], links=()) for e in found.events]
            return msgspec.structs.replace(found, events=tuple(again))

    look(book)
    report(book, tmp_path, "Morning", killed=2, **KASSALA)
    report(book, tmp_path, "Evening", killed=3, **GEDAREF)
    before = {a.standing.place: a.thread for a in look(book)}
    events = {e for one in book.incidents() for e in one.events}
    book.rebuild(Surer())
    assert not events & {e for one in book.incidents() for e in one.events}
    assert look(book) == []
    report(book, tmp_path, "Night", killed=7, **KASSALA)
    (alert,) = look(book)
    assert (alert.kind, alert.thread) == ("update", before["Kassala"])


def test_rejecting_is_told_and_what_meets_the_watch_no_more_is_withdrawn(book: Casebook, tmp_path: Path) -> None:
    deadly = Watch(name="deadly", min_killed=5)
    look(book, deadly)
    report(book, tmp_path, "Morning", killed=6, **KASSALA)
    (first,) = look(book, deadly)
    book.judge("reject", first.incident, reason="of another year")
    (told,) = look(book, deadly)
    assert told.kind == "update" and [(c.field, c.after) for c in told.changes] == [("status", "rejected")]
    book.judge("value", first.incident, field="killed", value="1")
    (gone,) = look(book, deadly)
    assert (gone.kind, gone.why, gone.thread) == ("withdrawn", "outside", first.thread)
    assert look(book, deadly) == []
    book.judge("value", first.incident, field="killed", value="8")
    (back,) = look(book, deadly)
    assert (back.kind, back.number) == ("update", 4)


def test_what_was_rejected_before_it_was_seen_is_never_raised(book: Casebook, tmp_path: Path) -> None:
    look(book)
    report(book, tmp_path, "Morning", killed=6, **KASSALA)
    (one,) = book.incidents()
    book.judge("reject", one.id)
    assert look(book) == []


def test_an_area_and_words_and_actors_are_asked_for(book: Casebook, tmp_path: Path) -> None:
    east = Watch(name="east", area=((14.5, 35.5), (14.5, 37.5), (16.5, 37.5), (16.5, 35.5)))
    words = Watch(name="words", text="bridge", actor="Eastern Front")
    for watch in (east, words):
        look(book, watch)
    report(book, tmp_path, "Morning", killed=6, perpetrator="Eastern Front", **GEDAREF)
    report(book, tmp_path, "Evening", words="Near the bridge.", killed=2, perpetrator="Eastern Front", **KASSALA)
    assert [a.standing.place for a in look(book, east)] == ["Kassala"]
    assert [a.standing.place for a in look(book, words)] == ["Kassala"]


def test_restricted_names_are_covered(book: Casebook, tmp_path: Path) -> None:
    look(book)
    book.restrict(["Amna Idris"])
    report(book, tmp_path, "Morning", killed=1, target="house of Amna Idris", **KASSALA)
    (alert,) = look(book)
    assert "Amna" not in alert.text() and "house of" in alert.text()
    assert b"Amna" not in (book.folder / FILE).read_bytes()


def test_erasing_takes_the_words_out_and_withdraws(book: Casebook, tmp_path: Path) -> None:
    look(book)
    report(book, tmp_path, "Morning", killed=1, target="the Zahra workshop", **KASSALA)
    look(book)
    assert b"Zahra" in (book.folder / FILE).read_bytes()
    (document,) = (s.document.id for s in book.documents())
    book.erase(document)
    assert b"Zahra" not in (book.folder / FILE).read_bytes()
    (alert,) = look(book)
    assert (alert.kind, alert.why) == ("withdrawn", "gone")
    with sqlite3.connect(book.folder / FILE) as db:
        (document_known,) = db.execute("SELECT COUNT(*) FROM member WHERE document = ?", (document,)).fetchone()
    db.close()
    assert document_known == 0


@pytest.mark.parametrize("seed", range(3))
def test_however_reports_come_in_there_is_one_open_thread_an_incident(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    reports = [
        {"killed": chance.choice([1, 2, 2, 3]), **place, "date": f"2024-03-0{day}"}
        for place in (KASSALA, GEDAREF)
        for day in (3, 9)
        for _ in range(chance.randint(1, 3))
    ]
    chance.shuffle(reports)
    raised = []
    with Casebook.init(tmp_path / "book", Settings(state=tmp_path / "state", actor="Ada")) as book:
        look(book)
        for number, said in enumerate(reports):
            report(book, tmp_path, f"Outlet {number}", **said)
            if chance.random() < 0.6:
                raised += look(book)
        raised += look(book)
        assert look(book) == []
        assert len({a.id for a in raised}) == len(raised)
        alive: dict[str, str] = {}
        for alert in raised:
            alive[alert.thread] = alert.kind
        going = [thread for thread, kind in alive.items() if kind in ("new", "update")]
        assert len(going) == book.count_incidents()
        assert all(a.number == 1 + sum(b.thread == a.thread for b in raised[:n]) for n, a in enumerate(raised))
