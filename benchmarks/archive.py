"""A whole archive in one run: so many reports read and resolved, as `constat read --json --resolve` does it.

usage: python benchmarks/archive.py [--reports N] [--told SHARE] [--workers N]

The reports are those in `training/reports`, invented like the examples, each again and again under another id and nine
days later each time; a share of them tells of incidents, as in an archive most do not. Prints for each twentieth of the
run how long a report took and how much memory all processes held, and then what resolving and writing took. Linux only.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import tempfile
import time
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path
from typing import Any

from constat.engines.pool import cores
from constat.engines.reading import lines, read_all
from constat.engines.work import Job
from constat.pipeline import held
from constat.settings import Settings
from constat.sources.raw import Raw

REPORTS = Path(__file__).parent.parent / "training" / "reports"
PARTS = 20  # of which the times are compared
STEP = 9  # days between one appearance of a report and the next
TICKS = os.sysconf("SC_CLK_TCK")


def archive(reports: int, told: float) -> Iterator[Raw]:
    """So many reports, made as they are asked for, the same each time."""
    rows = [json.loads(row) for path in sorted(REPORTS.glob("*.jsonl")) for row in path.read_text("utf-8").splitlines()]
    random.Random(1).shuffle(rows)
    tell = cycle([row for row in rows if row["incidents"]])
    calm = cycle([row for row in rows if not row["incidents"]])
    pick = random.Random(2)
    seen: dict[str, int] = {}
    for number in range(1, reports + 1):
        row = next(tell if pick.random() < told else calm)
        again = seen[row["id"]] = seen.get(row["id"], -1) + 1
        yield Raw("archive", number, json.dumps(_later(row, again), ensure_ascii=False).encode(), "json")


def _later(row: dict[str, Any], again: int) -> dict[str, Any]:
    kept = {name: row.get(name) for name in ("title", "text", "publisher", "lang")}
    day = dt.date.fromisoformat(row["published"][:10]) + dt.timedelta(STEP * again) if row.get("published") else None
    return {"id": f"{row['id']}-{again}", "published": day.isoformat() if day else None, **kept}


def spent() -> float:
    """Seconds of processor time of this process and of those that read for it."""
    total = 0.0
    for pid in _processes():
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def memory() -> tuple[float, float]:
    """Megabytes that this process holds, and the most that one of those that read for it holds."""
    sizes = [int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1]) for pid in _processes()]
    own, *others = (size * os.sysconf("SC_PAGE_SIZE") / 2**20 for size in sizes)
    return own, max(others, default=0.0)


def _processes() -> list[str]:
    """This process and its children."""
    tasks = Path(f"/proc/{os.getpid()}/task").iterdir()
    return [str(os.getpid()), *(pid for task in tasks for pid in (task / "children").read_text("utf-8").split())]


def run(reports: int, told: float, workers: int) -> None:
    """Read, resolve and write, printing how it goes."""
    job = Job(settings=Settings(), form="held")
    each = max(1, reports // PARTS)
    start = before = time.perf_counter()
    worked = spent()
    say(f"{reports:,} reports, {told:.0%} of incidents, {workers} processes")
    say("   reports   ms a report   ms of processor   MB here   MB a reader")
    with held(job.settings) as kept, tempfile.TemporaryFile("w", encoding="utf-8") as out:
        for number, outcome in zip(count(1), read_all(archive(reports, told), job, workers), strict=False):
            if outcome.error:
                raise SystemExit(outcome.error)
            kept.add_kept(outcome.kept, outcome.tellings)
            if number % each == 0:
                now, own = time.perf_counter(), spent()
                here, reader = memory()
                wall, cpu = 1000 * (now - before) / each, 1000 * (own - worked) / each
                say(f"{number:10,}{wall:14.2f}{cpu:18.2f}{here:10.0f}{reader:14.0f}")
                before, worked = now, own
        read = time.perf_counter()
        say(f"read       {read - start:9.0f} s, {reports / (read - start):,.0f} reports/s")
        incidents = kept.resolve().incidents()
        resolved = time.perf_counter()
        told_of = f"{len(incidents):,} tellings of {len(set(incidents.values())):,} incidents"
        say(f"resolved   {resolved - read:9.0f} s, {told_of}")
        written = sum(out.write(line + "\n") > 0 for line in lines(kept, incidents, job, workers))
        say(f"written    {time.perf_counter() - resolved:9.0f} s, {written:,} readings")
    say(f"in all     {time.perf_counter() - start:9.0f} s, {memory()[0]:.0f} MB at the end")


def say(line: str) -> None:
    """One line, at once."""
    print(line, flush=True)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--told", type=float, default=0.05)
    parser.add_argument("--workers", type=int, default=cores())
    asked = parser.parse_args()
    run(asked.reports, asked.told, asked.workers)


if __name__ == "__main__":
    main()
