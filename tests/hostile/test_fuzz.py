"""Fuzzing guided by coverage: what reaches lines that nothing reached before is changed further. No crash, no hang.

A second for each target, a minute with CONSTAT_FULL=1. A finding is printed as bytes that can be put into `FOUND`.
"""

from __future__ import annotations

import gzip
import io
import os
import random
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from corpus import SAID, zipped
from inner import OWN, prepare
from inner import TARGETS as INNER

import constat
from constat.captures import Kept, Received
from constat.documents.dates import iso_day
from constat.documents.decode import decode
from constat.documents.extract import Context, drafts
from constat.documents.markup import visible_text
from constat.documents.reports import Known
from constat.errors import ConstatError, InputError
from constat.settings import Settings
from constat.sources.fetch import Fetcher
from constat.sources.receive import Budget, Way, container
from constat.store.searching import Cover, Words

SECONDS = float(os.environ.get("CONSTAT_FUZZ_SECONDS") or (60 if os.environ.get("CONSTAT_FULL") == "1" else 1))
HANG = 1.0
OURS = str(Path(constat.__file__).parent)
SETTINGS = Settings(max_page_bytes=1 << 20, max_archive_bytes=1 << 22, max_capture_bytes=1 << 22)
# What was found once stays: target, bytes.
FOUND: tuple[tuple[str, bytes], ...] = (
    ("zip", zipped({"nameless.txt": SAID.encode()}).replace(b"nameless", b"\x00ameless")),  # a member without a name
    ("html", f"<html><body><e on {{the town=1><p>{SAID * 3}</p></body></html>".encode()),  # a brace in an attribute
    # A number word whose key is no number, and a prefix with a tag that there is not.
    ("pack people.tsv", b"phrase\tinflect\ttag\tkey\texample\ntwo\t\tNUMW\tTwo fell.\n"),
    ("pack pack.toml", OWN["pack.toml"].replace("DET", "DE<T").encode()),
    ("desk", b'POST ?api/alerts/r\xb3ead\n{"up_to": 7}'),  # letters in a query as they are
    ("pack pack.toml", b'name = "Own"\n[tokens]\nprefixes = "Own"\n'),  # words where a table stands
    ("pack pack.toml", b'name = "Own"\nlanguage = "Own"\n'),
)


def parsed(name: str) -> Callable[[Path, bytes], None]:
    """Read the bytes as a file of this name."""

    def run(folder: Path, data: bytes) -> None:
        path = folder / name
        path.write_bytes(data)
        kept = Kept(path=path, name=name, size=len(data))
        for found in drafts(kept, Context(Known(), SETTINGS)):
            assert found is not None

    return run


def unpacked(name: str) -> Callable[[Path, bytes], None]:
    """Take everything out of a container of this name."""

    def run(folder: Path, data: bytes) -> None:
        path = folder / name
        path.write_bytes(data)
        kept = Kept(path=path, name=name, size=len(data))
        box = container(kept)
        way = Way(SETTINGS, Fetcher(SETTINGS), lambda _: None, Budget(SETTINGS))
        for found in box.members(kept, way) if box else ():
            while isinstance(found, Received) and found.stream.read(1 << 16):
                pass
        assert [p.name for p in folder.iterdir()] == [name], "bytes outside"

    return run


def tarred(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


ANSWER = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{SAID}"
WARC = (
    f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nWARC-Date: 2024-03-12T08:00:00Z\r\n"
    f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(ANSWER)}\r\n\r\n{ANSWER}\r\n\r\n"
)
ATTACHED = (
    f"Subject: S\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: text/plain\n\n"
    f"{SAID}\n--q\nContent-Type: text/csv\nContent-Disposition: attachment; filename=a.csv\n\ntext\n{SAID}\n--q--\n"
)


def decoded(folder: Path, data: bytes) -> None:
    text, _ = decode(data, "x")
    words = Words(["al", "w"])
    iso_day(text[:200])
    visible_text(text)
    words.folded(text)
    assert len(Cover(["Amina Testname"]).signs(text)) == len(text), "offsets move"


TARGETS: dict[str, tuple[Callable[[Path, bytes], None], bytes]] = {
    "decode": (decoded, f"Amina Testname, 12 March 2024. {SAID}".encode()),
    "html": (parsed("x.html"), f"<html><head><title>T</title></head><body><p>{SAID * 3}</p></body></html>".encode()),
    "feed": (
        parsed("x.xml"),
        f"<rss><channel><title>W</title><item><title>t</title><pubDate>Tue, 12 Mar 2024 08:00:00 GMT</pubDate>"
        f"<description>{SAID}</description></item></channel></rss>".encode(),
    ),
    "mail": (
        parsed("x.eml"),
        f"From: a@b.example\nDate: Tue, 12 Mar 2024 08:00:00 +0000\nSubject: =?utf-8?q?x?=\n\n{SAID}".encode(),
    ),
    "lines": (parsed("x.jsonl"), f'{{"text": "{SAID}", "published": "2024-03-12"}}\n{{"text": "b"}}'.encode()),
    "table": (parsed("x.csv"), f'text,date,title\n"{SAID}",2024-03-12,"a"\n'.encode()),
    "chat": (parsed("x.txt"), f"[12/03/2024, 10:00] A: {SAID}\n[12/03/2024, 10:01] B: {SAID}\n".encode()),
    "telegram": (
        parsed("result.json"),
        f'{{"name": "c", "type": "public_channel", "id": 1, "messages": [{{"id": 1, "type": "message", '
        f'"date": "2024-03-12T08:00:00", "text": ["{SAID}", {{"type": "bold", "text": "b"}}]}}]}}'.encode(),
    ),
    "office": (
        parsed("x.docx"),
        zipped({"word/document.xml": f"<w><body><p><r><t>{SAID}</t></r></p></body></w>".encode()}),
    ),
    "zip": (unpacked("x.zip"), zipped({"a.txt": SAID.encode(), "b/c.txt": b"x"})),
    "tar": (unpacked("x.tar"), tarred({"a.txt": SAID.encode(), "b/c.txt": b"x"})),
    "gzip": (unpacked("x.txt.gz"), gzip.compress(SAID.encode())),
    "warc": (unpacked("x.warc"), WARC.encode()),
    "mailbox": (unpacked("x.mbox"), f"From a\nSubject: x\n\n{SAID}\n\nFrom b\nSubject: y\n\n{SAID}\n".encode()),
    "attachments": (unpacked("y.eml"), ATTACHED.encode()),
}


class Coverage:
    """The lines of Constat that one run went through."""

    def __init__(self) -> None:
        self.lines: set[tuple[str, int]] = set()

    def _inside(self, frame: FrameType, event: str, _: Any) -> Any:
        self.lines.add((frame.f_code.co_filename, frame.f_lineno))
        return self._inside

    def _call(self, frame: FrameType, event: str, _: Any) -> Any:
        return self._inside if frame.f_code.co_filename.startswith(OURS) else None

    def __enter__(self) -> Coverage:
        self._before = sys.gettrace()
        sys.settrace(self._call)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)


def changed(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """One to four changes: a bit, a byte, a piece cut, doubled or taken from elsewhere, a sign that formats live by."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(out) + 1)
        piece = slice(at, at + rng.randint(1, 12))
        match rng.randrange(6):
            case 0 if out:
                out[min(at, len(out) - 1)] ^= 1 << rng.randrange(8)
            case 1:
                out[at:at] = bytes([rng.randrange(256)])
            case 2:
                del out[piece]
            case 3:
                out[at:at] = out[piece] * rng.randint(1, 30)
            case 4:
                start = rng.randrange(len(other) + 1)
                out[at:at] = other[start : start + rng.randint(1, 40)]
            case _:
                out[at:at] = rng.choice(
                    (b"<", b">", b'"', b"\n", b"\x00", b"\xff", b"&#x", b"{", b"[", b"\xe2\x80\xae")
                )
    return bytes(out[:20_000])


def tried(run: Callable[[Path, bytes], None], folder: Path, data: bytes) -> tuple[set[tuple[str, int]], float]:
    """The lines that were gone through and the processor time; raises what no input may raise."""
    with Coverage() as coverage:
        start = time.process_time()
        try:
            run(folder, data)
        except InputError as error:
            assert error.cause
        except ConstatError as error:
            raise AssertionError(f"{data!r} is blamed on something else than the input: {error}") from error
        except Exception as error:
            raise AssertionError(f"{data!r} raises {type(error).__name__}: {error}") from error
        spent = time.process_time() - start
    return coverage.lines, spent


ALL = {name: (run, (seed,)) for name, (run, seed) in TARGETS.items()} | INNER


@pytest.mark.parametrize("target", ALL)
@pytest.mark.filterwarnings("ignore")
def test_nothing_crashes_or_hangs(target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, seeds = ALL[target]
    prepare(target, tmp_path, monkeypatch)
    rng, runs = random.Random(target), 0
    kept, seen = [*seeds, *(data for name, data in FOUND if name == target)], set()
    for data in kept:
        seen |= tried(run, tmp_path, data)[0]
    assert seen, "the target goes through nothing of Constat"
    first = len(seen)
    until = time.process_time() + SECONDS  # a first input may load a library
    while time.process_time() < until:
        data = changed(rng, rng.choice(kept), rng.choice(kept))
        lines, spent = tried(run, tmp_path, data)
        assert spent < HANG, f"{data!r} takes {spent:.1f} s"
        runs += 1
        if lines - seen:
            seen |= lines
            kept.append(data)
    print(f"\n{target}: {runs:,} runs, {first:,} lines at first, {len(seen):,} at the end, {len(kept):,} inputs kept")
    assert runs > 0
