"""Trains the reader's weights on coded reports and says how well they read reports that they have not seen.

usage: python training/train.py REPORTS.jsonl... [--out weights.json] [--aside REPORTS.jsonl...] [--folds N]

REPORTS are coded reports in the form that docs/cli.md gives for `evaluate`; --aside prints the figures on others.
--folds prints the figures of a cross-validation over the reports whose id does not begin like the project's own
(`xx-t`), which are always learned from. Needs numpy and scipy (the extra `train`).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

# Vectors of this size are multiplied ten times slower by several threads that wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from labels import Case, Fields, cases, gold_of, learn_units, remember_gold
from softmax import Group, fit

from constat.claims.drafts import Gathering
from constat.claims.gather import gather
from constat.claims.keep import Picks, keep_features
from constat.claims.rules import RulesReader
from constat.claims.telling import relevance_features
from constat.claims.weights import Weights
from constat.evaluate import Evaluation
from constat.fields import reading_json
from constat.pipeline import Reader
from constat.records import DateValue
from constat.settings import Settings

Tables = dict[str, dict[str, float]]
# Chosen by cross-validation: with 4 the shares are better calibrated than with 1, and as often right.
PENALTY = {
    "relevance": 3.0, "unit": 2.0, "keep": 3.0, "kind": 2.0, "date": 4.0, "place": 4.0, "killed": 4.0, "wounded": 4.0,
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
        features = relevance_features(reader.report(case.facts, case.published))
        about.append((case.lang, [features, ()], [relevant, not relevant]))
    relevance = fit(about, PENALTY["relevance"])
    tables: Tables = {}
    for _ in range(2):
        groups: list[Group] = []
        merged = {lang: Weights(tables, lang) for lang in {c.lang for c in data}} if tables else {}
        for case in data:
            if case.row["incidents"]:
                learn_units(case, reader.report(case.facts, case.published), merged.get(case.lang), groups)
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
    fields = Fields(reader, only)
    for case, state, keys in zip(data, states, kind_of, strict=True):
        golds = gold_of(case, state)
        if not keys:
            remember_gold(state, golds)
        first = golds.get(0, {}).get("date")
        main = DateValue(first, "day" if len(first) == 10 else "month") if first else None
        for d, gold in golds.items():
            fields.learn(case.lang, state, d, gold, keys[d] if keys else "", main if d else None)
    return {name: fit(groups, PENALTY[name]) for name, groups in fields.groups.items()}


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


def train(reports: Sequence[Case], reader: RulesReader) -> Tables:
    """All weights: units on everything, fields on drafts of units that were unseen when they were made."""
    data = [c for c in reports for _ in range(1 if _OWN.fullmatch(c.document.id) else CODED)]
    states, picks_of = gathered(data, reader, 3)
    kind_of = [[p.kind.candidate.value for p in picks] for picks in picks_of]
    fields = fit_fields(data, states, kind_of, reader)
    return fields | fit_keep(data, states, picks_of) | fit_gather(data, reader)


def fit_keep(data: Sequence[Case], states: Sequence[Gathering], picks_of: Sequence[Sequence[Picks]]) -> Tables:
    """Weights for which drafts are incidents of their own: those of which the gold tells."""
    groups: list[Group] = []
    for case, state, picks in zip(data, states, picks_of, strict=True):
        golds = gold_of(case, state) if case.row["incidents"] else {}
        for d in range(len(picks)):
            groups.append((case.lang, [keep_features(state, d, picks), ()], [d in golds, d not in golds]))
    return {"keep": fit(groups, PENALTY["keep"])}


def figures(parts: Sequence[tuple[Sequence[Case], Tables]], reader: Reader) -> None:
    """Print precision, recall and F1 by field and language, each part read with its own weights."""
    totals: dict[str, Evaluation] = {}
    for part, tables in parts:
        reader.use(tables)
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
        tables = train(data, reader.rules)
        if asked.out:
            rounded = {"choices": {c: dict(sorted(t.items())) for c, t in sorted(tables.items())}}
            asked.out.write_text(json.dumps(rounded, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
        if asked.aside:
            figures([(cases(asked.aside, reader), tables)], reader)


if __name__ == "__main__":
    main()
