"""A better extractor takes effect on what was added before: same ids where nothing changes, links where it does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from constat import adding
from constat.captures import Draft, Kept, Refused
from constat.casebook import Casebook
from constat.documents.extract import Context, drafts
from constat.documents.reports import Known
from constat.records import Claim, Document, EventMention, Reading, Span, content_id
from constat.settings import Settings
from constat.store import tables

ADVERT = "Subscribe now. "


class Finds:
    """Reads the word `attacked` as an event."""

    def read(self, document: Document) -> Reading:
        at = document.text.find("attacked")
        span = Span("text", at, at + 8, "attacked").check(document)
        claims = (Claim(field="type", value="Battles", spans=(span,)),)
        number = content_id([document.id, "main", claims])[:16]
        event = EventMention(id=number, document=document.id, role="main", claims=claims, confidence=0.5)
        return Reading(document=document, events=(event,))


class Extractor:
    """Parses in this process; `change` makes of the text of a report what another version would."""

    change: Callable[[str], str] = staticmethod(lambda text: text)

    def drafts(self, kept: Kept, context: Context) -> Iterator[Draft | Refused]:
        for found in drafts(kept, context):
            if isinstance(found, Draft):
                document = found.document
                text = Extractor.change(document.text)
                found = Draft(
                    document=Document(**{f: getattr(document, f) for f in document.__struct_fields__} | {"text": text}),
                    locator=found.locator, given=found.given,
                )  # fmt: skip
            yield found

    def close(self) -> None:
        """There is nothing to end."""


@pytest.fixture(autouse=True)
def extractor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "CaptureReader", Extractor)
    monkeypatch.setattr(Extractor, "change", staticmethod(lambda text: text))


def better(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Extractor, "change", staticmethod(lambda text: text.replace(ADVERT, "")))


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for n in range(3):
        advert = ADVERT if n else ""
        (folder / f"{n}.txt").write_text(f"{advert}The patrol was attacked near the town, as was said on day {n}.")
    lines = (json.dumps({"text": f"{ADVERT * (n == 2)}The camp was attacked on day {n}."}) for n in range(4))
    (folder / "w.jsonl").write_text("\n".join(lines))
    return folder


def made(folder: Path) -> Casebook:
    return Casebook.init(folder, Settings(actor="tester"))


def test_the_same_extractor_changes_nothing(tmp_path: Path, inbox: Path) -> None:
    with made(tmp_path / "book") as book:
        book.add([str(inbox)], reader=Finds, known=Known(publisher="Northern Wire", lang="en"))
        before, entries = book.digest(), book.status().entries
        done = book.rebuild(Finds())
        assert (done.replaced, done.found, done.kept, done.documents, done.changed) == (0, 0, 0, 7, 0)
        assert done.digest == before and book.status().entries == entries
        assert {s.document.publisher for s in book.documents()} == {"Northern Wire"}, "what the user said still holds"


def test_a_better_extractor_gives_what_it_would_have_given_at_once(
    tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with made(tmp_path / "book") as book:
        book.add([str(inbox)], reader=Finds, known=Known(publisher="Northern Wire"))
        old = {s.document.id: s for s in book.documents()}
        better(monkeypatch)
        done = book.rebuild(Finds())
        assert (done.replaced, done.found, done.kept, done.documents) == (3, 0, 0, 7)
        new = {s.document.id: s for s in book.documents()}
        assert len(old.keys() & new.keys()) == 4, "what did not change keeps its id"
        assert book.search("subscribe") == [] and len(book.search("attacked")) == 7
        for gone in old.keys() - new.keys():
            assert ADVERT in book.document(gone).document.text, "kept, and linked to what stands in its place"
            other = tables.newest(book.store, gone)
            assert (
                other in new and new[other].added_at == old[gone].added_at and new[other].capture == old[gone].capture
            )
        incidents = [one.id for one in book.incidents(sort="oldest")]
        assert book.verify().faults == [] and book.status().superseded == 3
        again = book.rebuild(Finds())
        assert (again.replaced, again.changed) == (0, 0) and again.digest == done.digest
    with made(tmp_path / "at-once") as book:
        book.add([str(inbox)], reader=Finds, known=Known(publisher="Northern Wire"))
        assert book.digest() == done.digest and [one.id for one in book.incidents(sort="oldest")] == incidents != []


def test_the_way_back_leads_to_the_first_documents(
    tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with made(tmp_path / "book") as book:
        book.add([str(inbox)], reader=Finds)
        before = book.digest()
        with monkeypatch.context() as patch:
            better(patch)
            assert book.rebuild(Finds()).digest != before
        done = book.rebuild(Finds())
        assert done.replaced == 3 and done.digest == before and book.verify().faults == []


def test_decisions_follow_the_words_into_the_new_text(
    tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with made(tmp_path / "book") as book:
        book.add([str(inbox / "1.txt")], reader=Finds)
        (one,) = book.incidents()
        book.judge("reject", one, reason="a drill")
        better(monkeypatch)
        assert book.rebuild(Finds()).replaced == 1
        (other,) = book.incidents()
        assert other.events != one.events and other.status == "rejected"
        assert book.verify().faults == []


def test_what_cannot_be_read_again_stays(tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(text: str) -> str:
        if "day 0" in text:
            from constat.errors import InputError

            raise InputError("x", None, "cannot be read")
        return text

    with made(tmp_path / "book") as book:
        book.add([str(inbox / "0.txt"), str(inbox / "1.txt")], reader=Finds)
        before = book.digest()
        monkeypatch.setattr(Extractor, "change", staticmethod(fails))
        done = book.rebuild(Finds())
        assert (done.kept, done.replaced, done.digest) == (1, 0, before)
        assert book.status().quarantined == 0 and book.verify().faults == []


def test_erasing_takes_every_form_of_a_report(tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (inbox / "n.txt").write_text(f"{ADVERT}The witness Amina Testname saw how the town was attacked.")
    with made(tmp_path / "book") as book:
        book.add([str(inbox)], reader=Finds)
        better(monkeypatch)
        book.rebuild(Finds())
        (hit,) = book.search("testname")
        book.erase(hit.document)
        assert book.verify().faults == []
        left = b"".join(p.read_bytes() for p in (tmp_path / "book").rglob("*") if p.is_file()).lower()
    assert b"testname" not in left and b"patrol" in left
