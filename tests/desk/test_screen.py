"""Whoever uses it: by keyboard and screen reader alone, at 360 pixels, in the dark, from right to left."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from reports import MORNING
from serving import Served, Watched

ROOT = Path(__file__).parents[2] / "desk"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


def findings(page: Any) -> list[str]:
    """What axe finds that is serious or critical."""
    if not AXE.is_file():
        pytest.skip("axe-core is not there (`make desk`): ACCESSIBILITY IS NOT TESTED")
    if not page.evaluate("typeof axe !== 'undefined'"):
        # The page lets no foreign script in, so the debugger brings it.
        page.evaluate(AXE.read_text(encoding="utf-8") + "\n;0")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{v['id']}: {v['help']} — {[n['target'] for n in v['nodes']][:4]}"
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("ar", "dark"), ("fr", "light")])
def test_nothing_serious_is_found_on_any_page(
    desk: Served, watched: Callable[..., Watched], lang: str, scheme: str
) -> None:
    page = watched(desk, lang, color_scheme=scheme).open("/read")
    page.fill("#pasted", MORNING)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".card")
    assert findings(page) == []
    page.goto(desk.address + "/queue")
    page.wait_for_selector(".line-of")
    page.keyboard.press("j")
    page.wait_for_selector(".marked mark")
    page.click("[data-field=place] dt button")
    assert findings(page) == []
    for key in ("e", "m", "n", "?", "b"):
        page.keyboard.press(key)
        page.wait_for_selector("dialog")
        assert findings(page) == [], key
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog", state="detached")
    page.click(".filters button[aria-expanded]")
    assert findings(page) == []
    page.goto(desk.address + "/overview")
    page.wait_for_selector(".months")
    assert findings(page) == []


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_it_fits_360_pixels(desk: Served, watched: Callable[..., Watched], lang: str) -> None:
    window = watched(desk, lang)
    window.page.set_viewport_size({"width": 360, "height": 740})

    def fits() -> None:
        assert window.page.evaluate("document.documentElement.scrollWidth") <= 360

    page = window.open("/read")
    page.fill("#pasted", MORNING)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".card")
    fits()
    page.goto(desk.address + "/queue")
    page.wait_for_selector(".line-of")
    fits()
    page.click(".line-of")
    page.wait_for_selector(".record")
    assert page.locator(".record").is_visible() and not page.locator(".list").is_visible()
    fits()
    for number, pane in ((1, ".list"), (2, ".map"), (3, ".marked"), (4, ".record")):
        page.click(f".panes button:nth-child({number})")
        page.wait_for_selector(pane, state="visible")
        fits()
    page.goto(desk.address + "/overview")
    page.wait_for_selector(".months")
    fits()


def test_a_decision_by_keyboard_alone_is_announced(desk: Served, watched: Callable[..., Watched]) -> None:
    page = watched(desk).open("/queue?source=gazette")
    page.wait_for_selector(".line-of")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("aj")  # inside an input, keys are letters
    assert page.input_value("#search") == "aj"
    page.fill("#search", "")
    page.keyboard.press("Tab")
    page.wait_for_selector(".line-of")
    page.keyboard.press("j")
    page.wait_for_selector(".record")
    page.keyboard.press("x")
    page.wait_for_selector("dialog")
    page.keyboard.type("told twice")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[role=status] .toast")
    (row,) = desk.good("GET", "/api/incidents?source=gazette")["incidents"]
    assert row["status"] == "rejected"
    for keys, focused in (("gl", "list"), ("gx", "text"), ("gt", "timeline")):
        for key in keys:
            page.keyboard.press(key)
        assert page.evaluate("document.activeElement.id") == focused


def test_keys_can_be_changed(desk: Served, watched: Callable[..., Watched]) -> None:
    page = watched(desk).open("/queue")
    page.wait_for_selector(".line-of")
    page.keyboard.press("?")
    page.wait_for_selector(".keys")
    page.locator(".keys label", has_text="Next incident").locator("input").focus()
    page.keyboard.press("q")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    page.keyboard.press("q")
    page.wait_for_selector(".line-of[aria-current]")


def test_every_sentence_is_there_in_every_language() -> None:
    held = {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in (ROOT / "locale").glob("??.json")}
    assert set(held) == {"en", "fr", "ar"}

    def bare(lang: str) -> set[str]:
        return {key.split("#")[0] for key in held[lang]}

    values = ("type.", "weapon.", "measure.", "modality.", "place.", "precision.", "part.", "certainty.", "link.")
    values += ("flag.", "status.", "word.", "group.", "cue.")  # English ones are their own names
    for lang in ("fr", "ar"):
        assert bare("en") <= bare(lang), bare("en") - bare(lang)
        extra = {key for key in bare(lang) - bare("en") if not key.startswith(values)}
        assert not extra
    for lang, sentences in held.items():
        for key, sentence in sentences.items():
            names = {part.split("}")[0] for part in sentence.split("{")[1:]}
            other = next((s for k, s in held["en"].items() if k.split("#")[0] == key.split("#")[0]), sentence)
            assert names <= {part.split("}")[0] for part in other.split("{")[1:]} | {"n"}, (lang, key)


def test_every_sentence_that_is_asked_for_exists() -> None:
    import re

    en = json.loads((ROOT / "locale" / "en.json").read_text(encoding="utf-8"))
    known = {key.split("#")[0] for key in en}
    for file in (ROOT / "src").glob("*.ts*"):
        for key in re.findall(r"\bt\(\"([\w.-]+)\"", file.read_text(encoding="utf-8")):
            assert key in known, f"{file.name}: {key}"


def test_every_label_of_the_ontology_has_a_name_in_every_language() -> None:
    from constat.ontology_tables import load_ontology

    ontology = load_ontology()
    wanted = {f"type.{label}" for pair in ontology.events.values() for label in pair}
    wanted |= {f"weapon.{label}" for label in ontology.weapons.values()}
    wanted |= {f"measure.{label}" for label in ontology.measures.values()}
    for lang in ("fr", "ar"):
        held = json.loads((ROOT / "locale" / f"{lang}.json").read_text(encoding="utf-8"))
        assert wanted <= set(held), wanted - set(held)
