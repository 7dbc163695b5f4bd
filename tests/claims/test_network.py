"""The network: what it holds, that it looks no further than a sentence, and files that cannot be read."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest

from constat.claims.encoded import Encoded
from constat.claims.network import NetworkOf, read_network
from constat.claims.network_file import FILE
from constat.claims.report import Block, Candidate, Report
from constat.errors import PackError
from constat.facts import SentenceFacts
from constat.pipeline import Reader
from constat.records import Document

TEXT = (
    "Gunmen killed four farmers near Maiduguri on Monday. Police sealed off the road.\n"
    "Hours later a drone struck a market in Gossi, residents said. Two traders died."
)


@pytest.fixture(scope="module")
def english() -> NetworkOf:
    return read_network().of_language("en")


@pytest.fixture(scope="module")
def facts(reader: Reader) -> list[SentenceFacts]:
    return reader.facts(Document(id="test", text=TEXT, lang="en"))


def encoded(english: NetworkOf, facts: list[SentenceFacts]) -> tuple[Encoded, list[tuple[int, int]]]:
    """A report as the network sees it, and the reach of each of its sentences."""
    found = english.encode(Report(facts, None, {}))
    starts = [*found.row.sentences, found.row.size]
    return found, list(pairwise(starts))


def test_a_sentence_is_seen_alike_among_others_and_alone(english: NetworkOf, facts: list[SentenceFacts]) -> None:
    together, reaches = encoded(english, facts)
    for one, reach in zip(facts, reaches, strict=True):
        alone, (whole,) = encoded(english, [one])
        assert np.allclose(together.means([reach]), alone.means([whole]), atol=1e-5)


def test_a_long_text_is_seen_in_parts_like_a_short_one(english: NetworkOf, facts: list[SentenceFacts]) -> None:
    copies = 160
    many = [
        msgspec.structs.replace(f, sentence=msgspec.structs.replace(f.sentence, index=n * len(facts) + k))
        for n in range(copies)
        for k, f in enumerate(facts)
    ]
    short, reaches = encoded(english, facts)
    long, of_all = encoded(english, many)
    assert long.row.size == copies * short.row.size > 4096
    for n in range(copies):
        own = of_all[n * len(facts) : (n + 1) * len(facts)]
        assert np.allclose(long.means(own), short.means(reaches), atol=1e-4)


def test_what_candidates_share_counts_as_if_it_were_their_own(english: NetworkOf, facts: list[SentenceFacts]) -> None:
    found, reaches = encoded(english, facts)
    said = tuple(english.network.features("place")[:6])
    own = [Candidate(None, (*said[:2], f)) for f in said[2:]]
    shared = [Candidate(None, (f,), shared=(Block(said[:2]),)) for f in said[2:]]
    words = [reaches[0]] * len(own)
    parts = [Candidate(None, said[:2], parts=(Block((f,)),)) for f in said[2:]]
    first, second, third = (english.scores(found, "place", c, words, reaches[:1]) for c in (own, shared, parts))
    assert first == pytest.approx(second, abs=1e-5)
    assert first == third
    assert len(set(first)) > 1


def test_the_shipped_network_scores_every_choice_and_stays_small() -> None:
    wanted = {"unit", "keep", "kind", "date", "place", "killed", "wounded", "perp", "certainty", "target", "claimant"}
    assert wanted | {"weapon", "measure", "source"} == set(read_network().choices)
    assert FILE.stat().st_size < 20_000_000


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 no archive", FILE.read_bytes()[:5000]])
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "network.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PackError, match=r"network\.npz"):
        read_network(path)
