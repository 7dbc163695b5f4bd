"""Reports that tell of no incident are told first, and nothing is lost by what is not looked for in them."""

from __future__ import annotations

import pytest

from constat import pipeline
from constat.facts import SentenceFacts
from constat.pipeline import Reader
from constat.records import Document

CALM = {
    "en": "The town council voted on Tuesday to repair the swimming pool in Taunton. Work begins in May.",
    "fr": "Le conseil municipal de Tours a voté mardi la rénovation de la piscine. Les travaux débutent en mai.",
    "ar": "صوت المجلس البلدي في طنطا يوم الثلاثاء على ترميم المسبح. تبدأ الأعمال في مايو.",
}
TOLD = {
    "en": "Two soldiers were killed when a roadside bomb hit their convoy near Gao on Tuesday, the army said.",
    "fr": "Deux soldats ont été tués mardi dans l'explosion d'une mine au passage de leur convoi près de Gao.",
    "ar": "قتل جنديان يوم الثلاثاء في انفجار عبوة ناسفة استهدفت موكبهما قرب غاو، بحسب الجيش.",
}


@pytest.mark.parametrize("lang", sorted(CALM))
def test_in_a_calm_report_no_place_is_looked_for(lang: str, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    found = pipeline.places

    def places(*args: object, **named: object) -> object:
        looked.append("places")
        return found(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "places", places)
    assert reader.read(Document(id="calm", text=CALM[lang], lang=lang)).events == ()
    assert not looked
    assert reader.read(Document(id="told", text=TOLD[lang], lang=lang)).events
    assert looked


@pytest.mark.parametrize("texts", [CALM, TOLD])
@pytest.mark.parametrize("lang", sorted(CALM))
def test_reading_at_once_and_stage_by_stage_come_to_the_same(lang: str, texts: dict[str, str], reader: Reader) -> None:
    document = Document(id="one", title=texts[lang].partition(".")[0], text=texts[lang], lang=lang)
    facts: list[SentenceFacts] = reader.facts(document)
    assert reader.read(document) == reader.claims(document, facts)


def test_what_a_calm_report_denies_is_kept(reader: Reader) -> None:
    text = "The army denied that it had bombed Gao. The cup final is played on Sunday; schools open again next week."
    reading = reader.read(Document(id="denied", text=text, lang="en"))
    assert reading.events == ()
    assert [c.modality for c in reading.denials[0].claims if c.field == "type"] == ["denied"]


def test_loaded_wording_is_flagged_in_a_report_of_no_incident(reader: Reader) -> None:
    text = "The council spoke of the illegal American base near the river and then voted on the swimming pool."
    reading = reader.read(Document(id="loaded", text=text, lang="en"))
    assert reading.events == ()
    assert [claim.value for claim in reading.wording]
