"""How fast and in how much memory a casebook takes reports in: `python benchmarks/casebook.py [REPORTS]`.

The reader is a stand-in that reads nothing, so that the figures are of the keeping alone.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from constat.account import Account
from constat.casebook import Casebook
from constat.records import Document, Reading
from constat.settings import Settings

SAID = "The patrol was attacked near the town; residents spoke of several wounded and of a fire that lasted till noon. "


class Plain:
    """Reads nothing in a report."""

    def read(self, document: Document) -> Reading:
        """An empty reading."""
        return Reading(document=document, events=())


def memory() -> float:
    """What this process holds, in MiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def text_of(number: int) -> str:
    """A report of its own in the words of all: folded words are remembered, up to a hundred thousand of them."""
    return f"{SAID * 10}Report {number % 1_000} of day {number // 1_000}."


def main(reports: int) -> None:
    """Add, add again, verify, search, rebuild; a line of figures for each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "wires.jsonl"
        with source.open("w", encoding="utf-8") as file:
            for n in range(reports):
                file.write(json.dumps({"id": f"w{n}", "text": text_of(n), "published": "2024-03-12"}) + "\n")
        with Casebook.init(folder / "book", Settings(actor="benchmark", state=folder / "state")) as book:
            seen: list[float] = []

            def tell(account: Account, name: str, cause: str | None) -> None:
                if account.stored % max(1, reports // 10) == 0:
                    seen.append(memory())

            start = time.perf_counter()
            account = book.add([str(source)], reader=Plain, tell=tell)
            taken = time.perf_counter() - start
            print(f"{account}\nadd      {reports / taken:8.0f} reports/s")
            print(f"memory   {', '.join(f'{m:.0f}' for m in seen)} MiB at each tenth")
            start = time.perf_counter()
            print(book.add([str(source)], reader=Plain))
            print(f"again    {reports / (time.perf_counter() - start):8.0f} reports/s")
            start = time.perf_counter()
            findings = book.verify()
            print(f"verify   {reports / (time.perf_counter() - start):8.0f} reports/s, {len(findings.faults)} faults")
            start = time.perf_counter()
            book.search("patrol wounded fire")
            print(f"search   {1000 * (time.perf_counter() - start):8.1f} ms for twenty hits")
            start = time.perf_counter()
            done = book.rebuild(Plain())
            spent = time.perf_counter() - start
            print(f"rebuild  {reports / spent:8.0f} reports/s, {done.replaced} replaced, {done.changed} changed")
            size = sum(p.stat().st_size for p in (folder / "book").rglob("*") if p.is_file())
            print(f"folder   {size / reports:8.0f} bytes a report; a report has {len(SAID) * 10:,}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
