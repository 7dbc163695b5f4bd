"""Killed at any moment, crashed at every step: what was acknowledged is there, whole and once."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import adder
import pytest
from ordered import Finds

from constat import adding
from constat.casebook import DATABASE, Casebook
from constat.documents.extract import drafts
from constat.records import Document, Reading
from constat.settings import Settings
from constat.store import evidence, incidents
from constat.store.sqlite import SqliteStore

ADDER = Path(__file__).with_name("adder.py")
FULL = os.environ.get("CONSTAT_FULL") == "1"
KILLS = int(os.environ.get("CONSTAT_KILLS", "100"))


class Plain:
    """Reads nothing in a report."""

    def read(self, document: Document) -> Reading:
        return Reading(document=document, events=())


class Here:
    """Parses without a process of its own."""

    drafts = staticmethod(drafts)

    def close(self) -> None:
        """There is nothing to end."""


class CrashError(BaseException):
    """The end of the process, as far as a test can have it."""


def wires(path: Path, count: int, said: str = "near") -> Path:
    lines = (
        json.dumps({"id": f"w{n}", "text": f"The patrol was attacked {said} the town, report {n}."})
        for n in range(count)
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def book(folder: Path) -> Casebook:
    return Casebook.init(folder, Settings(actor="tester"))


def counts(folder: Path) -> tuple[int, list[int], int]:
    """Documents, documents with each of their parts, and additions in the log, as the file has them."""
    db = sqlite3.connect(folder / DATABASE)
    try:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (held,) = db.execute("SELECT COUNT(*) FROM document").fetchone()
        tables = ("reading", "appearance", "searched")
        parts = [db.execute(f"SELECT COUNT(DISTINCT document) FROM {t}").fetchone()[0] for t in tables]
        (logged,) = db.execute("SELECT COUNT(*) FROM audit WHERE action = 'added'").fetchone()
        return held, parts, logged
    finally:
        db.close()


class Forked:
    """A copy of this process that adds, parsing for itself, which starts fast."""

    def __init__(self, folder: Path, source: str) -> None:
        out, back = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(out)
            with suppress(BaseException), os.fdopen(back, "w") as stream:
                adder.main(str(folder), [source], stream)
            os._exit(0)
        os.close(back)
        self.stdout = os.fdopen(out, "rb")

    def wait(self) -> None:
        """Collect the status."""
        os.waitpid(self.pid, 0)


def forked(folder: Path, source: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    with monkeypatch.context() as patch:
        patch.setattr(adding, "CaptureReader", Here)
        return Forked(folder, source)


def started(folder: Path, source: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A process of its own, with another that parses for it."""
    command = [sys.executable, str(ADDER), str(folder), source]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def test_killed_at_any_moment_nothing_acknowledged_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, rng, before = tmp_path / "book", random.Random(7), 0
    book(folder).close()
    sources = [str(wires(tmp_path / f"{n}.jsonl", 40, f"wave {n}")) for n in range(KILLS)]
    for kill, source in enumerate(sources):
        process = (started if kill % 10 == 0 else forked)(folder, source, monkeypatch)
        told, said = process.stdout.readline(), b""
        assert told == b"open\n"
        if kill % 3:
            said = process.stdout.readline()  # the first document, or the end if a kill came before
        time.sleep(rng.uniform(0, 0.06))
        os.kill(process.pid, signal.SIGKILL)
        said += process.stdout.read()
        process.stdout.close()
        process.wait()
        lines = said.split()
        acknowledged = before + max((int(n) for n in lines if n.isdigit()), default=0)
        held, parts, logged = counts(folder)
        assert acknowledged <= held <= acknowledged + 1, "lost, or there without being told"
        assert parts == [held] * 3 and logged == held, "partial"
        before = held
    with Casebook.open(folder, writable=True) as opened:
        account = opened.add(sources, reader=Plain)
        assert account.stored == 40 * KILLS - before and account.duplicate == before
        assert len(list(opened.documents())) == 40 * KILLS
        assert opened.verify().faults == []
    assert before > KILLS
    print(f"\n{KILLS} kills, {before:,} documents acknowledged before them: 0 lost, 0 partial, 0 doubled")


def boundaries(monkeypatch: pytest.MonkeyPatch, at: int) -> Callable[[], int]:
    """Let the process crash before its write number `at`; how many writes there have been."""
    seen = 0

    def guarded(step: Callable[..., Any]) -> Callable[..., Any]:
        def run(*values: Any, **named: Any) -> Any:
            nonlocal seen
            seen += 1
            if seen == at:
                raise CrashError
            return step(*values, **named)

        return run

    monkeypatch.setattr(evidence.os, "fsync", guarded(os.fsync))
    monkeypatch.setattr(evidence.os, "replace", guarded(os.replace))
    monkeypatch.setattr(evidence, "_write", guarded(evidence._write))
    monkeypatch.setattr(SqliteStore, "_run", guarded_statements(SqliteStore._run, guarded))
    return lambda: seen


def guarded_statements(run: Callable[..., Any], guarded: Callable[..., Any]) -> Callable[..., Any]:
    counted = guarded(run)

    def statement(self: SqliteStore, said: str, values: Any = ()) -> Any:
        writes = said.startswith(("BEGIN", "COMMIT", "INSERT", "UPDATE", "DELETE"))
        return counted(self, said, values) if writes else run(self, said, values)

    return statement


def test_a_crash_at_every_write_ends_in_the_same_casebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = wires(tmp_path / "wires.jsonl", 2)
    monkeypatch.setattr(adding, "CaptureReader", Here)
    whole = book(tmp_path / "whole")
    with monkeypatch.context() as patch:
        count = boundaries(patch, -1)
        whole.add([str(source)], reader=Finds)
        steps = count()
    expected = whole.digest(), incidents.digest(whole.store)
    whole.close()
    assert steps >= 40
    for at in range(1, steps + 1):
        folder = tmp_path / f"crash{at}"
        crashed = book(folder)
        with monkeypatch.context() as patch:
            boundaries(patch, at)
            with pytest.raises(CrashError):
                crashed.add([str(source)], reader=Finds)
        crashed.store._db.close()  # type: ignore[attr-defined]
        crashed.store._release()  # type: ignore[attr-defined]
        with Casebook.open(folder, writable=True) as resumed:
            resumed.add([str(source)], reader=Finds)
            assert (resumed.digest(), incidents.digest(resumed.store)) == expected, at
            assert resumed.verify().faults == [], at
    print(f"\n{steps} write boundaries, the same casebook after each")


def test_writers_take_turns_and_readers_never_wait(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    book(folder).close()
    writing, commits, reading = 8, 500, 20
    sources = [wires(tmp_path / f"{n}.jsonl", commits, f"wave {n}, near") for n in range(writing)]
    environment = os.environ | {"CONSTAT_WRITER_WAIT_SECONDS": "600"}
    writers = [
        subprocess.Popen(
            [sys.executable, str(ADDER), str(folder), str(path)], stdout=subprocess.DEVNULL, env=environment
        )
        for path in sources
    ]
    reads = [0] * reading

    def look(number: int) -> None:
        while any(w.poll() is None for w in writers):
            with Casebook.open(folder) as reader:
                reader.status()
                reads[number] += 1
            time.sleep(0.25)

    with ThreadPoolExecutor(reading) as readers:
        for done in [readers.submit(look, number) for number in range(reading)]:
            done.result()  # raises what a reader met
    assert [w.wait() for w in writers] == [0] * writing
    with Casebook.open(folder) as reader:
        assert len(list(reader.documents())) == writing * commits and reader.verify().faults == []
    assert min(reads) > 0
    print(
        f"\n{writing} writers of {commits} reports each, {reading} readers that looked {sum(reads):,} times: all held"
    )


def test_a_second_writer_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = book(tmp_path / "book")
    monkeypatch.setenv("CONSTAT_WRITER_WAIT_SECONDS", "0.1")
    done = subprocess.run(
        [sys.executable, str(ADDER), str(tmp_path / "book"), "x"], capture_output=True, text=True, check=False
    )
    first.close()
    assert done.returncode == 3 and f"another process (id {os.getpid()}) is writing" in done.stderr
