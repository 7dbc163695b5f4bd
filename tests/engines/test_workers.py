"""Reading with several processes: the same readings in the same order as with one, whatever becomes of a process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from constat.engines import pool as pools
from constat.engines.pool import LostError, Pool
from constat.engines.reading import lines, read_all
from constat.engines.work import Job, Work
from constat.errors import InputError, PackError
from constat.pipeline import held
from constat.settings import Settings
from constat.sources.files import Raw

TEXTS = (
    "Two soldiers were killed by a mine near Gao on Monday, a local source said.",
    "Trois civils ont été blessés lors d'une attaque contre un marché à Ouahigouya.",
    "The council met to discuss the new bridge.",
)
SETTINGS = Settings()


def raws(count: int) -> Iterator[Raw]:
    for n in range(1, count + 1):
        row = {"id": f"r{n}", "text": TEXTS[n % len(TEXTS)], "published": "2024-03-12"}
        yield Raw("wires.jsonl", n, json.dumps(row).encode(), "json")


def test_two_processes_give_what_one_gives() -> None:
    job = Job(settings=SETTINGS)
    alone = [o.line for o in read_all(raws(30), job, 1)]
    together = [o.line for o in read_all(raws(30), job, 2)]
    assert together == alone
    assert [json.loads(line)["id"] for line in together] == [f"r{n}" for n in range(1, 31)]


def test_what_fails_keeps_its_place() -> None:
    found = [*raws(2), InputError("gone.txt", None, "there is no such file"), Raw("bad.jsonl", 7, b"{", "json")]
    outcomes = list(read_all(iter(found), Job(settings=SETTINGS), 2))
    assert [bool(o.error) for o in outcomes] == [False, False, True, True]
    assert outcomes[2].error == "gone.txt: there is no such file"
    assert outcomes[3].error.startswith("bad.jsonl:7: not JSON")


def test_processes_that_are_killed_lose_and_double_nothing() -> None:
    job = Job(settings=SETTINGS)
    alone = [o.line for o in read_all(raws(60), job, 1)]
    got: list[str] = []
    with Pool(job, 2) as pool:
        for outcome in pool.in_order(("raw", raw) for raw in raws(60)):
            got.append(outcome.line)
            if len(got) in (5, 20):
                for process in list(pool._processes.values()):
                    os.kill(process.pid, signal.SIGKILL)
    assert got == alone


def test_a_report_that_kills_every_process_is_named_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with Pool(Job(settings=SETTINGS), 1) as pool:
        ask = pool._ask

        def deadly(number: int, task: pools.Task) -> tuple[bool | None, object]:
            if task[1].line == 2:
                if (process := pool._processes.get(number)) is not None:
                    process.kill()
                return None, pool._end(number)
            return ask(number, task)

        monkeypatch.setattr(pool, "_ask", deadly)
        outcomes = list(pool.in_order(("raw", raw) for raw in raws(3)))
    assert [bool(o.error) for o in outcomes] == [False, True, False]
    assert outcomes[1].error.startswith("wires.jsonl:2: the process that read it died, twice")


def test_a_lost_task_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with Pool(Job(settings=SETTINGS), 1) as pool:
        monkeypatch.setattr(pool, "_ask", lambda *_: (None, -9))
        with pytest.raises(LostError, match="exit code -9"):
            pool.submit("raw", next(raws(1))).result(timeout=60)


def test_readings_come_while_the_input_keeps_us_waiting() -> None:
    more = threading.Event()

    def slow() -> Iterator[Raw]:
        yield from raws(1)
        more.wait(60)

    found = read_all(slow(), Job(settings=SETTINGS), 2)
    assert json.loads(next(found).line)["id"] == "r1"
    more.set()
    assert not list(found)


def test_no_more_is_taken_in_than_can_be_held() -> None:
    taken = 0

    def endless() -> Iterator[Raw]:
        nonlocal taken
        while True:
            taken += 1
            yield from raws(1)

    found = read_all(endless(), Job(settings=SETTINGS), 2)
    for _ in range(10):
        next(found)
    time.sleep(0.5)
    assert taken <= 10 + 2 * pools._AHEAD + 1
    found.close()


def test_resolved_lines_are_the_same_with_two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("constat.engines.reading._FEW", 0)
    job = Job(settings=SETTINGS, form="held")
    with held(SETTINGS) as all_read:
        for outcome in read_all(raws(12), job, 2):
            all_read.add_kept(outcome.kept, outcome.tellings)
        incidents = all_read.resolve().incidents()
        alone = list(lines(all_read, incidents, job, 1))
        assert list(lines(all_read, incidents, job, 2)) == alone
    assert any(event["incident"] for line in alone for event in json.loads(line)["events"])


def test_a_pack_at_fault_ends_the_run(tmp_path: Path) -> None:
    pack = tmp_path / "fr"
    pack.mkdir()
    (pack / "people.tsv").write_text("phrase\tinflect\ttag\tkey\texample\nx\t\tNOTAG\t\t\n", encoding="utf-8")
    job = Job(settings=Settings(overlays=(tmp_path,), cache=tmp_path))
    for workers in (1, 2):
        with pytest.raises(PackError, match="NOTAG"):
            list(read_all(iter([Raw("r.txt", None, TEXTS[1].encode(), "text")]), job, workers))


def test_a_reading_is_given_as_the_job_asks() -> None:
    raw = next(raws(1))
    reading = Work(Job(settings=SETTINGS, form="reading")).raw(raw).reading
    kept = Work(Job(settings=SETTINGS, form="held")).raw(raw)
    assert reading is not None
    assert [t.id for t in kept.tellings] == [e.id for e in reading.events] != []


def test_the_command_prints_the_same_with_workers(tmp_path: Path) -> None:
    path = tmp_path / "wires.jsonl"
    path.write_bytes(b"".join(raw.data + b"\n" for raw in raws(20)))

    def printed(*options: str) -> bytes:
        command = [sys.executable, "-m", "constat", "read", "--json", *options, str(path)]
        return subprocess.run(command, capture_output=True, check=True).stdout

    assert printed("--workers", "2") == printed("--workers", "1") == printed()
    assert printed("--resolve", "--workers", "2") == printed("--resolve", "--workers", "1")
    assert len(printed().splitlines()) == 20


def test_an_interrupt_while_waiting_for_a_stream_ends_it() -> None:
    command = [sys.executable, "-m", "constat", "read", "--json", "--workers", "2", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        process.stdin.write(next(raws(1)).data + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == "r1"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
        assert process.stderr.read() == b"constat: interrupted\n"
