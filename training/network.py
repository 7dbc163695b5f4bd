"""Fits the reader's network, the sums and convolutions of `constat.claims.network`, by gradient descent."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import torch
from labels import Asked
from torch import nn

from constat.claims.network import APART, LANGUAGES, WORDS
from constat.claims.report import Report
from constat.claims.row import NOWHERE, Reach, Row, said_of, tag_features, word_features

# Chosen by cross-validation in two halves: twice the width fits what it saw better and what it did not see worse.
SIZE, WIDTH, HIDDEN, OWN, ASKED = 32, 64, 96, 16, 16
PASSES = 3  # a fourth pass over the reports fits them and reads others worse
BATCH = 8
RATE = 2e-3
DECAY = 0.3  # of all weights but those of single features
PENALTY = 2.0  # on the squares of those, over all reports
DROPPED = 0.3  # of the units of each layer
UNSEEN = 0.2  # of the features of a candidate, and of the words of a chunk
LEAST_CHUNK, LEAST = 4, 6  # seen less often, a feature is left out


class Example(msgspec.Struct):
    """One choice: the candidates' features and words, the words that first tell of the incident, which are right."""

    choice: str
    features: list[Sequence[str]]
    reaches: list[Reach]
    told: list[Reach]
    right: list[bool]


class Lesson(msgspec.Struct):
    """A report with its choices; `often` says how many times it counts."""

    lang: str
    chunks: list[list[str]]
    sentences: list[int]
    examples: list[Example]
    often: int = 1


def lesson(lang: str, report: Report, asked: Iterable[Asked], often: int) -> Lesson:
    """A report as the network sees it, with its choices; a choice that is all right or all wrong teaches nothing."""
    chunks: list[list[str]] = []
    for facts in report.facts:
        said = said_of(facts)
        title = ["title"] if facts.sentence.part == "title" else []
        for i, chunk in enumerate(facts.sentence.chunks):
            own = [*tag_features(chunk.tag, chunk.form, chunk.key)]
            for token in facts.sentence.tokens[chunk.first : min(chunk.last, chunk.first + WORDS)]:
                own += word_features(token.fold, token.shape)
            chunks.append([*own, *said.get(i, ()), *title, *(["sent0"] if i == 0 else [])])
    row = Row(report)
    examples = [_example(a, row) for a in asked if any(a.right) and not all(a.right)]
    return Lesson(lang, chunks, row.sentences, examples, often)


def _example(asked: Asked, row: Row) -> Example:
    unit = row.unit(asked.unit)
    if asked.told:
        reaches, told = [unit] * len(asked.candidates), [row.unit(u) if u else NOWHERE for u in asked.told]
    else:
        reaches, told = [row.candidate(c) for c in asked.candidates], [unit] * len(asked.candidates)
    return Example(asked.choice, [c.every for c in asked.candidates], reaches, told, list(asked.right))


class Vocabulary:
    """Which features there are, and their rows; row 0 is for none."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        chunks: Counter[str] = Counter()
        of: dict[str, Counter[str]] = {}
        for one in lessons:
            for chunk in one.chunks:
                chunks.update(set(chunk))
            for e in one.examples:
                seen = of.setdefault(e.choice, Counter())
                for features in e.features:
                    seen.update(set(features))
        self.chunk_names = sorted(f for f, n in chunks.items() if n >= LEAST_CHUNK)
        self.choices = sorted(of)
        self.names = {c: sorted(f for f, n in of[c].items() if n >= LEAST) for c in self.choices}
        self.chunk = {f: n for n, f in enumerate(self.chunk_names, 1)}
        self.feature = {(c, f): n for n, (c, f) in enumerate(((c, f) for c in self.choices for f in self.names[c]), 1)}
        self.word = torch.tensor([False, *(f[:2] in ("w=", "p=", "s=") for f in self.chunk_names)])


class _Prepared:
    """A lesson as tensors."""

    def __init__(self, one: Lesson, vocabulary: Vocabulary) -> None:
        self.lang = LANGUAGES.index(one.lang)
        chunk_rows: list[int] = []
        self.chunk_starts: list[int] = []
        for chunk in one.chunks:
            self.chunk_starts.append(len(chunk_rows))
            chunk_rows += [vocabulary.chunk[f] for f in chunk if f in vocabulary.chunk] or [0]
        rows: list[int] = []
        self.starts: list[int] = []
        owner: list[int] = []
        for n, e in enumerate(one.examples):
            for features in e.features:
                self.starts.append(len(rows))
                known = ((e.choice, f) for f in features)
                rows += [vocabulary.feature[f] for f in known if f in vocabulary.feature] or [0]
                owner.append(n)
        self.chunk_rows, self.rows, self.owner = torch.tensor(chunk_rows), torch.tensor(rows), torch.tensor(owner)
        self.sizes = [b - a for a, b in zip(one.sentences, [*one.sentences[1:], len(one.chunks)], strict=True)]
        self.reaches = torch.tensor([r for e in one.examples for r in e.reaches])
        self.told = torch.tensor([r for e in one.examples for r in e.told])
        self.right = torch.tensor([r for e in one.examples for r in e.right])
        self.choice = torch.tensor([vocabulary.choices.index(e.choice) for e in one.examples for _ in e.features])
        self.groups = len(one.examples)


class Net(nn.Module):
    """The network of `constat.claims.network` as a module."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        features, choices = len(vocabulary.feature) + 1, len(vocabulary.choices)
        self.linear = nn.Embedding(features, 1)
        self.linear_of = nn.Embedding(features * len(LANGUAGES), 1)
        self.features = nn.EmbeddingBag(features, OWN, mode="sum", padding_idx=0)
        self.chunks = nn.EmbeddingBag(len(vocabulary.chunk) + 1, SIZE, mode="sum", padding_idx=0)
        self.language = nn.Embedding(len(LANGUAGES), SIZE)
        self.choice = nn.Embedding(choices, ASKED)
        self.first = nn.Conv1d(SIZE, WIDTH, 5, padding=2)
        self.second = nn.Conv1d(WIDTH, WIDTH, 5, padding=4, dilation=2)
        self.none = nn.Parameter(torch.zeros(WIDTH))
        self.project = nn.Linear(WIDTH, WIDTH)
        self.hidden = nn.Linear(3 * WIDTH + OWN + ASKED, HIDDEN)
        self.out = nn.Embedding(choices, HIDDEN)
        self.drop = nn.Dropout(DROPPED)
        for zero in (self.linear.weight, self.linear_of.weight, self.out.weight):
            nn.init.zeros_(zero)
        for embedding, size in ((self.chunks, 0.1), (self.language, 0.1), (self.features, 0.05)):
            nn.init.normal_(embedding.weight, 0, size)
            if embedding is not self.language:
                nn.init.zeros_(embedding.weight[0].detach())

    def encode(self, batch: Sequence[_Prepared]) -> torch.Tensor:
        """Every chunk of a batch after the convolutions."""
        rows = torch.cat([b.chunk_rows for b in batch])
        starts, before = [], 0
        for b in batch:
            starts += [s + before for s in b.chunk_starts]
            before += len(b.chunk_rows)
        if self.training:
            lost = torch.rand(len(rows))
            rows = torch.where((lost < UNSEEN) & self.vocabulary.word[rows] | (lost < 0.05), 0, rows)
        lang = torch.cat([torch.full((len(b.chunk_starts),), b.lang) for b in batch])
        bags = self.drop(torch.tanh(self.chunks(rows, torch.tensor(starts)) + self.language(lang)))
        sizes = [n for b in batch for n in b.sizes]
        padded = nn.utils.rnn.pad_sequence(list(torch.split(bags, sizes)), batch_first=True).transpose(1, 2)
        mask = torch.arange(padded.shape[2])[None] < torch.tensor(sizes)[:, None]
        once = self.drop(torch.relu(self.first(padded)) * mask[:, None])
        twice = once + torch.relu(self.second(once)) * mask[:, None]
        return self.drop(twice.transpose(1, 2)[mask])

    def forward(self, batch: Sequence[_Prepared]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The score of each candidate of a batch, which choice it belongs to, and which are right."""
        encoded = self.encode(batch)
        sums = torch.cat([torch.zeros(1, WIDTH), encoded.cumsum(0)])
        starts: list[int] = []
        owner, reaches, told = [], [], []
        rows_before = groups_before = chunks_before = 0
        for b in batch:
            starts += [s + rows_before for s in b.starts]
            owner.append(b.owner + groups_before)
            reaches.append(b.reaches + chunks_before)
            told.append(b.told + chunks_before)
            rows_before += len(b.rows)
            groups_before += b.groups
            chunks_before += len(b.chunk_starts)
        rows = torch.cat([b.rows for b in batch])
        if self.training:
            rows = torch.where(torch.rand(len(rows)) < UNSEEN, 0, rows)
        at = torch.tensor(starts)
        of = torch.repeat_interleave(torch.arange(len(at)), torch.diff(at, append=torch.tensor([len(rows)])))
        lang = torch.cat([torch.full((len(b.starts),), b.lang) for b in batch])[of]
        weights = self.linear(rows)[:, 0] + 0.5 * self.linear_of(rows * len(LANGUAGES) + lang)[:, 0]
        linear = torch.zeros(len(at)).index_add(0, of, weights * (rows > 0))

        def mean(reach: torch.Tensor) -> torch.Tensor:
            size = (reach[:, 1] - reach[:, 0])[:, None]
            return torch.where(size > 0, (sums[reach[:, 1]] - sums[reach[:, 0]]) / size.clamp(min=1), self.none[None])

        words, draft = mean(torch.cat(reaches)), mean(torch.cat(told))
        choice = torch.cat([b.choice for b in batch])
        both = words * torch.tanh(self.project(draft))
        joined = [torch.tanh(self.features(rows, at)), self.choice(choice), words, draft, both]
        hidden = self.drop(torch.relu(self.hidden(torch.cat(joined, 1))))
        scores = linear + (hidden * self.out(choice)).sum(1)
        return scores, torch.cat(owner), torch.cat([b.right for b in batch])

    def arrays(self, beside: Mapping[str, Mapping[str, float]]) -> dict[str, np.ndarray[Any, Any]]:
        """The weights as the file holds them, at half precision, each score the mean of the net's and of `beside`'s.

        `beside` holds the log-linear weights of each choice.
        """
        v = self.vocabulary
        names = {c: sorted({*v.names[c], *(_bare(f) for f in beside[c])}) for c in v.choices}
        rows = 1 + sum(map(len, names.values()))
        linear, linear_of = np.zeros(rows), np.zeros((rows, len(LANGUAGES)))
        features = np.zeros((rows, OWN))
        own = (
            self.linear.weight[:, 0].detach().numpy(),
            self.linear_of.weight.reshape(-1, len(LANGUAGES)).detach().numpy(),
        )
        bags = self.features.weight.detach().numpy()
        for row, (choice, name) in enumerate(((c, f) for c in v.choices for f in names[c]), 1):
            known = v.feature.get((choice, name))
            if known is not None:
                linear[row], linear_of[row], features[row] = own[0][known] / 2, own[1][known] / 2, bags[known]
            linear[row] += beside[choice].get(name, 0.0) / 2
            linear_of[row] += [beside[choice].get(f"{lang}|{name}", 0.0) for lang in LANGUAGES]
        matrices = {
            "chunks": self.chunks.weight,
            "language": self.language.weight,
            "choice": self.choice.weight,
            "first": self.first.weight.permute(2, 1, 0).reshape(-1, WIDTH),
            "first_bias": self.first.bias,
            "second": self.second.weight.permute(2, 1, 0).reshape(-1, WIDTH),
            "second_bias": self.second.bias,
            "none": self.none,
            "project": self.project.weight.T,
            "project_bias": self.project.bias,
            "hidden": self.hidden.weight.T,
            "hidden_bias": self.hidden.bias,
            "out": self.out.weight / 2,
        }
        out = {n: m.detach().numpy().astype(np.float16) for n, m in matrices.items() if m is not None}
        out["chunks"][0] = 0
        out |= {
            n: m.astype(np.float16) for n, m in (("linear", linear), ("linear_of", linear_of), ("features", features))
        }
        every = sorted({f for own in names.values() for f in own})
        number = {f: n for n, f in enumerate(every, 1)}
        out |= {f"of-{c}": np.array([number[f] for f in names[c]], dtype=np.int32) for c in v.choices}
        lists = {"chunk_names": v.chunk_names, "feature_names": every, "choices": v.choices}
        return out | {n: np.frombuffer(APART.join(own).encode(), dtype=np.uint8) for n, own in lists.items()}


def _bare(feature: str) -> str:
    return feature[3:] if feature[2:3] == "|" and feature[:2] in LANGUAGES else feature


def loss_of(scores: torch.Tensor, owner: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """How surprising what is right is, summed over all choices."""
    groups = int(owner[-1]) + 1
    top = torch.full((groups,), -1e9).scatter_reduce(0, owner, scores.detach(), "amax")
    parts = torch.exp(scores - top[owner])
    total = torch.zeros(groups).index_add(0, owner, parts)
    held = torch.zeros(groups).index_add(0, owner, parts * right)
    return (torch.log(total) - torch.log(held + 1e-9)).sum()


def fit(
    lessons: Sequence[Lesson], beside: Mapping[str, Mapping[str, float]], seed: int = 0
) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays of a network that has learned from lessons, joined with log-linear weights; the same give the same."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    order = random.Random(seed)
    vocabulary = Vocabulary(lessons)
    net = Net(vocabulary)
    told = [p for one in lessons if one.examples for p in [_Prepared(one, vocabulary)] * one.often]
    single = [p for name, p in net.named_parameters() if name.startswith("linear")]
    rest = [p for name, p in net.named_parameters() if not name.startswith("linear")]
    groups = [{"params": rest, "weight_decay": DECAY}, {"params": single, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=RATE)
    steps, step = PASSES * -(-len(told) // BATCH), 0
    net.train()
    for _ in range(PASSES):
        order.shuffle(told)
        for k in range(0, len(told), BATCH):
            for group in optimiser.param_groups:
                group["lr"] = RATE * (1 - step / steps)
            step += 1
            loss = loss_of(*net(told[k : k + BATCH])) / BATCH
            loss = loss + PENALTY / len(told) * torch.stack([(p**2).sum() for p in single]).sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return net.arrays(beside)
