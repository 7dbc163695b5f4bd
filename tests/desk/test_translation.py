"""A report by machine at the desk: asked for by who cannot read it, marked as what it is, and nothing comes of it."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from reports import THIRD
from serving import Serve, Served, Watched, until
from test_screen import findings

from constat.asking import LATER
from constat.casebook import Casebook
from constat.desk.accounts import Accounts
from constat.pipeline import Reader
from constat.readers import ModelReader
from constat.settings import ModelSettings, Settings

WORDS = {"en": "Translated", "fr": "Traduit", "ar": "مترجم"}


def _scripted() -> ModuleType:
    """The server of the tests of the model."""
    path = Path(__file__).parents[1] / "model" / "server.py"
    spec = importlib.util.spec_from_file_location("scripted_server", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


scripted = _scripted()


def translating(report: str, request: dict[str, Any]) -> dict[str, list[str]]:
    to = request["messages"][1]["content"].split('"')[1]
    return {"paragraphs": [f"{WORDS[to]} {n} <b>\u202e{len(p)}" for n, p in enumerate(json.loads(report))]}


@pytest.fixture
def model() -> Iterator[Any]:
    server = scripted.Server(translating)
    yield server
    server.close()


@pytest.fixture
def asked(model: Any, serve: Serve, book: Path, tmp_path: Path) -> Callable[..., Served]:
    """A desk whose settings name a model, with a cache of its own for answers."""

    def start(**changes: Any) -> Served:
        chosen = ModelSettings(address=model.address, name="scripted-7b", retries=0, **changes)
        return serve(book, model=chosen, cache=tmp_path)

    return start


def arabic(desk: Served) -> str:
    """The document in Arabic."""
    (row,) = desk.good("GET", "/api/incidents?lang=ar")["incidents"]
    return str(desk.good("GET", f"/api/incidents/{row['id']}")["reports"][0]["id"])


def everything(book: Path, settings: Settings) -> tuple[str, int]:
    with Casebook.open(book, settings=settings) as opened:
        assert not opened.verify().faults
        return opened.digest(), opened.revised()


def test_a_report_is_translated_and_nothing_of_it_is_kept_in_the_casebook(
    asked: Callable[..., Served], book: Path, model: Any, settings: Settings
) -> None:
    before = everything(book, settings)
    desk = asked()
    path = f"/api/documents/{arabic(desk)}/translation"
    said = desk.good("POST", path, {"to": "en"})
    assert said["model"] == "scripted-7b" and "not evidence" in said["note"] and said["to"] == "en"
    assert [own for own, _ in said["paragraphs"]] == [THIRD["title"], THIRD["text"]]
    # What the model writes is shown without signs that cannot be seen.
    assert said["paragraphs"][0][1] == f"Translated 0 <b>{len(THIRD['title'])}"
    assert desk.good("POST", path, {"to": "en"}) == said and len(model.requests) == 1
    assert everything(book, settings) == before
    assert "tools" not in model.requests[0]


def test_it_needs_a_model_a_known_language_and_somebody_who_may_read(
    asked: Callable[..., Served], desk: Served, book: Path
) -> None:
    assert desk.good("GET", "/api/about")["model"] == ""
    path = f"/api/documents/{arabic(desk)}/translation"
    status, said = desk.ask("POST", path, {"to": "en"})
    assert status == 404 and said["error"]["code"] == "no_model"
    with_model = asked()
    assert with_model.good("GET", "/api/about")["model"] == "scripted-7b"
    assert with_model.ask("POST", path, {"to": "xx"})[0] == 400
    assert with_model.ask("POST", "/api/documents/ffffffff/translation", {"to": "en"})[0] == 400
    Accounts(book).add("amal", "admin", "a long enough password")
    assert with_model.ask("POST", path, {"to": "en"})[0] == 401
    assert with_model.good("GET", "/api/about")["model"] == ""


def test_a_model_that_fails_or_is_slow_is_told_and_holds_up_nobody(asked: Callable[..., Served], model: Any) -> None:
    desk = asked(concurrency=1)
    path = f"/api/documents/{arabic(desk)}/translation"
    for script in (lambda r, q: scripted.Reply(500), lambda r, q: {"paragraphs": ["one"]}, lambda r, q: "no JSON"):
        model.script = script
        status, said = desk.ask("POST", path, {"to": "en"})
        assert status == 502 and said["error"]["code"] == "model" and said["error"]["message"], said

    def slow(report: str, request: dict[str, Any]) -> Any:
        status, said = desk.ask("POST", path, {"to": "fr"})  # while one is under way
        model.meanwhile = status, said["error"]["code"], desk.ask("GET", "/api/incidents")[0]
        return translating(report, request)

    model.script = slow
    desk.good("POST", path, {"to": "en"})
    assert model.meanwhile == (503, "busy", 200)
    model.script = translating
    desk.good("POST", path, {"to": "fr"})


def test_the_budget_is_that_of_the_desk_as_long_as_it_runs(asked: Callable[..., Served], model: Any) -> None:
    desk = asked(max_requests=1)
    path = f"/api/documents/{arabic(desk)}/translation"
    desk.good("POST", path, {"to": "en"})
    status, said = desk.ask("POST", path, {"to": "fr"})
    assert status == 502 and "max_requests" in said["error"]["message"] and len(model.requests) == 1


def test_what_is_kept_at_the_desk_of_a_casebook_with_a_model_waits_for_the_model(serve: Serve, book: Path) -> None:
    desk = serve(book, reader="both")
    body = {"text": "Gunmen killed two farmers near Maiduguri, Nigeria, on Monday, residents said.", "lang": "en"}
    (number,) = desk.good("POST", "/api/keep", body)["documents"]
    source = desk.good("GET", f"/api/documents/{number}")
    assert source["unread"] == LATER and source["reading"]["events"]
    assert {c["reader"] for e in source["reading"]["events"] for c in e["claims"]} == {"rules"}


@pytest.mark.parametrize(("lang", "direction"), [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")])
def test_it_is_marked_in_the_page_in_three_languages_and_reached_by_keyboard(
    asked: Callable[..., Served], watched: Callable[..., Watched], model: Any, lang: str, direction: str
) -> None:
    source, own = ("fr", "ltr") if lang == "ar" else ("ar", "rtl")
    page = watched(asked(), lang).open(f"/queue?lang={source}")
    page.wait_for_selector(".line-of")
    page.keyboard.press("j")
    page.wait_for_selector("#translate")
    # By Tab from the pane of the text, which `g x` reaches.
    page.keyboard.press("g")
    page.keyboard.press("x")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "translate":
            break
    assert page.evaluate("document.activeElement.id") == "translate"
    page.keyboard.press("Enter")
    page.wait_for_selector(".translation .pair")
    shown = page.locator(".translation .pair .other").first
    assert shown.inner_text().startswith(f"{WORDS[lang]} 0 <b>")  # text, and no markup
    assert (shown.get_attribute("dir"), shown.get_attribute("lang")) == (direction, lang)
    assert page.locator(".translation .pair .own").first.get_attribute("dir") == own
    sentences = json.loads((Path(__file__).parents[2] / "desk" / "locale" / f"{lang}.json").read_text(encoding="utf-8"))
    warning = page.locator(".translation .warning").inner_text()
    assert sentences["translation"] in warning and sentences["translation.aid"] in warning and "scripted-7b" in warning
    assert page.get_attribute("#translate", "aria-expanded") == "true"
    assert page.locator(".translation mark").count() == 0 and page.locator(".marked mark").count() > 0
    assert findings(page) == []
    # Words of it are never words of the report.
    page.locator(".translation .other").first.click(click_count=3)
    assert page.locator(".selected").count() == 0
    page.keyboard.press("t")
    page.wait_for_selector(".translation", state="detached")
    page.keyboard.press("t")
    page.wait_for_selector(".translation .pair")
    assert len(model.requests) == 1
    page.set_viewport_size({"width": 360, "height": 740})
    page.click(".panes button:nth-child(3)")
    page.wait_for_selector(".translation", state="visible")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_there_is_no_button_without_a_model_or_for_ones_own_language(
    asked: Callable[..., Served], desk: Served, watched: Callable[..., Watched]
) -> None:
    for served, query in ((desk, "lang=ar"), (asked(), "lang=en")):
        page = watched(served).open(f"/queue?{query}")
        page.wait_for_selector(".line-of")
        page.keyboard.press("j")
        page.wait_for_selector(".marked mark")
        assert page.locator("#translate").count() == 0
        page.keyboard.press("t")  # nothing to press


def test_a_failure_is_said_and_can_be_tried_again(
    asked: Callable[..., Served], watched: Callable[..., Watched], model: Any
) -> None:
    model.script = lambda report, request: scripted.Reply(503)
    window = watched(asked())
    window.allowed = ("502",)
    page = window.open("/queue?lang=ar")
    page.wait_for_selector(".line-of")
    page.keyboard.press("j")
    page.click("#translate")
    page.wait_for_selector("[role=alert] .toast")
    assert "503" in page.locator("[role=alert] .toast").inner_text()
    model.script = translating
    until(lambda: page.get_attribute("#translate", "aria-busy") == "false")
    page.click("#translate")
    page.wait_for_selector(".translation .pair")


def test_the_record_says_what_a_model_read_and_what_is_to_be_checked(
    serve: Serve, book: Path, settings: Settings, reader: Any, watched: Callable[..., Watched], tmp_path: Path
) -> None:
    told = scripted.event("murieron", killed={"low": 5, "high": 5, "quote": "5 personas"})
    server = scripted.Server(lambda report, request: scripted.answer(told, language="es"))
    try:
        model = ModelSettings(address=server.address, name="scripted-7b")
        chosen = msgspec.structs.replace(settings, model=model, cache=tmp_path)
        report = tmp_path / "es.txt"
        report.write_text("En Cali murieron 5 personas.", encoding="utf-8")
        rules = Reader(chosen, reader.gazetteer, reader.ontology)
        with Casebook.open(book, writable=True, settings=chosen) as opened:
            opened.add([str(report)], reader=lambda: ModelReader(rules))
            opened.settle()
    finally:
        server.close()
    page = watched(serve(book), "fr").open("/queue?text=personas")
    page.wait_for_selector(".line-of")
    page.keyboard.press("j")
    page.wait_for_selector(".readby.review")
    assert "lu par le modèle" in page.locator(".readby.review").first.inner_text()
    assert "attendent qu’une personne" in page.locator(".reasons").inner_text()
    page.click("[data-field=killed] dt button")
    assert "no pack reads" in page.locator("[data-field=killed] .readby").first.inner_text()
    assert findings(page) == []
