"""Wire copies are one voice; ties between incidents; the whole view."""

from __future__ import annotations

import msgspec
from by_hand import day, place, told, toll

from constat.actors import load_register
from constat.records import Document, Incident, Link, Reading
from constat.resolution.fuse import fuse
from constat.resolution.grades import source_grades
from constat.resolution.links import series_of, ties
from constat.resolution.origins import credits, origin, voices
from constat.resolution.view import incidents

LONG = (
    "Shells fell on the market of Kassala on Sunday morning while traders were setting up their stalls, killing four "
    "people and wounding eleven, a hospital doctor said. Ambulances took the wounded to the teaching hospital and the "
    "army closed the road to the bridge. Nobody has claimed the shelling, the third in town since the month began."
)
OTHER = (
    "Four dead in Kassala: the shelling of the market, which struck at dawn, was heard across the river. Residents "
    "spoke of two explosions, and of a panic in the streets where women were buying vegetables for the feast."
)
CREDIT = credits(load_register())


def report(id: str, text: str, publisher: str | None) -> Document:
    return Document(id=id, text=text, publisher=publisher, published="2021-07-12")


def test_copies_cut_and_retitled_are_one_voice_and_others_are_not() -> None:
    texts = [
        ("a", LONG, "Outlet 1"),
        ("b", LONG[: len(LONG) * 2 // 3], "Outlet 2"),
        ("c", "UPDATE " + LONG, "Outlet 3"),
    ]
    found = voices(origin(report(*row), (), CREDIT) for row in [*texts, ("d", OTHER, "Outlet 4")])
    assert [v.documents for v in found] == [("a", "b", "c"), ("d",)]


def test_a_credited_agency_is_the_voice_in_any_language() -> None:
    texts = ["KASSALA (AFP) - " + LONG, "Des obus sont tombés sur le marché de Kassala, rapporte l'AFP.", OTHER]
    found = voices(origin(report(f"r{n}", text, f"Outlet {n}"), (), CREDIT) for n, text in enumerate(texts))
    assert [(v.kind, len(v.documents)) for v in found] == [("agency", 2), ("outlet", 1)]
    assert found[0].name == "Agence France-Presse"


def test_users_grade_their_sources(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "sources.toml"
    path.write_text('"Outlet 1" = "B"\n', encoding="utf-8")
    (voice,) = voices([origin(report("a", LONG, "outlet 1"), (), CREDIT)], source_grades(path))
    assert voice.grade == "B"


def incident(name: str, date: str, lat: float = 15.45, **fields: object) -> Incident:
    where = place(f"Base {name}", lat, 36.4, 1.0, 1)
    return fuse([told(name, date, date=day(date), place=where, type="Battles", target="army base", **fields)])


def test_series_have_intervals_and_one_site_is_seen() -> None:
    run = [incident(f"n{n}", f"2021-07-{n:02}", 15.45 + n / 10) for n in (3, 10, 14)]
    again = incident("x", "2021-09-20", 15.75)
    (series,) = series_of([*run, again])
    assert series.incidents == tuple(i.id for i in run) and series.intervals == (7, 4)
    tied = ties([*run, again], [])
    assert {(t.kind, t.days) for t in tied[run[1].id]} == {("same series", -7), ("same series", 4)}
    assert [(t.kind, t.days) for t in tied[again.id]] == [("same site", -79)]


def test_what_one_report_tells_together_is_linked_and_answered() -> None:
    first = told(
        "A", date=day("2021-07-11"), perpetrator="Red Brigade", target="Blue Front", place=place("X", 1, 1, 1, 1)
    )
    later = told(
        "A", date=day("2021-07-12"), perpetrator="Blue Front", target="Red Brigade", place=place("Y", 2, 2, 1, 1)
    )
    linked = msgspec.structs.replace(later.event, links=(Link(first.event.id, "earlier incident"),))
    one, two = fuse([first]), fuse([msgspec.structs.replace(later, event=linked)])
    kinds = {t.kind for t in ties([one, two], [first.event, linked])[two.id]}
    assert kinds == {"told together", "hours after", "retaliation"}


def test_a_thousand_copies_are_one_incident_of_one_voice_with_the_same_toll() -> None:
    one = told(
        "A", killed=toll(4, 4), wounded=toll(11, 11), date=day("2021-07-11"), place=place("Kassala", 15.4, 36.4, 5, 1)
    )
    readings = []
    for n in range(1000):
        document = Document(id=f"copy {n:04}", text=LONG[: len(LONG) - n % 100], publisher=f"Outlet {n}", lang="en")
        event = msgspec.structs.replace(one.event, id=f"event {n:04}", document=document.id)
        readings.append(Reading(document=document, events=(event,)))
    (found,) = incidents(readings, load_register()).incidents
    counted = found.toll("killed")
    assert len(found.events) == 1000 and len(found.voices) == 1 and found.information == 3
    assert counted is not None and (counted.low, counted.best, counted.high) == (4, 4, 4)
    assert incidents(reversed(readings), load_register()).incidents == (found,)
