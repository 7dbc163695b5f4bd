"""Who has which incident, which toll, and that nothing of others enters the casebook."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from casebooks import casebook
from test_datasets import ACLED, GTD, UCDP
from typer.testing import CliRunner

from constat.casebook import Casebook
from constat.cli import app
from constat.comparing import UNCOUNTED, Comparison, compare
from constat.dossiers import export
from constat.exports.cells import read_csv
from constat.filters import Filters

runner = CliRunner()
STRIKE = {"event_type": "Explosions/Remote violence", "sub_event_type": "Air/drone strike"}


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Casebook]:
    monkeypatch.setenv("CONSTAT_STATE", str(tmp_path / "state"))
    for name in ("CONSTAT_SETTINGS", "CONSTAT_CASEBOOK"):
        monkeypatch.delenv(name, raising=False)
    with casebook(tmp_path / "book") as made:
        yield made


def file(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def fields(found: Comparison) -> dict[str, str]:
    (match,) = found.matches
    return {f.field: f.how for f in match.fields}


def test_who_has_what(book: Casebook, tmp_path: Path) -> None:
    far = {
        "event_id_cnty": "SDN2",
        "location": "Nyala",
        "latitude": "12.05",
        "longitude": "24.88",
        "event_date": "2024-05-02",
    }
    path = file(tmp_path / "a.csv", ACLED | STRIKE, ACLED | far)
    found = compare(book, path, "acled")
    assert (found.rows, len(found.matches), len(found.only_theirs), len(found.only_ours)) == (2, 1, 1, 1)
    (match,) = found.matches
    assert match.number == "SDN1" and match.probability > 0.5 and "same day" in match.why
    assert [n for n, _ in found.only_theirs] == ["SDN2"]
    how = fields(found)
    assert how["killed"] == "inside our range" and how["date"] == how["place"] == how["subtype"] == "same"
    assert how["perpetrator"] == "only theirs" and how["wounded"] == UNCOUNTED
    assert "wounded" not in {f.field for f in match.fields if f.apart}


@pytest.mark.parametrize(
    ("dead", "how"),
    [("9", "theirs is higher by 4"), ("2", "theirs is lower by 2"), ("4", "inside our range"), ("0", "only ours")],
)
def test_tolls(book: Casebook, tmp_path: Path, dead: str, how: str) -> None:
    found = compare(book, file(tmp_path / "a.csv", ACLED | STRIKE | {"fatalities": dead}), "acled")
    assert fields(found)["killed"] == how


def test_other_data_sets(book: Casebook, tmp_path: Path) -> None:
    assert fields(compare(book, file(tmp_path / "u.csv", UCDP), "ucdp"))["killed"] == "inside our range"
    gtd = compare(book, file(tmp_path / "g.csv", GTD | {"nkill": "4"}), "gtd")
    assert fields(gtd)["wounded"] == "only theirs" and fields(gtd)["subtype"] == "different"


def test_actors_are_known_by_the_names_that_others_give_them(tmp_path: Path, book: Casebook) -> None:
    from casebooks import STRIKE as KIND
    from casebooks import report

    lines = (report(1, f"{KIND}; 2024-03-06; Kassala; 4; a depot"),)
    with casebook(tmp_path / "other", lines) as other:
        one = next(other.incidents())
        other.judge("value", one, field="perpetrator", value="Sudanese army", reason="the report names it")
        named = {"actor1": "Military Forces of Sudan (1989-2019)"}
        assert (
            fields(compare(other, file(tmp_path / "a.csv", ACLED | STRIKE | named), "acled"))["perpetrator"] == "same"
        )
        named = {"actor1": "Rapid Support Forces"}
        found = fields(compare(other, file(tmp_path / "a.csv", ACLED | STRIKE | named), "acled"))
        assert found["perpetrator"] == "different"


def test_one_row_is_one_incident_and_no_other(book: Casebook, tmp_path: Path) -> None:
    twice = file(tmp_path / "a.csv", ACLED | STRIKE, ACLED | STRIKE | {"event_id_cnty": "SDN9"})
    found = compare(book, twice, "acled")
    assert len(found.matches) == 1 and len(found.only_theirs) == 1


def test_only_the_days_and_countries_of_the_data_set_count(book: Casebook, tmp_path: Path) -> None:
    found = compare(book, file(tmp_path / "a.csv", ACLED | STRIKE), "acled")
    assert found.only_ours == ()  # the clash in May is outside its days
    narrower = compare(book, file(tmp_path / "b.csv", ACLED | STRIKE), "acled", Filters(since="2024-03-08"))
    assert narrower.matches == () and len(narrower.only_theirs) == 1


def test_our_own_export_is_all_found_again(book: Casebook, tmp_path: Path) -> None:
    for name in ("acled", "ucdp"):
        out = io.BytesIO()
        export(book, name, out)
        (tmp_path / "own.csv").write_bytes(out.getvalue())
        found = compare(book, tmp_path / "own.csv", name)
        assert len(found.matches) == found.rows == 2 and not found.only_theirs and not found.only_ours
        assert {f.how for m in found.matches for f in m.fields if f.field in ("date", "place")} == {"same"}


def test_nothing_enters_the_casebook(book: Casebook, tmp_path: Path) -> None:
    book.settle()
    before = book.digest(), book.count_incidents(), book.status().entries
    compare(book, file(tmp_path / "a.csv", ACLED | STRIKE), "acled")
    assert (book.digest(), book.count_incidents(), book.status().entries) == before


def test_the_command(book: Casebook, tmp_path: Path) -> None:
    book.settle()
    book.close()
    path, out = file(tmp_path / "a.csv", ACLED | STRIKE), tmp_path / "both.csv"
    shown = runner.invoke(app, ["import", "acled", str(path), "-C", str(book.folder), "-o", str(out)])
    assert shown.exit_code == 0, shown.stderr
    assert "1 are also in the casebook, 0 are not" in shown.stdout and "inside our range" in shown.stdout
    (row,) = read_csv(out.read_bytes())
    assert (row["who"], row["theirs"], row["killed_theirs"], row["killed_ours"]) == ("both", "SDN1", "5", "5 (4–5)")
    listed = runner.invoke(app, ["import", "acled", str(path), "-C", str(book.folder), "--json"])
    assert json.loads(listed.stdout)["matches"][0]["number"] == "SDN1"
    wrong = runner.invoke(app, ["import", "gtd", str(path), "-C", str(book.folder)])
    assert wrong.exit_code == 1 and "is not GTD" in wrong.stderr
