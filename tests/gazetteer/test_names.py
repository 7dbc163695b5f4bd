"""Names in three scripts meet where they are one place, and only there."""

from __future__ import annotations

import pytest

from constat.folding import fold
from constat.gazetteer import Gazetteer, kilometres
from constat.gazetteer.sound import plain_key, sound_and_shape


def sound(name: str) -> str:
    return sound_and_shape(fold(name))[0]


@pytest.mark.parametrize(
    ("names", "lat", "lon"),
    [
        (("Koniko", "Conoco gas field", "Conico", "كونيكو", "حقل كونيكو"), 35.3, 40.3),
        (("Al-Omar", "al-Omar oil field", "العمر", "حقل العمر"), 35.1, 40.6),
    ],
)
def test_fields_are_where_they_are(gazetteer: Gazetteer, names: tuple[str, ...], lat: float, lon: float) -> None:
    for name in names:
        near = [p for p in gazetteer.lookup(name) if kilometres(p.lat, p.lon, lat, lon) <= 25]
        assert near, name
        assert {p.country for p in near} == {"SYR"}


def test_two_fields_are_never_one(gazetteer: Gazetteer) -> None:
    omar = {p.id for n in ("Al-Omar", "العمر") for p in (*gazetteer.lookup(n), *gazetteer.propose(n, "SYR"))}
    koniko = {p.id for n in ("Koniko", "كونيكو") for p in (*gazetteer.lookup(n), *gazetteer.propose(n, "SYR"))}
    assert omar and koniko and not omar & koniko


def test_spellings_of_deir_ez_zor_meet(gazetteer: Gazetteer) -> None:
    names = ["Deir ez-Zor", "Deir Ezzor", "Dayr az Zawr", "Deir al-Zour", "دير الزور"]
    assert {sound(n) for n in names} == {"drzr"}
    found = [{p.id for p in (*gazetteer.lookup(n), *gazetteer.propose(n, "SYR"))} for n in names]
    assert "geonames:170794" in set.intersection(*found)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Koniko", "Conoco"), ("خشام", "Khasham"), ("Djibo", "جيبو "), ("Chibok", "شيبوك"), ("Vovchansk", "فوفتشانسك")],
)
def test_sound_is_the_same_in_every_script(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_names_of_two_consonants_have_no_sound() -> None:
    assert sound("Goma") == sound("Gao") == ""


def test_articles_and_spaces_do_not_count(gazetteer: Gazetteer) -> None:
    assert plain_key(fold("Al-Qamishli")) == plain_key(fold("Qamishli"))
    assert {p.id for p in gazetteer.lookup("Al Kamechliyé")} == {p.id for p in gazetteer.lookup("Kamechliyé")} != set()


def test_accents_and_namesakes(gazetteer: Gazetteer) -> None:
    assert {"ARG", "ESP", "COL"} <= {p.country for p in gazetteer.lookup("cordoba")}
    assert gazetteer.lookup("Córdoba") == gazetteer.lookup("Cordoba")
    assert "GEO" in {p.country for p in gazetteer.lookup("Georgia")}


def test_unknown_names_are_unknown(gazetteer: Gazetteer) -> None:
    assert gazetteer.lookup("Qwxzzt") == ()
    assert gazetteer.propose("") == ()
    assert gazetteer.place("site:none") is None


def test_longest_name_wins(gazetteer: Gazetteer) -> None:
    words = fold("près de Deir ez-Zor hier").split()
    assert gazetteer.longest(words, 2) == 3
    assert gazetteer.longest(["qwxzzt"], 0) == 0
    assert gazetteer.longest(words, len(words) - 1) in (0, 1)
