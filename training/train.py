"""Trains the reader's weights on coded reports and says how well they read reports they have not seen.

usage: python training/train.py REPORTS.jsonl... [--out weights.json] [--folds 5] [--aside REPORTS.jsonl...]

REPORTS are coded reports in the form of docs/cli.md ("evaluate"). With --folds the figures of a cross-validation are
printed before the final weights are fitted on everything. Needs numpy and scipy (the extra `train`).
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import pickle
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from softmax import Group, fit

from constat.agreement import alike, kilometres
from constat.claims.choose.kind import kinds
from constat.claims.choose.sources import sources
from constat.claims.choose.things import measures, weapons
from constat.claims.choose.tolls import counts
from constat.claims.choose.when import dates
from constat.claims.choose.where import places
from constat.claims.choose.who import actors, certainties, claimants, targets
from constat.claims.drafts import NEW, NONE, Draft, Gathering, gather, options, relevance_features, role_features, telling_body
from constat.claims.report import Candidate, Report
from constat.claims.rules import RulesReader
from constat.claims.units import Unit
from constat.claims.weights import Weights, _of_language
from constat.evaluate import Evaluation
from constat.facts import SentenceFacts
from constat.fields import reading_json
from constat.pipeline import Reader
from constat.records import Document, PlaceValue
from constat.settings import Settings

Row = dict[str, Any]
PENALTY = {
    "relevance": 1.0, "unit": 1.0, "kind": 1.0, "date": 1.0, "place": 1.0, "killed": 1.0, "wounded": 1.0, "perp": 1.0, "target": 1.0,
    "claimant": 2.0, "certainty": 2.0, "weapon": 1.0, "measure": 1.0, "source": 1.0, "role": 2.0,
}  # fmt: skip
# What an evidence quote of a field says of the unit in which it stands.
TELLS = {"type": 4, "killed": 2, "wounded": 2, "target": 1, "weapons": 1, "perpetrator": 1, "place": 1, "date": 1}


class Case(msgspec.Struct):
    """A coded report with its facts."""

    row: Row
    document: Document
    facts: list[SentenceFacts]
    published: dt.date | None


def cases(paths: Sequence[Path], reader: Reader) -> list[Case]:
    """The coded reports of files, read up to stage 3."""
    out = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.strip():
                continue
            row = json.loads(line)
            names = ("id", "text", "title", "published", "lang", "publisher")
            document = Document(**{n: row.get(n) for n in names})
            day = dt.date.fromisoformat(row["published"][:10]) if row.get("published") else None
            out.append(Case(row, document, reader.facts(document), day))
    return out


def told_where(case: Case, report: Report) -> dict[int, Counter[int]]:
    """For each unit which gold incidents' evidence stands in it, and how much that says."""
    out: dict[int, Counter[int]] = defaultdict(Counter)
    bounds = [(u, u.facts.sentence.chunks[u.first].start, u.facts.sentence.chunks[u.last - 1].end) for u in report.body]
    for k, gold in enumerate(case.row["incidents"]):
        for field, quotes in (gold.get("evidence") or {}).items():
            for quote in [quotes] if isinstance(quotes, str) else quotes:
                at = case.document.text.find(quote)
                if at < 0 or field not in TELLS or case.document.text.count(quote) > 2:
                    continue
                for unit, start, end in bounds:
                    if start < at + len(quote) and at < end:
                        out[unit.index][k] += TELLS[field]
                        break
    return out


def right_units(case: Case, state: Gathering, unit: Unit, told: dict[int, Counter[int]], of: dict[int, int]) -> set[int]:
    """The right choices for a unit, given which gold incident each draft is (`of`)."""
    golds = case.row["incidents"]
    if not golds:
        return {NONE}
    stands = told.get(unit.index)
    if stands:
        k = max(stands, key=lambda g: (stands[g], -g))
        drafts = [d for d, g in of.items() if g == k]
        if drafts:
            return set(drafts)
        if stands[k] >= 2 or len(golds) == 1:
            return {NEW}
        return {NONE, NEW}
    if len(golds) == 1:
        return {NONE, *of} if of else {NONE, NEW}
    return {NONE, *of}


def learn_units(case: Case, report: Report, weights: Weights | None, groups: list[Group]) -> Gathering:
    """The choices of one report's units as training groups; `weights` decide where the gold leaves it open."""
    state = Gathering(report)
    told = told_where(case, report)
    of: dict[int, int] = {}
    body = telling_body(report)
    for unit in body:
        if not unit.telling:
            state.attach(unit)
            continue
        choices = list(options(state, unit))
        right = right_units(case, state, unit, told, of)
        groups.append((case.document.lang or "", [f for _, f in choices], [c in right for c, _ in choices]))
        allowed = [n for n, (c, _) in enumerate(choices) if c in right]
        if weights is None:
            pick = allowed[0]
        else:
            shares = weights.shares("unit", [f for _, f in choices])
            pick = max(allowed, key=lambda n: shares[n])
        choice = choices[pick][0]
        if choice == NEW:
            stands = told.get(unit.index)
            rest = [g for g in range(len(case.row["incidents"])) if g not in of.values()]
            gold = max(stands, key=lambda g: (stands[g], -g)) if stands else (rest[0] if rest else 0)
            of[len(state.drafts)] = gold
        state.take(unit, choice)
    return state


def gold_of(case: Case, state: Gathering, flat: list[Row]) -> dict[int, Row]:
    """Which gold incident each draft tells of: by the evidence in its units, else by likeness."""
    told = told_where(case, state.report)
    golds = case.row["incidents"]
    scores: list[tuple[int, int, int]] = []
    for d, draft in enumerate(state.drafts):
        votes: Counter[int] = Counter()
        for unit in draft.units:
            votes.update(told.get(unit.index, Counter()))
        if not votes and len(golds) == 1 and len(state.drafts) == 1:
            votes[0] = 1
        scores += [(n, d, g) for g, n in votes.items()]
    out: dict[int, Row] = {}
    used: set[int] = set()
    for _, d, g in sorted(scores, reverse=True):
        if d not in out and g not in used:
            out[d] = golds[g]
            used.add(g)
    return out


def near(value: PlaceValue, gold: Row) -> bool:
    """A place is the gold's: by name or, where that has a point, within 5 km."""
    if alike(value.name, gold.get("place")):
        return True
    return False


class Fields:
    """Turns drafts with their gold into training groups, one list for each choice."""

    def __init__(self, reader: RulesReader) -> None:
        self.reader = reader
        self.groups: dict[str, list[Group]] = defaultdict(list)
        self.labels = {v: k for k, v in reader.labels.weapons.items()}

    def add(self, choice: str, lang: str, candidates: Sequence[Candidate], right: Sequence[bool]) -> None:
        self.groups[choice].append((lang, [c.features for c in candidates], list(right)))

    def learn(self, case: Case, state: Gathering, d: int, gold: Row, kind: str, main: Any) -> None:
        """The choices of every field of one draft."""
        draft, lang = state.drafts[d], case.document.lang or ""

        def ranked(choice: str, candidates: list[Candidate], ok: list[bool]) -> None:
            if any(ok):
                self.add(choice, lang, candidates, ok)

        found = kinds(state, draft, self.reader.labels.events, self.reader.decisions)
        wanted = (gold["type"], gold["subtype"])
        ranked("kind", found, [self.reader.labels.events[c.value] == wanted for c in found])
        found = dates(state, draft, main)
        ranked("date", found, [(c.value.value if c.value else None) == gold["date"] for c in found])
        found = places(state, draft)
        ok = [c.value is not None and near(c.value, gold) for c in found]
        if gold["place"] and not any(ok) and gold.get("lat") is not None:
            ok = [c.value is not None and (km := kilometres(gold, _point(c.value))) is not None and km <= 10 for c in found]
        ranked("place", found, ok if gold["place"] else [c.value is None for c in found])
        for field in ("killed", "wounded"):
            found = counts(state, draft, field)
            toll = gold[field]
            ranked(
                field,
                found,
                [
                    c.value is None if toll is None else c.value is not None and (c.value.low, c.value.high) == (toll["low"], toll["high"])
                    for c in found
                ],
            )
        found = actors(state, draft, kind)
        name = gold["perpetrator"]
        ok = [
            (c.value is None or c.extra[2].tag == "UNID") if name is None else c.value is not None and alike(c.value, name)
            for c in found
        ]
        ranked("perp", found, ok)
        if name:
            perps = [c for c, good in zip(found, ok, strict=True) if good and c.extra[2].tag != "UNID"]
            if perps:
                claimed = gold.get("claimed_by")
                sure = certainties(state, draft, perps[0], claimed.casefold() if claimed else None)
                ranked("certainty", sure, [c.value == gold["perpetrator_certainty"] for c in sure])
        for choice, found, wanted_name in (
            ("target", targets(state, draft, kind), gold["target"]),
            ("claimant", claimants(state, draft, kind), gold["claimed_by"]),
        ):
            ranked(choice, found, [c.value is None if wanted_name is None else c.value is not None and alike(c.value, wanted_name) for c in found])
        for c in weapons(state, draft, kind, self.reader.decisions.implied_weapons):
            right = self.reader.labels.weapons.get(c.value, c.value) in gold["weapons"]
            self.groups["weapon"].append((lang, [c.features, ()], [right, not right]))
        for c in measures(state, draft, kind):
            right = self.reader.labels.measures.get(c.value, c.value) in gold["responses"]
            self.groups["measure"].append((lang, [c.features, ()], [right, not right]))
        for c in sources(state, draft, kind):
            right = any(alike(c.value, s) for s in gold["sources"])
            self.groups["source"].append((lang, [c.features, ()], [right, not right]))
        background = gold["role"] == "background"
        self.groups["role"].append((lang, [role_features(state, draft), ()], [background, not background]))


def _point(place: PlaceValue) -> Row:
    return {"lat": place.lat, "lon": place.lon}


def fit_gather(train: list[Case], reader: RulesReader) -> dict[str, dict[str, float]]:
    """Weights for what each unit tells of; a second pass walks on with the choices of the first."""
    about: list[Group] = []
    for case in train:
        relevant = bool(case.row["incidents"])
        features = relevance_features(reader.report(case.facts, case.published))
        about.append((case.document.lang or "", [features, ()], [relevant, not relevant]))
    relevance = fit(about, PENALTY["relevance"])
    tables: dict[str, dict[str, float]] = {}
    for _ in range(2):
        groups: list[Group] = []
        for case in (c for c in train if c.row["incidents"]):
            lang = case.document.lang or ""
            weights = Weights(tables, lang) if tables else None
            learn_units(case, reader.report(case.facts, case.published), weights, groups)
        tables = {"unit": fit(groups, PENALTY["unit"]), "relevance": relevance}
    return tables


def fit_fields(train: list[Case], states: list[Gathering], kind_of: list[dict[int, str]], reader: RulesReader) -> dict[str, dict[str, float]]:
    """Weights for every field, learned on the drafts that reports unseen by the unit weights gave."""
    fields = Fields(reader)
    for case, state, keys in zip(train, states, kind_of, strict=True):
        golds = gold_of(case, state, [])
        main = None
        for d, gold in golds.items():
            fields.learn(case, state, d, gold, keys[d], main if d else None)
        del main
    return {name: fit(groups, PENALTY[name]) for name, groups in fields.groups.items()}


def halves(count: int, folds: int) -> Iterator[tuple[list[int], list[int]]]:
    """Index lists (train, test) for each fold."""
    for fold in range(folds):
        yield [n for n in range(count) if n % folds != fold], [n for n in range(count) if n % folds == fold]


def train(data: list[Case], reader: RulesReader, folds: int = 3) -> dict[str, dict[str, float]]:
    """All weights: units on everything, fields on drafts of units that were unseen when they were made."""
    states: list[Gathering | None] = [None] * len(data)
    kind_of: list[dict[int, str]] = [{} for _ in data]
    for seen, unseen in halves(len(data), folds):
        part = fit_gather([data[n] for n in seen], reader)
        fields = Fields(reader)
        for n in seen:
            case = data[n]
            state = gather(reader.report(case.facts, case.published), Weights(part, case.document.lang or ""))
            for d, gold in gold_of(case, state, []).items():
                found = kinds(state, state.drafts[d], reader.labels.events, reader.decisions)
                wanted = (gold["type"], gold["subtype"])
                fields.add("kind", case.document.lang or "", found, [reader.labels.events[c.value] == wanted for c in found])
        part["kind"] = fit(fields.groups["kind"], PENALTY["kind"])
        for n in unseen:
            case = data[n]
            weights = Weights(part, case.document.lang or "")
            state = gather(reader.report(case.facts, case.published), weights)
            states[n] = state
            kind_of[n] = {d: reader.kind(state, draft, weights).candidate.value for d, draft in enumerate(state.drafts)}
    tables = fit_fields(data, [s for s in states if s is not None], kind_of, reader)
    tables |= fit_gather(data, reader)
    return tables


def score(data: list[Case], tables: dict[str, dict[str, float]], reader: Reader, lang: str | None = None) -> Evaluation:
    """The figures of a set of weights on coded reports."""
    reader.use(tables)
    evaluation = Evaluation()
    for case in data:
        if lang is None or case.document.lang == lang:
            evaluation.add(case.row, reading_json(reader.claims(case.document, case.facts))["events"])
    return evaluation


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("reports", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--aside", nargs="*", type=Path, default=[])
    options_ = parser.parse_args()
    reader = Reader.open(Settings(), {})
    data = cases(options_.reports, reader)
    rules = reader.rules
    data.sort(key=lambda c: zlib.crc32(c.document.id.encode()))
    print(len(data), "reports", sum(len(c.row["incidents"]) for c in data), "incidents", file=sys.stderr)
    if options_.folds:
        test: list[tuple[list[Case], dict[str, dict[str, float]]]] = []
        for seen, unseen in halves(len(data), options_.folds):
            test.append(([data[n] for n in unseen], train([data[n] for n in seen], rules)))
        report_folds(test, reader)
    if options_.out or options_.aside:
        tables = train(data, rules)
        if options_.out:
            rounded = {"choices": {c: dict(sorted(t.items())) for c, t in sorted(tables.items())}}
            options_.out.write_text(json.dumps(rounded, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
        if options_.aside:
            report_folds([(cases(options_.aside, reader), tables)], reader)


def report_folds(test: list[tuple[list[Case], dict[str, dict[str, float]]]], reader: Reader) -> None:
    """Print F1 by field and language over all folds."""
    langs = sorted({c.document.lang or "" for part, _ in test for c in part})
    totals = {lang: Evaluation() for lang in langs}
    for part, tables in test:
        reader.use(tables)
        for case in part:
            totals[case.document.lang or ""].add(case.row, reading_json(reader.claims(case.document, case.facts))["events"])
    figures = {lang: e.table() for lang, e in totals.items()}
    print(f"{'':24}" + "".join(f"{lang + ' ' + n:>9}" for lang in langs for n in ("P", "R", "F1")))
    for name in figures[langs[0]]:
        row = [figures[lang][name] for lang in langs]
        if all(isinstance(r, dict) and "f1" in r for r in row):
            print(f"{name:24}" + "".join(f"{r[k]:9.3f}" for r in row for k in ("p", "r", "f1")))


if __name__ == "__main__":
    main()


_ = (Draft, pickle, _of_language)
