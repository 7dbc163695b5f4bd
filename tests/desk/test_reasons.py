"""Reasons come from the program in English; the desk says each of them in French and in Arabic."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

from serving import Served, Watched

from constat.records import Claim, FusedToll, Grade, Rank, Span, Toll, Voice
from constat.resolution.grades import information
from constat.resolution.stated import Said
from constat.resolution.tolls import tolls

LOCALE = Path(__file__).parents[2] / "desk" / "locale"
PATTERNS = [
    re.compile(re.sub(r"\\{\w+\\}", ".*?", re.escape(pattern["en"])), re.DOTALL)
    for pattern in json.loads((LOCALE / "reasons.json").read_text(encoding="utf-8"))
]


def said_of(words: str) -> Iterator[str]:
    """The parts of a reason that no pattern has."""
    yield from (part for part in words.split("; ") if not any(p.fullmatch(part) for p in PATTERNS))


def by_chance(chance: random.Random) -> tuple[FusedToll, ...]:
    """The tolls of an incident that some voices tell of, in any way that reports do."""
    found = []
    for number in range(chance.randrange(1, 6)):
        low = chance.randrange(0, 4)
        value = Toll(low, chance.choice((low, low, low, low + 2, None)))
        rank: Rank = chance.choice(("preferred", "preferred", "rival"))
        claim = Claim(field="killed", value=value, spans=(Span("text", number, number + 1, "x"),), rank=rank)
        grade: Grade = chance.choice(get_args(Grade))
        voice = Voice(f"v{chance.randrange(4)}", "outlet", (f"d{number}",), grade)
        day = chance.choice((None, "2024-03-01", "2024-03-02"))
        found.append(Said(claim, value, voice, f"e{number}", day, rank))
    return tolls(found)


def test_no_reason_of_a_toll_or_a_grade_is_without_a_translation() -> None:
    chance = random.Random(3)
    reasons = set()
    for _ in range(3_000):
        made = by_chance(chance)
        reasons |= {toll.why for toll in made}
        grades = [chance.choice(get_args(Grade)) for _ in range(chance.randrange(1, 5))]
        voices = [Voice(f"v{n}", "outlet", (f"d{n}",), grade) for n, grade in enumerate(grades)]
        reasons.add(information(voices, (), made)[1])
    assert len(reasons) > 40
    assert {left for words in reasons for left in said_of(words)} == set()


def test_no_reason_of_the_reports_is_without_a_translation(desk: Served) -> None:
    rows = desk.good("GET", "/api/incidents")["incidents"]
    for row in rows:
        whole = desk.good("GET", f"/api/incidents/{row['id']}")
        one = whole["incident"]
        shown = [f["why"] for f in one["fields"] if f["field"] not in ("weapons", "responses", "sources")]
        for words in (*shown, *(t["why"] for t in one["tolls"]), one["information_why"]):
            assert list(said_of(words)) == []
        assert [left for a in whole["attention"] for left in said_of(a["why"])] == []


def test_a_reason_is_said_in_the_language_of_the_interface(desk: Served, watched: Callable[..., Watched]) -> None:
    (row,) = desk.good("GET", "/api/incidents?source=gazette")["incidents"]
    (other,) = desk.good("GET", "/api/incidents?source=dune%20courier")["incidents"]
    both = {"kind": "merge", "about": [row["id"], other["id"]], "seen": [row["revision"], other["revision"]]}
    merged = desk.good("POST", "/api/decisions", both)["incidents"][0]["incident"]["id"]
    page = watched(desk, "fr").open(f"/queue?incident={merged}")
    page.wait_for_selector("[data-field=killed] .quiet")
    why = page.locator("[data-field=killed] .quiet").first.inner_text()
    assert "voix" in why and "2024-03" not in why and "latest" not in why and "voices" not in why
