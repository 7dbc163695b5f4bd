"""How right the toll of an incident is after fusing what is read of its reports, and how sure a sure join is.

usage: python benchmarks/resolution_tolls.py [--airwars DIR] [--gva DIR] [--gold REPORTS.jsonl...] [--most N]

--airwars, --gva: incidents with their reports and coded tolls; the reports of each are read and fused, and the fused
toll is compared with the coded range, beside what a single report gives. --gold: coded reports, for calibration.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))

import resolution as training
from constat.account import read_document
from constat.actors import load_register
from constat.documents.reports import day
from constat.gazetteer import kilometres
from constat.pipeline import Reader
from constat.records import Document, EventMention, FusedToll, PlaceValue, Reading
from constat.resolution.origins import credits
from constat.resolution.resolve import resolve
from constat.resolution.scores import probability
from constat.resolution.view import whole
from constat.settings import Settings

Range = tuple[int, int]


class Case:
    """One coded incident with its reports, its place, and what was killed and wounded."""

    def __init__(self, documents: Sequence[Document], point: tuple[float, float] | None, tolls: Mapping[str, Range]):
        self.documents, self.point, self.tolls = documents, point, tolls


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(text) for text in file]


def airwars(folder: Path) -> Iterator[Case]:
    """Incidents of `dev` whose reports tell of them alone; civilians killed and wounded, low to high."""
    held: dict[str, list[Document]] = defaultdict(list)
    for row in _rows(folder / "reports.jsonl.gz"):
        alone = row["split"] == "dev" and len(row["incidents"]) == 1 and not row["dup_of"]
        if alone and row["lang"] in ("ar", "en", "fr"):
            document = Document(
                id=row["id"], text=row["text"], title=row["title"], publisher=row["publisher"], lang=row["lang"],
                published=_day(row["published"]),
            )  # fmt: skip
            held[row["incidents"][0]].append(document)
    for about in _rows(folder / "incidents.jsonl.gz"):
        if len(documents := held.get(about["key"], [])) > 1:
            tolls = {
                field: (about[f"{name}_low"], about[f"{name}_high"])
                for field, name in (("killed", "civ_killed"), ("wounded", "civ_wounded"))
                if about.get(f"{name}_low") is not None and about.get(f"{name}_high") is not None
            }
            point = (about["lat"], about["lon"]) if about.get("lat") is not None else None
            yield Case(documents, point, tolls)


def gva(folder: Path) -> Iterator[Case]:
    """Incidents with two articles or more."""
    held: dict[str, list[Document]] = defaultdict(list)
    for row in _rows(folder / "articles.jsonl.gz"):
        document = Document(id=row["id"], text=row["text"], title=row["title"], lang="en", published=row["dct"])
        held[row["incident"]].append(document)
    for about in _rows(folder / "incidents.jsonl.gz"):
        if len(documents := held.get(about["incident_uri"], [])) > 1:
            killed, hurt = int(about["num_killed"]), int(about["num_injured"])
            yield Case(documents, None, {"killed": (killed, killed), "wounded": (hurt, hurt)})


def _day(written: str | None) -> str | None:
    try:
        return day(written) if written else None
    except ValueError:
        return None


def main_event(reading: Reading, point: tuple[float, float] | None) -> EventMention | None:
    """The event of a report that an incident is: the nearest main one where a point is given, else the first."""
    events = [e for e in reading.events if e.role == "main"] or list(reading.events)
    if point is None or not events:
        return events[0] if events else None

    def far(event: EventMention) -> float:
        places = [c.value for c in event.claims if isinstance(c.value, PlaceValue) and c.value.lat is not None]
        at = next(iter(places), None)
        return kilometres(*point, at.lat, at.lon) if at and at.lat is not None and at.lon is not None else 9e9

    return min(events, key=far)


def figure(toll: FusedToll | None) -> int | None:
    """The one figure that a toll gives."""
    return None if toll is None else toll.low if toll.best is None else toll.best


def tolls(name: str, cases: Iterable[Case], most: int) -> None:
    """Read, fuse and compare."""
    reader, credit_of = Reader.open(Settings()), credits(load_register(()))
    rows: dict[str, list[tuple[Range, list[int], FusedToll | None]]] = {"killed": [], "wounded": []}
    used = 0
    for case in cases:
        if used >= most:
            break
        used += 1
        read = (read_document(reader, document)[0] for document in case.documents)
        told = [(e, r) for r in read if r is not None and (e := main_event(r, case.point))]
        told.sort(key=lambda t: (t[1].document.published or "", t[1].document.id))
        if not told:
            continue
        fused = whole(told, {}, (), (), credit_of, {})
        alone = [whole([one], {}, (), (), credit_of, {}) for one in told]
        for field, range_ in case.tolls.items():
            single = [f for one in alone if (f := figure(one.toll(field))) is not None]
            rows[field].append((range_, single, fused.toll(field)))
    for field, found in rows.items():
        _print(f"{name} {field}", found)


def _print(name: str, found: Sequence[tuple[Range, list[int], FusedToll | None]]) -> None:
    """The share of incidents whose figure is in the coded range: the fused one, the first, last, middle and largest."""
    told = [(range_, single, fused) for range_, single, fused in found if single and fused is not None]
    ways = {
        "fused": [figure(f) for _, _, f in told],
        "first": [s[0] for _, s, _ in told],
        "last": [s[-1] for _, s, _ in told],
        "middle": [sorted(s)[len(s) // 2] for _, s, _ in told],
        "largest": [max(s) for _, s, _ in told],
    }
    parts = []
    for way, figures in ways.items():
        right = sum(low <= f <= high for f, ((low, high), _, _) in zip(figures, told, strict=True) if f is not None)
        parts.append(f"{way} {right / max(1, len(told)):.3f}")
    meets = sum(f.low <= high and (f.high is None or f.high >= low) for (low, high), _, f in told if f is not None)
    several = [(r, s, f) for r, s, f in told if len(s) > 1 and len(set(s)) > 1]
    differ = sum(r[0] <= (figure(f) or 0) <= r[1] for r, _, f in several)
    print(
        f"{name:18} {len(told)} of {len(found)} incidents told: {', '.join(parts)}; range meets "
        f"{meets / max(1, len(told)):.3f}; where reports differ {differ} of {len(several)}",
        flush=True,
    )


def calibration(paths: Sequence[Path]) -> None:
    """Of pairs by the probability that they are one, and of incidents by their confidence, the share that is right."""
    tellings, keys = training.told(paths)
    found = resolve(tellings)
    _bins("pairs", [(probability(odds), keys[a] == keys[b]) for (a, b), odds in found.weak.items()])
    of = {event: n for n, group in enumerate(found.groups) for event in group}
    edges: dict[int, dict[tuple[str, str], float]] = defaultdict(dict)
    for (a, b), odds in found.edges.items():
        if of[a] == of[b]:
            edges[of[a]][a, b] = odds
    from constat.resolution.fuse import confidence

    several = [(n, g) for n, g in enumerate(found.groups) if len(g) > 1]
    _bins("incidents", [(confidence(g, edges[n]), len({keys[e] for e in g}) == 1) for n, g in several])


def _bins(name: str, said: Sequence[tuple[float, bool]]) -> None:
    for low, high in ((0.0, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 0.97), (0.97, 0.99), (0.99, 1.01)):
        held = [(p, true) for p, true in said if low <= p < high]
        if held:
            mean, share = (sum(v) / len(held) for v in zip(*held, strict=True))
            print(f"calibration of {name:10} {mean:.3f} said, {share:.3f} true, {len(held)}", flush=True)
    if said:
        print(f"calibration of {name:10} Brier {sum((p - t) ** 2 for p, t in said) / len(said):.4f}", flush=True)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--airwars", type=Path)
    parser.add_argument("--gva", type=Path)
    parser.add_argument("--gold", nargs="*", type=Path, default=[])
    parser.add_argument("--most", type=int, default=400)
    asked = parser.parse_args()
    if asked.gold:
        calibration(asked.gold)
    if asked.airwars:
        tolls("Airwars dev", airwars(asked.airwars), asked.most)
    if asked.gva:
        tolls("GVA", gva(asked.gva), asked.most)


if __name__ == "__main__":
    main()
