"""How well reports are read: F1 by field and language on a coder's gold, against the floors that reading.json pins.

usage: python benchmarks/reading.py GOLD_FOLDER [--all] [--update]

The folder holds fr.jsonl, en.jsonl and ar.jsonl. The weights have seen two thirds of it; the figures are of the other
third, the reports whose id has a SHA-256 divisible by three (--all: of everything). Exits with 1 if a figure falls
below its floor or the gold is another than the floors were measured on. --update raises floors, and never lowers one.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from constat.evaluate import Evaluation
from constat.fields import reading_json
from constat.pipeline import Reader
from constat.records import Document
from constat.settings import Settings

FLOORS = Path(__file__).with_name("reading.json")
SLACK = 0.005  # what rounding and ties may cost without anything being worse
NAMES = ("id", "text", "title", "publisher", "published", "lang")


def aside(name: str) -> bool:
    """The report belongs to the third that weights, rules and words are not made from."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 3 == 0


def measure(path: Path, reader: Reader, every: bool) -> dict[str, Any]:
    """The figures of one language."""
    evaluation = Evaluation()
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if every or aside(row["id"]):
            document = Document(**{name: row.get(name) for name in NAMES})
            evaluation.add(row, reading_json(reader.read(document))["events"])
    return evaluation.table()


def main(argv: list[str]) -> int:
    """Print the table and hold the floors."""
    paths = sorted(p for p in Path(argv[0]).glob("*.jsonl") if not p.stem.startswith("."))
    reader = Reader.open(Settings())
    tables = {path.stem: measure(path, reader, "--all" in argv) for path in paths}
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
    print(f"{'F1':36}" + "".join(f"{lang:>8}" for lang in tables))
    for name, first in next(iter(tables.values())).items():
        cells = [table[name]["f1"] if isinstance(first, dict) else table[name] for table in tables.values()]
        print(f"{name:36}" + "".join(f"{cell:8.3f}" if isinstance(cell, float) else f"  {cell}" for cell in cells))
    if "--all" in argv:
        return 0
    found = {lang: {n: t["f1"] for n, t in table.items() if isinstance(t, dict)} for lang, table in tables.items()}
    pinned = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {"gold": digest, "floors": {}}
    if pinned["gold"] != digest and "--update" not in argv:
        print(
            f"the floors were measured on another gold ({pinned['gold'][:12]}, this is {digest[:12]})", file=sys.stderr
        )
        return 1
    below = [
        f"{lang} {name}: {found[lang].get(name, 0.0):.3f} is below its floor {floor:.3f}"
        for lang, floors in pinned["floors"].items()
        for name, floor in floors.items()
        if found[lang].get(name, 0.0) < floor - SLACK
    ]
    print("\n".join(below) or "no figure is below its floor", file=sys.stderr if below else sys.stdout)
    if "--update" in argv:
        floors = {
            lang: {name: max(f1, pinned["floors"].get(lang, {}).get(name, 0.0)) for name, f1 in table.items()}
            for lang, table in found.items()
        }
        FLOORS.write_text(json.dumps({**pinned, "gold": digest, "floors": floors}, indent=1) + "\n", encoding="utf-8")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
