"""The network that scores what a report's incidents may be told to be: convolutions over the chunks of each sentence.

A candidate's score is a sum of weights over its named features, as in any log-linear choice, plus what a small network
makes of its words, of the words that first tell of the incident and of the same features. Made by `training/train.py`.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

# Matrices of this size are multiplied slower by several threads than by one, and several readers run side by side.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

from constat.claims.encoded import NONE, Array, Columns, Encoded
from constat.claims.names import Names
from constat.claims.network_file import FILE
from constat.claims.report import Candidate, Report
from constat.claims.row import Reach, Row, said_of, tag_features, word_features
from constat.errors import PackError

LANGUAGES = ("ar", "en", "fr")
WORDS = 3  # so many words of a chunk are looked at
APART = "\0"  # between the names of a list
REACH = 4  # so far to each side the wider convolution looks
_Key = TypeVar("_Key")
_SHARE = 2048  # so many chunks, and the rest of their sentence, go through the convolutions at a time


class Network:
    """The weights, and the tables that turn features into rows of them; raises `PackError` when the file is damaged."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], digest: str = "") -> None:
        self.digest = digest
        wide = {"linear", "linear_of", "features"}  # which become the table of a language
        self._w = {n: a.astype(np.float32) for n, a in arrays.items() if a.dtype.kind == "f" and n not in wide}
        self._weights = {n: arrays[n] for n in wide}
        self._chunk = Names(arrays["chunk_names"], APART)
        self._feature = Names(arrays["feature_names"], APART)
        self.choices = {choice: n for n, choice in enumerate(arrays["choices"].tobytes().decode().split(APART))}
        self._of = {choice: arrays[f"of-{choice}"] for choice in self.choices}
        self._rows: dict[str, NDArray[np.int32]] = {}
        self._columns: dict[tuple[str, tuple[str, ...]], Columns] = {}
        self._split()

    def _split(self) -> None:
        """Cut the hidden layer into the parts that its inputs are multiplied by."""
        w = self._w
        width, own, asked = len(w["none"]), self._weights["features"].shape[1], w["choice"].shape[1]
        hidden = w["hidden"]
        self._by_features = hidden[:own]
        self._by_choice = w["choice"] @ hidden[own : own + asked] + w["hidden_bias"]
        rest = hidden[own + asked :]
        self._by_words, self._by_draft, self._by_both = rest[:width], rest[width : 2 * width], rest[2 * width :]

    def of_language(self, lang: str) -> NetworkOf:
        """The network as it reads one language; one that it has not learned is read by what all share."""
        return NetworkOf(self, self._w, self._weights, lang)

    def chunk_rows(self, features: Iterable[str]) -> bytes:
        """The rows of a chunk's features, as a row of integers; unknown ones have none."""
        return array("i", filter(None, map(self._chunk.__getitem__, features))).tobytes()

    def ids(self, features: Iterable[str]) -> bytes:
        """The numbers of features, whatever the choice, as a row of integers; 0 for an unknown one."""
        return array("i", map(self._feature.__getitem__, features)).tobytes()

    def columns(self, choice: str, names: tuple[str, ...]) -> Columns:
        """The rows of what may be said of each of some names."""
        found = self._columns.get((choice, names))
        if found is None:
            found = self._columns[choice, names] = Columns(self._feature, self.rows(choice), names)
        return found

    def rows(self, choice: str) -> NDArray[np.int32]:
        """The row of each feature's number for one choice; row 0 holds nothing."""
        found = self._rows.get(choice)
        if found is None:
            first = 1
            for other, own in self._of.items():
                if other == choice:
                    break
                first += len(own)
            found = self._rows[choice] = np.zeros(self._feature.count + 1, np.int32)
            found[self._of[choice]] = np.arange(first, first + len(self._of[choice]))
        return found

    def features(self, choice: str) -> list[str]:
        """The names of the features that bear on a choice."""
        rows = self.rows(choice)
        return [name for n, name in enumerate(self._feature.all(), 1) if rows[n]]

    def toward(self, draft: Array) -> tuple[Array, Array]:
        """What words are multiplied by, and what is added, for the hidden layer of candidates for one incident."""
        w = self._w
        by = self._by_words + np.tanh(draft @ w["project"] + w["project_bias"])[:, None] * self._by_both
        return by, draft @ self._by_draft

    def heard(self, words: Array, drafts: Array) -> Array:
        """What words add to the hidden layer where each candidate has an incident of its own."""
        w = self._w
        both = words * np.tanh(drafts @ w["project"] + w["project_bias"])
        return np.asarray(words @ self._by_words + drafts @ self._by_draft + both @ self._by_both)

    def hidden(self, choice: str, features: Array, heard: Array) -> Array:
        """What the hidden layer says for each candidate of a choice."""
        n = self.choices[choice]
        x = np.tanh(features) @ self._by_features
        x += heard
        x += self._by_choice[n]
        return np.asarray(np.maximum(x, 0.0, out=x) @ self._w["out"][n])


class NetworkOf:
    """The network for one language."""

    def __init__(self, network: Network, w: Mapping[str, Array], table: Mapping[str, NDArray[Any]], lang: str) -> None:
        self.network = network
        self._w = w
        known = lang in LANGUAGES
        n = LANGUAGES.index(lang) if known else 0
        # One table a language costs 14 MB; sums over a shared one and over weights apart took a sixth more time.
        size, own = table["features"].shape
        self._table = np.empty((size, own + 1), np.float32)
        self._table[:, 0] = table["linear"]
        if known:
            self._table[:, 0] += 0.5 * table["linear_of"][:, n].astype(np.float32)
        self._table[:, 1:] = table["features"]
        self._lang = w["language"][n] if known else w["language"].mean(axis=0)
        self.none = w["none"]
        self._tags: dict[tuple[str, str, str], bytes] = {}
        self._words: dict[tuple[str, str], bytes] = {}

    def encode(self, report: Report) -> Encoded:
        """Run the convolutions over a report."""
        row = Row(report)
        parts: list[bytes] = []
        starts: list[int] = []
        at = 0
        tags, words, chunk_rows = self._tags, self._words, self.network.chunk_rows
        for facts in report.facts:
            said = said_of(facts)
            tokens = facts.sentence.tokens
            title = chunk_rows(("title",)) if facts.sentence.part == "title" else b""
            for i, chunk in enumerate(facts.sentence.chunks):
                tag, first = (chunk.tag, chunk.form, chunk.key), chunk.first
                found = [NONE, tags.get(tag) or _keep(tags, tag, chunk_rows(tag_features(*tag)))]
                for token in tokens[first : min(chunk.last, first + WORDS)]:
                    word = (token.fold, token.shape)
                    found.append(words.get(word) or _keep(words, word, chunk_rows(word_features(*word))))
                if i in said:
                    found.append(chunk_rows(said[i]))
                found.append(title)
                if i == 0:
                    found.append(chunk_rows(("sent0",)))
                parts.append(b"".join(found))
                starts.append(at)
                at += len(parts[-1]) // len(NONE)
        rows = np.frombuffer(b"".join(parts), np.int32)
        sums = np.zeros((row.size + 1, len(self.none)))
        for a, b in _shares(row):
            begin, end = starts[a], starts[b] if b < row.size else len(rows)
            bags = np.add.reduceat(
                self._w["chunks"].take(rows[begin:end], axis=0), np.array(starts[a:b]) - begin, axis=0
            )
            ends = [s for s in row.sentences if a < s < b]
            sums[a + 1 : b + 1] = self._convolve(np.tanh(bags + self._lang), [s - a for s in ends])
        return Encoded(row, np.cumsum(sums, axis=0, out=sums), self)

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
        hidden = self.network.hidden(choice, sums[:, 1:], encoded.heard(reaches, drafts))
        scores: list[float] = (sums[:, 0] + hidden).tolist()
        return scores


def _keep(kept: dict[_Key, bytes], what: _Key, rows: bytes) -> bytes:
    if len(kept) < 100_000:
        kept[what] = rows
    return rows


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
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return Network(dict(arrays))
    except FileNotFoundError as error:
        raise PackError(str(path), None, "the reader's network is missing; training/train.py makes it") from error
    except (ValueError, KeyError, OSError, EOFError, BadZipFile) as error:
        raise PackError(str(path), None, f"the reader's network cannot be read: {error}; make it anew") from error
