"""The learned part of the reader: weights over named features, one table for each choice, and a network for most.

A choice is a softmax over candidates; a candidate's score is the sum of the weights of its features, or what the
network gives it (`network.py`). A feature that is written `xx|name` counts in the language xx only. All of it is
made by `training/train.py`.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from constat.claims.report import Candidate, Report
from constat.claims.row import NOWHERE
from constat.claims.units import Unit
from constat.errors import PackError

if TYPE_CHECKING:
    from constat.claims.encoded import Encoded
    from constat.claims.network import Network
    from constat.claims.network_file import NetworkFile

FILE = Path(__file__).with_name("weights.json")
Features = Sequence[str]
NOTHING = Candidate(None, ())
Table = Mapping[str, float]


class _File(msgspec.Struct):
    choices: dict[str, dict[str, float]]


class Weights:
    """The weights of all choices for one language; without a network all of them are log-linear."""

    def __init__(self, tables: Mapping[str, Table], lang: str, network: Network | NetworkFile | None = None) -> None:
        self._tables = {name: _of_language(table, lang) for name, table in tables.items()}
        self._network = network.of_language(lang) if network else None

    def score(self, choice: str, features: Features) -> float:
        """How much speaks for a candidate of a choice."""
        get = self._tables[choice].get
        return sum([get(feature, 0.0) for feature in features])

    def shares(self, choice: str, candidates: Sequence[Features]) -> list[float]:
        """The probability of each candidate of a choice; they add up to one."""
        return _softmax([self.score(choice, features) for features in candidates])

    def shares_of(self, choice: str, report: Report, candidates: Sequence[Candidate], told: Unit) -> list[float]:
        """The probability of each candidate for an incident that the unit `told` tells first."""
        return _softmax(self._scores(choice, report, candidates, told))

    def each(self, choice: str, report: Report, candidates: Sequence[Candidate], told: Unit) -> list[float]:
        """The probability of each candidate by itself, to be taken or left."""
        *scores, left = self._scores(choice, report, [*candidates, NOTHING], told)
        return [_softmax([score, left])[0] for score in scores]

    def by_unit(
        self, choice: str, report: Report, options: Sequence[Features], unit: Unit, told: Sequence[Unit | None]
    ) -> list[float]:
        """The probability of each thing a unit may be; `told`: a unit of the incident that an option names."""
        if self._network is None:
            return self.shares(choice, options)
        encoded = self._encoded(report)
        drafts = [encoded.row.unit(u) if u else NOWHERE for u in told]
        candidates = [Candidate(None, tuple(features)) for features in options]
        own = [encoded.row.unit(unit)] * len(options)
        return _softmax(self._network.scores(encoded, choice, candidates, own, drafts))

    def _scores(self, choice: str, report: Report, candidates: Sequence[Candidate], told: Unit) -> list[float]:
        if self._network is None:
            return [self.score(choice, c.every) for c in candidates]
        encoded = self._encoded(report)
        reaches = [encoded.row.candidate(c) for c in candidates]
        return self._network.scores(encoded, choice, candidates, reaches, [encoded.row.unit(told)])

    def _encoded(self, report: Report) -> Encoded:
        assert self._network is not None
        if report.encoded is None:
            report.encoded = self._network.encode(report)
        return report.encoded


def _softmax(scores: Sequence[float]) -> list[float]:
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


def digest(tables: Mapping[str, Table], network: str = "") -> str:
    """The hash of all weights and of the network, as a run names it; the file lists them in order."""
    return hashlib.sha256(msgspec.json.encode(tables) + network.encode()).hexdigest()
