"""What stage 3 finds of a coder's gold, field by field, before any choice is made: the ceiling of the stages after it.

usage: python benchmarks/mentions.py GOLD.jsonl [--list FIELD]     prints recall, and how many mentions match nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from constat.agreement import alike
from constat.claims.dating import resolve
from constat.facts import SentenceFacts
from constat.pipeline import Reader
from constat.records import Document
from constat.settings import Settings

ACTORS = ("ACT", "NAME", "ACR", "NAT", "GEO", "PLACE", "PPL", "UNID", "AGENCY")
THINGS = (*ACTORS, "SITE", "PPL2", "WPN")
FIELDS = ("type", "killed", "wounded", "date", "place", "perpetrator", "target", "weapons", "responses", "sources")


def names(report: list[SentenceFacts], tags: tuple[str, ...]) -> Iterator[str]:
    """The words of every chunk with one of the tags, alone and with the chunk after it."""
    for facts in report:
        chunks = facts.sentence.chunks
        for i, chunk in enumerate(chunks):
            if chunk.tag in tags:
                yield facts.quote(i, i + 1).quote
                if i + 1 < len(chunks):
                    yield facts.quote(i, i + 2).quote


class Found:
    """The mentions of one report, in the form of the gold's fields."""

    def __init__(self, report: list[SentenceFacts], published: str | None, reader: Reader) -> None:
        day = dt.date.fromisoformat(published[:10]) if published else None
        self.report = report
        self.tolls = [t for f in report for t in f.tolls]
        times = [t for f in report for t in f.times]
        self.dates = {resolve(t, day, None).value for t in times}
        for anchor in [resolve(t, day, None) for t in times]:
            self.dates |= {resolve(t, day, anchor).value for t in times if t.from_event}
        self.places = [p.value for f in report for p in f.places]
        self.sources = [s.name for f in report for s in f.sources]
        chunks = [c for f in report for c in f.sentence.chunks]
        readings = [r for c in chunks for r in ((c.tag, c.form, c.key), *c.others)]
        implied = reader.ontology.subtypes["implied_weapons"]
        named = [key for tag, _, key in readings if tag == "WPN"]
        told = [implied[e.key] for f in report for e in f.events if e.key in implied]
        self.weapons = {reader.ontology.weapons.get(key, key) for key in (*named, *told)}
        self.measures = {reader.ontology.measures.get(m.measure, m.measure) for f in report for m in f.measures}

    def has(self, field: str, gold: dict[str, Any]) -> tuple[int, int]:
        """(found, wanted) slots of one field of one gold incident."""
        value = gold.get(field)
        if not value:
            return 0, 0
        match field:
            case "killed" | "wounded":
                kinds = (field, "casualties")
                amounts = {(t.amount.low, t.amount.high) for t in self.tolls if t.kind in kinds}
                return int((value["low"], value["high"]) in amounts), 1
            case "date":
                return int(value in self.dates), 1
            case "place":
                return int(any(alike(value, p.name) for p in self.places)), 1
            case "perpetrator":
                return int(any(alike(value, n) for n in names(self.report, ACTORS))), 1
            case "target":
                return int(any(alike(value, n) for n in names(self.report, THINGS))), 1
            case "weapons":
                return len(set(value) & self.weapons), len(value)
            case "responses":
                return len(set(value) & self.measures), len(value)
            case "sources":
                return sum(any(alike(s, n) for n in self.sources) for s in value), len(value)
            case _:
                quote = (gold.get("evidence") or {}).get("type") or ""
                return int(self._event_in(quote)), int(bool(quote))

    def _event_in(self, quote: str) -> bool:
        for facts in self.report:
            at = facts.text.find(quote)
            if at < 0:
                continue
            chunks = facts.sentence.chunks
            if any(at <= chunks[e.chunk].start < at + len(quote) for e in facts.events):
                return True
        return False


def main(argv: list[str]) -> None:
    """Read the gold's texts and print the table."""
    path = Path(argv[0])
    wanted = argv[argv.index("--list") + 1] if "--list" in argv else ""
    reader = Reader.open(Settings())
    tally = {field: [0, 0] for field in FIELDS}
    extra = {"tolls": [0, 0], "sources": [0, 0], "responses": [0, 0]}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        document = Document(
            id=row["id"], text=row["text"], title=row["title"], published=row["published"], lang=row["lang"]
        )
        found = Found(reader.facts(document), row["published"], reader)
        for gold in row["incidents"]:
            for field in FIELDS:
                got, of = found.has(field, gold)
                tally[field][0] += got
                tally[field][1] += of
                if field == wanted and got < of:
                    evidence = (gold.get("evidence") or {}).get(field)
                    print(row["id"], json.dumps([gold.get(field), evidence], ensure_ascii=False))
        stated = {(k, t["low"], t["high"]) for g in row["incidents"] for k in ("killed", "wounded") if (t := g.get(k))}
        for toll in found.tolls:
            extra["tolls"][1] += 1
            extra["tolls"][0] += (toll.kind, toll.amount.low, toll.amount.high) in stated
        cited = [s for g in row["incidents"] for s in g["sources"]]
        for source in found.sources:
            extra["sources"][1] += 1
            right = any(alike(source, s) for s in cited)
            extra["sources"][0] += right
            if wanted == "sources-extra" and not right and row["incidents"]:
                print(row["id"], source)
        for measure in found.measures:
            extra["responses"][1] += 1
            extra["responses"][0] += any(measure in g["responses"] for g in row["incidents"])
    print(f"{'found':14}{'of gold':>9}{'share':>7}")
    for field, (got, of) in tally.items():
        print(f"{field:14}{got:5}/{of:<4}{got / of if of else 0:7.3f}")
    print("mentions that match a gold value:")
    for field, (got, of) in extra.items():
        print(f"{field:14}{got:5}/{of:<4}{got / of if of else 0:7.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
