"""Names that are folded or sounded out by the million are folded and sounded out as each is on its own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from constat.folding import fold, fold_all
from constat.gazetteer import sound
from constat.gazetteer.sound import sound_and_shape, sounds_of

NAMES = (
    "Deir ez-Zor",
    "دير الزور",
    "Ash Shaykh Miskīn",
    "Çatalca",
    "O’Higgins",
    "Жёлтые Воды",
    "Ҳиссор",
    "٣ تموز",
    "a\nb",
    "",
)
TEXTS = st.lists(st.text(max_size=12) | st.sampled_from(NAMES), max_size=8)


@given(TEXTS)
def test_many_are_folded_as_each_is(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]


@given(TEXTS)
def test_many_sound_as_each_does(texts: list[str]) -> None:
    keys = [fold(text) for text in texts]
    assert sounds_of(keys) == [sound_and_shape(key) for key in keys]


def test_more_than_a_pattern_is_used_for_sound_as_each_does() -> None:
    keys = [fold(f"{a} {b}") for a in NAMES for b in NAMES] * 40
    assert sum(map(len, keys)) > sound._MANY
    assert sounds_of(keys) == [sound_and_shape(key) for key in keys]
