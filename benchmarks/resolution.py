"""How well tellings are joined into incidents, and how fast: B-cubed and pairwise F1, siblings, floods, giants, speed.

usage: python benchmarks/resolution.py [--gold REPORTS.jsonl...] [--airwars DIR] [--gva DIR] [--read] [--speed N...]

--gold coded reports with keys, joined by their own events, with --read also by what is read; --airwars, --gva folders
with incidents and their reports, given the date and place of each; --speed numbers of invented tellings.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))

import resolution as training
from constat.agreement import align
from constat.fields import event_fields
from constat.gazetteer import Gazetteer, kilometres
from constat.pipeline import Reader, held
from constat.records import Document
from constat.resolution.cluster import Constraints, cluster, pair
from constat.resolution.resolve import Resolution, resolve
from constat.resolution.shingles import wording
from constat.resolution.tellings import Telling, family, sound_keys, telling
from constat.settings import Settings

Keys = Mapping[str, str]


def line(name: str, groups: Iterable[Sequence[str]], keys: Keys, note: str = "") -> None:
    """Print B-cubed and pairwise precision, recall and F1 of groups of tellings against their keys."""
    links = [(keys[id], n) for n, group in enumerate(groups) for id in group if id in keys]
    by_key, by_group, both = Counter(k for k, _ in links), Counter(g for _, g in links), Counter(links)
    p = sum(both[k, g] / by_group[g] for k, g in links) / len(links)
    r = sum(both[k, g] / by_key[k] for k, g in links) / len(links)
    right, read, true = (sum(n * (n - 1) // 2 for n in sizes.values()) for sizes in (both, by_group, by_key))
    pp, pr = right / max(1, read), right / max(1, true)
    print(
        f"{name:34} B3 {p:.3f} {r:.3f} {_f(p, r):.3f}  pairs {pp:.3f} {pr:.3f} {_f(pp, pr):.3f}  "
        f"{len(links)} tellings, {len(by_key)} incidents, {true} pairs{note}",
        flush=True,
    )


def _f(p: float, r: float) -> float:
    return 2 * p * r / (p + r) if p + r else 0.0


def siblings(found: Resolution, tellings: Sequence[Telling], keys: Keys) -> str:
    """How many pairs of different incidents within 100 km and 7 days are joined."""
    group = {id: n for n, ids in enumerate(found.groups) for id in ids}
    close = joined = 0
    for a, b in combinations(tellings, 2):
        if keys[a.id] == keys[b.id] or None in (a.day, b.day, a.lat, b.lat, a.lon, b.lon):
            continue
        if abs(a.day - b.day) <= 7 and kilometres(a.lat, a.lon, b.lat, b.lon) <= 100:  # type: ignore[operator, arg-type]
            close += 1
            joined += group[a.id] == group[b.id]
    return f", {joined} of {close} sibling pairs joined"


def gold(paths: Sequence[Path], read: bool) -> None:
    """Coded reports: by their own events, and by what is read of their texts."""
    tellings, keys = training.told(paths)
    found = resolve(tellings)
    line("gold's own events", found.groups, keys, siblings(found, tellings, keys))
    if not read:
        return
    reader, of_read, missed = Reader.open(Settings()), {}, 0
    with held(Settings()) as all_read:
        for row in (json.loads(text) for path in paths for text in path.read_text(encoding="utf-8").splitlines()):
            known = {name: row.get(name) for name in ("title", "publisher", "published", "lang")}
            reading = reader.read(Document(id=row["id"], text=row["text"], **known))
            all_read.add(reading)
            pairs = align(row["incidents"], [event_fields(event, reading) for event in reading.events])
            missed += len(row["incidents"]) - len(pairs)
            of_read |= {reading.events[j].id: row["incidents"][i]["key"] for i, j in pairs}
        groups = all_read.resolve().groups
    line("what is read of the gold", groups, of_read, f", {missed} gold events not read")


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(text) for text in file]


def airwars(folder: Path) -> None:
    """The reports of `dev`, each given the date and place of the incidents that it supports."""
    incidents = {row["key"]: row for row in _rows(folder / "incidents.jsonl.gz")}
    tellings, keys = [], {}
    for row in (r for r in _rows(folder / "reports.jsonl.gz") if r["split"] == "dev"):
        document = Document(id=row["id"], text=row["text"], lang=row["lang"])
        shape = wording(row["text"])
        for number, key in enumerate(row["incidents"]):
            about, name = incidents[key], f"{row['id']}#{number}"
            place = about.get("place_en") or about.get("place_ar")
            fields = {"type": "Explosions/Remote violence", "date": about["date"], "place": place, "country": "SYR"}
            fields |= {axis: about.get(axis) for axis in ("lat", "lon")}
            tellings.append(telling(name, document, fields, lambda *_: None, shape))
            keys[name] = key
    found = resolve(tellings)
    line("Airwars dev, date and place given", found.groups, keys, siblings(found, tellings, keys))


def gva(folder: Path) -> None:
    """All articles, each given the date, city and toll of its incident; then with the article's own day instead."""
    gazetteer = Gazetteer.open()
    incidents = {row["incident_uri"]: row for row in _rows(folder / "incidents.jsonl.gz")}
    articles = [a for a in _rows(folder / "articles.jsonl.gz") if a["incident"] in incidents]
    points: dict[tuple[str, str], Any] = {}
    for dated in (True, False):
        tellings, keys = [], {}
        for row in articles:
            about = incidents[row["incident"]]
            city, state = about["city_or_county"], about["state"]
            if (city, state) not in points:
                fit = [p for p in gazetteer.lookup(city) if p.country == "USA" and p.admin1 == state]
                points[city, state] = fit[0] if fit else None
            point = points[city, state]
            day = dt.datetime.strptime(about["date"], "%B %d, %Y").date().isoformat() if dated else None
            killed, hurt = about["num_killed"], about["num_injured"]
            fields: dict[str, Any] = {
                "type": "Violence against civilians",
                "date": day,
                "place": city,
                "country": "USA",
            }
            fields |= {
                "admin1": state,
                "killed": {"low": killed, "high": killed},
                "wounded": {"low": hurt, "high": hurt},
            }
            if point:
                fields |= {"lat": point.lat, "lon": point.lon, "place_id": point.id}
            document = Document(id=row["id"], text=row["text"], title=row["title"], published=row["dct"], lang="en")
            shape = wording(row["text"], row["title"])
            tellings.append(telling(row["id"], document, fields, lambda *_: None, shape))
            keys[row["id"]] = row["incident"]
        started = time.process_time()
        found = resolve(tellings)
        note = f", {1e6 * (time.process_time() - started) / len(tellings):.0f} µs each"
        line(f"GVA, {'date' if dated else 'day of print'}, city, toll given", found.groups, keys, note)


def giants(count: int = 10_000) -> None:
    """True incidents of one to five tellings, with 1 % random false edges, and decisions that keep some pairs apart."""
    chance = random.Random(9)
    keys: dict[str, str] = {}
    members: dict[str, list[str]] = defaultdict(list)
    for n in range(count):
        for m in range(chance.choice((1, 1, 2, 3, 5))):
            keys[f"{n:05}-{m}"] = str(n)
            members[str(n)].append(f"{n:05}-{m}")
    edges = {pair(a, b): chance.uniform(1, 5) for held_ in members.values() for a, b in combinations(held_, 2)}
    line("giants: no false edges", cluster(keys, edges, {}), keys)
    names = sorted(keys)
    false = [pair(*chance.sample(names, 2)) for _ in range(len(edges) // 100)]
    apart = Constraints(apart=frozenset(false[::10]))
    groups = cluster(keys, edges | {p: chance.uniform(1, 5) for p in false}, {}, None, apart)
    crossed = sum(a in group and b in group for group in map(set, groups) for a, b in apart.apart)
    line("giants: 1 % false edges", groups, keys, f", largest {max(map(len, groups))}, {crossed} decisions crossed")


def invented(count: int) -> list[Telling]:
    """Tellings of invented incidents, as thick on the ground and in time at every number: more of them take longer."""
    chance = random.Random(count)
    kind, out = "Explosions/Remote violence", []
    while len(out) < count:
        day, lat, lon = chance.randrange(max(1, count // 300)), chance.uniform(-30, 40), chance.uniform(-15, 60)
        town, toll = f"town {chance.randrange(20_000)}", chance.choice((None, (0, 0), (3, 3), (12, 12)))
        for _ in range(chance.choice((1, 1, 2, 3, 6))):
            missing, name = chance.random(), f"{chance.getrandbits(64):016x}"  # ids are hashes: of no order
            told_on = None if missing < 0.05 else 700_000 + day + (chance.random() < 0.1)
            out.append(
                Telling(
                    id=name, document=name, family=family(kind, None), type=kind, first=told_on,
                    last=told_on, published=700_001 + day, lat=lat if missing < 0.9 else None,
                    lon=lon if missing < 0.9 else None, radius=5.0, country=f"C{int(lat / 8)}{int(lon / 8)}",
                    sounds=sound_keys(town), killed=toll, lang=chance.choice(("en", "fr", "ar")),
                )
            )  # fmt: skip
    return out[:count]


def speed(counts: Sequence[int]) -> None:
    """CPU time a telling, at several numbers of tellings."""
    for count in counts:
        tellings = invented(count)
        started = time.process_time()
        groups = resolve(tellings).groups
        spent = time.process_time() - started
        print(
            f"speed {count:>9}: {1e6 * spent / count:6.0f} µs a telling, {spent:.1f} s, {len(groups)} groups",
            flush=True,
        )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", nargs="*", type=Path, default=[])
    parser.add_argument("--airwars", type=Path)
    parser.add_argument("--gva", type=Path)
    parser.add_argument("--read", action="store_true")
    parser.add_argument("--speed", nargs="*", type=int, default=[])
    asked = parser.parse_args()
    if asked.gold:
        gold(asked.gold, asked.read)
    if asked.airwars:
        airwars(asked.airwars)
    if asked.gva:
        gva(asked.gva)
    giants()
    speed(asked.speed)


if __name__ == "__main__":
    main()
