"""Same reports, same casebook: in whatever order they come, whatever Python's hashes, with however many processes."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

from constat.casebook import Casebook
from constat.records import Claim, DateValue, Document, EventMention, PlaceValue, Reading, Span, content_id
from constat.settings import Settings
from constat.store import incidents

FULL = os.environ.get("CONSTAT_FULL") == "1"
SHUFFLES, REPORTS = int(os.environ.get("CONSTAT_SHUFFLES", "20")), 10_000 if FULL else 24
RUNS = [(seed, workers) for seed in (0, 1, 2) for workers in (1, 2)] if FULL else [(0, 1), (1, 2)]
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


class Finds:
    """Reads one dated event at a place in each report, of which several tell the same."""

    def read(self, document: Document) -> Reading:
        at = document.text.find("attacked")
        spans = (Span("text", at, at + 8, "attacked").check(document),)
        day = int(document.text.rsplit(" ", 1)[1].rstrip("."))
        place = PlaceValue(name="Tal Namuna", country="SYR", lat=10.0 + day % 600 / 10, lon=40.0, precision=1)
        values = (
            ("type", "Battles"),
            ("date", DateValue(f"2024-{1 + day % 12:02}-{1 + day % 28:02}", "day")),
            ("place", place),
        )
        claims = tuple(Claim(field=field, value=value, spans=spans) for field, value in values)
        number = content_id([document.id, "main", claims])[:16]
        return Reading(
            document=document,
            events=(EventMention(id=number, document=document.id, role="main", claims=claims, confidence=0.5),),
        )


def lines(count: int) -> list[str]:
    return [
        json.dumps(
            {"text": f"Report {n}: the patrol was attacked near the town on day {n // 4}.", "publisher": f"W{n % 4}"}
        )
        for n in range(count)
    ]


def test_the_order_of_reports_does_not_show(tmp_path: Path) -> None:
    rng, rows, found = random.Random(4), lines(REPORTS), set()
    for number in range(SHUFFLES):
        rng.shuffle(rows)
        source = tmp_path / f"{number}.jsonl"
        source.write_text("\n".join(rows))
        with Casebook.init(tmp_path / f"book{number}", Settings(actor="tester")) as book:
            book.add([str(source)], reader=Finds)
            found.add((book.digest(), incidents.digest(book.store)))
            assert 0 < book.count_incidents() < REPORTS, "some reports tell of one incident"
    assert len(found) == 1


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
