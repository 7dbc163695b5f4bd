"""An analyst's morning in a real browser, in each language of the interface, with keys where there are keys."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from reports import MORNING
from serving import Serve, Served, Watched, until

LOCALES = Path(__file__).parents[2] / "desk" / "locale"


@pytest.mark.parametrize("lang", ["en", "fr", "ar"])
def test_a_morning(desk: Served, watched: Callable[..., Watched], lang: str, tmp_path: Path) -> None:
    words = json.loads((LOCALES / f"{lang}.json").read_text(encoding="utf-8"))
    window = watched(desk, lang)
    page = window.open("/read")
    assert page.get_attribute("html", "dir") == ("rtl" if lang == "ar" else "ltr")

    # Paste the first report, and read both of its incidents.
    page.fill("#pasted", MORNING)
    page.click("details summary")
    page.fill("input[type=date]", "2024-03-12")
    page.focus("#pasted")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".card")
    assert page.locator(".card").count() == 2
    text = page.locator(".marked").inner_text()
    assert "Al-Omar" in text and page.locator(".marked").get_attribute("dir") == "ltr"
    quoted = page.locator(".marked mark.f-place").all_inner_texts()
    assert all(any(name in quote for quote in quoted) for name in ("Al-Omar", "Koniko"))
    page.locator(".card").first.locator("dt button", has_text=words["field.place"]).hover()
    assert page.locator(".marked mark.lit").count() >= 1
    page.click(".outcome button.main")

    # It is kept; the first of its incidents stands open, on the map and in the text.
    page.wait_for_selector(".record")
    assert "incident=" in page.url
    page.wait_for_selector(".map[data-ready=true]")
    assert page.locator(".marked mark.f-place").first.is_visible()

    # To the incident that lies wrong, and its place corrected from what the place index has.
    page.goto(desk.address + "/queue?sort=date&source=dune%20courier")
    page.wait_for_selector(".line-of")
    page.keyboard.press("j")
    page.wait_for_selector(".record")
    page.keyboard.press("e")
    page.wait_for_selector("dialog")
    page.fill("#edit-value", "Gao")
    page.wait_for_selector(".candidates input")
    page.locator(".candidates label", has_text="MLI").locator("input").first.check()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("dialog", state="detached")
    page.wait_for_selector(f"text={words['done.value']}")
    assert desk.good("GET", "/api/incidents?source=dune%20courier")["incidents"][0]["place"]["name"] == "Gao"

    # The two tellings are one after all: merged with a preview, then undone with a key.
    page.keyboard.press("m")
    page.wait_for_selector("dialog input[type=checkbox]")
    page.locator("dialog .check", has_text="Gao").locator("input").first.check()
    page.wait_for_selector("dialog .brief")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("dialog", state="detached")
    page.wait_for_selector(f"text={words['done.merge']}")
    page.wait_for_selector(".voices li:nth-child(2)")
    merged = desk.good("GET", "/api/incidents?source=dune%20courier")["incidents"][0]
    assert merged["voices"] == 2 and merged["id"] in page.url
    assert page.locator("[role=tab]").count() == 2
    page.keyboard.press("u")
    page.wait_for_selector(f".toast:has-text('{words['done.undo']}')")
    assert desk.good("GET", "/api/incidents?source=dune%20courier")["incidents"][0]["voices"] == 1

    # What is looked at leaves as a file.
    page.click(".filters button[aria-expanded]")
    page.click(f".filters summary:text-is('{words['export']}')")
    with page.expect_download() as coming:
        page.click("#export")
    file = tmp_path / "incidents.csv"
    coming.value.save_as(file)
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert [row["place"] for row in rows] == ["Gao"]


def test_a_newcomer_is_told_where_to_begin(desk: Served, watched: Callable[..., Watched]) -> None:
    page = watched(desk).open("/read")
    page.click("text=Try an example")
    page.click("button.main")
    page.wait_for_selector(".card")
    assert page.locator(".card").count() == 2 and "killing two guards" in page.locator(".marked").inner_text()
    page.goto(desk.address + "/queue")
    page.wait_for_selector(".start-here kbd")
    page.keyboard.press("j")
    page.wait_for_selector(".record")
    assert page.locator(".start-here").count() == 0


def test_a_stale_decision_shows_both_versions(desk: Served, watched: Callable[..., Watched]) -> None:
    window = watched(desk)
    window.allowed = ("409",)  # a browser notes every answer of that kind
    page = window.open("/queue?source=gazette")
    page.wait_for_selector(".line-of")
    page.keyboard.press("j")
    page.wait_for_selector(".record")
    (row,) = desk.good("GET", "/api/incidents?source=gazette")["incidents"]
    body = {"kind": "value", "about": [row["id"]], "seen": [row["revision"]], "field": "killed", "value": "7"}
    desk.good("POST", "/api/decisions", body)
    page.keyboard.press("a")
    page.wait_for_selector("dialog .side")
    seen, now = page.locator("dialog .side > section").all_inner_texts()
    assert "2" in seen and "7" not in seen and "7" in now
    assert desk.good("GET", "/api/incidents?source=gazette")["incidents"][0]["status"] == "open"
    page.click("dialog button.main")
    page.wait_for_selector("dialog", state="detached")
    page.keyboard.press("a")
    page.wait_for_selector(".state.accepted")


def test_a_key_pressed_as_soon_as_a_record_stands_there_is_heard(desk: Served, watched: Callable[..., Watched]) -> None:
    page = watched(desk).open("/queue?source=gazette")
    page.wait_for_selector(".line-of")
    page.evaluate(
        """() => new MutationObserver((_, watch) => {
          if (!document.querySelector('.record')) return;
          watch.disconnect();
          document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'e', bubbles: true }));
        }).observe(document.body, { childList: true, subtree: true })"""
    )
    page.keyboard.press("j")
    page.wait_for_selector("dialog #edit-value")


def test_words_and_fields_light_each_other_up_and_open(desk: Served, watched: Callable[..., Watched]) -> None:
    page = watched(desk).open("/queue?source=gazette")
    page.wait_for_selector(".line-of")
    page.keyboard.press("j")
    page.wait_for_selector(".marked mark.f-place")
    page.click(".marked mark.f-place")
    assert page.get_attribute("[data-field=place] dt button", "aria-expanded") == "true"
    assert page.locator("[data-field=place] .rivals").is_visible()
    page.hover("[data-field=target]")
    assert page.locator(".marked mark.f-target.lit").count() >= 1
    page.keyboard.press("]")
    page.wait_for_timeout(300)  # the record shifts, and another field comes to lie under the mouse at rest
    assert page.locator(".marked mark.lit").count() >= 1


def test_words_of_the_text_are_taken_over_as_a_value(desk: Served, watched: Callable[..., Watched]) -> None:
    page = watched(desk).open("/queue?source=gazette")
    page.wait_for_selector(".line-of")
    page.keyboard.press("j")
    page.wait_for_selector(".marked .body")
    page.evaluate(
        """() => {
          const walk = document.createTreeWalker(document.querySelector('.marked .body'), NodeFilter.SHOW_TEXT);
          for (let node; (node = walk.nextNode());) {
            const at = node.data.indexOf('oquette');
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + 7);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            return;
          }
        }"""
    )
    page.dispatch_event(".marked", "mouseup")
    page.click(".selected button")
    page.wait_for_selector("dialog")
    assert page.input_value("#edit-value") == "oquette"


def test_the_time_line_narrows_everything_and_the_address_holds_it(
    desk: Served, watched: Callable[..., Watched]
) -> None:
    page = watched(desk).open("/queue?sort=date")
    page.wait_for_selector("#timeline")
    box = page.locator("#timeline").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"], box["y"] + 20, steps=4)
    page.mouse.up()
    until(lambda: page.locator(".line-of").count() == 3)
    assert "since=" in page.url and "until=" in page.url
    again = watched(desk).open(page.url.removeprefix(desk.address))
    until(lambda: again.locator(".line-of").count() == 3)


def test_text_and_map_serve_with_the_network_off(desk: Served, watched: Callable[..., Watched]) -> None:
    """No request leaves for another host on any page; what is open stays in use when nothing answers any more."""
    window = watched(desk)
    page = window.open("/queue?source=gazette")
    page.wait_for_selector(".line-of")
    page.keyboard.press("j")
    page.wait_for_selector(".marked mark")
    page.wait_for_selector(".map[data-ready=true]")
    window.allowed = ("ERR_INTERNET_DISCONNECTED",)
    window.context.set_offline(True)
    page.click(".zoom button")
    page.click(".marked mark.f-place")
    assert page.locator("[data-field=place] .rivals").is_visible()
    page.keyboard.press("a")
    page.wait_for_selector(".toast.bad")
    window.context.set_offline(False)
    page.keyboard.press("a")
    page.wait_for_selector(".state.accepted")


def test_what_was_done_stands_on_a_time_line_whose_words_lead_to_the_text(
    desk: Served, watched: Callable[..., Watched]
) -> None:
    page = watched(desk).open("/queue?source=bulletin")
    page.wait_for_selector(".line-of")
    page.keyboard.press("j")
    page.wait_for_selector(".measures .step")
    days = page.locator(".measures > .moment > .at").all_inner_texts()
    assert len(days) == 2 and "Mar 19, 2024" in days[0] and "1 day after, Mar 20, 2024" in days[1]
    assert page.locator(".measures .step strong").all_inner_texts() == ["access closed"]
    page.click(".measures .step button")
    assert page.locator(".marked mark.f-responses.lit").count() >= 1


def test_all_that_is_looked_at_is_in_the_address(desk: Served, watched: Callable[..., Watched]) -> None:
    page = watched(desk).open("/queue?source=gazette")
    page.wait_for_selector(".line-of")
    page.keyboard.press("j")
    page.wait_for_selector(".map[data-ready=true]")
    page.click("[data-field=killed] dt button")
    page.click(".zoom button")
    until(lambda: all(part in page.evaluate("location.search") for part in ("at=", "field=killed", "incident=")))
    looked = page.evaluate("location.search")
    again = watched(desk).open(f"/queue{looked}")
    again.wait_for_selector("[data-field=killed] .rivals")
    again.wait_for_selector(".map[data-ready=true]")
    assert again.locator(".line-of[aria-current]").count() == 1 and again.evaluate("location.search") == looked


def test_a_place_where_several_lie_is_opened_as_a_list(desk: Served, watched: Callable[..., Watched]) -> None:
    """Merging nothing, two incidents at one place cannot be told apart on a map; the list tells them apart."""
    text = "Deux civils ont été tués dans une attaque à la roquette contre un marché à Gao, au Mali, selon un élu."
    for day in ("2024-01-10", "2024-02-20"):
        desk.good("POST", "/api/keep", {"text": f"{text} C'était hier.", "published": day, "publisher": f"Écho {day}"})
    spots = desk.good("GET", "/api/spots")["spots"]
    lat, lon, number, *_ = next(s for s in spots if s[2] > 1)
    page = watched(desk).open(f"/queue?at={lat},{lon},12")
    page.wait_for_selector(".map[data-ready=true]")
    box = page.locator(".map").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    until(lambda: page.mouse.move(middle[0], middle[1]) or page.mouse.move(middle[0] + 1, middle[1]) or hinted(page))
    page.mouse.click(*middle)
    until(lambda: page.locator(".line-of").count() == number)


def hinted(page: Any) -> bool:
    """Whether the map says what lies under the mouse."""
    return bool(page.locator(".hint").count())


def test_a_map_server_of_the_user_lies_under_the_map(
    serve: Serve, book: Path, watched: Callable[..., Watched], tiles: tuple[str, list[str]]
) -> None:
    address, asked = tiles
    window = watched(serve(book, desk_tiles=f"{address}/{{z}}/{{x}}/{{y}}.png"))
    window.allowed = (f"request to {address}",)
    page = window.open("/queue")
    page.wait_for_selector(".map[data-ready=true]")
    until(lambda: asked)
    assert all(re.fullmatch(r"/\d+/\d+/\d+\.png", path) for path in asked)


@pytest.fixture
def tiles() -> Iterator[tuple[str, list[str]]]:
    """A map server with one picture, and what it was asked for."""
    picture = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    asked: list[str] = []

    class Tile(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Length", str(len(picture)))
            self.end_headers()
            self.wfile.write(picture)

        def log_message(self, *_: Any) -> None:
            return

    running = HTTPServer(("127.0.0.1", 0), Tile)
    Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}", asked
    running.shutdown()
    running.server_close()


def test_the_map_shows_where_and_lets_a_pin_be_moved(desk: Served, watched: Callable[..., Watched]) -> None:
    page = watched(desk).open("/queue?source=gazette")
    page.wait_for_selector(".line-of")
    page.keyboard.press("j")
    page.wait_for_selector(".map[data-ready=true]")
    page.wait_for_selector(".pin")
    page.wait_for_timeout(1_000)
    pin = page.locator(".pin").bounding_box()
    around = page.locator(".map").bounding_box()
    assert abs(pin["x"] + pin["width"] / 2 - (around["x"] + around["width"] / 2)) < 12, "the pin is where the map looks"
    page.mouse.move(pin["x"] + 8, pin["y"] + 8)
    page.mouse.down()
    page.mouse.move(pin["x"] + 60, pin["y"] + 40, steps=5)
    page.mouse.up()
    page.wait_for_selector("dialog")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("dialog", state="detached")
    moved = desk.good("GET", "/api/incidents?source=gazette")["incidents"][0]["place"]
    assert 0.01 < abs(moved["lon"] + 0.04472) < 3 and moved["name"] == "Gao"


def test_signing_in_and_out(desk: Served, book: Path, watched: Callable[..., Watched]) -> None:
    from constat.desk.accounts import Accounts

    Accounts(book).add("amal", "admin", "long enough to be one")
    window = watched(desk)
    window.allowed = ("401",)
    page = window.open("/queue")
    page.wait_for_selector(".sign-in")
    inputs = page.locator(".sign-in input")
    inputs.nth(0).fill("amal")
    inputs.nth(1).fill("wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector(".toast.bad")
    inputs.nth(1).fill("long enough to be one")
    page.keyboard.press("Enter")
    page.wait_for_selector(".line-of")
    assert page.evaluate("document.cookie") == ""
    page.click("text=amal")
    page.wait_for_selector(".sign-in")
