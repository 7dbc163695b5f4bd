"""The only socket: public addresses alone, however they are written; polite; and what it fetches is kept as WARC."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from constat.casebook import Casebook
from constat.errors import InputError, LimitError
from constat.records import Document, Reading
from constat.settings import Settings
from constat.sources.fetch import Fetcher, Validators, public
from constat.sources.warc_file import as_warc

SAID = "Three people were killed in an attack on the town on Tuesday, residents said."
FAST = Settings(actor="tester", fetch_pause_seconds=0.01, fetch_seconds=2.0, max_page_bytes=200_000)


class Plain:
    """Reads nothing in a report."""

    def read(self, document: Document) -> Reading:
        return Reading(document=document, events=())


SPELLINGS = [
    "127.0.0.1", "127.1", "127.0.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1",
    "017700000001", "127.0.0.1.", "localhost", "localhost.", "LOCALHOST", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]",
    "[fc00::1]", "[fd00:ec2::254]", "10.0.0.1", "10.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.1",
    "169.254.169.254", "2852039166", "0xa9fea9fe", "[::ffff:169.254.169.254]", "100.64.0.1", "192.0.0.192",
    "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.51.100.7", "203.0.113.9",
    "①②⑦.⓪.⓪.①", "１２７.0.0.1", "127。0。0。1", "⑯⑨。②⑤④。⑯⑨。②⑤④", "[ff02::1]", "[2001:db8::1]", "[100::1]",
    "[2001:10::1]", "127.255.255.254", "0.1.2.3", "127.0.0.1%00", "127.0.0.1%2f", "@127.0.0.1", "a@127.0.0.1",
    "user:pw@10.0.0.1", "127.0.0.1\\@example.org", "[::1]:80", "[::ffff:0:7f00:1]",
]  # fmt: skip


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every address that a socket was asked to connect to."""
    seen: list[object] = []

    class Watched(socket.socket):
        def connect(self, address: object, /) -> None:
            seen.append(address)
            raise ConnectionRefusedError

    monkeypatch.setattr(socket, "socket", Watched)
    return seen


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_a_local_address_is_connected_to(host: str, connected: list[object]) -> None:
    assert len(SPELLINGS) >= 60
    for scheme in ("http", "https"):
        with pytest.raises(InputError):
            Fetcher(FAST).get(f"{scheme}://{host}/")
    assert connected == []


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "gopher://x", "http://", "http://x\r\ny/", "http://[", "http://a:99999/"]
)
def test_what_is_no_address_of_the_web_is_refused(address: str, connected: list[object]) -> None:
    with pytest.raises(InputError):
        Fetcher(FAST).get(address)
    assert connected == []


def test_ports_and_names_that_change_their_address(monkeypatch: pytest.MonkeyPatch, connected: list[object]) -> None:
    assert public("8.8.8.8", 443) and public("2606:4700::1111", 80)
    assert not public("8.8.8.8", 22) and not public("8.8.8.8", 6379)
    answers = iter([["9.9.9.9", "127.0.0.1"], ["127.0.0.1"], ["::ffff:10.0.0.1"]])

    def resolve(host: str, port: int, **_: object) -> list[object]:
        places = next(answers)
        return [(socket.AF_INET6 if ":" in p else socket.AF_INET, socket.SOCK_STREAM, 6, "", (p, port)) for p in places]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    for _ in range(3):
        with pytest.raises(InputError, match="not of the public web"):
            Fetcher(FAST).get("http://rebinding.example/")
    assert connected == []


class Site(BaseHTTPRequestHandler):
    """A small site; the paths say what happens."""

    asked: ClassVar[list[tuple[str, dict[str, str]]]] = []
    version = 1

    def do_GET(self) -> None:
        Site.asked.append((self.path, dict(self.headers)))
        path = self.path
        if path == "/robots.txt":
            self.answer(200, b"User-agent: *\nDisallow: /private\n", "text/plain")
        elif path == "/loop":
            self.answer(302, b"", "text/plain", Location="/loop")
        elif path == "/inside":
            self.answer(302, b"", "text/plain", Location="http://169.254.169.254/latest")
        elif path == "/moved":
            self.answer(301, b"", "text/plain", Location="/page")
        elif path == "/big":
            self.answer(200, b"x" * 300_000, "text/plain")
        elif path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.1)
        elif path == "/gone":
            self.answer(410, b"gone", "text/html")
        elif self.headers.get("If-None-Match") == f'"{Site.version}"':
            self.answer(304, b"", "text/html")
        else:
            page = f"<html><head><title>Page</title></head><body><p>{SAID} Version {Site.version}.</p></body></html>"
            self.answer(200, page.encode(), "text/html", ETag=f'"{Site.version}"')

    def answer(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    Site.asked, Site.version = [], 1
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def here(address: str, port: int) -> bool:
    """For these tests only: this machine is the web, everything else is not."""
    return address == "127.0.0.1"


def test_a_redirect_leads_nowhere_inside(site: str) -> None:
    with pytest.raises(InputError, match=r"169\.254\.169\.254"):
        Fetcher(FAST, here).get(f"{site}/inside")


@pytest.mark.parametrize(
    ("path", "limit"), [("/loop", "max_redirects"), ("/big", "max_page_bytes"), ("/slow", "fetch_seconds")]
)
def test_the_limits_are_named(site: str, path: str, limit: str) -> None:
    start = time.monotonic()
    with pytest.raises(LimitError, match=limit):
        Fetcher(FAST, here).get(f"{site}{path}")
    assert time.monotonic() - start < 6


def test_robots_are_heard_and_requests_are_spaced(site: str) -> None:
    fetcher = Fetcher(Settings(fetch_pause_seconds=0.2, fetch_seconds=5), here)
    with pytest.raises(InputError, match=r"robots\.txt"):
        fetcher.get(f"{site}/private/x")
    start = time.monotonic()
    fetcher.get(f"{site}/page")
    fetcher.get(f"{site}/page")
    assert time.monotonic() - start >= 0.2
    assert [p for p, _ in Site.asked].count("/robots.txt") == 1
    assert "constat/" in Site.asked[0][1]["User-Agent"]


def test_what_is_fetched_is_a_sound_warc(site: str) -> None:
    pytest.importorskip("warcio")
    from warcio.archiveiterator import ArchiveIterator

    answer = Fetcher(FAST, here).get(f"{site}/moved", Validators())
    assert [hop.status for hop in answer.hops] == [301, 200] and answer.final_address == f"{site}/page"
    kinds = []
    for record in ArchiveIterator(io.BytesIO(as_warc(answer)), check_digests="raise"):
        kinds.append(record.rec_type)
        record.content_stream().read()
    assert kinds == ["warcinfo", "response", "request", "response", "request"]


def test_a_page_its_change_and_its_end(site: str, tmp_path: Path) -> None:
    pytest.importorskip("warcio")
    with Casebook.init(tmp_path / "book", FAST) as book:

        def add(path: str) -> tuple[int, int, int]:
            account = book.add([site + path], reader=Plain, fetcher=Fetcher(FAST, here))
            return account.stored, account.duplicate, account.quarantined

        assert add("/page") == (1, 0, 0)
        assert add("/page") == (0, 1, 0), "the server says that nothing changed"
        assert Site.asked[-1][1]["If-None-Match"] == '"1"'
        Site.version = 2
        assert add("/page") == (1, 0, 0)
        first, second = sorted(book.history(f"{site}/page"), key=lambda s: s.document.text)
        assert second.previous == first.document.id and "Version 2" in second.document.text
        assert add("/gone") == (0, 0, 1) and "answered 410" in book.status().waiting[0].cause
        rows = list(
            book.store.rows("SELECT body FROM occurrence WHERE address = ? AND name = ?", (f"{site}/page",) * 2)
        )
        assert all('"status":200' in str(body) and "captured_at" in str(body) for (body,) in rows) and len(rows) >= 4
        assert book.verify().faults == []
