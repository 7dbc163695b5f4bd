"""What stands between a verb and those who act and suffer is left out when roles are looked for a second time."""

from __future__ import annotations

import pytest

from constat.facts import SentenceFacts
from constat.mentions.skeleton import skeleton
from constat.pipeline import Reader
from constat.records import Document


def _said(reader: Reader, text: str, lang: str) -> SentenceFacts:
    facts, *_ = reader.facts(Document(id="1", text=text, lang=lang))
    return facts


def _short(facts: SentenceFacts) -> str:
    short = skeleton(facts.sentence, facts.times, facts.places)
    assert short is not None
    return " ".join(facts.text[c.start : c.end] for c in short.sentence.chunks)


@pytest.mark.parametrize(
    ("lang", "text", "kept"),
    [
        (
            "en",
            "Fighters of the Dune Front (FF), the larger of the two, attacked on Monday in the town of Gao a convoy.",
            "Fighters of the Dune Front attacked a convoy .",
        ),
        (
            "fr",
            "Des combattants du Front (FD), le plus grand des deux, ont attaqué lundi à Gao un convoi.",
            "Des combattants du Front ont attaqué un convoi .",
        ),
        (
            "en",
            "On Tuesday, in Gao, soldiers shelled a market, residents of the quarter said.",
            "soldiers shelled a market .",
        ),
    ],
)
def test_asides_days_and_places_are_left_out(reader: Reader, lang: str, text: str, kept: str) -> None:
    assert _short(_said(reader, text, lang)) == kept


def test_what_is_told_is_never_left_out(reader: Reader) -> None:
    """A clause of its own between commas stays, and so does a place that is what was attacked."""
    text = "Rebels attacked Gao, soldiers killed six of them, and a market burned."
    facts = _said(reader, text, "en")
    kept = _short(facts) if skeleton(facts.sentence, facts.times, facts.places) else text
    assert "attacked Gao" in kept and "soldiers killed six" in kept


def test_a_role_points_into_the_whole_sentence(reader: Reader) -> None:
    """The words that carry a role are those of the report, whatever was left out between them."""
    text = "On Tuesday, gunmen of the Dune Front (the larger of two), who came by boat, killed in Gao three farmers."
    facts = _said(reader, text, "en")
    short = skeleton(facts.sentence, facts.times, facts.places)
    assert short is not None
    for i, chunk in enumerate(short.sentence.chunks):
        first, last = short.whole((i, i + 1))
        assert facts.sentence.chunks[first:last] == (chunk,)
    whole = short.whole((0, len(short.at)))
    assert 0 <= whole[0] < whole[1] <= len(facts.sentence.chunks)
