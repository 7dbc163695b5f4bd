"""Many tellings to one incident: tolls, places, dates, voices and grades."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from by_hand import day, place, told, toll

from constat.records import UNATTRIBUTED, Attribution, Claim, Decision, PlaceValue, Span, Toll
from constat.resolution.fuse import fuse
from constat.resolution.stated import Telling as Told


def test_a_later_report_moves_the_toll_and_leaves_the_trail() -> None:
    reports = [
        told("The Wire", "2021-07-12", killed=toll(5, 5)),
        told("Le Relais", "2021-07-12", killed=toll(5, 5)),
        told("Sada", "2021-07-13", killed=toll(9, 9)),
    ]
    found = fuse(reports).toll("killed")
    assert found is not None and (found.low, found.best, found.high) == (5, 9, 9)
    assert "raised on 2021-07-13" in found.why
    assert {(e.value.low, e.voices) for e in found.stated if isinstance(e.value, Toll)} == {
        (9, ("Sada",)),
        (5, ("Le Relais", "The Wire")),
    }


def test_a_retraction_by_the_same_voice_takes_its_figure_back() -> None:
    reports = [told("The Wire", "2021-07-12", killed=toll(9, 9)), told("The Wire", "2021-07-14", killed=toll(4, 4))]
    found = fuse(reports).toll("killed")
    assert found is not None and (found.low, found.best, found.high) == (4, 4, 4) and len(found.stated) == 2


def test_a_later_lower_figure_alone_moves_nothing() -> None:
    reports = [told(name, "2021-07-12", killed=toll(9, 9)) for name in ("A", "B", "C")]
    found = fuse([*reports, told("D", "2021-07-13", killed=toll(2, 2))]).toll("killed")
    assert found is not None and (found.low, found.best, found.high) == (2, 9, 9)


def test_the_better_source_decides() -> None:
    found = fuse([told("A", grade="B", killed=toll(3, 3)), told("B", killed=toll(8, 8)), told("C", killed=toll(8, 8))])
    counted = found.toll("killed")
    assert counted is not None and (counted.low, counted.best, counted.high) == (3, 3, 8)
    assert "of grade B" in counted.why


def test_at_least_is_bounded_only_by_more() -> None:
    one = fuse([told("A", killed=toll(5)), told("B", killed=toll(9, 9))]).toll("killed")
    other = fuse([told("A", killed=toll(9)), told("B", killed=toll(5, 5))]).toll("killed")
    assert one is not None and (one.low, one.best, one.high) == (5, 9, 9)
    assert other is not None and other.high is None
    unknown = fuse([told("A", killed=toll(1))]).toll("killed")
    assert unknown is not None and (unknown.low, unknown.best, unknown.high) == (1, None, None)


def with_zero(zero_by: str, rank: Any) -> list[Told]:
    """A report of one or more dead beside which it says "no further deaths", or somebody else that nobody died."""
    report = told("A", killed=toll(1))
    some = msgspec.structs.replace(report.event.claims[0], rank="rival" if rank == "preferred" else "preferred")
    span = Span("text", 5, 6, "x")
    zero = Claim(field="killed", value=toll(0, 0), spans=(span,), rank=rank, attribution=(Attribution(source=zero_by),))
    return [msgspec.structs.replace(report, event=msgspec.structs.replace(report.event, claims=(some, zero)))]


@pytest.mark.parametrize("rank", ["preferred", "rival"])
@pytest.mark.parametrize("zero_by", [UNATTRIBUTED.source, "army"])
def test_no_further_deaths_is_no_count_of_the_dead(zero_by: str, rank: str) -> None:
    found = fuse(with_zero(zero_by, rank)).toll("killed")
    assert found is not None and (found.low, found.best, found.high) == (1, None, None)
    assert "at least 1" in found.why


@pytest.mark.parametrize(("zero_by", "low"), [(UNATTRIBUTED.source, 5), ("army", 0)])
def test_a_zero_of_another_source_denies_a_number_and_one_of_the_same_is_of_others(zero_by: str, low: int) -> None:
    report = told("A", killed=toll(5, 5))
    by = Attribution(source=zero_by, span=Span("text", 7, 8, "x"))
    zero = Claim(field="killed", value=toll(0, 0), spans=(Span("text", 5, 6, "x"),), attribution=(by,))
    event = msgspec.structs.replace(report.event, claims=(*report.event.claims, zero))
    found = fuse([msgspec.structs.replace(report, event=event)]).toll("killed")
    assert found is not None and (found.low, found.best, found.high) == (low, 5, 5)


def test_dead_without_a_number_outweigh_a_zero_of_as_many_voices() -> None:
    none, some = told("A", killed=toll(0, 0)), told("B", killed=toll(1))
    found = fuse([none, some]).toll("killed")
    assert found is not None and (found.low, found.best, found.high) == (1, None, None) and len(found.stated) == 2
    more = fuse([none, told("C", killed=toll(0, 0)), some]).toll("killed")
    assert more is not None and (more.low, more.best, more.high) == (0, 0, None)


def test_copies_do_not_raise_the_toll_or_the_grade() -> None:
    one = told("The Agency", killed=toll(4, 4), type="Battles", place=PlaceValue("Kassala"))
    many = [
        told("The Agency", f"2021-07-{day}", killed=toll(4, 4), place=PlaceValue("Kassala")) for day in range(12, 30)
    ]
    found = fuse([one, *many])
    counted = found.toll("killed")
    assert counted is not None and (counted.low, counted.best, counted.high) == (4, 4, 4)
    assert len(found.voices) == 1 and found.information == 3


def test_the_most_precise_place_that_no_better_source_contradicts() -> None:
    town, province = place("Kassala", 15.45, 36.4, 5.0, 1), place("Kassala State", 15.8, 36.0, 120.0, 4)
    elsewhere = place("Port Sudan", 19.6, 37.2, 5.0, 1)
    found = fuse([told("A", place=province), told("B", place=town)]).field("place")
    assert found is not None and found.value == town and len(found.stated) == 2
    outvoted = fuse([told("A", place=elsewhere), told("B", place=town), told("C", place=province)]).field("place")
    assert outvoted is not None and outvoted.value == town and "contradict" in outvoted.why


def test_who_says_more_in_the_same_words_speaks_for_the_value_too() -> None:
    reports = [
        told("A", "2021-07-11", target="depot"),
        told("B", target="market"),
        told("C", target="market of Kassala"),
    ]
    target = fuse(reports).field("target")
    assert target is not None and target.value == "market" and target.why == "the value of 2 of 3 voices"
    assert [s.value for s in target.stated] == ["market", "depot", "market of Kassala"]


def test_the_most_precise_date() -> None:
    found = fuse(
        [told("A", date=day("2021-07-11")), told("B", date=day("2021-07-10")), told("C", date=day("2021-07-11"))]
    )
    date = found.field("date")
    assert date is not None and date.value == day("2021-07-11")


@pytest.mark.parametrize(("count", "grade"), [(1, 3), (2, 2), (3, 1)])
def test_independent_agreement_grades_the_information(count: int, grade: int) -> None:
    found = fuse([told(f"Outlet {n}", place=PlaceValue("Kassala"), killed=toll(4, 4)) for n in range(count)])
    assert found.information == grade and found.information_why


def test_a_person_sets_a_value_and_the_claims_stay() -> None:
    report = told("A", killed=toll(4, 4))
    decision = Decision(
        kind="value",
        subject=(report.event.id,),
        author="coder",
        decided_at="2021-08-01",
        reason="hospital list",
        field="killed",
        value=Toll(6, 6),
    )
    found = fuse([report], decided=[decision])
    counted = found.toll("killed")
    assert counted is not None and counted.best == 6
    assert "coder" in counted.why and "hospital list" in counted.why and len(counted.stated) == 1
    accepted = Decision(kind="accept", subject=(report.event.id,), author="coder", decided_at="2021-08-02")
    assert fuse([report], decided=[decision, accepted]).status == "accepted"
    assert fuse([report]).id == found.id


def test_any_order_gives_the_same_incident() -> None:
    reports = [
        told(
            f"Outlet {n}",
            f"2021-07-1{n}",
            killed=toll(n, n + n % 2),
            date=day(f"2021-07-1{n % 3}"),
            target=f"base {n % 2}",
        )
        for n in range(8)
    ]
    assert fuse(reports) == fuse(reversed(reports))
