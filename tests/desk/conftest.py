"""A desk on a port of its own, over a copy of one small casebook; and a real browser where the machine has one."""

from __future__ import annotations

import json
import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from reports import REPORTS
from serving import Serve, Served, Watched

from constat.casebook import Casebook
from constat.desk.app import STATIC
from constat.desk.desk import Desk
from constat.desk.serve import Door
from constat.pipeline import Reader
from constat.settings import Settings
from constat.sources.fetch import Fetcher

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--enable-unsafe-swiftshader"),
)


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What drives a browser may be late on a busy machine: it has a second try."""
    for item in items:
        if "watched" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))
