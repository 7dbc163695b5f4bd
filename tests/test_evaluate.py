"""Figures against gold: each worked out by hand on small reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from constat.agreement import agreeing, align, alike, kilometres, likeness, slots
from constat.errors import InputError
from constat.evaluate import Evaluation, gold_reports, readings

BASE: dict[str, Any] = {
    "key": "A",
    "role": "main",
    "type": "Battles",
    "subtype": "Armed clash",
    "date": "2024-03-12",
    "place": "Kassala",
    "country": "SDN",
    "lat": 15.45,
    "lon": 36.4,
    "perpetrator": "rebels",
    "perpetrator_certainty": "stated",
    "target": "army base",
    "weapons": ["drone", "small arms"],
    "killed": {"low": 2, "high": 2},
    "wounded": None,
    "sources": ["the governor", "witnesses"],
    "claimed_by": None,
    "responses": [],
}
OTHER = BASE | {
    "key": "B",
    "role": "background",
    "subtype": "Attack",
    "place": "Gedaref",
    "lat": 14.03,
    "date": "2024-02",
}


def report(*incidents: dict[str, Any], text: str = "An attack in Kassala.") -> dict[str, Any]:
    return {"id": "r", "text": text, "title": None, "incidents": list(incidents)}


def table(gold: dict[str, Any], *read: dict[str, Any], main_only: bool = False) -> dict[str, Any]:
    evaluation = Evaluation(main_only)
    evaluation.add(gold, read)
    return evaluation.table()


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("la base américaine", "Base americaine", True),
        ("base", "champ pétrolier", False),
        ("UNHCR", "United Nations High Commissioner for Refugees", False),
        ("FSF", "Forces de sécurité frontalières", True),
        ("دير الزور", "دير زور", True),
        ("حقل العمر", "بحقل عمر", True),
        ("مدرسة", "مدرسه", True),
        ("", None, False),
        ("one two three four", "one", False),
        ("one two three", "one", True),
    ],
)
def test_names_agree_by_their_words(a: str | None, b: str | None, same: bool) -> None:
    assert alike(a, b) is same
    assert alike(b, a) is same


def test_distance_is_along_the_ground() -> None:
    assert kilometres({"lat": 0, "lon": 0}, {"lat": 0, "lon": 1}) == pytest.approx(111.19, abs=0.01)
    assert kilometres({"lat": 0, "lon": 0}, {"lat": None, "lon": 1}) is None


def test_a_perfect_reading_has_only_ones() -> None:
    figures = table(report(BASE, OTHER), BASE, OTHER)
    scored = [f for f in figures.values() if isinstance(f, dict) and f["gold"]]
    assert all(f["p"] == f["r"] == f["f1"] == 1.0 for f in scored)
    assert figures["ALL SLOTS"]["gold"] == 2 * 14


def test_slots_of_unpaired_events_are_missing_or_spurious() -> None:
    stranger = {"type": "Riots", "subtype": "Mob violence", "country": "FRA", "killed": {"low": 1, "high": 1}}
    figures = table(report(BASE), stranger)
    assert figures["event"] == {"p": 0.0, "r": 0.0, "f1": 0.0, "gold": 1, "read": 1}
    assert (figures["weapons"]["gold"], figures["weapons"]["read"]) == (2, 0)
    assert (figures["type"]["gold"], figures["type"]["read"]) == (1, 1)


def test_sets_and_sources_are_scored_slot_by_slot() -> None:
    read = BASE | {"weapons": ["drone", "mine", "knife"], "sources": ["governor", "governor"]}
    figures = table(report(BASE), read)
    assert (figures["weapons"]["p"], figures["weapons"]["r"]) == (0.333, 0.5)
    assert (figures["sources"]["p"], figures["sources"]["r"]) == (0.5, 0.5)


def test_tolls_are_right_with_both_bounds() -> None:
    assert agreeing(BASE, BASE | {"killed": {"low": 2, "high": None}}, "killed") == 0
    assert agreeing({"killed": {"low": 0, "high": 0}}, {"killed": {"low": 0, "high": 0}}, "killed") == 1
    assert slots({"killed": {"low": 0, "high": 0}}, "killed") == 1


def test_background_events_can_be_left_out_on_both_sides() -> None:
    gold = report(BASE, OTHER)
    assert table(gold, BASE, main_only=True)["event"]["r"] == 1.0
    assert table(gold, BASE)["event"]["r"] == 0.5
    assert table(gold, BASE, OTHER | {"role": "main"}, main_only=True)["event"]["read"] == 1
    stray = {"role": "background", "subtype": "Arrests"}
    assert table(gold, BASE, OTHER, stray, main_only=True)["event"]["p"] == 1.0


def test_a_point_is_not_held_against_a_reading_where_the_coder_knew_none() -> None:
    figures = table(report(BASE | {"lat": None, "lon": None}), BASE)
    assert figures["geo25"] == {"p": 0.0, "r": 0.0, "f1": 0.0, "gold": 0, "read": 0}


def test_each_event_is_paired_once_with_the_likest() -> None:
    assert sorted(align([BASE, OTHER], [OTHER, BASE])) == [(0, 1), (1, 0)]
    assert align([BASE], [BASE, BASE]) == [(0, 1)]
    assert likeness(BASE, BASE) == pytest.approx(1.1)
    assert align([BASE], [{"type": "Riots"}]) == []


def test_quotes_must_stand_and_filled_fields_must_have_one() -> None:
    read = {
        "place": "Kassala",
        "type": "Battles",
        "evidence": {
            "place": [{"part": "text", "start": 13, "end": 20, "quote": "Kassala"}],
            "date": [{"part": "title", "start": 0, "end": 1, "quote": "A"}],
        },
    }
    figures = table(report(BASE), read)
    assert figures["quotes that stand at their offsets"] == "1 of 2"
    assert figures["filled fields with a quote"] == "1 of 2"


def test_joined_tellings_are_scored_where_readings_have_incidents() -> None:
    evaluation = Evaluation()
    for key, incident in (("A", "1"), ("A", "1"), ("A", "2"), ("B", "2")):
        evaluation.add(report(BASE | {"key": key}), [BASE | {"incident": incident}])
    figures: dict[str, Any] = evaluation.table()
    assert figures["same incident (pairs)"] == {"p": 0.5, "r": 0.333, "f1": 0.4, "gold": 3, "read": 2}
    assert figures["same incident (B3)"] == {"p": 0.75, "r": 0.667, "f1": 0.706, "gold": 2, "read": 2}


def test_relevance_unread_reports_and_misses_are_told() -> None:
    evaluation = Evaluation()
    evaluation.add(report(BASE), None)
    evaluation.add(report() | {"id": "s"}, [BASE])
    figures = evaluation.table()
    assert figures["reports without a reading"] == 1
    assert evaluation.misses == [
        "r relevance missed",
        "r event missed: Armed clash | Kassala | 2024-03-12",
        "s relevance false alarm",
        "s event spurious: Armed clash | Kassala | 2024-03-12",
    ]


def test_files_name_the_line_at_fault(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(report(BASE)) + '\n\n{"id": "x"}\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"gold\.jsonl:3: "):
        gold_reports(path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"gold\.jsonl:1: not JSON"):
        readings(path)
    with pytest.raises(InputError, match="cannot be read"):
        readings(tmp_path / "none")
