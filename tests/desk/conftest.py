"""A desk on a port of its own, over a copy of one small casebook; and a real browser where the machine has one."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import uvicorn
from reports import REPORTS

from constat.casebook import Casebook
from constat.desk.app import STATIC
from constat.desk.desk import Desk
from constat.desk.serve import Door, listen, server
from constat.pipeline import Reader
from constat.settings import Settings
from constat.sources.fetch import Fetcher

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--enable-unsafe-swiftshader"),
)


class Served:
    """A running desk."""

    def __init__(self, desk: Desk, door: Door) -> None:
        self.desk, self.door = desk, door
        self._socket = listen(door)
        self.port: int = self._socket.getsockname()[1]
        self._ready = threading.Event()
        self._server: uvicorn.Server = server(desk, door, self._ready.set)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()
        assert self._ready.wait(30), "the desk does not start"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def raw(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        finally:
            connection.close()

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        data = json.dumps(body).encode() if body is not None else None
        status, _, said = self.raw(method, path, data, headers)
        return status, json.loads(said)

    def good(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        status, said = self.ask(method, path, body, headers)
        assert status == 200, said
        return said

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(30)
        self._socket.close()


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("state")
    return msgspec.structs.replace(Settings.load(environ={}), state=folder, actor="amal", fetch_pause_seconds=0.0)


@pytest.fixture(scope="session")
def reader(settings: Settings) -> Reader:
    return Reader.open(settings)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, settings: Settings, reader: Reader) -> Path:
    """A casebook with the reports of `reports.py`."""
    folder = tmp_path_factory.mktemp("template")
    lines = folder / "reports.jsonl"
    lines.write_text("".join(json.dumps(report) + "\n" for report in REPORTS), encoding="utf-8")
    with Casebook.init(folder / "north", settings) as book:
        book.add([str(lines)], reader=lambda: reader)
        book.settle()
    return folder / "north"


@pytest.fixture
def book(template: Path, tmp_path: Path) -> Path:
    """A casebook of one's own."""
    copy = tmp_path / "north"
    shutil.copytree(template, copy, ignore=shutil.ignore_patterns("desk.sqlite"))
    return copy


Serve = Callable[..., Served]


@pytest.fixture
def serve(settings: Settings, reader: Reader) -> Iterator[Serve]:
    """Starts desks, and stops them when the test is over."""
    if not (STATIC / "index.html").is_file():
        message = "the desk's front end is not built (`make desk`): NOTHING OF THE DESK IS TESTED"
        warnings.warn(pytest.PytestWarning(message), stacklevel=1) if not os.environ.get("CI") else pytest.fail(message)
        pytest.skip(message)
    running: list[Served] = []

    def start(folder: Path | None, door: Door | None = None, **changes: Any) -> Served:
        chosen = msgspec.structs.replace(settings, **changes)
        public: Callable[[Settings], Fetcher] = lambda s: Fetcher(s, permit=lambda ip, port: True)  # noqa: E731
        desk = Desk(chosen, folder, reader=lambda: reader, languages=("ar", "en", "fr"), fetcher=public)
        running.append(Served(desk, door or Door()))
        return running[-1]

    yield start
    for served in running:
        served.stop()


@pytest.fixture
def desk(serve: Serve, book: Path) -> Served:
    """A desk over a casebook of one's own."""
    return serve(book)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, or a loud skip where there is none."""
    path = next((found for name in _CHROMIUM if (found := shutil.which(name))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        pytest.skip("no Chromium, or no playwright, on this machine: THE DESK IS NOT TRIED IN A BROWSER")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield running
        running.close()


class Watched:
    """A page of the browser on which nothing may go wrong unseen: errors, foreign requests, refused loads, dialogs."""

    def __init__(self, browser: Any, served: Served, lang: str = "en", **options: Any) -> None:
        self.served = served
        self.context = browser.new_context(locale=lang, viewport={"width": 1440, "height": 900}, **options)
        self.context.add_init_script(
            "window.__csp = []; document.addEventListener('securitypolicyviolation', "
            "e => window.__csp.push(e.violatedDirective + ' ' + e.blockedURI));"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(120_000)  # on machines that do much else besides
        self.wrong: list[str] = []
        self.allowed: tuple[str, ...] = ()
        self.page.on("console", lambda m: self.wrong.append(f"console: {m.text}") if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.wrong.append(f"error: {e}"))
        self.page.on("request", self._request)
        self.page.on("dialog", self._dialog)

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.served.address, "blob:", "data:")):
            self.wrong.append(f"request to {request.url}")

    def _dialog(self, dialog: Any) -> None:
        self.wrong.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def open(self, path: str) -> Any:
        self.page.goto(self.served.address + path)
        return self.page

    def check(self) -> None:
        """Raise if anything went wrong on the page."""
        self.wrong += [f"refused: {said}" for said in self.page.evaluate("window.__csp")]
        told = [w for w in self.wrong if not any(part in w for part in self.allowed)]
        assert not told, told

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def watched(browser: Any) -> Iterator[Callable[..., Watched]]:
    """Opens watched pages, and checks each when the test is over."""
    pages: list[Watched] = []

    def open_one(served: Served, lang: str = "en", **options: Any) -> Watched:
        pages.append(Watched(browser, served, lang, **options))
        return pages[-1]

    yield open_one
    for page in pages:
        try:
            page.check()
        finally:
            page.close()


def until(true: Callable[[], Any], seconds: float = 20.0) -> Any:
    """What a function gives once it gives something true."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it does not become true"
        time.sleep(0.05)
    return found
