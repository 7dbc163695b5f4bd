"""What leaves by default: no restricted name, no place that a rule lowers, no text; no hash that tells them."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pytest
from dossiers import CLAIMS, FIELDS, PLACE, dossier, with_document, with_field, with_place
from test_every_format import NAMES, written

from constat.exports.covers import COVER, Hide, covered, lowered
from constat.gazetteer import kilometres
from constat.records import PlaceValue
from constat.settings import Lowered


def hider(names: Iterable[str]) -> Hide:
    wanted = list(names)

    def hide(text: str) -> str:
        for name in wanted:
            text = text.replace(name, COVER).replace(name.lower(), COVER)
        return text

    return hide


NAMED = with_document(
    with_field(dossier(), "target", "house of Amna Idris"),
    title="Amna Idris mourned",
    url="https://gash.example/amna%20idris-mourned",
)


@pytest.mark.parametrize("name", NAMES)
def test_no_format_lets_a_covered_name_out(name: str) -> None:
    shown = written(name, [covered(NAMED, hider(["Amna Idris"]))])
    assert b"Amna" not in shown and b"amna" not in shown


def test_without_names_only_texts_are_left_out() -> None:
    one = dossier()
    assert covered(one, None) == covered(one, hider([])) == with_document(one, text="")


def test_ids_of_covered_claims_are_those_of_what_is_shown() -> None:
    shown = covered(dossier(), hider(["four soldiers"]))
    ids = {claim.id for claim in shown.incident.claims}
    named = {c for toll in shown.incident.tolls for s in toll.stated for c in s.claims}
    assert named and named <= ids
    assert CLAIMS[0].id not in ids


def test_a_rule_lowers_the_place_wherever_it_is_told() -> None:
    one = with_document(dossier(), url="https://gash.example/kassala-depot")
    shown = lowered(one, [Lowered(km=40, types=("air/drone strike",))], hider)
    place = next(f.value for f in shown.incident.fields if f.field == "place")
    assert isinstance(place, PlaceValue)
    assert place.name == "Kassala State" and place.gazetteer_id is None and place.precision == 4
    assert place.lat is not None and place.lon is not None and place.radius_km is not None
    far = kilometres(15.45, 36.4, place.lat, place.lon)
    assert far <= place.radius_km and place.radius_km >= 40 * math.sqrt(0.5) - 0.1
    told = str(shown).replace("Kassala State", "")
    assert "Kassala" not in told and "15.45" not in told and "kassala" not in told


@pytest.mark.parametrize(
    "rule", [Lowered(km=40, types=("Battles",)), Lowered(km=40, countries=("MLI",)), Lowered(km=40, types=("Grenade",))]
)
def test_a_rule_for_others_leaves_it(rule: Lowered) -> None:
    assert lowered(dossier(), [rule], hider) == dossier()


@pytest.mark.parametrize("lon", [-180.0, 179.99, 0.0])
@pytest.mark.parametrize("lat", [-89.9, 0.0, 71.2])
def test_lowered_points_stay_on_the_globe(lat: float, lon: float) -> None:
    shown = lowered(with_place(dossier(), lat=lat, lon=lon), [Lowered(km=100)], hider)
    place = next(f.value for f in shown.incident.fields if f.field == "place")
    assert isinstance(place, PlaceValue) and place.lat is not None and place.lon is not None
    assert -90 <= place.lat <= 90 and -180 <= place.lon <= 180
    assert PLACE.lat != place.lat and FIELDS["place"] != place
