"""What the filter denies is not there; it seldom says maybe to what is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from constat.gazetteer import Gazetteer
from constat.gazetteer.presence import Presence, number, presence


@given(st.sets(st.text(min_size=1), max_size=200))
def test_every_name_may_be_there(names: set[str]) -> None:
    may_hold = Presence(presence([number(name) for name in names]))
    assert all(may_hold(number(name)) for name in names)


def test_few_others_may() -> None:
    may_hold = Presence(presence([number(f"name {n}") for n in range(50_000)]))
    assert sum(may_hold(number(f"other {n}")) for n in range(10_000)) < 600


def test_what_is_asked_first_does_not_change_answers(gazetteer: Gazetteer) -> None:
    asked = ["Koniko", "al-Omar", "Deir Ezzor", "xqzzv", "N'Djamena", "حلب", "Alepp"]
    together, alone = Gazetteer.open(gazetteer.path), Gazetteer.open(gazetteer.path)
    assert together.lookup_all(asked) == [alone.lookup(name) for name in asked]
    assert together.lookup("xqzzv") == ()
