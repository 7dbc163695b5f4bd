"""The many hamlets that added tables bring are meant where words and neighbours say so, and hide no known place."""

from __future__ import annotations

import msgspec

from constat.gazetteer import Gazetteer, Place
from constat.gazetteer.build import _write
from constat.gazetteer.choose import Choice, Context, choose
from constat.gazetteer.known import Known
from constat.gazetteer.prior import CAPITAL, SEAT, famous, hamlet

HAMLET = Place("l:1", "Tarkhana", "village", "PPL", "SYR", "Homs", 34.7, 36.8, 2.0, 0, "A list of all", "point")
TOWN = Place("g:1", "Tarkhana", "town", "PPL", "SYR", "Aleppo", 36.2, 37.2, 3.0, 40_000, "GeoNames", "point")
HOMS = Place("g:2", "Homs", "town", "PPL", "SYR", "Homs", 34.73, 36.71, 8.0, 700_000, "GeoNames", "point")
HASAKAH = Place("g:3", "Hasakah", "town", "PPL", "SYR", "Hasakah", 36.5, 40.75, 5.0, 300_000, "GeoNames", "point")


def chosen(*places: Place, **around: object) -> Choice:
    return choose(places, Context(**{"countries": {"SYR": 1.0}, "strict": True, **around}))  # type: ignore[arg-type]


def test_what_a_hamlet_is() -> None:
    assert hamlet(HAMLET) and not hamlet(TOWN)
    others = ({"feature": SEAT}, {"feature": CAPITAL}, {"source": "own list mine.csv"}, {"source": "UCDP GED"})
    assert not any(hamlet(msgspec.structs.replace(HAMLET, **other)) for other in others)


def test_a_hamlet_hides_no_town_of_its_name() -> None:
    choice = chosen(HAMLET, TOWN)
    assert choice.place == TOWN
    assert (HAMLET, "less populous") in choice.passed_over
    assert chosen(HAMLET, TOWN, near=(HOMS,)).place == TOWN


def test_a_hamlet_is_meant_where_the_words_put_it() -> None:
    assert chosen(HAMLET, TOWN, inside=(HOMS,), near=(HOMS,)).place == HAMLET
    assert chosen(HAMLET, near=(HOMS,), site="village").place == HAMLET


def test_a_hamlet_far_from_all_else_is_not_found() -> None:
    choice = chosen(HAMLET, near=(HASAKAH,))
    assert choice.place is None
    assert choice.passed_over == ((HAMLET, "a hamlet far from all else that the report names"),)
    assert chosen(HAMLET, inside=(HASAKAH,)).place is None


def test_a_hamlet_of_a_country_that_only_its_name_points_to_is_not_found() -> None:
    assert chosen(HAMLET, countries={"SYR": 0.6, "IRQ": 0.4}, rest={"IRQ": 0.9, "SYR": 0.1}).place is None


def test_a_capital_is_known_the_world_over(gazetteer: Gazetteer) -> None:
    riga = next(p for p in gazetteer.lookup("Riga") if p.country == "LVA")
    assert riga.feature == CAPITAL and famous(riga) and not famous(TOWN)
    assert choose((riga,), Context(countries={"USA": 1.0}, strict=True)).place == riga


def test_a_small_town_does_not_stand_for_a_capital(gazetteer: Gazetteer) -> None:
    choice = choose(gazetteer.lookup("Cairo"), Context(countries={"USA": 0.6, "EGY": 0.4}, strict=True))
    assert choice.place is not None and choice.place.country == "EGY"


def test_an_added_place_that_an_own_table_has_lends_its_names() -> None:
    own = Place("site:x", "Qasr", "village", "PPL", "SYR", "", 35.0, 38.0, 2.0, 0, "own table: memory", "near")
    names = {"qasr"}
    known = Known([(own, names)])
    near = msgspec.structs.replace(HAMLET, name="Qasr", lat=35.02, lon=38.01)
    assert known.spellings(near, {"qasr", "kasr"}) is names
    assert known.spellings(msgspec.structs.replace(near, lat=35.5), {"qasr"}) is None
    assert known.spellings(msgspec.structs.replace(near, kind="province"), {"qasr"}) is None


def test_the_name_of_a_hamlet_alone_is_no_known_name(tmp_path: object) -> None:
    path = tmp_path / "i.sqlite"  # type: ignore[operator]
    _write(path, [(HAMLET, {"tarkhana", "tall dabib"}), (HOMS, {"homs"})])
    index = Gazetteer.open(path)
    assert index.longest(["homs"], 0) == 1 and index.longest(["tall", "dabib"], 0) == 0
    assert index.lookup("Tall Dabib") == (HAMLET,)
