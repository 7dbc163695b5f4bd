"""Measures places in use: which place an event word belongs to, and Arabic names of places with coordinates.

usage: python benchmarks/event_places.py DATA [--every N] [--list] [--gold FOLDER]

DATA holds `halterman/labeled_text.jsonl.gz` (English sentences, an event verb and its place marked) and
`airwars_syria/*.jsonl.gz` (Arabic reports on incidents whose place a coder put on the map). What is printed is kept in
`places.md`. FOLDER holds a coder's gold (`fr.jsonl` and so on): how often an event's place is within 25 and 161 km of
the coder's, reports read whole, and how many misses are in a wrong country; CONSTAT_PLACES may hold
tables of one's own.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from constat.agreement import align
from constat.evaluate import Evaluation
from constat.fields import reading_json
from constat.gazetteer import kilometres
from constat.mentions.places import places
from constat.pipeline import Reader
from constat.records import Claim, Document, PlaceValue
from constat.settings import Settings

BOUNDS = (5, 25, 161)
FRAME = "قصف في {place} في محافظة {province} في سوريا."


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON Lines, or of one list."""
    text = gzip.decompress(path.read_bytes()).decode()
    yield from json.loads(text) if text.startswith("[") else map(json.loads, text.splitlines())


def event_place(reader: Reader, row: dict[str, Any]) -> tuple[str, Claim | None]:
    """Whether the reader has an event at the marked verb, and its place."""
    verb = next(s for s in row["spans"] if s["label"] == "VERB")
    reading = reader.read(Document(id="sentence", text=row["text"], lang="en"))
    for event in reading.events:
        words = [s for c in event.claims if c.field in ("type", "subtype") for s in c.spans]
        if any(s.start < verb["end"] and s.end > verb["start"] for s in words):
            return "read", next((c for c in event.claims if isinstance(c.value, PlaceValue)), None)
    return "not read", None


def halterman(path: Path, reader: Reader, every: int) -> Counter[str]:
    """Of the events that the reader has at a marked verb: whose place is the marked one, another, or none."""
    count: Counter[str] = Counter()
    for number, row in enumerate(rows(path)):
        if number % every or not any(s["label"] == "VERB" for s in row["spans"]):
            continue
        marked = [s for s in row["spans"] if s["label"] == "LOCATION"]
        read, claim = event_place(reader, row)
        if read == "not read":
            count["verb not read as an event"] += 1
            continue
        there = "with a place" if marked else "without a place"
        count[there] += 1
        if claim is None:
            count[f"{there}, none read"] += 1
        elif any(s.start < m["end"] and s.end > m["start"] for s in claim.spans for m in marked):
            count[f"{there}, the marked one read"] += 1
        else:
            count[f"{there}, another read"] += 1
    return count


def found(reader: Reader, text: str, title: str = "") -> list[tuple[int, PlaceValue]]:
    """The places that an Arabic text names, with where each begins."""
    pack, texts = reader.pack("ar"), {"title": title, "text": text}
    report = pack.sentences(title, "title", 0, reader.gazetteer) if title else []
    report += pack.sentences(text, "text", len(report), reader.gazetteer)
    mentions = places(report, texts, reader.gazetteer)
    sentence = {s.index: s for s in report}
    return [(sentence[m.sentence].chunks[m.first].start, m.value) for m in mentions if m.value is not None]


def airwars(folder: Path, reader: Reader, every: int, misses: list[str]) -> tuple[Counter[str], Counter[str]]:
    """Names of incidents' places in a sentence of our own; and reports, by the nearest place that they name."""
    names: Counter[str] = Counter()
    where: dict[str, tuple[float, float]] = {}
    for row in rows(folder / "incidents.jsonl.gz"):
        if row.get("lat") is None or not row.get("place_ar"):
            continue
        where[row["key"]] = (row["lat"], row["lon"])
        text = FRAME.format(place=row["place_ar"], province=row.get("admin1_ar") or "")
        begin = text.index(row["place_ar"])
        here = [v for start, v in found(reader, text) if begin <= start < begin + len(row["place_ar"])]
        names["names"] += 1
        far = min((kilometres(*where[row["key"]], v.lat, v.lon) for v in here if v.lat and v.lon), default=None)
        names["not found"] += far is None
        for bound in BOUNDS:
            names[f"within {bound}"] += far is not None and far <= bound
        if far is None or far > BOUNDS[1]:
            misses.append(f"{row['place_ar']}  {far and round(far)}  {[(v.name, v.gazetteer_id) for v in here]}")
    reports: Counter[str] = Counter()
    for number, row in enumerate(rows(folder / "reports.jsonl.gz")):
        points = [where[key] for key in row["incidents"] if key in where]
        if number % every or row["lang"] != "ar" or not points:
            continue
        reports["reports"] += 1
        far = min(
            (
                kilometres(*point, v.lat, v.lon)
                for _, v in found(reader, row["text"] or "", row.get("title") or "")
                for point in points
                if v.lat and v.lon and v.kind != "country"
            ),
            default=9e9,
        )
        for bound in BOUNDS:
            reports[f"within {bound}"] += far <= bound
    return names, reports


def gold(path: Path, reader: Reader) -> str:
    """The event's place on one language of a gold, and where the misses lie."""
    evaluation, misses, abroad = Evaluation(), 0, 0
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        fields = ("id", "text", "title", "publisher", "published", "lang")
        events = reading_json(reader.read(Document(**{name: row.get(name) for name in fields})))["events"]
        evaluation.add(row, events)
        for i, j in align(row["incidents"], events):
            coded, read = row["incidents"][i], events[j]
            if coded.get("lat") is None:
                continue
            if read.get("lat") is None or kilometres(coded["lat"], coded["lon"], read["lat"], read["lon"]) > BOUNDS[1]:
                misses += 1
                abroad += read.get("country") not in (None, coded["country"])
    table = evaluation.table()
    figures = "  ".join(f"{name} {table[name]['f1']:.3f}" for name in ("geo25", "geo161", "country"))  # type: ignore[index]
    return f"{path.stem}: {figures}  of {misses} misses at 25 km {abroad} in a wrong country"


def shown(count: Counter[str], whole: str) -> str:
    """Counts as shares of one of them."""
    of = count[whole] or 1
    return f"{whole} {count[whole]}: " + ", ".join(f"{k} {n / of:.3f}" for k, n in count.items() if k != whole)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take every so many sentences and reports")
    parser.add_argument("--list", action="store_true", help="print the names that are missed")
    parser.add_argument("--gold", type=Path, help="a coder's gold, read whole")
    asked = parser.parse_args()
    reader = Reader.open(Settings())
    count = halterman(asked.folder / "halterman" / "labeled_text.jsonl.gz", reader, asked.every)
    print(f"event verbs not read as an event: {count['verb not read as an event']}")
    for there in ("with a place", "without a place"):
        print(shown(Counter({k: n for k, n in count.items() if k.startswith(there)}), there))
    misses: list[str] = []
    names, reports = airwars(asked.folder / "airwars_syria", reader, asked.every, misses)
    print(shown(names, "names"))
    print(shown(reports, "reports"))
    for path in sorted(asked.gold.glob("*.jsonl")) if asked.gold else ():
        print(gold(path, reader))
    if asked.list:
        print("\n".join(misses))


if __name__ == "__main__":
    main()
