"""Decisions: latest in force, undone by new rows, found again after a new reading, refused when stale."""

from __future__ import annotations

from typing import Any

import msgspec
from by_hand import told, toll

from constat.records import Decision, EventMention, Span
from constat.resolution.decisions import footing, in_force, rulings, stale
from constat.resolution.fuse import fuse


def decide(kind: Any, *subject: str, at: str = "2021-08-01", **more: Any) -> Decision:
    return Decision(kind=kind, subject=subject, author="coder", decided_at=at, **more)


def some_events() -> dict[str, EventMention]:
    reports = [told(name, killed=toll(4, 4)) for name in ("A", "B", "C")]
    return {name: msgspec.structs.replace(r.event, id=name) for name, r in zip("abc", reports, strict=True)}


def test_an_undoing_is_a_new_row_and_may_be_undone() -> None:
    first = decide("negative", "a", "b")
    undone = decide("undo", "a", "b", at="2021-08-02", supersedes=first.id)
    again = decide("undo", "a", "b", at="2021-08-03", supersedes=undone.id)
    assert in_force([first]) == [first]
    assert in_force([undone, first]) == []
    assert in_force([again, undone, first]) == [first]


def test_the_latest_decision_on_a_pair_holds() -> None:
    events = some_events()
    same, apart = decide("positive", "a", "b"), decide("negative", "b", "a", at="2021-08-05")
    ruled = rulings([apart, same], events)
    assert ruled.constraints.same == frozenset() and ruled.constraints.apart == {("a", "b")}


def test_merge_and_split_are_pairs() -> None:
    events = some_events()
    assert len(rulings([decide("merge", "a", "b", "c")], events).constraints.same) == 3
    parted = decide("split", "c", footing=footing(events.values()))
    assert rulings([parted], events).constraints.apart == {("a", "c"), ("b", "c")}


def test_a_decision_survives_a_new_reading_of_the_same_words_and_is_refused_without_them() -> None:
    events = some_events()
    decision = decide("negative", "a", "b", footing=footing(events.values()))
    anew = {"z": msgspec.structs.replace(events["a"], id="z"), "b": events["b"]}
    assert rulings([decision], anew).constraints.apart == {("b", "z")}
    moved = tuple(msgspec.structs.replace(c, spans=(Span("text", 40, 41, "x"),)) for c in events["a"].claims)
    lost = {"z": msgspec.structs.replace(events["a"], id="z", claims=moved), "b": events["b"]}
    refused = rulings([decision], lost).refused
    assert len(refused) == 1 and "no event stands where a stood" in refused[0].why


def test_a_decision_on_an_incident_that_has_changed_is_stale() -> None:
    one, two = told("A", killed=toll(4, 4)), told("B", killed=toll(4, 4))
    before, after = fuse([one]), fuse([one, two])
    event = one.event.id
    accept = decide("accept", event, made_on=before.id)
    assert stale(accept, {event: before}) is None
    assert "look again" in (stale(accept, {event: after}) or "")
