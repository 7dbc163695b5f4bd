"""Whole reports read: what is told apart, what belongs together, and what is no incident."""

from __future__ import annotations

from typing import Any

import pytest

TWO_SITES = (
    "Selon des sources locales, tôt ce matin, la base américaine du champ pétrolier d'Al-Omar, dans l'est de la Syrie, "
    "a été visée par un missile. Cette attaque contre la base d'Al-Omar survient quelques heures après une précédente "
    "attaque contre la base du champ gazier de Koniko, au nord de Deir Ezzor, au cours de laquelle trois soldats ont "
    "été blessés."
)
CASES: list[tuple[str, str, str | None, dict[str, Any]]] = [
    (
        "fr",
        "Au moins sept civils ont été tués lundi dans l'explosion d'une bombe artisanale près de Gossi, au Mali.",
        "2023-05-03",
        {"country": "MLI", "date": "2023-05-01", "killed": {"low": 7, "high": None}, "weapons": ["IED"]},
    ),
    (
        "en",
        "Gunmen killed twelve people and wounded five others in an attack on a village near Maiduguri, Nigeria, on "
        "Sunday.",
        "2024-02-06",
        {"country": "NGA", "date": "2024-02-04", "killed": {"low": 12, "high": 12}, "wounded": {"low": 5, "high": 5}},
    ),
    (
        "ar",
        "قُتل أربعة جنود وأصيب ستة آخرون في انفجار عبوة ناسفة قرب مدينة درعا جنوبي سوريا، أمس الثلاثاء.",
        "2024-01-10",
        {"country": "SYR", "date": "2024-01-09", "killed": {"low": 4, "high": 4}, "wounded": {"low": 6, "high": 6}},
    ),
]
NOTHING = [
    (
        "fr",
        "Le buteur a mitraillé la cage adverse et crucifié le gardien : le club remporte la finale de la coupe 4-0.",
    ),
    (
        "en",
        "It was a massacre on the pitch: the visitors bombarded the goal from the first minute of the final and shot "
        "the champions down by five goals to nil, and the captain's late strike killed the match.",
    ),
    ("ar", "سجل المهاجم هدفين في المباراة النهائية لكأس الدوري وقصف مرمى الخصم بتسديدات صاروخية."),
]


@pytest.mark.parametrize(("lang", "text", "published", "wanted"), CASES)
def test_an_incident_is_read(read: Any, lang: str, text: str, published: str, wanted: dict[str, Any]) -> None:
    events = read(text, lang, published)["events"]
    assert len(events) == 1
    assert {field: events[0][field] for field in wanted} == wanted


@pytest.mark.parametrize(("lang", "text"), NOTHING)
def test_violent_words_about_something_else_are_no_incident(read: Any, lang: str, text: str) -> None:
    assert read(text, lang)["events"] == []


def test_an_earlier_attack_on_another_site_is_another_incident(read: Any) -> None:
    events = read(TWO_SITES, "fr", "2023-10-27")["events"]
    assert [e["place"].split()[-1] for e in events] == ["d'Al-Omar", "Koniko"]
    assert events[0]["links"][0]["to"] == events[1]["id"]
    assert events[1]["wounded"] == {"low": 3, "high": 3}
    assert events[0]["killed"] is None, "no word of dead is not zero dead"


def test_a_denial_is_recorded_as_a_denial(read: Any) -> None:
    reading = read("L'armée a démenti toute attaque contre le village de Sévaré, au Mali.", "fr")
    assert reading["events"] == []
    assert {c["modality"] for c in reading["denials"][0]["claims"]} == {"denied"}


def test_a_day_without_anchor_stays_unresolved(read: Any) -> None:
    event = read("Une bombe a explosé lundi à Kidal, au Mali, tuant deux soldats.", "fr")["events"][0]
    assert event["date"] is None


def test_every_filled_field_has_a_standing_quote(read: Any) -> None:
    for lang, text, published, _ in CASES:
        for event in read(text, lang, published)["events"]:
            for field in ("type", "date", "place", "target", "killed", "wounded", "weapons", "sources"):
                assert not event[field] or event["evidence"][field], field
            for spans in event["evidence"].values():
                assert all(text[s["start"] : s["end"]] == s["quote"] for s in spans)


def test_a_report_that_is_only_a_headline_is_read(read: Any) -> None:
    reading = read("", "en", "2024-02-06", title="Gunmen kill twelve villagers in attack near Maiduguri, Nigeria")
    assert [e["killed"] for e in reading["events"]] == [{"low": 12, "high": 12}]


@pytest.mark.parametrize(("written", "meant"), [("12/16/2008", "2008-12-16"), ("16/12/2008", "2008-12-16")])
def test_three_numbers_are_the_only_day_that_they_can_be(read: Any, written: str, meant: str) -> None:
    (event,) = read(f"{written}: Gunmen killed four farmers near Maiduguri in northern Nigeria.", "en")["events"]
    assert event["date"] == meant
