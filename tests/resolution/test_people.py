"""People whose age a report gives tell its incident from others of its town."""

from __future__ import annotations

import pytest
from by_hand import DAY, telling

from constat.resolution.resolve import resolve
from constat.resolution.scores import reasons, shipped
from constat.resolution.shingles import people

FIRST = "Osman Kerrar, 27, and his neighbour were hit near the bridge of Kassala, said Colonel Idris Bakhit."
LATER = "A court heard a man over the death of Kerrar. Friends remembered Osman Kerrar as a gentle man."
OTHER = "Two brothers, Hamid Tahir (31) and Adam O. Tahir (19), died near the bridge, said Colonel Idris Bakhit."
IN_COMMON = "a person named with an age in common"
OTHERS = "other people named with their ages"


@pytest.mark.parametrize(
    "text",
    [
        "Hamid Tahir, 31, died.",
        "Hamid Tahir (31) died.",
        "They buried 31-year-old Hamid Tahir.",
        "Hamid al-Tahir's brother and Hamid Tahir Jr., 31, died.",
        "Hamid Tahir, 31 ans, est mort.",
    ],
)
def test_a_name_with_an_age_is_a_person(text: str) -> None:
    aged, named = people(text)
    assert aged == people("Hamid Tahir, 31")[0] and len(aged) == 1 and set(aged) <= set(named)


@pytest.mark.parametrize(
    "text",
    ["Colonel Idris Bakhit spoke.", "At Port Sudan, 10:30 was too late.", "Near Port Sudan, 12,000 fled.", "حامد، 31"],
)
def test_officials_hours_and_crowds_are_not(text: str) -> None:
    assert people(text)[0] == ()


def test_a_person_speaks_for_one_incident_and_other_people_against_it() -> None:
    a, b, c = (
        telling(n, text=text, first=None, last=None) for n, text in zip("abc", (FIRST, LATER, OTHER), strict=True)
    )
    assert IN_COMMON in list(reasons(a, b)) and OTHERS not in list(reasons(a, b))
    assert OTHERS in list(reasons(a, c)) and not {IN_COMMON, OTHERS} & set(reasons(b, c))
    weights = shipped().weights
    assert weights[IN_COMMON] > 0 > weights[OTHERS]


def test_undated_reports_of_one_person_are_one_incident_though_months_lie_between() -> None:
    dates = {"first": None, "last": None, "killed": (1, 1)}
    a, b = telling("a", text=FIRST, published=DAY, **dates), telling("b", text=LATER, published=DAY + 40, **dates)
    assert resolve([a, b]).groups == (("a", "b"),)
    c = telling("c", text=OTHER, published=DAY + 40, **dates)
    assert resolve([a, c]).groups == (("a",), ("c",))
