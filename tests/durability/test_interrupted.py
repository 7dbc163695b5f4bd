"""Interrupted late, at a checkpoint or amid an export: the casebook comes out as if nothing had happened."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ordered import Finds
from test_crashes import FULL, CrashError, Here, boundaries, wires

from constat import adding
from constat.casebook import DATABASE, Casebook
from constat.settings import Settings
from constat.store import incidents, packing

STRIDE = 1 if FULL else 6


def settings(folder: Path) -> Settings:
    return Settings(actor="tester", state=folder / "state")


def digests(book: Casebook) -> tuple[str, str]:
    return book.digest(), incidents.digest(book.store)


def test_a_crash_at_the_thousandth_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "CaptureReader", Here)
    first, more = wires(tmp_path / "first.jsonl", 999), wires(tmp_path / "more.jsonl", 1, "and looted near")
    start = tmp_path / "start"
    with Casebook.init(start / "book", settings(start)) as book:
        book.add([str(first)], reader=Finds)

    def copied(name: str) -> Casebook:
        shutil.copytree(start, tmp_path / name)
        return Casebook.open(tmp_path / name / "book", writable=True, settings=settings(tmp_path / name))

    with copied("whole") as whole:
        with monkeypatch.context() as patch:
            count = boundaries(patch, -1)
            whole.add([str(more)], reader=Finds)
            steps = count()
        expected = digests(whole)
    tried = range(1, steps + 1, STRIDE)
    for at in tried:
        crashed = copied(f"crash{at}")
        with monkeypatch.context() as patch:
            boundaries(patch, at)
            with pytest.raises(CrashError):
                crashed.add([str(more)], reader=Finds)
        crashed.store._db.close()  # type: ignore[attr-defined]
        crashed.store._release()  # type: ignore[attr-defined]
        folder = tmp_path / f"crash{at}"
        with Casebook.open(folder / "book", writable=True, settings=settings(folder)) as resumed:
            assert resumed.add([str(more)], reader=Finds).check().received == 1
            assert digests(resumed) == expected, at
            assert at != tried[-1] or resumed.verify().faults == []
        shutil.rmtree(folder)
    print(f"\n{len(tried)} of {steps} write boundaries at the thousandth report, the same casebook after each")


def test_a_checkpoint_that_was_cut_short_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any part of the pages may have come from the log into the file; the log is whole until all of them have."""
    monkeypatch.setattr(adding, "CaptureReader", Here)
    rng, folder = random.Random(6), tmp_path / "book"
    database, log = folder / DATABASE, folder / f"{DATABASE}-wal"
    with Casebook.init(folder, settings(tmp_path)) as book:
        book.store._db.execute("PRAGMA wal_autocheckpoint = 0")  # type: ignore[attr-defined]
        book.add([str(wires(tmp_path / "w.jsonl", 60))], reader=Finds)
        expected = digests(book)
        before, written = database.read_bytes(), log.read_bytes()
        book.store._db.execute("PRAGMA wal_checkpoint(FULL)")  # type: ignore[attr-defined]
        after = database.read_bytes()
    page = int.from_bytes(after[16:18], "big")
    assert len(after) > len(before) and len(after) // page > 40
    for trial in range(20):
        torn = bytearray()
        reached = rng.randrange(len(after) // page + 1) * page
        for at in range(0, max(reached, len(before)), page):
            new = at < reached and rng.random() < trial / 19
            torn += after[at : at + page] if new else before[at : at + page].ljust(page, b"\0")
        for path in (database, log, folder / f"{DATABASE}-shm"):
            path.unlink(missing_ok=True)
        database.write_bytes(torn)
        log.write_bytes(written)
        with Casebook.open(folder, writable=True, settings=settings(tmp_path)) as book:
            assert book.store.check() == [] and digests(book) == expected, trial


def test_an_export_that_was_cut_short_does_not_pass_for_a_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "CaptureReader", Here)
    with Casebook.init(tmp_path / "book", settings(tmp_path)) as book:
        book.add([str(wires(tmp_path / f"{n}.jsonl", 2, f"wave {n}")) for n in range(3)], reader=Finds)
        book.anchor()
        book.export_evidence(tmp_path / "whole", restricted=True)
        at = 1
        while True:
            with monkeypatch.context() as patch:
                guard(patch, at)
                ended = False
                try:
                    book.export_evidence(tmp_path / "bag", restricted=True)
                    ended = True
                except CrashError:
                    left = [path.name for path in tmp_path.iterdir() if path.name.startswith("bag")]
                    assert "bag" not in left, at
            if ended:
                break
            at += 1
        assert at > 8
        for name in ("captures.jsonl", "documents.jsonl", "anchors.jsonl"):
            whole, bag = (tmp_path / folder / "data" / name for folder in ("whole", "bag"))
            assert whole.read_bytes() == bag.read_bytes()


def guard(patch: pytest.MonkeyPatch, at: int) -> None:
    """Let the process crash before the step number `at` of an export."""
    seen = 0

    def guarded(step: Callable[..., Any]) -> Callable[..., Any]:
        def run(*values: Any, **named: Any) -> Any:
            nonlocal seen
            seen += 1
            if seen == at:
                raise CrashError
            return step(*values, **named)

        return run

    patch.setattr(packing.shutil, "copyfile", guarded(shutil.copyfile))
    patch.setattr(packing, "_write", guarded(packing._write))
    patch.setattr(packing.os, "fsync", guarded(os.fsync))
    patch.setattr(packing.os, "replace", guarded(os.replace))
