"""`constat export`: filters, files, what is covered and what is said of losses."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from casebooks import casebook
from typer.testing import CliRunner

from constat.casebook import Casebook
from constat.cli import app
from constat.dossiers import dossiers, export
from constat.errors import UsageError
from constat.exports import exporters
from constat.exports.cells import read_csv
from constat.exports.covers import LOWERED
from constat.exports.formats import json_lines
from constat.exports.row import place_of
from constat.filters import Filters

runner = CliRunner()


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSTAT_STATE", str(tmp_path / "state"))
    for name in ("CONSTAT_SETTINGS", "CONSTAT_CASEBOOK"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Casebook]:
    with casebook(tmp_path / "book") as made:
        made.restrict(["Amna Idris"])
        yield made


@pytest.fixture
def folder(book: Casebook) -> Path:
    book.settle()
    book.close()
    return book.folder


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = runner.invoke(app, [str(a) for a in arguments])
    return result.exit_code, result.stdout, result.stderr


def rows(data: bytes) -> list[dict[str, str]]:
    return list(read_csv(data))


def test_reports_of_one_incident_are_one_row(folder: Path, tmp_path: Path) -> None:
    code, out, err = run("export", "csv", "-C", folder, "-o", tmp_path / "a.csv")
    assert (code, out) == (0, "") and "2 incidents as CSV" in err
    newest, oldest = rows((tmp_path / "a.csv").read_bytes())
    assert (newest["place"], newest["killed_best"], newest["reports"]) == ("Gedaref", "2", "1")
    assert (oldest["killed_low"], oldest["killed_high"], oldest["reports"]) == ("4", "5", "2")
    assert oldest["addresses"] == "https://o1.example/a | https://o2.example/a"


def test_filters_choose(folder: Path, tmp_path: Path) -> None:
    for asked, places in (
        (["--since", "2024-04-01"], ["Gedaref"]),
        (["--near", "15.4,36.4", "--km", "20"], ["Kassala"]),
        (["--type", "battles"], ["Gedaref"]),
        (["--min-killed", "4"], ["Kassala"]),
        (["--status", "accepted"], []),
    ):
        code, _, _ = run("export", "csv", "-C", folder, "-o", tmp_path / "a.csv", *asked)
        assert code == 0
        assert [r["place"] for r in rows((tmp_path / "a.csv").read_bytes())] == places, asked


def test_names_stay_in_the_casebook_and_their_leaving_is_logged(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    _, _, err = run("export", "json-lines", "-C", folder, "-o", path)
    assert "restricted names are covered" in err
    data = path.read_text("utf-8")
    assert "Amna" not in data and "Drones hit" not in data and str(tmp_path) not in data
    assert run("export", "json-lines", "-C", folder, "-o", path, "--restricted")[0] == 0
    told = list(json_lines.read(path.read_bytes().splitlines()))
    assert "Amna Idris" in path.read_text("utf-8")
    for dossier in told:
        for document, event in dossier.events:
            for claim in event.claims:
                assert all(span.check(document) for span in claim.spans)
        assert dossier.custody and dossier.custody[0].log[0].action == "captured"
    with Casebook.open(folder) as book:
        assert book.verify().faults == []
        actions = [str(a) for (a,) in book.store.rows("SELECT action FROM audit")]
    assert actions.count("exported JSON Lines: 2 incidents, with restricted names") == 1


def test_without_the_right_to_write_nothing_restricted_leaves(folder: Path) -> None:
    with Casebook.open(folder) as book, pytest.raises(UsageError, match="log"):
        export(book, "csv", io.BytesIO(), restricted=True)


def test_arabic_names_are_covered_with_their_particles(tmp_path: Path) -> None:
    from casebooks import STRIKE, report

    told = report(1, f"{STRIKE}; 2024-03-06; Kassala; 4; وآمنة إدريس", lang="ar", title="مقتل وآمنة إدريس")
    with casebook(tmp_path / "ar", (told,)) as book:
        book.restrict(["آمنة إدريس"])
        out = io.BytesIO()
        export(book, "json_lines", out)
    assert "إدريس" not in out.getvalue().decode()


def test_places_are_lowered_where_the_settings_say_so(folder: Path) -> None:
    rule = '[[lowered]]\nkm = 50\ntypes = ["Battles"]\n'
    with (folder / "casebook.toml").open("a", encoding="utf-8") as file:
        file.write(rule)
    with Casebook.open(folder) as book:
        shown, exact = (place_of(d.incident) for d in dossiers(book))
        assert shown is not None and exact is not None
        assert (shown.kind, shown.name, shown.precision) == (LOWERED, "Gedaref State", 4)
        assert exact.name == "Kassala" and exact.lat == 15.45
        (whole,) = (place_of(d.incident) for d in dossiers(book, Filters(types=("battles",))) if d)
        assert whole == shown
        told = str(list(dossiers(book, Filters(types=("battles",))))).replace("Gedaref State", "")
        assert "Gedaref" not in told and "14.03" not in told


def test_every_format_writes_a_casebook_twice_to_the_same_bytes(folder: Path) -> None:
    with Casebook.open(folder) as book:
        for name in exporters():
            first, second = io.BytesIO(), io.BytesIO()
            done = export(book, name, first)
            export(book, name, second)
            assert done.incidents == 2 and first.getvalue() == second.getvalue(), name


def test_losses_as_json(folder: Path, tmp_path: Path) -> None:
    code, out, _ = run("export", "ucdp", "-C", folder, "-o", tmp_path / "a.csv", "--json")
    found = json.loads(out)
    assert code == 0 and found["incidents"] == 2 and found["left_out"] == {}
    assert {"fact": "rival values", "why": "no column", "whole": True, "incidents": 1} in found["losses"]
    assert "dyad_new_id" in found["empty"]


def test_a_wrong_word_says_what_would_be_right(folder: Path, tmp_path: Path) -> None:
    assert run("export", "csv", "-C", folder, "--json")[0] == 2
    assert run("export", "no-such", "-C", folder)[0] == 2
    code, _, err = run("export", "csv", "-C", folder, "-o", tmp_path / "none" / "a.csv")
    assert code == 1 and "cannot be written" in err
    assert run("export", "csv", "-C", folder, "-o", tmp_path / "a.csv", "--since", "soon")[0] == 2
    assert not list(tmp_path.glob("*.part"))


def test_standard_output_holds_the_file_alone(folder: Path) -> None:
    code, out, _ = run("export", "geojson", "-C", folder)
    assert code == 0 and len(json.loads(out)["features"]) == 4
