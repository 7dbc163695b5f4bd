"""How well other people's reports and notes are read: tolls, places, dates, weapons and types against what they coded.

usage: python benchmarks/others.py DATA_FOLDER [--limit N] [--list]

The folder holds `airwars_syria/` (reports.jsonl.gz, incidents.jsonl.gz; only the split `dev`), `gtd/events.csv.gz` and
`acled/events.csv.gz`. Of each, the N whose id has the lowest SHA-256 are read (400). What is compared is the main event
of a reading; `any` says in how many any event of it is right. --list names the misses on standard error, without texts.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import gzip
import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from constat.documents.language import language_hints, tell_language
from constat.fields import reading_json
from constat.gazetteer import kilometres
from constat.packs import ONTOLOGY, read_toml
from constat.pipeline import Reader
from constat.records import Document
from constat.settings import Settings

Event = dict[str, Any]
Gold = dict[str, Any]  # what a coder has, by kind of fact; what is not coded is not there
DAY_FORMATS = ("%Y-%m-%d", "%d-%b-%y", "%d %B %Y")
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
NAMES = {"ar": "Arabic", "en": "English"}
GTD_WEAPON = {w["label"]: w["gtd"] for w in read_toml(ONTOLOGY / "weapons.toml")["weapon"] if w.get("gtd")}


class Case(msgspec.Struct):
    """A report and the incidents it may tell of; `relevant`: only that it is one of those read as relevant counts."""

    data: str
    document: Document
    golds: list[Gold]
    relevant: bool = False


def inside(name: str) -> Callable[[Event, Gold], bool | None]:
    """Both bounds of a toll lie within the coder's."""
    return lambda e, g: None if e[name] is None else g[name][0] <= e[name]["low"] <= most(e[name]) <= g[name][1]


def nobody(name: str) -> Callable[[Event, Gold], bool | None]:
    """No toll is read where the coder counted nobody."""
    return lambda e, g: e[name] is None or most(e[name]) == 0


def within(km: int) -> Callable[[Event, Gold], bool | None]:
    """The point lies near the coder's."""
    return lambda e, g: None if e["lat"] is None else kilometres(*g["point"], e["lat"], e["lon"]) <= km


def most(toll: dict[str, int | None]) -> int:
    """The upper bound of a toll, the lower one if it is open."""
    return toll["low"] or 0 if toll["high"] is None else toll["high"]


# name -> the fact of the coder it needs, whether a reading agrees with it (None: it gives no value)
QUESTIONS: dict[str, tuple[str, Callable[[Event, Gold], bool | None]]] = {
    "killed": ("killed", inside("killed")),
    "killed, where nobody was": ("no killed", nobody("killed")),
    "wounded": ("wounded", inside("wounded")),
    "wounded, where nobody was": ("no wounded", nobody("wounded")),
    "place within 5 km": ("point", within(5)),
    "place within 25 km": ("point", within(25)),
    "date": ("days", lambda e, g: None if e["date"] is None else e["date"] in g["days"]),
    "date, day of print known": ("days, printed", lambda e, g: None if e["date"] is None else e["date"] in g["days"]),
    "weapon type": ("weapon", lambda e, g: g["weapon"] in map(GTD_WEAPON.get, e["weapons"]) if e["weapons"] else None),
    "sub-event type": ("subtype", lambda e, g: None if e["subtype"] is None else e["subtype"] == g["subtype"]),
}


def toll(name: str, low: Any, high: Any) -> Gold:
    """A toll as a fact: a range, or that it was nobody; nothing if it is not coded."""
    if low in (None, "") or high in (None, ""):
        return {}
    low, high = int(float(low)), int(float(high))
    return {name: (low, high)} if high else {f"no {name}": True}


def point(row: Gold, lat: str, lon: str) -> Gold:
    """The coordinates as a fact."""
    return {"point": (float(row[lat]), float(row[lon]))} if row.get(lat) and row.get(lon) else {}


def sample(rows: Iterable[Gold], name: str, limit: int) -> list[Gold]:
    """The rows whose id has the lowest hash."""
    return sorted(rows, key=lambda row: hashlib.sha256(row[name].encode()).digest())[:limit]


def json_rows(path: Path) -> Iterator[Gold]:
    """The objects of a packed file of JSON Lines."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def csv_rows(path: Path) -> Iterator[Gold]:
    """The rows of a packed table."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def airwars_gold(row: Gold) -> Gold:
    """An incident's facts; a toll is the lowest of civilians (else of fighters) to the highest of both together."""
    gold: Gold = {"days": {day for day in (row["date"], row.get("date_end")) if day}} | point(row, "lat", "lon")
    for name in ("killed", "wounded"):
        lows = [v for who in ("civ", "mil") if (v := row.get(f"{who}_{name}_low")) is not None]
        highs = [v for who in ("civ", "mil") if (v := row.get(f"{who}_{name}_high")) is not None]
        gold |= toll(name, lows[0], sum(highs)) if lows and highs else {}
    return gold


def airwars(folder: Path, limit: int) -> Iterator[Case]:
    """Reports, most of them posts; those in neither Arabic nor English are left out."""
    incidents = {row["key"]: airwars_gold(row) for row in json_rows(folder / "incidents.jsonl.gz")}
    hints = language_hints()
    rows = [row for row in json_rows(folder / "reports.jsonl.gz") if row["split"] == "dev"]
    for row in rows:
        row["lang"] = tell_language(f"{row.get('title') or ''}\n{row['text']}", hints)
    for row in sample((row for row in rows if row["lang"] in NAMES), "id", limit):
        # A page may give several dates, or one in words: only a day to be sure of anchors anything.
        printed = ISO_DAY.match(row.get("published") or "")
        golds = [incidents[key] for key in row["incidents"] if key in incidents]
        document = Document(
            id=row["id"],
            text=row["text"],
            title=row.get("title"),
            publisher=row.get("publisher"),
            published=printed[0] if printed else None,
            lang=row["lang"],
            url=row.get("url"),
        )
        golds = [gold | {"days, printed": True} if printed else gold for gold in golds]
        yield Case(f"Airwars, {NAMES[row['lang']]}", document, golds, relevant=True)


def note(name: str, text: str, day: dt.date | None) -> Document:
    """A coder's note, printed on the day of its event if it tells no year of its own."""
    told = day is None or str(day.year) in text
    return Document(id=name, text=text, lang="en", published=None if told or day is None else day.isoformat())


def gtd(path: Path, limit: int) -> Iterator[Case]:
    """Summaries of attacks."""
    for row in sample(csv_rows(path), "eventid", limit):
        gold = point(row, "latitude", "longitude")
        gold |= toll("killed", row["nkill"], row["nkill"]) | toll("wounded", row["nwound"], row["nwound"])
        if row["weaptype1_txt"] in GTD_WEAPON.values():
            gold["weapon"] = row["weaptype1_txt"]
        try:
            day = dt.date(int(row["iyear"]), int(row["imonth"]), int(row["iday"]))
        except ValueError:  # the day or month is not known and coded as 0
            day = None
        yield Case("GTD", note(row["eventid"], row["summary"], day), [gold])


def acled(path: Path, limit: int) -> Iterator[Case]:
    """Coders' notes of political violence and protest."""
    for row in sample(csv_rows(path), "event_id_cnty", limit):
        gold = {"subtype": row["sub_event_type"]} | point(row, "latitude", "longitude")
        gold |= toll("killed", row["fatalities"], row["fatalities"])
        yield Case("ACLED", note(row["event_id_cnty"], row["notes"], day_of(row["event_date"])), [gold])


def day_of(written: str) -> dt.date | None:
    """A day in any of the ways in which exports write it."""
    for way in DAY_FORMATS:
        try:
            return dt.datetime.strptime(written.split("T")[0], way).date()
        except ValueError:
            continue
    return None


def judge(case: Case, events: list[Event], counts: dict[str, Counter[str]], misses: list[str]) -> None:
    """Count one reading, the main event first; of several incidents a report may tell of, any will do."""
    main = next((e for e in events if e["role"] == "main"), events[0] if events else None)
    counts["read as an incident"].update(n=1, right=bool(events), any=bool(events), none=not events)
    if not events and case.relevant:
        return
    for name, (fact, agrees) in QUESTIONS.items():
        golds = [g for g in case.golds if fact in g]
        if not golds or (fact.startswith("no ") and not events):
            continue
        answers = {agrees(main, g) for g in golds} if main else {None}
        right = True in answers
        counts[name].update(n=1, right=right, none=not right and None in answers)
        counts[name]["any"] += any(agrees(e, g) for e in events for g in golds)
        if not right:
            told = main and {k: main[k] for k in ("subtype", "killed", "wounded", "place", "date", "weapons")}
            misses.append(f"{case.data} | {name} | {case.document.id} | gold {golds} | read {told}")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=400, help="how many of each to read (400)")
    parser.add_argument("--list", action="store_true", help="name the misses, on standard error")
    asked = parser.parse_args()
    reader = Reader.open(Settings())
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    misses: list[str] = []
    try:
        for case in (
            *airwars(asked.folder / "airwars_syria", asked.limit),
            *gtd(asked.folder / "gtd" / "events.csv.gz", asked.limit),
            *acled(asked.folder / "acled" / "events.csv.gz", asked.limit),
        ):
            events = reading_json(reader.read(case.document))["events"]
            judge(case, events, counts[case.data], misses)
    except OSError as error:
        print(f"{error.filename}: {error.strerror}; name the folder that holds the data sets", file=sys.stderr)
        return 2
    print(
        "| data | fact | n | right | not given | right of given | right in any event |\n|---|---|---|---|---|---|---|"
    )
    for data, facts in sorted(counts.items(), key=lambda item: ("Arabic" not in item[0], item[0][0] == "G")):
        for name in ("read as an incident", *QUESTIONS):
            if n := facts[name]["n"]:
                right, none, ever = (facts[name][key] for key in ("right", "none", "any"))
                given = f"{right / (n - none):.3f}" if n > none else "–"
                print(f"| {data} | {name} | {n} | {right / n:.3f} | {none / n:.3f} | {given} | {ever / n:.3f} |")
    if asked.list:
        print("\n".join(misses), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
