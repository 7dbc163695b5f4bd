"""The network that scores what a report's incidents may be told to be: convolutions over the chunks of each sentence.

A candidate's score is a sum of weights over its named features, as in any log-linear choice, plus what a small network
makes of its words, of the words that first tell of the incident and of the same features. Made by `training/train.py`.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from itertools import accumulate, repeat
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

# Matrices of this size are multiplied slower by several threads than by one, and several readers run side by side.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

from constat.claims.report import Candidate, Report
from constat.claims.row import Reach, Row, said_of, tag_features, word_features
from constat.errors import PackError

Array = NDArray[np.float32]
FILE = Path(__file__).with_name("network.npz")
LANGUAGES = ("ar", "en", "fr")
WORDS = 3  # so many words of a chunk are looked at
APART = "\0"  # between the names of a list
REACH = 4  # so far to each side the wider convolution looks
_SHARE = 2048  # so many chunks, and the rest of their sentence, go through the convolutions at a time


class Network:
    """The weights, and the tables that turn features into rows of them; raises `PackError` when the file is damaged."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], digest: str = "") -> None:
        self.digest = digest
        self._w = {n: a.astype(np.float32) for n, a in arrays.items() if a.dtype.kind == "f"}
        names = {n: bytes(a).decode().split(APART) for n, a in arrays.items() if a.dtype == np.uint8}
        self._chunk = dict(zip(names["chunk_names"], range(1, len(names["chunk_names"]) + 1), strict=True))
        self._feature = dict(zip(names["feature_names"], range(1, len(names["feature_names"]) + 1), strict=True))
        self.choices = {choice: n for n, choice in enumerate(names["choices"])}
        self._rows: dict[str, NDArray[np.int32]] = {}
        first = 1
        for choice in self.choices:
            own = arrays[f"of-{choice}"]
            self._rows[choice] = np.zeros(len(self._feature) + 1, np.int32)
            self._rows[choice][own] = np.arange(first, first + len(own))
            first += len(own)
        self._columns: dict[tuple[str, tuple[str, ...]], Columns] = {}
        self._split()

    def _split(self) -> None:
        """Cut the hidden layer into the parts that its inputs are multiplied by."""
        w = self._w
        width, own, asked = len(w["none"]), w["features"].shape[1], w["choice"].shape[1]
        hidden = w["hidden"]
        self._by_features = hidden[:own]
        self._by_choice = w["choice"] @ hidden[own : own + asked] + w["hidden_bias"]
        rest = hidden[own + asked :]
        self._by_words, self._by_draft, self._by_both = rest[:width], rest[width : 2 * width], rest[2 * width :]

    def of_language(self, lang: str) -> NetworkOf:
        """The network as it reads one language; one that it has not learned is read by what all share."""
        return NetworkOf(self, self._w, lang)

    def chunk_rows(self, features: Iterable[str]) -> list[int]:
        """The rows of a chunk's features; unknown ones have none."""
        known = self._chunk
        return [known[f] for f in features if f in known]

    def ids(self, features: Sequence[str]) -> NDArray[np.int32]:
        """The numbers of features, whatever the choice, after a 0 that stands for none, as it does for unknown ones."""
        return np.fromiter(map(self._feature.get, ("", *features), repeat(0)), np.int32, len(features) + 1)

    def columns(self, choice: str, names: tuple[str, ...]) -> Columns:
        """The rows of what may be said of each of some names."""
        found = self._columns.get((choice, names))
        if found is None:
            found = self._columns[choice, names] = Columns(self._feature, self._rows[choice], names)
        return found

    def rows(self, choice: str) -> NDArray[np.int32]:
        """The row of each feature's number for one choice; row 0 holds nothing."""
        return self._rows[choice]

    def features(self, choice: str) -> list[str]:
        """The names of the features that bear on a choice."""
        rows = self._rows[choice]
        return [name for name, n in self._feature.items() if rows[n]]

    def hidden(self, choice: str, features: Array, words: Array, draft: Array) -> Array:
        """What the hidden layer says for each candidate of a choice."""
        w = self._w
        both = words * np.tanh(draft @ w["project"] + w["project_bias"])
        x = np.tanh(features) @ self._by_features + words @ self._by_words + draft @ self._by_draft
        x += both @ self._by_both + self._by_choice[self.choices[choice]]
        return np.asarray(np.maximum(x, 0.0) @ w["out"][self.choices[choice]], np.float32)


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
            get = self._known.get
            found = self._rows.take([get(f"{name}:{feature}", 0) for name in self._names])
            if len(self._of) < 20_000:
                self._of[feature] = found
        return found


class Encoded:
    """A report after the convolutions: the mean over any range of its chunks can be asked."""

    def __init__(self, row: Row, sums: NDArray[np.float64], none: Array, network: Network) -> None:
        self.row = row
        self.numbers = Numbers(network)
        self._sums = sums
        self._none = none
        self._at: dict[Reach, int] = {}
        self._means = np.zeros((0, len(none)), np.float32)

    def means(self, reaches: Sequence[Reach]) -> Array:
        """The mean over each range of chunks; for an empty one what stands for "no words"."""
        at = self._at
        fresh = [r for r in dict.fromkeys(reaches) if r not in at]
        if fresh:
            for reach in fresh:
                at[reach] = len(at)
            begin, end = np.array(fresh, dtype=np.intp).T
            size = (end - begin)[:, None]
            means = (self._sums.take(end, axis=0) - self._sums.take(begin, axis=0)) / np.maximum(size, 1)
            means = np.where(size > 0, means, self._none).astype(np.float32)
            self._means = np.concatenate([self._means, means])
        return self._means.take([at[r] for r in reaches], axis=0)


class Numbers:
    """The features of one report as numbers, those that candidates share looked up once; and their sums by choice."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._kept: list[tuple[str, ...]] = []  # so that no other block takes the identity of one
        self._ids: dict[int, NDArray[np.int32]] = {}
        self._at: dict[str, dict[int, int]] = defaultdict(dict)
        self._sums: dict[str, Array] = {}

    def sums(self, choice: str, table: Array, candidates: Sequence[Candidate]) -> Array:
        """The sum over the features of each candidate, of the rows of a table that stand for them."""
        said = candidates[0].said
        if said and all(c.said is said for c in candidates):
            return self._columns(choice, table, candidates, said)
        own = self._sum(choice, table, [self._network.ids(c.features) for c in candidates])
        most = max(len(c.shared) for c in candidates)
        if not most:
            return own
        at = self._at[choice]
        fresh: list[NDArray[np.int32]] = [] if at else [self._network.ids(())]  # the first one stands for no block
        of: list[int] = []
        for candidate in candidates:
            for block in candidate.shared:
                n = at.get(id(block))
                if n is None:
                    n = at[id(block)] = len(at) + 1
                    fresh.append(self._numbers(block))
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

    def _numbers(self, block: tuple[str, ...]) -> NDArray[np.int32]:
        ids = self._ids.get(id(block))
        if ids is None:
            ids = self._ids[id(block)] = self._network.ids(block)
            self._kept.append(block)
        return ids

    def _sum(self, choice: str, table: Array, ids: Sequence[NDArray[np.int32]]) -> Array:
        starts = [0, *accumulate(len(own) for own in ids)]
        flat = self._network.rows(choice).take(np.concatenate(ids))
        return np.asarray(np.add.reduceat(table.take(flat, axis=0), starts[:-1], axis=0))


class NetworkOf:
    """The network for one language."""

    def __init__(self, network: Network, w: Mapping[str, Array], lang: str) -> None:
        self.network = network
        self._w = w
        known = lang in LANGUAGES
        n = LANGUAGES.index(lang) if known else 0
        linear = w["linear"] + 0.5 * w["linear_of"][:, n] if known else w["linear"]
        # One table a language costs 10 MB; sums over a shared one and over weights apart took a sixth more time.
        self._table = np.concatenate([linear[:, None], w["features"]], axis=1)
        self._lang = w["language"][n] if known else w["language"].mean(axis=0)
        self._rows: dict[tuple[str, ...], tuple[int, ...]] = {}

    def encode(self, report: Report) -> Encoded:
        """Run the convolutions over a report."""
        row = Row(report)
        rows: list[int] = []
        starts: list[int] = []
        for facts in report.facts:
            said = said_of(facts)
            tokens = facts.sentence.tokens
            first = ("title", "sent0") if facts.sentence.part == "title" else ("sent0",)
            for i, chunk in enumerate(facts.sentence.chunks):
                starts.append(len(rows))
                rows.append(0)
                rows += self._known("t", chunk.tag, chunk.form, chunk.key)
                for token in tokens[chunk.first : min(chunk.last, chunk.first + WORDS)]:
                    rows += self._known("w", token.fold, token.shape)
                if i in said:
                    rows += self.network.chunk_rows(said[i])
                if i == 0 or len(first) > 1:
                    rows += self.network.chunk_rows(first if i == 0 else first[:1])
        width = len(self._w["none"])
        sums = np.zeros((row.size + 1, width))
        for a, b in _shares(row):
            begin, end = starts[a], starts[b] if b < row.size else len(rows)
            bags = np.add.reduceat(self._w["chunks"][rows[begin:end]], np.array(starts[a:b]) - begin, axis=0)
            ends = [s for s in row.sentences if a < s < b]
            sums[a + 1 : b + 1] = self._convolve(np.tanh(bags + self._lang), [s - a for s in ends])
        return Encoded(row, np.cumsum(sums, axis=0), self._w["none"], self.network)

    def _known(self, *what: str) -> tuple[int, ...]:
        found = self._rows.get(what)
        if found is None:
            kind, *rest = what
            found = tuple(self.network.chunk_rows(tag_features(*rest) if kind == "t" else word_features(*rest)))
            if len(self._rows) < 200_000:
                self._rows[what] = found
        return found

    def _convolve(self, x: Array, cuts: Sequence[int]) -> Array:
        """Two convolutions over sentences that begin at 0 and at `cuts`, kept apart by rows of nothing."""
        w = self._w
        shift = np.zeros(len(x), dtype=np.intp)
        shift[list(cuts)] = REACH
        at = np.arange(len(x)) + np.cumsum(shift) + REACH
        padded = np.zeros((at[-1] + 1 + REACH, x.shape[1]), np.float32)
        padded[at] = x
        once = np.zeros((len(padded), w["first"].shape[1]), np.float32)
        near = np.concatenate([padded[at + k] for k in (-2, -1, 0, 1, 2)], axis=1)
        once[at] = np.maximum(near @ w["first"] + w["first_bias"], 0.0)
        far = np.concatenate([once[at + k] for k in (-4, -2, 0, 2, 4)], axis=1)
        return np.asarray(once[at] + np.maximum(far @ w["second"] + w["second_bias"], 0.0), np.float32)

    def scores(
        self,
        encoded: Encoded,
        choice: str,
        candidates: Sequence[Candidate],
        reaches: Sequence[Reach],
        drafts: Sequence[Reach],
    ) -> list[float]:
        """How much speaks for each candidate; `reaches` are its words, `drafts` (one, or one each) the incident's."""
        sums = encoded.numbers.sums(choice, self._table, candidates)
        means = encoded.means([*reaches, *drafts])
        hidden = self.network.hidden(choice, sums[:, 1:], means[: len(reaches)], means[len(reaches) :])
        scores: list[float] = (sums[:, 0] + hidden).tolist()
        return scores


def _shares(row: Row) -> list[Reach]:
    """Ranges of whole sentences, each of about `_SHARE` chunks, so that a long text takes little memory."""
    out: list[Reach] = []
    begin = 0
    for end in [*row.sentences[1:], row.size]:
        if end - begin >= _SHARE or end == row.size:
            if end > begin:
                out.append((begin, end))
            begin = end
    return out


def read_network(path: Path = FILE) -> Network:
    """The network of a file; raises `PackError`."""
    try:
        kept = path.read_bytes()
        with np.load(BytesIO(kept), allow_pickle=False) as arrays:
            return Network(dict(arrays), hashlib.sha256(kept).hexdigest())
    except FileNotFoundError as error:
        raise PackError(str(path), None, "the reader's network is missing; training/train.py makes it") from error
    except (ValueError, KeyError, OSError, EOFError, BadZipFile) as error:
        raise PackError(str(path), None, f"the reader's network cannot be read: {error}; make it anew") from error
