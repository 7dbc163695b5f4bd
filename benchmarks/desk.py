"""How fast the desk is over a large casebook, and how much memory it takes: every question cold, then in a browser.

usage: python benchmarks/desk.py [--incidents 100000] [--keep DIR] [--browser]

The incidents are invented: those of the reports in `examples/`, each many times at other places and days. They are put
into the table as they are, for how fast they are joined is measured elsewhere. The desk is `constat desk` in a process
of its own, with its reader open. Bars are for two cores that do nothing else.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from constat.actors import load_register
from constat.casebook import Casebook
from constat.gazetteer import Gazetteer
from constat.incidents.lines import line
from constat.pipeline import Reader
from constat.records import DateValue, Incident, PlaceValue, content_id
from constat.resolution.actors import actor_ids
from constat.settings import Settings
from constat.store import incidents as table

EXAMPLES = Path(__file__).parents[1] / "examples"
QUERIES = (
    "since=2021-01-01&until=2021-06-30",
    "types=Riots",
    "types=Air/drone%20strike",
    "countries=SDN",
    "near=15.5,32.5&km=80",
    "min_killed=5",
    "actor=police",
    "source=radio",
    "status=open&min_confidence=0.9",
    "text=d%C3%A9p%C3%B4t",
    "lang=en",
)
TIMES = 5
_SEEN = """
window.__seen = {};
const wanted = { list: '.line-of', time: '#timeline .n', map: '.map[data-ready=true]' };
new MutationObserver(() => {
  for (const name in wanted) if (!(name in window.__seen) && document.querySelector(wanted[name])) {
    window.__seen[name] = 0;
    requestAnimationFrame(() => setTimeout(() => { window.__seen[name] = performance.now(); }));
  }
}).observe(document, { childList: true, subtree: true, attributes: true });
"""
_FILTERED = """() => new Promise((done) => {
  const told = document.querySelector('.filters [role=status]'), before = told.textContent, start = performance.now();
  const watch = new MutationObserver(() => { if (told.textContent !== before) { watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start))); } });
  watch.observe(told, { childList: true, subtree: true, characterData: true });
  const select = document.querySelector('.filters option[value=fr]').closest('select');
  select.value = select.value === 'fr' ? 'en' : 'fr';
  select.dispatchEvent(new Event('change', { bubbles: true }));
})"""


def build(folder: Path, settings: Settings, count: int) -> None:
    """A casebook with so many incidents."""
    reader = Reader.open(settings)
    towns = Gazetteer.open().largest(("town",), 5_000)
    chance = random.Random(7)
    with Casebook.init(folder, settings) as book:
        book.add([str(EXAMPLES)], reader=lambda: reader)
        book.settle()
        held = list(book.incidents())
        documents = {stored.document.id: stored.document for stored in book.documents()}
        told = {one.id: [(e.id, e.document) for e in _events(book, one)] for one in held}
        actor_of = actor_ids(load_register(settings.overlays))
        with book.store.transaction():
            for number in range(count - len(held)):
                first = held[number % len(held)]
                made = _varied(first, number, towns[chance.randrange(len(towns))], chance)
                _, document = told[first.id][0]
                table.put(book.store, line(made, {made.events[0]: documents[document]}, actor_of))
                if number % 20_000 == 0:
                    print(f"{number:,}", file=sys.stderr)


def _events(book: Casebook, one: Incident) -> list[Any]:
    own = set(one.events)
    names = {d for voice in one.voices for d in voice.documents}
    return [event for name in sorted(names) for event in book.reading(name).events if event.id in own]


def _varied(one: Incident, number: int, town: Any, chance: random.Random) -> Incident:
    day = (dt.date(2018, 1, 1) + dt.timedelta(days=chance.randrange(2_900))).isoformat()
    fields = []
    for fused in one.fields:
        value = fused.value
        if isinstance(value, PlaceValue):
            value = msgspec.structs.replace(
                value, name=town.name, country=town.country, admin1=town.admin1, lat=town.lat, lon=town.lon
            )
        elif isinstance(value, DateValue):
            value = DateValue(day, "day")
        fields.append(msgspec.structs.replace(fused, value=value))
    event = content_id(["event", number])[:16]
    return msgspec.structs.replace(one, id=content_id(["incident", number])[:16], events=(event,), fields=tuple(fields))


class Desk:
    """A running `constat desk`, and the table of what it took."""

    def __init__(self, folder: Path, state: Path) -> None:
        command = [sys.executable, "-m", "constat", "desk", str(folder), "--port", "0", "--no-browser"]
        environment = os.environ | {"CONSTAT_STATE": str(state), "CONSTAT_ACTOR": "benchmark"}
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        told = re.search(r":(\d+)/", self.process.stdout.readline())
        assert told is not None, "the desk does not start"
        self.port = int(told.group(1))

    def ask(self, method: str, path: str, body: Any = None) -> tuple[float, Any]:
        """Milliseconds that an answer took, and the answer."""
        start = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, json.dumps(body) if body is not None else None)
        response = connection.getresponse()
        said = response.read()
        connection.close()
        assert response.status == 200, said[:300]
        return (time.perf_counter() - start) * 1000, json.loads(said)

    def memory(self, name: str) -> int:
        """Megabytes that it holds now (`VmRSS`) or held at most (`VmHWM`)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(next(row for row in status.splitlines() if row.startswith(name)).split()[1]) // 1024


@contextmanager
def running(folder: Path, state: Path) -> Iterator[Desk]:
    """A desk, until the block ends."""
    desk = Desk(folder, state)
    try:
        yield desk
    finally:
        desk.process.terminate()
        desk.process.wait(20)


def tell(what: str, took: list[float], bar: float | None = None, unit: str = "ms") -> None:
    """A line of the table: the median, the worst, and whether the median is under the bar."""
    middle = statistics.median(took)
    holds = "" if bar is None else f"under {bar:,.0f}" if middle < bar else f"NOT under {bar:,.0f}"
    print(f"{what:44} {middle:8.0f} {max(took):8.0f} {unit}   {holds}")


def answers(desk: Desk) -> None:
    """What the interface takes for each question; `km` without a place makes each another question, answered anew."""

    def cold(path: str, query: str) -> list[float]:
        return [desk.ask("GET", f"/api/{path}?{query}&km={n}")[0] for n in range(10, 10 + TIMES)]

    tell("the list, as it opens", cold("incidents", "sort=attention&limit=50"), 200)
    filters: list[float] = []
    for query in QUERIES:
        took = (
            cold("incidents", f"{query}&sort=date&limit=50")
            if "km" not in query
            else [desk.ask("GET", f"/api/incidents?{query}{n}")[0] for n in range(TIMES)]
        )
        filters += took
        tell(f"  {query}", took)
    tell("a filter, any of these", filters, 200)
    tell("a filter as days of the time line", [t for q in QUERIES if "km" not in q for t in cold("days", q)[:2]], 200)
    tell("a filter as places of the map", [t for q in QUERIES if "km" not in q for t in cold("spots", q)[:2]], 200)
    tell("the time line, as it opens", cold("days", ""), 200)
    tell("the map, as it opens", cold("spots", ""), 200)
    tell("a far page of the list", cold("incidents", "sort=date&limit=50&offset=50000"), 200)
    tell("the overview", cold("overview", "")[:2])
    rows = desk.ask("GET", "/api/incidents?sort=oldest&limit=7")[1]["incidents"]
    each = [desk.ask("GET", f"/api/incidents/{row['id']}")[0] for row in rows]
    tell("one incident, with what it stands on", each, 200)


def readings(desk: Desk) -> None:
    """How long a pasted report takes, in each language."""
    for lang in ("fr", "en", "ar"):
        paths = sorted(EXAMPLES.glob(f"*.{lang}.txt"))
        texts = [{"text": path.read_text(encoding="utf-8"), "published": "2024-03-12"} for path in paths]
        desk.ask("POST", "/api/read", texts[0])  # what is built once after an installation is built now
        tell(
            f"paste and read, {lang}", [desk.ask("POST", "/api/read", text)[0] for text in texts for _ in (1, 2)], 1_000
        )


def browse(desk: Desk) -> None:
    """The first view and a filter in Chromium without graphics, from the address being opened to what is painted."""
    from playwright.sync_api import sync_playwright

    seen: dict[str, list[float]] = {"list": [], "time": [], "map": [], "filter": []}
    with sync_playwright() as playwright:
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        for _ in range(TIMES):
            page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en")
            page.add_init_script(_SEEN)
            page.goto(f"http://127.0.0.1:{desk.port}/queue", wait_until="commit")
            page.wait_for_selector(".map[data-ready=true]", timeout=120_000)
            page.wait_for_timeout(3_000)
            for name, at in page.evaluate("window.__seen").items():
                seen[name].append(at)
            page.click(".filters button[aria-expanded]")
            seen["filter"] += [page.evaluate(_FILTERED) for _ in (1, 2)]
            page.close()
        browser.close()
    tell("first view: the list is painted", seen["list"], 1_000)
    tell("first view: the time line too", seen["time"], 1_000)
    tell("first view: the map too, drawn by the processor", seen["map"])
    tell("a filter, from the choice to the list", seen["filter"])


def main() -> None:
    """Build, serve, ask, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--browser", action="store_true")
    asked = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="constat-desk-"))
    settings = msgspec.structs.replace(Settings.load(environ={}), state=scratch / "state", actor="benchmark")
    folder = asked.keep or scratch / "book"
    if not folder.exists():
        build(folder, settings, asked.incidents)
    with running(folder, scratch / "state") as desk:
        print(f"{desk.ask('GET', '/api/incidents?limit=1')[1]['total']:,} incidents; load {os.getloadavg()[0]:.1f}")
        print(f"{'':44} {'median':>8} {'most':>8}")
        readings(desk)
        answers(desk)
        if asked.browser:
            browse(desk)
        tell("memory of the desk, reader open", [desk.memory("VmRSS"), desk.memory("VmHWM")], 500, "MB")
    shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
