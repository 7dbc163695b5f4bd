"""The alerts of the watches in the desk: in threads, read or not by each user, in three languages, by keyboard."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from serving import Serve, Served, Watched, until
from test_access import PASSWORD, cookie
from test_screen import findings

from constat.alerts.channels import opened
from constat.alerts.sending import Sender
from constat.casebook import Casebook
from constat.desk.accounts import Accounts
from constat.store.alert_state import AlertState
from constat.watching import Watch

WATCH = Watch(name="the dunes", countries=("MLI",), channels=("desk",))
NEWS = {
    "text": "Sept civils ont été tués mercredi matin par une bombe artisanale près de Ménaka, dans l'est du Mali, "
    "selon un responsable local.",
    "publisher": "Bulletin du fleuve", "published": "2024-03-28", "lang": "fr", "title": "Une bombe près de Ménaka",
}  # fmt: skip
# Another outlet tells of the attack of `FIRST`, and counts otherwise.
LATER = {
    "text": "Trois soldats ont été tués lundi soir dans une attaque à la roquette contre un dépôt à Gao, au Mali, ont "
    "indiqué des habitants, qui décrivent une nuit de peur et des maisons abîmées par les explosions.",
    "publisher": "Écho de la boucle", "published": "2024-03-14", "lang": "fr", "title": "Trois soldats tués à Gao",
}  # fmt: skip


@pytest.fixture
def watching(serve: Serve, book: Path) -> Served:
    """A desk whose watch has noted what was there."""
    desk = serve(book, watch=(WATCH,))
    assert desk.good("POST", "/api/alerts/look") == {"raised": 0, "unread": 0, "watches": 1}
    return desk


def feed(desk: Served, more: str = "", headers: dict[str, str] | None = None) -> Any:
    return desk.good("GET", f"/api/alerts?lang=en{more}", headers=headers)


def look(desk: Served, headers: dict[str, str] | None = None) -> Any:
    return desk.good("POST", "/api/alerts/look", headers=headers)


def test_without_a_watch_there_is_nothing_and_no_file_is_made(serve: Serve, book: Path) -> None:
    desk = serve(book)
    assert look(desk) == {"raised": 0, "unread": 0, "watches": 0}
    assert feed(desk)["threads"] == [] and feed(desk)["watches"] == []
    assert not (book / "alerts.sqlite").exists()
    assert serve(None).ask("GET", "/api/alerts")[0] == 422


def test_what_is_new_or_changed_is_told_once_in_its_thread(watching: Served) -> None:
    assert [w["follows"] for w in feed(watching)["watches"]] == [3]
    assert feed(watching)["threads"] == []  # what was there before the watch is no news
    watching.good("POST", "/api/keep", NEWS)
    assert look(watching) == {"raised": 1, "unread": 1, "watches": 1}
    assert look(watching)["raised"] == 0
    (thread,) = feed(watching)["threads"]
    (news,) = thread["news"]
    assert (news["kind"], news["number"], thread["unread"], thread["watch"]) == ("new", 1, 1, "the dunes")
    assert "Ménaka" in news["headline"] and any("7" in line for line in news["told"])
    assert thread["reports"] == ["Bulletin du fleuve; 28 March 2024; Une bombe près de Ménaka"]
    row = watching.good("GET", f"/api/incidents/{thread['incident']}")["row"]
    assert row["place"]["name"] == "Ménaka"
    watching.good("POST", "/api/decisions", {"kind": "accept", "about": [row["id"]], "seen": [row["revision"]]})
    assert look(watching) == {"raised": 1, "unread": 1, "watches": 1}
    (thread,) = feed(watching)["threads"]
    assert [n["kind"] for n in thread["news"]] == ["update", "new"] and thread["unread"] == 2
    assert thread["news"][0]["told"] == ["review: accepted (was not reviewed)"]


def test_an_update_tells_what_was_before_and_stands_above_older_threads(watching: Served) -> None:
    watching.good("POST", "/api/keep", NEWS)
    look(watching)
    watching.good("POST", "/api/keep", LATER)
    assert look(watching)["raised"] == 1
    newest, older = feed(watching)["threads"]
    assert "Gao" in newest["news"][0]["headline"] and "Ménaka" in older["news"][0]["headline"]
    assert newest["news"][0]["kind"] == "update"
    assert any(line.startswith("killed: ") and "(was 2)" in line for line in newest["news"][0]["told"])
    french = watching.good("GET", "/api/alerts?lang=fr&limit=1&offset=1")
    assert french["threads"][0]["id"] == older["id"] and french["total"] == 2 and french["next"] is None
    assert "tués : 7" in french["threads"][0]["news"][0]["told"][0]
    assert watching.ask("GET", "/api/alerts?lang=xx")[0] == 400


def test_read_and_unread(watching: Served) -> None:
    watching.good("POST", "/api/keep", NEWS)
    watching.good("POST", "/api/keep", LATER)
    assert look(watching)["unread"] == 2
    first, second = feed(watching)["threads"]
    assert watching.good("POST", "/api/alerts/read", {"threads": {first["id"]: 1}})["unread"] == 1
    assert [t["id"] for t in feed(watching, "&unread=true")["threads"]] == [second["id"]]
    assert watching.good("POST", "/api/alerts/read", {"threads": {first["id"]: 0}})["unread"] == 2
    newest = feed(watching)["newest"]
    row = watching.good("GET", f"/api/incidents/{first['incident']}")["row"]
    watching.good("POST", "/api/decisions", {"kind": "accept", "about": [row["id"]], "seen": [row["revision"]]})
    look(watching)
    # All that was there when the feed was shown is read; what was raised since is not.
    assert watching.good("POST", "/api/alerts/read", {"up_to": newest})["unread"] == 1
    (left,) = feed(watching, "&unread=true")["threads"]
    assert left["id"] == first["id"] and left["unread"] == 1
    assert feed(watching, "&watch=no%20such")["total"] == 0
    assert watching.ask("POST", "/api/alerts/read", {"threads": {first["id"]: -1}})[0] == 400


def test_each_user_has_read_what_he_has_read(serve: Serve, book: Path) -> None:
    for name in ("amal", "omar"):
        Accounts(book).add(name, "reviewer", PASSWORD)
    desk = serve(book, watch=(WATCH,))
    amal, omar = cookie(desk, "amal"), cookie(desk, "omar")
    look(desk, amal)
    desk.good("POST", "/api/keep", NEWS, amal)
    assert look(desk, omar)["unread"] == 1
    (thread,) = feed(desk, headers=amal)["threads"]
    assert desk.good("POST", "/api/alerts/read", {"threads": {thread["id"]: 1}}, amal)["unread"] == 0
    assert look(desk, omar)["unread"] == 1
    assert desk.ask("GET", "/api/alerts")[0] == 401


def test_the_command_line_and_the_desk_tell_of_the_same_news_once(watching: Served, book: Path) -> None:
    watching.good("POST", "/api/keep", NEWS)
    with AlertState(book):  # another process looks and sends: the desk leaves it to that one
        assert look(watching)["raised"] == 0 and feed(watching)["threads"] == []
    assert look(watching)["raised"] == 1
    with AlertState(book) as state:
        sender = Sender(state, book, opened(()), (WATCH,))
        assert sender.run().sent == 1 and sender.waiting() == 0


def test_what_is_erased_is_shown_no_more(watching: Served, book: Path) -> None:
    (document,) = watching.good("POST", "/api/keep", NEWS)["documents"]
    look(watching)
    with Casebook.open(book, writable=True, settings=watching.desk.settings) as opened_book:
        opened_book.erase(document)
    assert feed(watching)["threads"] == []
    look(watching)
    assert "Ménaka" not in json.dumps(feed(watching), ensure_ascii=False)


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("fr", "dark"), ("ar", "dark")])
def test_the_feed_by_keyboard_in_a_browser(
    watching: Served, watched: Callable[..., Watched], lang: str, scheme: str
) -> None:
    page = watched(watching, lang, color_scheme=scheme).open("/alerts")
    page.wait_for_selector(".watches li")
    assert page.locator(".thread").count() == 0
    watching.good("POST", "/api/keep", NEWS)
    watching.good("POST", "/api/keep", LATER)
    page.reload()
    page.wait_for_selector(".thread.unread >> nth=1")  # the page itself has the watch look
    page.wait_for_selector("nav .badge:has-text('2'), nav .badge:has-text('٢')")
    assert findings(page) == []
    page.keyboard.press("j")
    page.wait_for_selector(".thread.here")
    page.keyboard.press("r")
    page.wait_for_selector(".thread.here:not(.unread)")
    page.keyboard.press("r")
    page.wait_for_selector(".thread.here.unread")
    page.locator(".thread.here summary").first.click()
    assert findings(page) == []
    page.keyboard.press("?")
    page.wait_for_selector("dialog .keys")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    headline = page.locator(".thread.here h2 bdi").inner_text()
    page.locator(".thread.here").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".record")
    place = next(name for name in ("Gao", "Ménaka") if name in headline)  # both were told in one look
    assert "/queue?incident=" in page.url and place in page.locator(".record").inner_text()
    page.wait_for_selector("nav .badge:has-text('1'), nav .badge:has-text('١')")
    page.go_back()
    page.wait_for_selector(".thread:not(.unread)")
    page.check(".tools input[type=checkbox]")
    until(lambda: page.locator(".thread").count() == 1)
    page.locator(".tools button").first.click()
    until(lambda: page.locator(".thread").count() == 0)
    page.wait_for_selector("nav .badge", state="detached")
    page.wait_for_selector(".none")
    page.set_viewport_size({"width": 360, "height": 740})
    page.uncheck(".tools input[type=checkbox]")
    page.wait_for_selector(".thread")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_desk_without_a_watch_says_how_one_is_written(desk: Served, watched: Callable[..., Watched]) -> None:
    page = watched(desk).open("/alerts")
    page.wait_for_selector(".sample")
    assert "[[watch]]" in page.locator(".sample").inner_text()
    assert findings(page) == []
