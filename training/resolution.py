"""Learns how much each reason speaks for or against two tellings being one incident, from coded reports with keys.

usage: python training/resolution.py REPORTS.jsonl... [--out scores.json] [--folds N]

REPORTS are coded reports in the form that docs/cli.md gives for `constat evaluate`; events with one `key` are tellings
of one incident. Few pairs are known to be one, so the weights start from what a person would say (`PRIOR`) and move
away from it only as far as they demand. --folds prints how well pairs of unseen incidents are told, and how far the
probabilities hold. Needs numpy and scipy (the extra `train`).
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from constat.actors import load_register
from constat.records import Document
from constat.resolution.actors import actor_ids
from constat.resolution.candidates import candidates
from constat.resolution.scores import TOGETHER, reasons
from constat.resolution.shingles import wording
from constat.resolution.tellings import Telling, by_id, telling

PENALTY = 2.0  # how dearly a weight is moved from its prior
VETO = (
    "two events of one report",
    "other countries",
    "places too far apart",
    "the days are far apart",
    "the dates exclude each other",
    "published before the other happened",
)
_WHERE = {
    "at most 2 km apart": 2.0,
    "at most 10 km apart": 1.3,
    "at most 25 km apart": 0.2,
    "at most 60 km apart": -1.5,
    "one place is wide and near the other": -0.2,
    "one place is wide and by the other": -1.5,
    "a point is missing": 0.3,
}
_SOUNDS = {
    "": 0.0,
    ", the names sound the same": 1.2,
    ", a part of the names sounds the same": 0.5,
    ", other names": -0.8,
}
PRIOR: dict[str, float] = {
    "any pair": -4.0,
    **{where + sound: weight + more for where, weight in _WHERE.items() for sound, more in _SOUNDS.items()},
    "places of one name, far apart": -0.5,
    "the places are missing": -1.0,
    "the same day": 2.5,
    "a day apart": 0.3,
    "two days apart": -1.5,
    "three days apart": -2.5,
    "the dates allow the same time": 0.5,
    "no dates": -0.5,
    "no dates, published within three days": 1.5,
    "no dates, published within a month": -0.5,
    "no dates, published more than a month": -3.0,
    "a date is missing": -0.5,
    "a date is missing, published within three days after the other happened": 1.5,
    "a date is missing, published within a month after the other happened": -0.3,
    "a date is missing, published more than a month after the other happened": -2.5,
    "neither when nor where": -3.0,
    "the same part of the day": 0.5,
    "another part of the day": -0.8,
    "the same kind of event": 1.0,
    "the same type of event": 0.2,
    "types of one family": -0.7,
    "a weapon in common": 0.6,
    "other weapons": -0.7,
    "a perpetrator in common": 0.7,
    "other perpetrators": -0.3,
    "a target in common": 0.8,
    "other targets": -0.4,
    "nearly the same text": 4.0,
    "nearly the same text, of another day": -1.0,
    "whole phrases in common": 1.5,
    "phrases in common, of another day and another number": -3.5,
    "titles alike": 0.7,
    "a person named with an age in common": 2.0,
    "people named with their ages in common": 3.0,
    "other people named with their ages": -0.8,
    "many words in common": 2.0,
    "words in common": 1.2,
    "some words in common": 0.3,
    "few words in common": -0.6,
    "hardly a word in common": -1.2,
    TOGETHER: 2.0,
    "news in one report, told in passing in the other": -0.3,
    "told in passing in both reports": 0.0,
    **{
        f"{field}: {how}": weight
        for field in ("killed", "wounded")
        for how, weight in (
            ("the same number, five or more", 2.0),
            ("the same small number", 0.7),
            ("none in both", 0.2),
            ("none in one, some in the other", -1.2),
            ("ranges that meet", 0.3),
            ("numbers as of a revision", 0.0),
            ("numbers far apart", -1.2),
        )
    },
}


def told(paths: Sequence[Path]) -> tuple[list[Telling], dict[str, str]]:
    """The tellings of coded reports, and the key of each."""
    actor_of = actor_ids(load_register())
    out, keys = [], {}
    for row in (json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()):
        known = {name: row.get(name) for name in ("title", "publisher", "published", "lang")}
        document = Document(id=row["id"], text=row["text"], **known)
        shape = wording(document.text, document.title)
        for number, event in enumerate(row["incidents"]):
            name = f"{row['id']}#{number}"
            fields: dict[str, Any] = event
            out.append(telling(name, document, fields, actor_of, shape))
            keys[name] = event["key"]
    return by_id(out), keys


Rows = list[tuple[list[str], bool, str]]  # reasons of a pair, whether it is one incident, the key it is held out by


def pairs(tellings: list[Telling], keys: dict[str, str]) -> Rows:
    """Every candidate pair without a veto; says how many true pairs were no candidates."""
    found = sorted(set(candidates(tellings)))
    held: dict[str, set[str]] = defaultdict(set)
    for one_ in tellings:
        held[one_.document].add(keys[one_.id])
    rows: Rows = []
    vetoed = 0
    for i, j in found:
        a, b = tellings[i], tellings[j]
        why, one = list(reasons(a, b)), keys[a.id] == keys[b.id]
        if any(reason in VETO for reason in why):
            vetoed += one
            continue
        shared = held[a.document] & held[b.document] - ({keys[a.id]} if one else set())
        rows.append((["any pair", *why, *([TOGETHER] if shared else [])], one, min(keys[a.id], keys[b.id])))
    true = sum(keys[a.id] == keys[b.id] for a, b in combinations(tellings, 2))
    one = sum(row[1] for row in rows)
    print(
        f"{len(found)} candidates, {len(rows)} without veto, {one} of {true} true pairs among them, {vetoed} vetoed",
        file=sys.stderr,
    )
    return rows


def fit(rows: Rows) -> dict[str, float]:
    """Weights by reason: logistic regression drawn towards the priors."""
    unknown = {reason for why, _, _ in rows for reason in why} - PRIOR.keys()
    if unknown:
        raise SystemExit(f"reasons without a prior: {sorted(unknown)}")
    names = list(PRIOR)
    index = {name: n for n, name in enumerate(names)}
    x = np.zeros((len(rows), len(names)))
    for n, (why, _, _) in enumerate(rows):
        for reason in why:
            x[n, index[reason]] = 1.0
    y = np.array([one for _, one, _ in rows], dtype=float)
    prior = np.array([PRIOR[name] for name in names])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w
        value = np.sum(np.logaddexp(0, z) - y * z) + PENALTY * np.sum((w - prior) ** 2) / 2
        share = 1 / (1 + np.exp(-z))
        return float(value), x.T @ (share - y) + PENALTY * (w - prior)

    found = minimize(loss, prior, jac=True, method="L-BFGS-B")
    return {name: round(float(w), 3) for name, w in zip(names, found.x, strict=True)}


def _sure(why: Sequence[str], weights: dict[str, float]) -> float:
    return 1 / (1 + float(np.exp(-sum(weights[reason] for reason in why))))


def calibration(rows: Rows, folds: int) -> None:
    """Print how often pairs are one by the probability given them; each fold is scored by weights of the others."""
    told: list[tuple[float, bool]] = []
    for fold in range(folds):
        out = [zlib.crc32(key.encode()) % folds == fold for _, _, key in rows]
        weights = fit([row for row, held in zip(rows, out, strict=True) if not held])
        told += [(_sure(why, weights), one) for (why, one, _), held in zip(rows, out, strict=True) if held]
    right = sum(one and p >= 0.5 for p, one in told)
    read, true = sum(p >= 0.5 for p, _ in told), sum(one for _, one in told)
    print(f"pairs of unseen incidents: P {right / max(1, read):.3f} R {right / max(1, true):.3f} of {true}")
    for low, high in (
        (0, 0.02),
        (0.02, 0.1),
        (0.1, 0.3),
        (0.3, 0.5),
        (0.5, 0.7),
        (0.7, 0.9),
        (0.9, 0.98),
        (0.98, 1.01),
    ):
        part = [(p, one) for p, one in told if low <= p < high]
        if part:
            mean, share = sum(p for p, _ in part) / len(part), sum(one for _, one in part) / len(part)
            print(f"  said {mean:.3f}  true {share:.3f}  of {len(part)} pairs")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    asked = parser.parse_args()
    tellings, keys = told(asked.reports)
    rows = pairs(tellings, keys)
    if asked.folds:
        calibration(rows, asked.folds)
    weights: dict[str, float | None] = {**dict.fromkeys(VETO), **fit(rows)}
    if asked.out:
        asked.out.write_text(json.dumps(weights, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
