"""`constat watch`: looks again and again, takes in what is new, follows entries to their pages, lets others write."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from test_fetch import Plain, Site, here
from test_fetch import site as site  # the fixture
from typer.testing import CliRunner

from constat import adding, casebook_cli
from constat.casebook import Casebook
from constat.cli import app
from constat.settings import Settings
from constat.sources.fetch import Fetcher


class PlainReader:
    """Who reads in these tests: nobody who has to be opened."""

    failed = 0

    def __init__(self, *asked: object) -> None:
        self.asked = asked

    def __call__(self) -> Plain:
        return Plain()

    def tell(self) -> None:
        """There is nothing to tell."""


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pytest.importorskip("warcio")
    pytest.importorskip("feedparser")
    monkeypatch.setenv("CONSTAT_FETCH_PAUSE_SECONDS", "0.01")
    monkeypatch.setenv("CONSTAT_WRITER_WAIT_SECONDS", "0.1")
    monkeypatch.setattr(adding, "Fetcher", partial(Fetcher, permit=here))
    monkeypatch.setattr(casebook_cli, "BookReader", PlainReader)
    Casebook.init(tmp_path / "book", Settings(actor="tester")).close()
    return tmp_path / "book"


def feed(site: str, count: int) -> str:
    items = (
        f"<item><title>Report {n}</title><link>{site}/page{n}</link><description>Residents of the town said that it "
        f"was attacked on day {n} of the week.</description></item>"
        for n in range(count)
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Wire</title>{''.join(items)}</channel></rss>"


@pytest.fixture
def growing(site: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A feed with one more entry each time that somebody waits."""
    entries, usual = [1], Site.do_GET

    def answer(self: Site) -> None:
        if self.path == "/feed":
            Site.asked.append((self.path, dict(self.headers)))
            self.answer(200, feed(site, entries[0]).encode(), "application/rss+xml")
        else:
            usual(self)

    def wait(seconds: float) -> None:
        assert seconds == 90.0, "every one and a half minutes"
        entries[0] += 1

    monkeypatch.setattr(Site, "do_GET", answer)
    monkeypatch.setattr(casebook_cli, "time", SimpleNamespace(sleep=wait))
    yield f"{site}/feed"


def watch(book: Path, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["watch", *arguments, "--casebook", str(book), "--every", "1.5"])
    return result.exit_code, result.stdout, result.stderr


def test_each_look_takes_in_what_is_new(book: Path, growing: str) -> None:
    code, out, err = watch(book, growing, "--times", "3")
    assert code == 0, err
    assert [line.split(" + ")[0] for line in out.splitlines()] == [
        "received 1 = stored 1", "received 2 = stored 1", "received 3 = stored 1",
    ]  # fmt: skip
    with Casebook.open(book) as opened:
        assert len(list(opened.documents())) == 3 and opened.verify().faults == []
    assert [path for path, _ in Site.asked if path.startswith("/page")] == []


def test_pages_of_new_entries_are_fetched_once(book: Path, growing: str) -> None:
    code, _, err = watch(book, growing, "--times", "2", "--follow")
    assert code == 0, err
    assert [path for path, _ in Site.asked if path.startswith("/page")] == ["/page0", "/page1"]
    with Casebook.open(book) as opened:
        assert len(opened.history(growing.replace("/feed", "/page0"))) == 2, "the entry and the page it points at"


def test_what_cannot_be_had_ends_nothing(book: Path, growing: str) -> None:
    code, out, err = watch(book, growing.replace("/feed", "/gone"), growing, "--times", "2")
    assert code == 0 and "answered 410" in err and len(out.splitlines()) == 2
    with Casebook.open(book) as opened:
        assert len(list(opened.documents())) == 2 and opened.verify().faults == []
        (item,) = opened.status().waiting
        assert item.tries == 2 and "answered 410" in item.cause, "one item, however often it is looked at"


def test_while_another_process_writes_it_waits_for_the_next_time(book: Path, growing: str) -> None:
    with Casebook.open(book, writable=True):
        code, out, err = watch(book, growing, "--times", "2")
    assert code == 0 and out == "" and err.count("looking again the next time") == 2 and "Traceback" not in err
    assert watch(book, growing, "--times", "1")[1].startswith("received 2 = stored 2")
