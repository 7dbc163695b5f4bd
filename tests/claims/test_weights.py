"""The learned choices: shares, languages, and files that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constat.claims.weights import Weights, read_weights
from constat.errors import PackError

TABLES = {"pick": {"a": 1.0, "fr|a": 0.5, "ar|a": -3.0, "b": 0.2}}


def test_a_feature_may_weigh_otherwise_in_one_language() -> None:
    assert Weights(TABLES, "fr").score("pick", ["a"]) == 1.5
    assert Weights(TABLES, "ar").score("pick", ["a", "b"]) == pytest.approx(-1.8)
    assert Weights(TABLES, "en").score("pick", ["a", "unknown"]) == 1.0


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=4), min_size=1, max_size=6))
def test_shares_add_up_to_one_and_follow_the_scores(candidates: list[list[str]]) -> None:
    weights = Weights(TABLES, "fr")
    shares = weights.shares("pick", candidates)
    assert sum(shares) == pytest.approx(1.0)
    best = max(range(len(shares)), key=lambda n: shares[n])
    assert weights.score("pick", candidates[best]) == max(weights.score("pick", c) for c in candidates)


def test_the_shipped_weights_hold_what_the_network_leaves_to_them() -> None:
    assert set(read_weights()) == {"relevance", "role"}


@pytest.mark.parametrize("content", [None, b"{", b'{"choices": {"role": {"a": "b"}}}'])
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "weights.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PackError, match=r"weights\.json"):
        read_weights(path)
