"""Context decides between namesakes, and says why not the others."""

from __future__ import annotations

import pytest

from constat.gazetteer import Gazetteer, displaced, km
from constat.gazetteer.choose import Choice, Context, choose
from constat.mentions.places import places
from constat.packs import load_pack


def chosen(gazetteer: Gazetteer, name: str, **around: object) -> Choice:
    return choose(gazetteer.lookup(name), Context(**{"countries": {}, **around}))  # type: ignore[arg-type]


@pytest.mark.parametrize("country", ["LBN", "LBY"])
def test_tripoli_by_country(gazetteer: Gazetteer, country: str) -> None:
    choice = chosen(gazetteer, "Tripoli", countries={country: 1.0})
    assert choice.place is not None and choice.place.country == country
    assert choice.confidence > 0.5 and choice.precision == 1
    assert any(why == f"the report points to {country} rather than {p.country}" for p, why in choice.passed_over)


def test_tripoli_by_neighbour(gazetteer: Gazetteer) -> None:
    beirut = choose(gazetteer.lookup("Beirut"), Context(countries={"LBN": 1.0})).place
    assert beirut is not None
    choice = chosen(gazetteer, "Tripoli", near=(beirut,))
    assert choice.place is not None and choice.place.country == "LBN"


def test_province_or_seat(gazetteer: Gazetteer) -> None:
    town = chosen(gazetteer, "Deir ez-Zor", countries={"SYR": 1.0})
    province = chosen(gazetteer, "Deir ez-Zor", countries={"SYR": 1.0}, site="province")
    assert (town.kind, town.precision) == ("town", 1)
    assert (province.kind, province.precision) == ("province", 4)


def test_nothing_found_is_not_found() -> None:
    assert choose((), Context(countries={})) == Choice(None, 0.0)
    assert Choice(None, 0.0).kind == "not found"


def test_a_place_displaced(gazetteer: Gazetteer) -> None:
    gao = choose(gazetteer.lookup("Gao"), Context(countries={"MLI": 1.0})).place
    assert gao is not None
    there = displaced(gao, "NE", 20)
    assert km(gao, there) == pytest.approx(20, abs=0.1)
    assert there.lat > gao.lat and there.lon > gao.lon and there.precision == "near"


def test_other_names_tell_the_province(gazetteer: Gazetteer) -> None:
    named = chosen(gazetteer, "Athens", countries={"USA": 1.0}, regions={("USA", "Texas"): 0.6})
    assert named.place is not None and named.place.admin1 == "Texas"


def test_a_country_yields_to_its_namesake_only_where_all_else_points_there(gazetteer: Gazetteer) -> None:
    country = gazetteer.country("GEO")
    states = [p for p in gazetteer.lookup("Georgia") if p.country == "USA" and p.kind == "province"]
    assert country is not None and states
    alone = choose([country, *states], Context(countries={"GEO": 0.5, "USA": 0.5}))
    assert alone.place == country
    among = Context(countries={"GEO": 0.2, "USA": 0.8}, rest={"USA": 1.0}, regions={("USA", "Georgia"): 0.7})
    assert choose([country, *states], among).place == states[0]


def test_the_airport_of_a_town_is_not_its_province(gazetteer: Gazetteer) -> None:
    around = Context(countries={"IRQ": 1.0}, site="site", name="erbil")
    choice = choose(gazetteer.lookup("Erbil"), around)
    assert choice.kind in ("town", "site")


def test_a_hamlet_does_not_stand_for_a_great_city_of_its_country(gazetteer: Gazetteer) -> None:
    choice = chosen(gazetteer, "Surabaya", countries={"IDN": 1.0}, regions={("IDN", "West Java"): 0.7})
    assert choice.place is not None and choice.place.population > 1_000_000


def test_a_listed_place_may_lie_at_the_far_end_of_its_province(gazetteer: Gazetteer) -> None:
    (region,) = (p for p in gazetteer.lookup("Timbuktu Region") if p.kind == "province")
    choice = chosen(gazetteer, "Gossi", countries={"MLI": 1.0}, inside=(region,), strict=True)
    assert choice.place is not None and km(choice.place, region) > 200


def test_a_city_of_world_rank_is_not_the_small_town_of_its_name(gazetteer: Gazetteer) -> None:
    choice = chosen(gazetteer, "Moscow", countries={"USA": 0.6, "RUS": 0.2}, rest={"USA": 0.6, "RUS": 0.2})
    assert choice.place is not None and choice.place.country == "RUS"
    choice = chosen(gazetteer, "Moscow", countries={"USA": 1.0}, regions={("USA", "Idaho"): 0.8})
    assert choice.place is not None and choice.place.admin1 == "Idaho"


def test_a_town_of_a_country_that_the_report_is_not_about_is_doubted(gazetteer: Gazetteer) -> None:
    around = {"countries": {"ZWE": 0.8, "GBR": 0.1}, "strict": True}
    doubted = chosen(gazetteer, "Darlington", **around)
    assert doubted.place is not None and "is about another country" in doubted.doubt
    assert chosen(gazetteer, "London", **around).doubt == ""
    assert chosen(gazetteer, "Darlington", countries={"GBR": 0.8, "ZWE": 0.1}, strict=True).doubt == ""


def test_a_doubted_town_is_named_and_not_pinned(gazetteer: Gazetteer) -> None:
    pack = load_pack("en", ())
    text = "A bomb exploded in Homs, Syria. Police in Aleppo, Syria, said the man was born in Darlington."
    found = {
        m.value.name: m.value
        for m in places(pack.sentences(text, "text", 0, gazetteer), {"text": text, "title": ""}, gazetteer)
    }
    assert found["Homs"].country == "SYR" and found["Aleppo"].lat is not None
    value = found["Darlington"]
    assert (value.lat, value.country, value.gazetteer_id) == (None, None, None)
    assert any("is about another country" in why for why in value.passed_over)
