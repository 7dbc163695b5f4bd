"""A flood of copies of one attack: one incident, as many voices as there are origins, and the same toll."""

from __future__ import annotations

import random
from pathlib import Path

from made import MadeReader, add, told

from constat.actors import load_register
from constat.casebook import Casebook
from constat.records import Document, Incident, Toll
from constat.resolution.view import incidents
from constat.settings import Settings

ORIGINS, COPIES = 50, 20
STRIKE = told(place="Kassala", lat="15.45", lon="36.4", date="2021-07-11", killed="4", target="market")
LETTERS = {"en": "abcdefghijklm", "fr": "nopqrstuvwxyz", "ar": "ابتثجحخدذرزسش"}


def words(chance: random.Random, lang: str, count: int = 80) -> list[str]:
    return ["".join(chance.choices(LETTERS[lang], k=6)) for _ in range(count)]


def flood(chance: random.Random) -> list[dict[str, str]]:
    """Each origin tells it in its own words; others print that whole, cut, under other titles, or translated."""
    agencies = [a.name for a in load_register().actors if a.kind == "agency" and a.plover == "MED"][:3]
    reports = []
    for n in range(ORIGINS):
        own, credit = words(chance, "en"), agencies[n] if n < len(agencies) else ""
        title = " ".join(own[:5])
        for m in range(COPIES):
            text = own if m % 4 != 1 else own[: chance.randrange(30, 60)]
            lang = "en"
            if credit and m % 4 == 3:  # a translation shows its origin by the credit alone
                lang = chance.choice(("fr", "ar"))
                text = words(chance, lang)
            printed = "\n".join([f"({credit})" if credit else "", STRIKE, " ".join(text)])
            headline = title if m % 4 == 0 else " ".join(words(chance, lang, 5))
            who = f"Origin {n}" if not m else f"Outlet {n} {m}"
            day = "2021-07-12" if not m else "2021-07-13"
            reports.append({"text": printed, "title": headline, "publisher": who, "published": day, "lang": lang})
    return reports


def joined(reports: list[dict[str, str]]) -> Incident:
    reader = MadeReader()
    documents = (Document(id=f"{n:05}", **report) for n, report in enumerate(reports))
    (one,) = incidents((reader.read(document) for document in documents), load_register()).incidents
    return one


def test_a_thousand_copies_are_one_incident_of_fifty_voices_with_the_same_toll() -> None:
    reports = flood(random.Random(8))
    one = joined(reports)
    assert len(one.events) == len(reports) == ORIGINS * COPIES and len(one.voices) == ORIGINS
    killed = one.toll("killed")
    assert killed is not None and (killed.low, killed.best, killed.high) == (4, 4, 4)
    assert [s.value for s in killed.stated] == [Toll(4, 4)] and len(killed.stated[0].voices) == ORIGINS


def test_a_short_text_that_stands_in_many_does_not_make_them_one_voice() -> None:
    reports = flood(random.Random(8))[:100]
    late = {"text": f"{STRIKE}\none more", "publisher": "Late Post", "published": "2021-07-14", "lang": "en"}
    assert len(joined(reports).voices) == 5
    assert len(joined([*reports, late]).voices) in (5, 6)


def test_the_table_holds_the_same_of_a_flood_that_goes_on(tmp_path: Path) -> None:
    reports = flood(random.Random(8))[:90]
    with Casebook.init(tmp_path / "book", Settings(state=tmp_path / "state", actor="Ada")) as book:
        add(book, tmp_path, *reports[:80])
        add(book, tmp_path, *reports[80:])
        (one,) = book.incidents()
        assert len(one.events) == 90 and len(one.voices) == 5
        killed = one.toll("killed")
        assert killed is not None and (killed.low, killed.best, killed.high) == (4, 4, 4)
