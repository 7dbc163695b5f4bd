"""Draws the pictures of docs/desk.md: the desk in Chromium, over a casebook of the invented reports in `examples/`.

usage: python docs/screens.py
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import Browser, Page, sync_playwright

from constat.casebook import Casebook
from constat.desk.desk import Desk
from constat.desk.serve import Door, listen, server
from constat.documents.reports import Known
from constat.pipeline import Reader
from constat.settings import Settings

HERE = Path(__file__).parent
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader"]
REPORT = (HERE.parent / "examples" / "01-kassala-depot.fr.txt").read_text(encoding="utf-8")


def main() -> None:
    """Build, serve, look."""
    folder = Path(tempfile.mkdtemp(prefix="constat-screens-"))
    settings = msgspec.structs.replace(Settings.load(environ={}), state=folder / "state", actor="amal")
    reader = Reader.open(settings)
    with Casebook.init(folder / "horn", settings) as book:
        book.add([str(HERE.parent / "examples")], known=Known(published="2024-03-12"), reader=lambda: reader)
        book.settle()
    desk = Desk(settings, folder / "horn", reader=lambda: reader, languages=("ar", "en", "fr"))
    door, ready = Door(), threading.Event()
    listening = listen(door)
    running = server(desk, door, ready.set)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    ready.wait(30)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        _read(_page(browser, "en"), address)
        _queue(_page(browser, "en"), address, "desk-queue")
        _queue(_page(browser, "ar", "dark"), address, "desk-arabic")
        page = _page(browser, "fr")
        page.goto(f"{address}/overview")
        page.wait_for_selector(".months")
        _keep(page, "desk-overview")
        browser.close()
    running.should_exit = True
    thread.join(20)
    shutil.rmtree(folder)


def _page(browser: Browser, lang: str, scheme: str = "light") -> Page:
    size: Any = {"viewport": {"width": 1360, "height": 850}, "color_scheme": scheme}
    page = browser.new_page(locale=lang, **size)
    page.set_default_timeout(120_000)
    return page


def _read(page: Page, address: str) -> None:
    page.goto(f"{address}/read")
    page.fill("#pasted", REPORT)
    page.click("details summary")
    page.fill("input[type=date]", "2024-03-12")
    page.click("button.main")
    page.wait_for_selector(".card")
    page.wait_for_timeout(1_000)
    page.evaluate("document.querySelector('.reading').scrollIntoView()")
    page.evaluate("document.querySelector('.announcements button')?.click()")
    _keep(page, "desk-read")


def _queue(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/queue?sort=voices")
    page.wait_for_selector(".line-of")
    page.keyboard.press("j")
    page.wait_for_selector(".marked mark")
    page.wait_for_selector(".map[data-ready=true]")
    page.wait_for_timeout(6_000)
    _keep(page, name)


def _keep(page: Page, name: str) -> None:
    page.screenshot(path=HERE / f"{name}.jpg", type="jpeg", quality=82)


if __name__ == "__main__":
    main()
