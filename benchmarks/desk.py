"""How fast the desk is over a large casebook: first view, filters, map, overview, one incident; and how much memory.

usage: python benchmarks/desk.py [--incidents 100000] [--keep DIR] [--browser]

The incidents are invented: those of the reports in `examples/`, each many times at other places and days. They are put
into the table as they are, for how fast they are joined is measured elsewhere.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import json
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import msgspec

from constat.actors import load_register
from constat.casebook import Casebook
from constat.desk.desk import Desk
from constat.desk.serve import Door, listen, server
from constat.gazetteer import Gazetteer
from constat.incidents.lines import line
from constat.pipeline import Reader
from constat.records import DateValue, Incident, PlaceValue, content_id
from constat.resolution.actors import actor_ids
from constat.settings import Settings
from constat.store import incidents as table

EXAMPLES = Path(__file__).parents[1] / "examples"
QUERIES = (
    "sort=attention",
    "sort=date&since=2021-01-01&until=2021-06-30",
    "sort=attention&types=Battles",
    "sort=killed&countries=SDN",
    "sort=attention&near=15.5,32.5&km=80",
    "sort=date&min_killed=5",
    "sort=attention&actor=police",
    "sort=date&source=radio",
    "sort=attention&status=open&min_confidence=0.9",
    "sort=date&text=d%C3%A9p%C3%B4t",
    "sort=voices&lang=en",
)


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


def _events(book: Casebook, one: Incident) -> list[object]:
    own = set(one.events)
    names = {d for voice in one.voices for d in voice.documents}
    return [event for name in sorted(names) for event in book.reading(name).events if event.id in own]


def _varied(one: Incident, number: int, town: object, chance: random.Random) -> Incident:
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


def memory() -> int:
    """Megabytes that this process holds."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(row for row in status.splitlines() if row.startswith("VmRSS")).split()[1]) // 1024


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
    # In a process of its own memory would be the desk's alone; here the reader is opened by the desk only if asked.
    desk = Desk(settings, folder, reader=lambda: Reader.open(settings))
    door = Door()
    listening = listen(door)
    ready = threading.Event()
    running = server(desk, door, ready.set)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    ready.wait(30)
    port = listening.getsockname()[1]

    def took(path: str) -> float:
        start = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        assert response.status == 200, body[:300]
        return time.perf_counter() - start

    print(f"first list      {took('/api/incidents?sort=attention&limit=50') * 1000:8.0f} ms")
    times = []
    for query in QUERIES:
        three = [
            took(f"/api/incidents?{query}&limit=50".replace("é", "%C3%A9").replace("ô", "%C3%B4")) for _ in range(3)
        ]
        times += three
        print(f"  {statistics.median(three) * 1000:8.0f} ms  {query}")
    print(f"filters, median {statistics.median(times) * 1000:8.0f} ms")
    print(f"marks           {took('/api/marks') * 1000:8.0f} ms")
    print(f"overview, first {took('/api/overview') * 1000:8.0f} ms")
    print(f"overview, again {took('/api/overview') * 1000:8.0f} ms")
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/api/incidents?sort=oldest&limit=1")
    print(json.loads(connection.getresponse().read())["total"], "incidents")
    print(
        f"memory          {memory():8} MB, with what built the casebook"
        if not asked.keep
        else f"memory          {memory():8} MB"
    )
    if asked.browser:
        browse(port)
    running.should_exit = True
    thread.join(20)
    shutil.rmtree(scratch, ignore_errors=True)


def browse(port: int) -> None:
    """First view and filtering in Chromium, from the address being opened to the list being there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader"]
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        firsts = []
        for _ in range(5):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            start = time.perf_counter()
            page.goto(f"http://127.0.0.1:{port}/queue", wait_until="commit")
            page.wait_for_selector(".line-of")
            firsts.append(time.perf_counter() - start)
            page.close()
        print(f"first view      {statistics.median(firsts) * 1000:8.0f} ms in Chromium, median of 5")
        browser.close()


if __name__ == "__main__":
    main()
