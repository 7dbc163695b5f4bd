"""Trains the reader's weights on coded reports and says how well they read reports that they have not seen.

usage: python training/train.py REPORTS.jsonl... [--out src/constat/claims] [--aside REPORTS.jsonl...] [--folds N]

REPORTS are coded reports in the form that docs/cli.md gives for `evaluate`; --aside prints the figures on others.
--folds prints the figures of a cross-validation over the reports whose id does not begin like the project's own
(`xx-t`), which are always learned from. Needs scipy and torch (the extra `train`).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

# Vectors of this size are multiplied ten times slower by several threads that wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import network
import numpy as np
from labels import Asked, Case, Fields, cases, gold_of, learn_units, remember_gold
from network import lesson
from softmax import Group, fit

from constat.claims.drafts import Gathering
from constat.claims.gather import gather
from constat.claims.keep import Picks, keep_features
from constat.claims.network import Network
from constat.claims.relevance import relevance_features
from constat.claims.report import Candidate
from constat.claims.rules import RulesReader
from constat.claims.weights import NOTHING, Weights
from constat.evaluate import Evaluation
from constat.fields import reading_json
from constat.pipeline import Reader
from constat.records import DateValue
from constat.settings import Settings

Tables = dict[str, dict[str, float]]
Trained = tuple[Tables, dict[str, np.ndarray[Any, Any]]]
TABLES = ("relevance", "role")  # what stays log-linear; all else is the network's
# Chosen by cross-validation: with 4 the shares are better calibrated than with 1, and as often right.
PENALTY = {
    "relevance": 3.0, "unit": 5.0, "keep": 6.0, "kind": 2.0, "date": 4.0, "place": 4.0, "killed": 4.0, "wounded": 4.0,
    "perp": 4.0, "target": 4.0, "claimant": 3.0, "certainty": 4.0, "weapon": 4.0, "measure": 4.0, "source": 4.0,
    "role": 4.0,
}  # fmt: skip
# The project's own reports lean to hard cases and to several incidents; with 3 the figures on others' were best.
CODED = 3
_OWN = re.compile(r"[a-z]{2}-t\d+")


def fit_gather(data: Sequence[Case], reader: RulesReader) -> Tables:
    """Weights for what a report and each of its units tell of; a second pass walks on with the choices of the first."""
    about: list[Group] = []
    for case in data:
        relevant = bool(case.row["incidents"])
        features = relevance_features(f.sentence for f in case.facts)
        about.append(Group(case.lang, [features, ()], [relevant, not relevant], case.often))
    relevance = fit(about, PENALTY["relevance"])
    tables: Tables = {}
    for _ in range(2):
        groups: list[Group] = []
        merged = {lang: Weights(tables, lang) for lang in {c.lang for c in data}} if tables else {}
        for case in data:
            if case.row["incidents"]:
                asked = learn_units(case, reader.report(case.facts, case.published), merged.get(case.lang))[1]
                groups += [a.group(case) for a in asked]
        tables = {"relevance": relevance, "unit": fit(groups, PENALTY["unit"])}
    return tables


def fit_fields(
    data: Sequence[Case],
    states: Sequence[Gathering],
    kind_of: Sequence[Sequence[str]],
    reader: RulesReader,
    only: str = "",
) -> Tables:
    """Weights for every field, learned on drafts of units that were unseen when they were gathered."""
    groups: dict[str, list[Group]] = defaultdict(list)
    for case, asked in zip(data, asked_of(data, states, kind_of, reader, only), strict=True):
        for a in asked:
            groups[a.choice].append(a.group(case))
    return {name: fit(own, PENALTY[name]) for name, own in groups.items()}


def asked_of(
    data: Sequence[Case],
    states: Sequence[Gathering],
    kind_of: Sequence[Sequence[str]],
    reader: RulesReader,
    only: str = "",
) -> Iterator[list[Asked]]:
    """The choices of the fields of each report."""
    fields = Fields(reader, only)
    for case, state, keys in zip(data, states, kind_of, strict=True):
        golds = gold_of(case, state)
        if not keys:
            remember_gold(state, golds)
        first = golds.get(0, {}).get("date")
        main = DateValue(first, "day" if len(first) == 10 else "month") if first else None
        out: list[Asked] = []
        for d, gold in golds.items():
            out += fields.learn(state, d, gold, keys[d] if keys else "", main if d else None)
        yield out


def gathered(data: Sequence[Case], reader: RulesReader, folds: int) -> tuple[list[Gathering], list[list[Picks]]]:
    """The drafts of each report, and their sub-event types, as weights that have not seen the report give them."""
    states: list[Gathering] = [Gathering(reader.report(c.facts, c.published)) for c in data]
    picks_of: list[list[Picks]] = [[] for _ in data]
    for seen, unseen in halves([c.document.id for c in data], folds):
        learned = [data[n] for n in seen]
        part = fit_gather(learned, reader)
        merged = {lang: Weights(part, lang) for lang in {c.lang for c in data}}
        own = [gather(reader.report(c.facts, c.published), merged[c.lang]) for c in learned]
        for field in ("kind", "date", "place", "killed", "wounded", "claimant", "perp", "target"):
            part |= fit_fields(learned, own, [[] for _ in own], reader, field)
        merged = {lang: Weights(part, lang) for lang in merged}
        for n in unseen:
            case = data[n]
            states[n] = gather(reader.report(case.facts, case.published), merged[case.lang])
            picks_of[n] = reader.picks(states[n], merged[case.lang])
    return states, picks_of


def halves(names: Sequence[str], folds: int) -> Iterator[tuple[list[int], list[int]]]:
    """Index lists (seen, unseen) for each fold, by a hash of the name."""
    fold_of = [zlib.crc32(name.encode()) % folds for name in names]
    for fold in range(folds):
        yield [n for n, f in enumerate(fold_of) if f != fold], [n for n, f in enumerate(fold_of) if f == fold]


def train(reports: Sequence[Case], reader: RulesReader) -> Trained:
    """All weights: units on everything, fields on drafts of units that were unseen when they were made."""
    for case in reports:
        case.often = 1 if _OWN.fullmatch(case.document.id) else CODED
    states, picks_of = gathered(reports, reader, 2)
    tables = fit_gather(reports, reader)
    walk = {lang: Weights(tables, lang) for lang in {c.lang for c in reports}}
    kinds = [[p.kind.candidate.value for p in picks] for picks in picks_of]
    lessons = []
    groups: dict[str, list[Group]] = defaultdict(list)
    asked = asked_of(reports, states, kinds, reader)
    for case, state, picks, fields in zip(reports, states, picks_of, asked, strict=True):
        report = reader.report(case.facts, case.published)
        units = learn_units(case, report, walk[case.lang])[1] if case.row["incidents"] else []
        every = [*units, *keep_asked(case, state, picks), *fields]
        for a in every:
            groups[a.choice].append(a.group(case))
        lessons.append(lesson(case.lang, report, [a for a in every if a.choice not in TABLES], case.often))
    tables |= {name: fit(own, PENALTY[name]) for name, own in groups.items()}
    return {name: tables[name] for name in TABLES}, network.fit(lessons, tables)


def keep_asked(case: Case, state: Gathering, picks: Sequence[Picks]) -> list[Asked]:
    """Which drafts are incidents of their own: those of which the gold tells."""
    golds = gold_of(case, state) if case.row["incidents"] else {}
    out = []
    for d, draft in enumerate(state.drafts[: len(picks)]):
        kept = Candidate(None, tuple(keep_features(state, d, picks)))
        out.append(Asked("keep", [kept, NOTHING], draft.intro, [d in golds, d not in golds], [state.main(draft), None]))
    return out


def figures(parts: Sequence[tuple[Sequence[Case], Trained]], reader: Reader) -> None:
    """Print precision, recall and F1 by field and language, each part read with its own weights."""
    totals: dict[str, Evaluation] = {}
    for part, (tables, arrays) in parts:
        reader.use(tables, Network(arrays))
        for case in part:
            evaluation = totals.setdefault(case.lang, Evaluation())
            evaluation.add(case.row, reading_json(reader.claims(case.document, case.facts))["events"])
    langs = sorted(totals)
    tables_ = {lang: totals[lang].table() for lang in langs}
    print(f"{'':24}" + "".join(f"{lang + ' ' + n:>9}" for lang in langs for n in ("P", "R", "F1")))
    for name in tables_[langs[0]]:
        row = [tables_[lang][name] for lang in langs]
        print(f"{name:24}" + "".join(f"{r[k]:9.3f}" for r in row if isinstance(r, dict) for k in ("p", "r", "f1")))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--aside", nargs="*", type=Path, default=[])
    parser.add_argument("--folds", type=int, default=0)
    asked = parser.parse_args()
    reader = Reader.open(Settings(), {})
    data = cases(asked.reports, reader)
    print(len(data), "reports,", sum(len(c.row["incidents"]) for c in data), "incidents", file=sys.stderr)
    if asked.folds:
        coded = [c for c in data if not _OWN.fullmatch(c.document.id)]
        own = [c for c in data if _OWN.fullmatch(c.document.id)]
        parts = []
        for seen, unseen in halves(["fold" + c.document.id for c in coded], asked.folds):
            parts.append(([coded[n] for n in unseen], train([*(coded[n] for n in seen), *own], reader.rules)))
        figures(parts, reader)
    if asked.out or asked.aside:
        trained = train(data, reader.rules)
        if asked.out:
            write(trained, asked.out)
        if asked.aside:
            figures([(cases(asked.aside, reader), trained)], reader)


def write(trained: Trained, folder: Path) -> None:
    """Write `weights.json` and `network.npz`; the same weights give the same bytes."""
    tables, arrays = trained
    rounded = {"choices": {c: dict(sorted(t.items())) for c, t in sorted(tables.items())}}
    (folder / "weights.json").write_text(json.dumps(rounded, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    with ZipFile(folder / "network.npz", "w") as kept:
        for name, array in sorted(arrays.items()):
            held = BytesIO()
            np.save(held, array)
            kept.writestr(ZipInfo(f"{name}.npy"), held.getvalue())


if __name__ == "__main__":
    main()
