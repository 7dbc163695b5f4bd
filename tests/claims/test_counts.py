"""Counts that no rule reads as casualties, the one who died, and what the gate lets them say."""

from __future__ import annotations

import pytest

from constat.claims.verify import fault
from constat.facts import SentenceFacts
from constat.mentions.stated import Stated
from constat.pipeline import Reader
from constat.records import Claim, Document, Span, Toll
from constat.settings import Settings

# Language, sentence, the counts of people that may be casualties (None an open end), the casualty words of one person.
SENTENCES: list[tuple[str, str, list[tuple[int, int | None]], list[str]]] = [
    ("en", "It was the farm of Zobrist Kwabba, killed by the army.", [], ["killed"]),
    ("en", "Relatives wrote down 78 names of farmers.", [(78, 78)], []),
    ("en", "They waited ten minutes.", [], []),
    ("en", "It was founded in 1998.", [], []),
    ("fr", "Le maire en recensait onze dans la soirée.", [(11, 11)], []),
    ("ar", "كان في الحافلة 23 عاملا حين توقفت.", [(23, 23)], []),
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.open(Settings())


def facts_of(reader: Reader, lang: str, text: str) -> list[SentenceFacts]:
    return reader.facts(Document(id="one", text=text, lang=lang))


@pytest.mark.parametrize(("lang", "text", "numbers", "ones"), SENTENCES)
def test_what_may_be_counted(
    reader: Reader, lang: str, text: str, numbers: list[tuple[int, int | None]], ones: list[str]
) -> None:
    found = [t for facts in facts_of(reader, lang, text) for t in facts.loose]
    assert [(t.amount.low, t.amount.high) for t in found if t.kind == "loose"] == numbers
    assert [t.kind for t in found if t.rule.startswith("one/")] == ones


TEXT = "Three traders fell. The mayor was murdered. Police later spoke of nine bodies. Dozens fled."


def claim(quotes: list[str], low: int, high: int | None) -> Claim:
    spans = tuple(Span("text", TEXT.index(q), TEXT.index(q) + len(q), q) for q in quotes)
    return Claim(field="killed", value=Toll(low, high), spans=spans)


@pytest.mark.parametrize(
    ("quotes", "low", "high", "sound"),
    [
        (["murdered"], 1, 1, True),
        (["murdered"], 2, 2, False),
        (["Three traders fell"], 1, 1, False),
        (["Three traders", "murdered"], 4, 4, True),
        (["Three traders", "nine bodies"], 12, 12, True),
        (["Three traders", "nine bodies"], 3, 9, True),
        (["Three traders", "nine bodies"], 13, 13, False),
        (["Dozens fled"], 20, None, True),
        (["Dozens fled"], 30, None, False),
    ],
)
def test_a_count_is_in_its_words(reader: Reader, quotes: list[str], low: int, high: int | None, sound: bool) -> None:
    document = Document(id="one", text=TEXT, lang="en")
    words = Stated(reader.facts(document))
    assert (fault(document, claim(quotes, low, high), words) == "") == sound


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("fr", "Zobrist Kwabba, le porte-parole de la police, a confirmé le bilan.", "Zobrist Kwabba"),
        (
            "fr",
            "Le bilan est lourd, a déclaré le porte-parole de la police, Zobrist Kwabba.",
            "porte-parole de la police, Zobrist Kwabba",
        ),
        ("ar", "وقال المتحدث باسم الشرطة، سليم الهادي، إن الطريق أغلق.", "المتحدث باسم الشرطة، سليم الهادي"),
    ],
)
def test_an_office_and_the_name_beside_it_are_one_source(reader: Reader, lang: str, text: str, name: str) -> None:
    assert [s.name for facts in facts_of(reader, lang, text) for s in facts.sources] == [name]
