"""Numbers of names: those found by search are those of the table, for any names and however many are asked for."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from constat.claims import names
from constat.claims.names import Names

NAME = st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), min_size=1, max_size=6)


def listed(some: list[str]) -> Names:
    return Names(np.frombuffer("\0".join(some).encode(), np.uint8), "\0")


@given(st.lists(NAME, min_size=1, max_size=30, unique=True).map(sorted), st.lists(NAME, max_size=10))
def test_a_name_has_its_place_as_number_and_others_none(some: list[str], others: list[str]) -> None:
    found = listed(some)
    for name in (*others, *some, *others):
        assert found[name] == (some.index(name) + 1 if name in some else 0)
    assert found.all() == some and found.count == len(some)


def test_the_table_that_is_made_for_many_gives_the_same_numbers() -> None:
    some = sorted(f"n{n}" for n in range(2 * names._FEW))
    found = listed(some)
    assert [found[name] for name in some] == list(range(1, len(some) + 1))
    assert found["unknown"] == 0 and "unknown" not in found
    assert found.all() == some


def test_half_a_letter_is_no_name() -> None:
    assert listed(["a", "b"])["\ud800"] == 0
