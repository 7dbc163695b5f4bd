"""Fills casebooks with the same reports in one order after another and prints what each holds. Run by the tests."""

from __future__ import annotations

import hashlib
import io
import random
import shutil
import subprocess
import sys
from pathlib import Path

from constat import ahead, dossiers
from constat.casebook import Casebook
from constat.engines import worker
from constat.engines.pool import Pool
from constat.engines.work import Work
from constat.records import Claim, DateValue, Document, EventMention, PlaceValue, Reading, Span, content_id
from constat.settings import Settings
from constat.store import incidents

FORMATS = ("csv", "geojson", "hxl")  # such as hold neither the time of adding nor the file that a report stood in


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


class FindingPool(Pool):
    """Processes that read as `Finds` does, each with the hash seed of this one."""

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._processes[number] = process
        assert process.stdin is not None
        worker.send(process.stdin, self._job)
        return process


def filled(folder: Path, rows: list[str], workers: int) -> str:
    """What a new casebook holds when the rows were added to it, and the digests of what it exports."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    source = folder / "w.jsonl"
    source.write_text("\n".join(rows), encoding="utf-8")
    settings = Settings(actor="tester", state=folder / "state")
    with Casebook.init(folder / "book", settings) as book:
        account = book.add([str(source)], reader=lambda: ahead.Ahead(Finds(), settings, workers))
        held = [str(account), book.digest(), incidents.digest(book.store), f"incidents {book.count_incidents()}"]
        for name in FORMATS:
            out = io.BytesIO()
            dossiers.export(book, name, out, title="the same")
            held.append(f"{name} {len(out.getvalue())} {hashlib.sha256(out.getvalue()).hexdigest()}")
    return " ".join(held)


def main(folder: Path, source: Path, workers: int, orders: list[int]) -> None:
    """A line for each order of the reports in a file."""
    ahead.Pool = FindingPool  # type: ignore[misc]
    for order in orders:
        rows = source.read_text(encoding="utf-8").splitlines()
        random.Random(order).shuffle(rows)
        print(filled(folder, rows, workers), flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        worker.Work = lambda job: Work(job, lambda settings: Finds())  # type: ignore[assignment, misc, return-value]
        worker.main()
    else:
        main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), [int(order) for order in sys.argv[4:]])
