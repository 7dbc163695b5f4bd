"""Same reports, same casebook: in whatever order they come, whatever Python's hashes, with however many processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FULL = os.environ.get("CONSTAT_FULL") == "1"
SHUFFLES = int(os.environ.get("CONSTAT_SHUFFLES", "20"))
SETTINGS = [(seed, workers) for seed in (0, 1, 2) for workers in (1, 2)]
RUNS = SETTINGS if FULL else [(0, 1), (1, 2)]
CASES = [(1_000, True), (10_000, False)] if FULL else [(24, False)]
ORDERED = Path(__file__).with_name("ordered.py")
ALONE = """
import sys
from pathlib import Path
from constat import pipeline
from constat.ahead import Ahead
from constat.casebook import Casebook
from constat.settings import Settings
from constat.store import incidents
settings = Settings(actor="tester", state=Path(sys.argv[1], "state"))
reader = lambda: Ahead(pipeline.Reader.open(settings), settings, int(sys.argv[3]))
with Casebook.init(Path(sys.argv[1], "book"), settings) as book:
    account = book.add([sys.argv[2]], reader=reader)
    print(account, book.digest(), incidents.digest(book.store), book.count_incidents())
"""


def lines(count: int) -> list[str]:
    return [
        json.dumps(
            {"text": f"Report {n}: the patrol was attacked near the town on day {n // 4}.", "publisher": f"W{n % 4}"}
        )
        for n in range(count)
    ]


@pytest.mark.parametrize(("reports", "every"), CASES)
def test_orders_hash_seeds_and_processes_do_not_show(tmp_path: Path, reports: int, every: bool) -> None:
    """Each order in each setting, or each order in one of them."""
    source, said = tmp_path / "w.jsonl", list[str]()
    source.write_text("\n".join(lines(reports)))
    for number, (seed, workers) in enumerate(SETTINGS):
        orders = range(SHUFFLES) if every else range(number, SHUFFLES, len(SETTINGS))
        command = [sys.executable, str(ORDERED), str(tmp_path / "book"), str(source), str(workers), *map(str, orders)]
        environment = os.environ | {"PYTHONHASHSEED": str(seed)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stderr
        said += done.stdout.splitlines()
    assert len(said) == SHUFFLES * (len(SETTINGS) if every else 1)
    (one,) = set(said)
    held = int(one.split(" incidents ")[1].split()[0])
    assert f"stored {reports:,} " in one and 0 < held < reports, "some reports tell of one incident"
    print(f"\n{len(said)} casebooks of {reports:,} reports, one and the same: {one}")


def test_hash_seeds_and_processes_do_not_show(tmp_path: Path) -> None:
    source = tmp_path / "w.jsonl"
    source.write_text("\n".join(lines(40)))
    said = set()
    for seed, workers in RUNS:
        folder = tmp_path / f"{seed}-{workers}"
        folder.mkdir()
        command = [sys.executable, "-c", ALONE, str(folder), str(source), str(workers)]
        environment = os.environ | {"PYTHONHASHSEED": str(seed)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stderr
        said.add(done.stdout)
    assert len(said) == 1 and "stored 40" in said.pop()
