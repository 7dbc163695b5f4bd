"""A report as the network sees it, and the sums over its candidates' features: each looked up and added up once."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from constat.claims.report import Block, Candidate
from constat.claims.row import Reach, Row

if TYPE_CHECKING:
    from constat.claims.network import Network, NetworkOf

Array = NDArray[np.float32]
NONE = array("i", [0]).tobytes()  # the number of no feature


class Encoded:
    """A report after the convolutions: the mean over any range of its chunks can be asked."""

    def __init__(self, row: Row, sums: NDArray[np.float64], network: NetworkOf) -> None:
        self.row = row
        self.numbers = Numbers(network.network)
        self._sums = sums
        self._of = network
        self._told: dict[Reach, Told] = {}

    def means(self, reaches: Sequence[Reach]) -> Array:
        """The mean over each range of chunks; for an empty one what stands for "no words"."""
        begin, end = np.array(reaches, dtype=np.intp).T
        size = (end - begin)[:, None]
        means = (self._sums.take(end, axis=0) - self._sums.take(begin, axis=0)) / np.maximum(size, 1)
        return np.where(size > 0, means, self._of.none).astype(np.float32)

    def heard(self, reaches: Sequence[Reach], drafts: Sequence[Reach]) -> Array:
        """What the words of candidates add to the hidden layer, for the one incident of a draft or each its own."""
        if len(drafts) > 1:
            return self._of.network.heard(self.means(reaches), self.means(drafts))
        told = self._told.get(drafts[0])
        if told is None:
            told = self._told[drafts[0]] = Told(*self._of.network.toward(self.means(drafts)[0]))
        at = told.at
        fresh = [r for r in dict.fromkeys(reaches) if r not in at]
        if fresh:
            at.update(zip(fresh, range(len(at), len(at) + len(fresh)), strict=True))
            told.rows = np.concatenate([told.rows, self.means(fresh) @ told.by + told.own])
        return told.rows.take([at[r] for r in reaches], axis=0)


class Told:
    """What the words of a report add to the hidden layer for one incident, kept as they are met."""

    def __init__(self, by: Array, own: Array) -> None:
        self.by = by
        self.own = own
        self.at: dict[Reach, int] = {}
        self.rows = np.zeros((0, len(own)), np.float32)


class Numbers:
    """The features of one report as numbers, those that candidates share looked up once; and their sums by choice."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._at: dict[str, dict[Block, int]] = defaultdict(dict)
        self._sums: dict[str, Array] = {}

    def sums(self, choice: str, table: Array, candidates: Sequence[Candidate]) -> Array:
        """The sum over the features of each candidate, of the rows of a table that stand for them."""
        said = candidates[0].said
        if said and all(c.said is said for c in candidates):
            return self._columns(choice, table, candidates, said)
        own = self._sum(choice, table, [self._own(c) for c in candidates])
        most = max(len(c.shared) for c in candidates)
        if not most:
            return own
        at = self._at[choice]
        fresh = [] if at else [NONE]  # the first one stands for no block
        of: list[int] = []
        for candidate in candidates:
            for block in candidate.shared:
                n = at.get(block)
                if n is None:
                    n = at[block] = len(at) + 1
                    fresh.append(NONE + self._numbers(block))
                of.append(n)
            of += [0] * (most - len(candidate.shared))
        sums = self._sums.get(choice)
        if fresh:
            more = self._sum(choice, table, fresh)
            sums = self._sums[choice] = more if sums is None else np.concatenate([sums, more])
        assert sums is not None
        shared: Array = sums.take(of, axis=0).reshape(len(candidates), most, -1).sum(axis=1)
        return own + shared

    def _columns(self, choice: str, table: Array, candidates: Sequence[Candidate], said: Sequence[str]) -> Array:
        """The same for candidates of each of which the same is said, each under its name."""
        columns = self._network.columns(choice, tuple(c.name for c in candidates))
        rows = np.concatenate([columns.of(feature) for feature in said])
        parts = table.take(rows, axis=0).reshape(len(said), -1)
        return np.asarray(parts.sum(axis=0)).reshape(len(candidates), -1)

    def _own(self, candidate: Candidate) -> bytes:
        features, parts = candidate.features, candidate.parts
        own = NONE + self._network.ids(features) if features else NONE
        return own + b"".join(map(self._numbers, parts)) if parts else own

    def _numbers(self, block: Block) -> bytes:
        if block.network is not self._network:
            block.network = self._network
            block.numbers = self._network.ids(block.features)
        found: bytes = block.numbers
        return found

    def _sum(self, choice: str, table: Array, ids: Sequence[bytes]) -> Array:
        starts = [0, *accumulate(map(len, ids))]
        starts.pop()
        rows = self._network.rows(choice).take(np.frombuffer(b"".join(ids), np.int32))
        return np.asarray(np.add.reduceat(table.take(rows, axis=0), np.array(starts) // len(NONE), axis=0))


class Columns:
    """The rows of features that count for each of some names by themselves, kept as they are met."""

    def __init__(self, known: Mapping[str, int], rows: NDArray[np.int32], names: Sequence[str]) -> None:
        self._known = known
        self._rows = rows
        self._names = names
        self._of: dict[str, NDArray[np.int32]] = {}

    def of(self, feature: str) -> NDArray[np.int32]:
        """The row of a feature for each name."""
        found = self._of.get(feature)
        if found is None:
            found = self._rows.take([self._known[f"{name}:{feature}"] for name in self._names])
            if len(self._of) < 20_000:
                self._of[feature] = found
        return found
