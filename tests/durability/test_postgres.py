"""Writers of a casebook in PostgreSQL are killed at any moment: what was acknowledged is there, whole and once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_crashes import ADDER, FULL, Forked, Here, Plain, wires

from constat import adding
from constat.casebook import Casebook
from constat.settings import Settings
from constat.store.postgres import PostgresStore

KILLS = 100 if FULL else 12


@pytest.fixture
def folder(postgres: str | None, tmp_path: Path) -> Path:
    if postgres is None:
        pytest.skip("NO POSTGRESQL HERE: crashes were tried with SQLite only")
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(postgres, autocommit=True) as db:
        db.execute("DROP SCHEMA public CASCADE")
        db.execute("CREATE SCHEMA public")
    Casebook.init(tmp_path / "book", Settings(actor="tester", store=postgres)).close()
    return tmp_path / "book"


def counts(folder: Path) -> list[int]:
    """Documents, documents with each of their parts, and additions in the log."""
    with Casebook.open(folder) as book:
        queries = [f"COUNT(DISTINCT document) FROM {t}" for t in ("reading", "appearance", "search")]
        queries = ["COUNT(*) FROM document", *queries, "COUNT(*) FROM audit WHERE action = 'added'"]
        return [int(next(book.store.rows(f"SELECT {query}"))[0] or 0) for query in queries]


def test_killed_at_any_moment_nothing_acknowledged_is_lost(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng, before = random.Random(7), 0
    sources = [str(wires(tmp_path / f"{n}.jsonl", 40, f"wave {n}")) for n in range(KILLS)]
    monkeypatch.setattr(adding, "CaptureReader", Here)
    for kill, source in enumerate(sources):
        process = Forked(folder, source)
        assert process.stdout.readline() == b"open\n"
        said = process.stdout.readline() if kill % 3 else b""
        time.sleep(rng.uniform(0, 0.06))
        os.kill(process.pid, signal.SIGKILL)
        said += process.stdout.read()
        process.stdout.close()
        process.wait()
        acknowledged = before + max((int(n) for n in said.split() if n.isdigit()), default=0)
        settled = counts(folder)
        until = time.monotonic() + 10
        while (now := counts(folder)) != settled and time.monotonic() < until:
            settled = now  # the server may still be ending what the dead process had sent
        held = settled[0]
        assert acknowledged <= held <= acknowledged + 1, "lost, or there without being told"
        assert settled == [held] * 5, "partial"
        before = held
    with Casebook.open(folder, writable=True) as book:
        account = book.add(sources, reader=Plain)
        assert account.stored == 40 * KILLS - before and account.duplicate == before
        assert book.verify().faults == []
    assert before > 0
    print(f"\nPostgreSQL: {KILLS} kills, {before:,} documents acknowledged before them: 0 lost, 0 partial, 0 doubled")


def test_writers_at_once_leave_one_chain(folder: Path, tmp_path: Path) -> None:
    writing, commits = (8, 500) if FULL else (4, 25)
    sources = [wires(tmp_path / f"{n}.jsonl", commits, f"wave {n}, near") for n in range(writing)]
    writers = [
        subprocess.Popen([sys.executable, str(ADDER), str(folder), str(path)], stdout=subprocess.DEVNULL)
        for path in sources
    ]
    assert [w.wait() for w in writers] == [0] * writing
    with Casebook.open(folder) as book:
        assert len(list(book.documents())) == writing * commits and book.verify().faults == []


def test_opening_waits_for_no_writer(folder: Path, postgres: str) -> None:
    with Casebook.open(folder, writable=True) as book, book.store.transaction():
        book.store.execute("INSERT INTO restricted VALUES ('Someone')")
        PostgresStore(f"{postgres}&options=-c%20lock_timeout%3D2s", writable=True).close()
