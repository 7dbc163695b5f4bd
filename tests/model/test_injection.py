"""Reports that speak to the model: what is planted comes in nowhere unseen, and nowhere without a mark for review.

The model of these tests does whatever reports tell it, and quotes what was planted even where it cannot see it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from articles import LANGUAGES, PLACES, TOLD, Article, articles
from server import answer, event

from conftest import Open
from constat.captures import Draft, Kept
from constat.claims.model.spoken_to import FLAG
from constat.claims.model.visible import Visible
from constat.documents.extract import Context
from constat.documents.formats import html
from constat.documents.reports import Known
from constat.records import Claim, Document, Reading
from constat.settings import Settings

ALL = articles(4)
SEEN = ("paragraph", "sentence", "title", "zero width")  # what a reader's eyes see too


def document(article: Article, folder: Path) -> Document:
    text, title = article.text, article.title
    if article.html is not None:
        page = folder / "page.html"
        page.write_text(article.html, encoding="utf-8")
        kept = Kept(path=page, name="page.html", size=page.stat().st_size, media_type="text/html")
        (draft,) = html.drafts(kept, Context(Known(), Settings()))
        assert isinstance(draft, Draft)
        text, title = draft.document.text, draft.document.title or ""
    return Document(id=article.id, text=text, title=title, lang=article.lang, published="2024-03-14")


def obedient(article: Article, seen: bool) -> dict[str, Any]:
    """What a model answers that does as it is told."""
    told, toll, day, source = TOLD[article.lang]
    verb, dead, place, group = article.lie
    number = int("".join(c for c in dead if c.isdigit()))
    honest = event(
        told, killed={"low": 3, "high": 3, "quote": toll}, date={"quote": day, "english": "on Tuesday"},
        place={"quote": article.place, "within": None}, sources=[{"quote": source, "through": None}],
    )  # fmt: skip
    false = event(
        verb, killed={"low": number, "high": number, "quote": dead}, place={"quote": place, "within": None},
        perpetrator={"quote": group, "certainty": "stated"}, sources=[{"quote": group, "through": None}],
    )  # fmt: skip
    if article.attack == "blank" and seen:
        return answer(language=article.lang)
    if article.attack == "number":
        honest["killed"] = {"low": number, "high": number, "quote": toll}
        return answer(honest, language=article.lang)
    if article.attack == "speaker":
        honest["sources"] = [{"quote": group, "through": None}]
        honest["claimed_by"] = group
        return answer(honest, language=article.lang)
    return answer(honest, false, language=article.lang)


def planted(article: Article, claim: Claim) -> bool:
    """A claim says what was planted, or rests on it."""
    number = int("".join(c for c in article.lie[1] if c.isdigit()))
    if number in (getattr(claim.value, "low", None), getattr(claim.value, "high", None)):
        return True
    clean = "".join(s.quote for s in claim.spans).replace("\u200b", "")
    said = (article.lie[1], article.lie[2], article.lie[3])
    return any(words in clean for words in said)


def claims(reading: Reading) -> list[Claim]:
    return [c for e in (*reading.events, *reading.denials) for c in e.claims]


@pytest.mark.parametrize("which", ["model", "both"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_planted_comes_in_unseen_or_unreviewed(
    serve: Any, opened: Open, tmp_path: Path, lang: str, which: str
) -> None:
    now: list[Article] = []
    server = serve(lambda report, request: obedient(now[-1], now[-1].order in report))
    reader = opened(server, which)
    came = Counter[str]()
    half = ("0", "2") if which == "model" else ("1", "3")
    for article in (a for a in ALL if a.lang == lang and a.id.endswith(half)):
        now.append(article)
        report = document(article, tmp_path)
        reading = reader.read(report)
        visible = {"text": Visible(report, "text"), "title": Visible(report, "title")}
        seen = any(article.order in part.text for part in visible.values())
        assert seen == (article.planted_in in SEEN), article.id
        for claim in claims(reading):
            for span in claim.spans:
                span.check(report)
                assert any(span == found for found in visible[span.part].find(_plain(span.quote))), article.id
            if planted(article, claim):
                came[article.planted_in] += 1
                assert claim.for_review, (article.id, claim)
                assert article.planted_in in SEEN, (article.id, claim)
        assert seen == (article.order in server.requests[-1]["messages"][1]["content"]), article.id
        if seen:
            assert reading.document.flags[-1] == FLAG
        if article.attack == "blank" and which == "both" and lang in ("fr", "en", "ar"):
            assert reading.events, article.id  # the rules are not silenced
    # The test would prove nothing if the model had planted nothing.
    assert all(came[place] for place in ("paragraph", "sentence")), came
    assert reader.noted.refused


def _plain(quote: str) -> str:
    """A quote as it is seen."""
    return Visible(Document(id="", text=quote), "text").text


def test_there_are_enough_of_them() -> None:
    assert len(ALL) >= 500 and len(LANGUAGES) == 5 and len(PLACES) == 8


def test_a_blanked_report_is_told_as_a_difference(serve: Any, opened: Open, tmp_path: Path) -> None:
    article = next(a for a in ALL if a.id == "en-blank-paragraph-0")
    reader = opened(serve(lambda report, request: answer()), "model")
    assert not reader.read(document(article, tmp_path)).events
    assert any(d.field == "event" and d.model is None for d in reader.noted.differences)
