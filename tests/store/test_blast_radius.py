"""A place that is nowhere, a reader that fails: each spoils the one report that it is in, and none of 999 others."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from constat.casebook import Casebook
from constat.pipeline import Reader
from constat.records import Document, PlaceValue, Reading
from constat.settings import Settings
from constat.store import incidents, tables

REPORTS, NOWHERE, FAILING = 1_000, 400, 700
TOWNS = ("Gao", "Timbuktu", "Kidal", "Mopti", "Sikasso", "Bamako", "Ansongo", "Koutiala", "Kayes", "Goundam")


MONTHS = ("January", "March", "May", "July", "August", "October")


@lru_cache(maxsize=1)
def reader() -> Reader:
    return Reader.open(Settings())


@lru_cache(maxsize=2 * REPORTS)
def read(document: Document) -> Reading:
    """What was read once is not read again: three casebooks differ in a report each."""
    return reader().read(document)


class Backend:
    """Reads with the packs; where it is said, what it reads with is not there."""

    def __init__(self, failing: str = "") -> None:
        self.failing = failing

    def read(self, document: Document) -> Reading:
        if self.failing and self.failing in document.text:
            raise ConnectionError("the backend is gone")
        return read(document)


def report(number: int, place: str) -> str:
    said = f"On {1 + number % 28} {MONTHS[number // 84 % 6]} 2024 gunmen killed "
    text = f"{said}{2 + number % 40} soldiers in an attack near {place}, Mali, residents said. Report {number}."
    return json.dumps({"text": text, "lang": "en", "published": "2024-12-31", "publisher": f"Example {number % 7}"})


def filled(folder: Path, place: str, failing: str) -> tuple[dict[str, str], dict[str, str | None], Casebook]:
    """The documents by what they say, and the digests of what was read in them."""
    folder.mkdir()
    source = folder / "w.jsonl"
    rows = [report(n, place if n == NOWHERE else TOWNS[n % 10]) for n in range(REPORTS)]
    source.write_text("\n".join(rows), encoding="utf-8")
    book = Casebook.init(folder / "book", Settings(actor="tester", state=folder / "state"))
    account = book.add([str(source)], reader=lambda: Backend(failing))
    assert account.stored == REPORTS and account.unread == bool(failing)
    ids = {d.document.text.rpartition("Report ")[2]: d.document.id for d in book.documents()}
    return ids, {number: tables.reading_digest(book.store, id) for number, id in ids.items()}, book


def test_one_report_is_flagged_and_999_are_as_they_were(tmp_path: Path) -> None:
    _, sound, whole = filled(tmp_path / "whole", "Gao", "")
    ids, found, nowhere = filled(tmp_path / "nowhere", "Xqzvorrum", "")
    changed = [number for number in sound if found[number] != sound[number]]
    assert changed == [f"{NOWHERE}."]
    places = [c.value for e in nowhere.reading(ids[changed[0]]).events for c in e.claims if c.field == "place"]
    assert [p.kind for p in places if isinstance(p, PlaceValue)] == ["not found"]
    ids, found, failing = filled(tmp_path / "failing", "Gao", f"Report {FAILING}.")
    changed = [number for number in sound if found[number] != sound[number]]
    assert changed == [f"{FAILING}."] and found[changed[0]] is None
    flagged = [d for d in failing.documents() if d.unread]
    assert [d.document.id for d in flagged] == [ids[changed[0]]] and "ConnectionError" in (flagged[0].unread or "")
    for book in (nowhere, failing):
        before, after = (set(incidents.digests(b.store).items()) for b in (whole, book))
        assert len(before - after) <= 2, "the incidents of other reports changed"
    assert failing.add([], reader=Backend, retry=True).late == 1
    assert (failing.digest(), incidents.digest(failing.store)) == (whole.digest(), incidents.digest(whole.store))
    for book in (whole, nowhere, failing):
        book.close()
    print(f"\none place that is nowhere, one backend that fails, of {REPORTS:,}: 1 flagged, {REPORTS - 1} as they were")
