"""Rows of ACLED, UCDP GED and GTD as readings: every claim quotes its cell."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from constat.captures import Refused
from constat.comparing import rows_in
from constat.errors import InputError, UsageError
from constat.imports import dataset, known, outcome, reading
from constat.imports.datasets import acled as acled_rows
from constat.records import CODED, DateValue, Document, PlaceValue, Reading, Toll, Value
from constat.settings import Settings

ACLED = {
    "event_id_cnty": "SDN1", "event_date": "2024-03-06", "time_precision": "1", "event_type": "Battles",
    "sub_event_type": "Armed clash", "actor1": "RSF: Rapid Support Forces",
    "actor2": "Military Forces of Sudan (2019-)",
    "iso": "729", "country": "Sudan", "admin1": "Kassala", "location": "Kassala", "latitude": "15.45",
    "longitude": "36.4", "geo_precision": "1", "source": "Gash Courier; Atbara Wire", "fatalities": "5",
    "notes": "Invented for this test.",
}  # fmt: skip
UCDP = {
    "id": "77", "type_of_violence": "1", "side_a": "Government of Sudan", "side_b": "RSF", "where_prec": "2",
    "where_coordinates": "Kassala town", "adm_1": "Kassala state", "latitude": "15.45", "longitude": "36.4",
    "country": "Sudan", "country_id": "625", "date_prec": "1", "date_start": "2024-03-06 00:00:00.000",
    "date_end": "2024-03-06 00:00:00.000", "best": "4", "high": "7", "low": "3", "source_office": "Gash Courier",
}  # fmt: skip
GTD = {
    "eventid": "202403060001", "iyear": "2024", "imonth": "3", "iday": "6", "country_txt": "Sudan",
    "provstate": "Kassala", "city": "Kassala", "latitude": "15.45", "longitude": "36.4", "specificity": "1",
    "attacktype1_txt": "Bombing/Explosion", "weapsubtype1_txt": "Grenade", "targtype1_txt": "Business",
    "target1": "a market", "gname": "Unknown", "guncertain1": "0", "claimed": "0", "nkill": "2.0", "nwound": "3",
}  # fmt: skip


def claims(name: str, cells: Mapping[str, str]) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for claim in coded(name, cells).events[0].claims:
        found.setdefault(claim.field, []).append(claim.value)
    return found


def row(name: str, cells: Mapping[str, str]) -> Document:
    shown = {column: " ".join(cell.split()) for column, cell in cells.items()}
    text = "".join(f"{column}: {cell}\n" for column, cell in shown.items() if cell)
    return Document(id="1", text=text, publisher=dataset(name).TITLE, flags=(f"{CODED}{name}",))


def coded(name: str, cells: Mapping[str, str]) -> Reading:
    return reading(row(name, cells))


def read(path: Path, name: str, refused: list[Refused] | None = None, **limits: int) -> list[Reading]:
    settings = Settings(**limits)  # type: ignore[arg-type]
    return list(rows_in(path, name, settings, (refused if refused is not None else []).append))


@pytest.mark.parametrize(("name", "cells"), [("acled", ACLED), ("ucdp", UCDP), ("gtd", GTD)])
def test_every_claim_quotes_its_cell(name: str, cells: dict[str, str]) -> None:
    found = coded(name, cells | {"notes": "  two\nlines  ", "empty": ""})
    assert found.document.text.count("\n") == sum(bool(v) for v in cells.values()) + (name != "acled")
    for claim in found.events[0].claims:
        assert claim.reader == dataset(name).TITLE and claim.spans and claim.field in dataset(name).FIELDS
        for span in claim.spans:
            span.check(found.document)
            assert span.quote in [" ".join(v.split()) for v in cells.values()]


def test_acled() -> None:
    found = claims("acled", ACLED)
    assert found["date"] == [DateValue("2024-03-06", "day")] and found["killed"] == [Toll(5, 5)]
    assert found["sources"] == ["Gash Courier", "Atbara Wire"]
    (place,) = found["place"]
    assert isinstance(place, PlaceValue)
    assert (place.name, place.country, place.lat, place.precision) == ("Kassala", "SDN", 15.45, 1)
    assert "killed" not in claims("acled", ACLED | {"fatalities": "0"})  # which may mean that nothing is known
    assert claims("acled", ACLED | {"time_precision": "3"})["date"] == [DateValue("2024-03", "month")]


@pytest.mark.parametrize("written", ["2024-03-06", "06 March 2024", "06/03/2024", "2024-03-06T00:00:00Z", "6-Mar-24"])
def test_dates_as_acled_has_written_them(written: str) -> None:
    assert claims("acled", ACLED | {"event_date": written})["date"] == [DateValue("2024-03-06", "day")]


def test_ucdp() -> None:
    found = claims("ucdp", UCDP)
    assert found["killed"] == [Toll(4, 4), Toll(3, 7)] and found["type"] == ["Battles"]
    assert found["date"] == [DateValue("2024-03-06", "day")]
    assert claims("ucdp", UCDP | {"date_prec": "4"})["date"] == [DateValue("2024-03", "month")]
    assert claims("ucdp", UCDP | {"type_of_violence": "3"})["type"] == ["Violence against civilians"]
    (place,) = claims("ucdp", UCDP | {"country": "Soudan"})["place"]
    assert isinstance(place, PlaceValue) and place.country == "SDN"


def test_gtd() -> None:
    found = claims("gtd", GTD)
    assert found["type"] == ["Explosions/Remote violence"] and found["subtype"] == ["Grenade"]
    assert found["killed"] == [Toll(2, 2)] and found["wounded"] == [Toll(3, 3)] and "perpetrator" not in found
    assert claims("gtd", GTD | {"iday": "0"})["date"] == [DateValue("2024-03", "month")]
    assert "wounded" not in claims("gtd", GTD | {"nwound": ""})
    named = claims("gtd", GTD | {"gname": "The Brigade", "guncertain1": "1", "claimed": "1"})
    assert (named["perpetrator"], named["perpetrator_certainty"]) == (["The Brigade"], ["suspected"])
    assert named["claimed_by"] == ["The Brigade"]
    (place,) = claims("gtd", GTD | {"country_txt": "West Bank and Gaza Strip"})["place"]
    assert isinstance(place, PlaceValue) and place.country == "PSE"
    armed = {"attacktype1_txt": "Armed Assault", "weapsubtype1_txt": "", "targtype1_txt": "Police"}
    assert claims("gtd", GTD | armed)["type"] == ["Battles"]


def written(path: Path, separator: str = ",", encoding: str = "utf-8", place: str = "Kassala") -> Path:
    cells = ACLED | {"location": place}
    shown = separator.join(cells) + "\r\n" + separator.join(f'"{v}"' for v in cells.values()) + "\r\n"
    path.write_bytes(shown.encode(encoding))
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_files_as_they_are_handed_around(tmp_path: Path, separator: str, encoding: str) -> None:
    path = written(tmp_path / "a.csv", separator, encoding, "Séguéla")
    (found,) = read(path, "acled")
    assert "location: Séguéla\n" in found.document.text
    assert found.document.url == "acled:SDN1" and found.document.coded == "acled"
    assert bool(found.document.flags[1:]) == (encoding == "cp1252")  # an encoding that was guessed is said


def test_excel(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(list(GTD))
    book.active.append([float(v) if v.replace(".", "").isdigit() else v for v in GTD.values()])
    book.save(tmp_path / "a.xlsx")
    (found,) = read(tmp_path / "a.xlsx", "gtd")
    assert found.document.title == "GTD 202403060001"
    assert [c.value for c in found.events[0].claims if c.field == "date"] == [DateValue("2024-03-06", "day")]


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv")
    with pytest.raises(InputError, match="is not UCDP GED: it has no column id"):
        read(path, "ucdp")
    path.write_text(",".join(acled_rows.COLUMNS) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="no report was found"):
        read(path, "acled")
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "none.csv", "acled")
    (tmp_path / "b.xlsx").write_bytes(b"PK no workbook")
    with pytest.raises(InputError, match="broken or locked"):
        read(tmp_path / "b.xlsx", "acled")
    with pytest.raises(UsageError, match="acled, gtd, ucdp"):
        dataset("gdelt")
    assert list(known()) == ["acled", "gtd", "ucdp"]


def test_a_row_without_a_number_or_a_date_is_set_apart(tmp_path: Path) -> None:
    rows = [ACLED, ACLED | {"event_id_cnty": ""}, ACLED | {"event_id_cnty": "SDN3", "event_date": "some day"}]
    lines = [",".join(ACLED), *(",".join(f'"{cell}"' for cell in cells.values()) for cells in rows)]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    refused: list[Refused] = []
    (found,) = read(tmp_path / "a.csv", "acled", refused)
    assert found.document.title == "ACLED SDN1"
    assert [(one.locator, one.cause.split(",")[0]) for one in refused] == [
        ("row 3", "the row has no event_id_cnty or data_id"),
        ("row 4", "no date could be read in this row of ACLED"),
    ]
    assert outcome(row("acled", rows[2]))[0] is None
