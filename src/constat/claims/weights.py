"""The learned part of the reader: log-linear weights over named features, one table for each choice it makes.

A choice is a softmax over candidates; a candidate's score is the sum of the weights of its features. A feature that is
written `xx|name` counts in the language xx only. The weights are made by `training/train.py`.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from constat.errors import PackError

FILE = Path(__file__).with_name("weights.json")
Features = Sequence[str]
Table = Mapping[str, float]


class _File(msgspec.Struct):
    choices: dict[str, dict[str, float]]


class Weights:
    """The weights of all choices for one language."""

    def __init__(self, tables: Mapping[str, Table], lang: str) -> None:
        self._tables = {name: _of_language(table, lang) for name, table in tables.items()}

    def score(self, choice: str, features: Features) -> float:
        """How much speaks for a candidate of a choice."""
        get = self._tables[choice].get
        return sum([get(feature, 0.0) for feature in features])

    def shares(self, choice: str, candidates: Sequence[Features]) -> list[float]:
        """The probability of each candidate of a choice; they add up to one."""
        scores = [self.score(choice, features) for features in candidates]
        top = max(scores)
        parts = [math.exp(score - top) for score in scores]
        total = sum(parts)
        return [part / total for part in parts]


def _of_language(table: Table, lang: str) -> Table:
    out: dict[str, float] = {}
    for feature, weight in table.items():
        owner, sign, name = feature.partition("|")
        if not sign:
            out[feature] = out.get(feature, 0.0) + weight
        elif owner == lang:
            out[name] = out.get(name, 0.0) + weight
    return out


def read_weights(path: Path = FILE) -> dict[str, dict[str, float]]:
    """The tables of a weights file, choice -> feature -> weight; raises `PackError`."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_File).choices
    except FileNotFoundError as error:
        raise PackError(str(path), None, "the reader's weights are missing; training/train.py makes them") from error
    except msgspec.DecodeError as error:
        raise PackError(str(path), None, f"the reader's weights cannot be read: {error}; make them anew") from error


def digest(tables: Mapping[str, Table]) -> str:
    """The hash of all weights, as a run names it; the file lists them in order."""
    return hashlib.sha256(msgspec.json.encode(tables)).hexdigest()
