"""A cluster of two workers on this machine: what it prints is what one process prints, even if a worker dies."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from constat.engines import cluster, shards
from constat.engines.reading import lines, read_all
from constat.engines.shuffle import likely, spread
from constat.engines.work import Job
from constat.errors import UsageError
from constat.pipeline import held
from constat.resolution.resolve import resolve, score_pairs, weakest
from constat.resolution.scores import shipped
from constat.resolution.tellings import Telling, by_id, sound_keys
from constat.settings import Settings
from constat.sources.files import raw_reports

SETTINGS = Settings()
PLACES = ("Gao", "Mopti", "Tombouctou", "Kidal", "Ségou")


@pytest.fixture(scope="module")
def address() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as found:
        yield found


@pytest.fixture
def wires(tmp_path: Path) -> list[str]:
    chance = random.Random(4)
    rows = []
    for n in range(150):
        place, dead, day = chance.choice(PLACES), chance.randint(2, 9), chance.randint(10, 13)
        text = f"{dead} soldiers were killed by a mine near {place} on {day} March 2024, a local source said."
        rows.append({"id": f"w{n}", "text": text, "published": f"2024-03-{day + 1}", "lang": "en"})
    path = tmp_path / "wires.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{broken\n", encoding="utf-8")
    (tmp_path / "one.txt").write_text("Trois civils ont été blessés lors d'une attaque à Ouahigouya.", encoding="utf-8")
    return [str(path), str(tmp_path / "one.txt"), str(tmp_path / "gone.txt")]


def here(paths: list[str]) -> list[tuple[str, str]]:
    return [(o.line, o.error) for o in read_all(raw_reports(paths, SETTINGS), Job(settings=SETTINGS), 1)]


def there(paths: list[str], address: Any, out: Path, job: Job) -> list[tuple[str, str]]:
    found = cluster.read_on_cluster(paths, job, address.scheduler_address, str(out))
    return [(o.line, o.error) for o in found]


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "plan", lambda paths, each: shards.plan(paths, each, size=2_000))


def test_a_cluster_reads_what_one_process_reads(address: Any, wires: list[str], tmp_path: Path) -> None:
    assert there(wires, address, tmp_path / "out", Job(settings=SETTINGS)) == here(wires)


def test_a_worker_that_is_killed_changes_nothing(address: Any, wires: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"

    def kill() -> None:
        while not list(out.glob("part-*")):
            time.sleep(0.02)
        os.kill(next(iter(address.workers.values())).pid, signal.SIGKILL)

    threading.Thread(target=kill, daemon=True).start()
    assert there(wires, address, out, Job(settings=SETTINGS)) == here(wires)


def test_finished_shards_are_not_read_again(address: Any, wires: list[str], tmp_path: Path) -> None:
    out, job = tmp_path / "out", Job(settings=SETTINGS)
    first = there(wires, address, out, job)
    parts = sorted(out.glob("part-*"))
    assert len(parts) > 5
    made = {part: part.stat().st_mtime_ns for part in parts}
    parts[3].unlink()
    assert there(wires, address, out, job) == first
    assert [p for p in parts if p.stat().st_mtime_ns != made[p]] == [parts[3]]


def test_a_folder_of_another_run_is_refused(address: Any, wires: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    there(wires[1:2], address, out, Job(settings=SETTINGS))
    with pytest.raises(UsageError, match="other reports"):
        there(wires, address, out, Job(settings=SETTINGS))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        there(wires, address, tmp_path / "full", Job(settings=SETTINGS))


def test_incidents_are_those_of_one_process(address: Any, wires: list[str], tmp_path: Path) -> None:
    job = Job(settings=SETTINGS, form="held")
    with held(SETTINGS) as all_read:
        errors = []
        for outcome in read_all(raw_reports(wires, SETTINGS), job, 1):
            errors.append(outcome.error)
            if not outcome.error:
                all_read.add_kept(outcome.kept, outcome.tellings)
        incidents = all_read.resolve().incidents()
        printed = list(lines(all_read, incidents, job, 1))
    found = there(wires, address, tmp_path / "out", job)
    assert [line for line, error in found if not error] == printed
    assert [error for _, error in found] == errors
    assert len(set(incidents.values())) < len(incidents)


def invented(count: int) -> list[Telling]:
    chance = random.Random(count)
    out = []
    for n in range(count):
        day, lat, lon = 700_000 + chance.randrange(4), chance.uniform(14, 16), chance.uniform(-4, -2)
        known, pointed = chance.random() < 0.9, chance.random() < 0.8
        out.append(
            Telling(
                id=f"{chance.randrange(10**9):09}-{n}", document=f"d{n // 2}", family="attack",
                first=day if known else None,
                last=day if known else None, published=700_005, lat=lat if pointed else None,
                lon=lon if pointed else None, radius=5.0, country="MLI", sounds=sound_keys(chance.choice(PLACES)),
            )
        )  # fmt: skip
    return by_id(out)


@pytest.mark.parametrize("places", [1, 3, 17])
def test_the_shuffle_finds_the_pairs_of_one_machine(places: int) -> None:
    tellings, scores = invented(600), shipped()
    least = weakest(scores)
    pieces = [spread(tellings[n::4], places) for n in range(4)]
    pairs: dict[tuple[str, str], float] = {}
    for place in range(places):
        pairs |= likely([piece[place] for piece in pieces], scores, least)
    assert pairs == score_pairs(tellings, scores, least)
    assert pairs
    assert resolve(tellings).groups


def test_no_scheduler_is_said_in_one_line(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(UsageError, match="no scheduler answers"):
        list(cluster.read_on_cluster(["a.txt"], Job(settings=SETTINGS), "nonsense://x", str(tmp_path)))
    with pytest.raises(UsageError, match="standard input"):
        list(cluster.read_on_cluster(["-"], Job(settings=SETTINGS), "tcp://127.0.0.1:1", str(tmp_path)))
