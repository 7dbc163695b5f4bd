"""A casebook filled and read anew by several processes is the casebook that one process fills."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from constat.ahead import Ahead
from constat.casebook import Casebook
from constat.pipeline import Reader
from constat.records import Document, Reading
from constat.settings import Settings

TEXTS = (
    "Two soldiers were killed by a mine near Gao on Monday, a local source said.",
    "Trois civils ont été blessés lors d'une attaque contre un marché à Ouahigouya.",
    "",
    "Xqzt vvrp kkl.",
)


@pytest.fixture
def wires(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    rows = [
        {"id": f"w{n}", "text": f"{TEXTS[n % 4]} {n // 4 % 9}".strip(), "published": "2024-03-12"} for n in range(60)
    ]
    (folder / "wires.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    for n in range(8):
        (folder / f"single-{n}.txt").write_text(f"{TEXTS[n % 2]} ({n})", encoding="utf-8")
    return folder


def filled(tmp_path: Path, wires: Path, workers: int) -> tuple[str, str, str]:
    settings = Settings(actor="test", state=tmp_path / f"state-{workers}")
    with Casebook.init(tmp_path / f"book-{workers}", settings) as book:
        account = book.add([str(wires)], reader=lambda: Ahead(Reader.open(settings), settings, workers))
        again = book.add([str(wires)], reader=lambda: Ahead(Reader.open(settings), settings, workers))
        return str(account), str(again), book.digest()


def test_a_casebook_is_the_same_with_several_processes(tmp_path: Path, wires: Path) -> None:
    alone = filled(tmp_path, wires, 1)
    assert filled(tmp_path, wires, 3) == alone
    assert "stored" in alone[0] and "duplicate" in alone[0]


def test_reading_anew_is_the_same_with_several_processes(tmp_path: Path, wires: Path) -> None:
    settings = Settings(actor="test", state=tmp_path / "state")
    with Casebook.init(tmp_path / "book", settings) as book:
        book.add([str(wires)])
        alone = book.rebuild(Reader.open(settings))
        together = book.rebuild(Ahead(Reader.open(settings), settings, 2))
    assert alone.changed > 0
    assert (together.digest, together.changed, together.documents) == (alone.digest, 0, alone.documents)


def test_a_process_that_dies_while_a_casebook_is_filled_loses_nothing(tmp_path: Path, wires: Path) -> None:
    settings = Settings(actor="test", state=tmp_path / "state")
    ahead = Ahead(Reader.open(settings), settings, 2)
    killed = 0

    def tell(account: object, name: str, cause: str | None) -> None:
        nonlocal killed
        if not killed and ahead._pool is not None:  # once: a report on which two processes die is kept unread
            for process in list(ahead._pool._processes.values()):
                os.kill(process.pid, signal.SIGKILL)
                killed += 1

    with Casebook.init(tmp_path / "book", settings) as book:
        account = book.add([str(wires)], reader=lambda: ahead, tell=tell)
        digest = book.digest()
    assert killed
    assert (str(account), digest) == (filled(tmp_path, wires, 1)[0], filled(tmp_path / "x", wires, 1)[2])


def test_other_processes_start_once_reading_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow:
        def read(self, document: Document) -> Reading:
            return Reading(document=document, events=())

    ahead = Ahead(Slow(), Settings(), None)
    document = Document(id="a", text=TEXTS[0], lang="en")
    assert ahead.begin(document)()[0] == Reading(document=document, events=())
    assert ahead.held == 0
    ahead._spent, ahead._workers = 100.0, 2
    reading, why = ahead.begin(document)()
    assert reading is not None and reading.events and why is None
    assert ahead.held > 2
    ahead.close()
