"""Who has which incident, which toll; rows are kept beside the incidents, and counted only if the settings say so."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from casebooks import casebook
from click.testing import Result
from test_datasets import ACLED, GTD, UCDP
from typer.testing import CliRunner

from constat.casebook import Casebook
from constat.cli import app
from constat.comparing import Comparison, beside, held, rows_held, rows_in
from constat.comparing import compare as compare_rows
from constat.differing import UNCOUNTED
from constat.dossiers import export
from constat.exports.cells import read_csv
from constat.filters import ALL, Filters
from constat.imports import RowReader
from constat.records import Toll
from constat.settings import Settings

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


def compare(book: Casebook, path: Path, name: str, filters: Filters = ALL) -> Comparison:
    return compare_rows(book, rows_in(path, name, book.settings, lambda refused: None), name, filters)


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


def test_comparing_alone_keeps_nothing(book: Casebook, tmp_path: Path) -> None:
    book.settle()
    before = book.digest(), book.count_incidents(), book.status().entries
    compare(book, file(tmp_path / "a.csv", ACLED | STRIKE), "acled")
    assert (book.digest(), book.count_incidents(), book.status().entries) == before


def keep(book: Casebook, path: Path, name: str = "acled") -> str:
    return str(book.add([str(path)], dataset=name))


def test_rows_are_kept_beside_the_incidents_and_not_among_them(book: Casebook, tmp_path: Path) -> None:
    book.settle()
    before = [msgspec.json.encode(one) for one in book.incidents()]
    path = file(tmp_path / "a.csv", ACLED | STRIKE | {"fatalities": "9"}, ACLED | {"event_id_cnty": "SDN2"})
    assert keep(book, path) == "received 2 = stored 2 + duplicate 0 + quarantined 0"
    assert [msgspec.json.encode(one) for one in book.incidents()] == before
    assert held(book) == {"acled": 2}
    # Each value is a claim of theirs, with its cell as the words that carry it.
    (first, *_) = [r for r in rows_held(book, "acled") if r.document.url == "acled:SDN1"]
    (dead,) = [c for c in first.events[0].claims if c.field == "killed"]
    assert (dead.value, dead.reader, dead.spans[0].quote) == (Toll(9, 9), "ACLED", "9")
    assert first.document.part("text")[dead.spans[0].start :].startswith("9\n")
    found = compare_rows(book, rows_held(book, "acled"), "acled")
    assert fields(found)["killed"] == "theirs is higher by 4"
    assert not book.verify().faults


def test_importing_twice_doubles_nothing(book: Casebook, tmp_path: Path) -> None:
    path = file(tmp_path / "a.csv", ACLED | STRIKE)
    keep(book, path)
    digest = book.digest()
    assert keep(book, path) == "received 1 = stored 0 + duplicate 1 + quarantined 0"
    other = file(tmp_path / "b.csv", ACLED | STRIKE, ACLED | {"event_id_cnty": "SDN2"})
    assert keep(book, other) == "received 2 = stored 1 + duplicate 1 + quarantined 0"
    assert held(book) == {"acled": 2} and book.digest() != digest


def test_a_later_edition_takes_the_place_of_an_earlier_one(book: Casebook, tmp_path: Path) -> None:
    keep(book, file(tmp_path / "a.csv", ACLED | STRIKE))
    keep(book, file(tmp_path / "b.csv", ACLED | STRIKE | {"fatalities": "9"}))
    assert held(book) == {"acled": 1}
    (now,) = rows_held(book, "acled")
    assert "fatalities: 9" in now.document.text
    assert [s.document.text.count("fatalities: 5") for s in book.history("acled:SDN1")] == [1, 0]


def test_what_could_not_be_taken_in_waits_and_nothing_is_lost(book: Casebook, tmp_path: Path) -> None:
    other = ACLED | {"event_id_cnty": "SDN3"}
    path = file(tmp_path / "a.csv", ACLED | STRIKE, other | {"event_id_cnty": ""}, other | {"event_date": "?"})
    assert keep(book, path) == "received 3 = stored 2 (1 not read) + duplicate 0 + quarantined 1"
    assert [w.cause.split(",")[0] for w in book.status().waiting] == ["the row has no event_id_cnty or data_id"]
    assert len(list(rows_held(book, "acled"))) == 1
    wrong = file(tmp_path / "b.csv", {"one": "1"})
    assert keep(book, wrong) == "received 1 = stored 0 + duplicate 0 + quarantined 1"


def test_rows_are_voices_only_if_the_settings_say_so(book: Casebook, tmp_path: Path) -> None:
    keep(book, file(tmp_path / "a.csv", ACLED | STRIKE | {"fatalities": "9"}, ACLED | {"event_id_cnty": "SDN2"}))
    keep(book, file(tmp_path / "b.csv", ACLED | STRIKE | {"fatalities": "8"}))
    (ours,) = book.incidents(Filters(near="Kassala"))
    folder = book.folder
    book.close()
    counting = msgspec.structs.replace(book.settings, counted_datasets=("acled",))
    with Casebook.open(folder, writable=True, settings=counting) as counted:
        counted.settle()
        by_voices = {frozenset(v.name for v in one.voices): one for one in counted.incidents(Filters(near="Kassala"))}
        (both,) = [one for voices, one in by_voices.items() if "ACLED" in voices and len(voices) > 1]
        toll, before = both.toll("killed"), ours.toll("killed")
        assert toll is not None and before is not None and toll.high == 8 and before.high == 5
        assert sum(v.name == "ACLED" for v in both.voices) == 1 and len(both.voices) == len(ours.voices) + 1
        # Compared with its own rows, an incident is what the other reports say.
        assert {m.number for m in compare_rows(counted, rows_held(counted, "acled"), "acled").matches} == {"SDN1"}
    with Casebook.open(folder, writable=True, settings=book.settings) as again:
        again.settle()
        assert list(again.incidents(Filters(near="Kassala"))) == [ours]


def test_rebuilding_and_erasing(book: Casebook, tmp_path: Path) -> None:
    keep(book, file(tmp_path / "a.csv", ACLED | STRIKE, ACLED | {"event_id_cnty": "SDN2"}))
    digest = book.digest()
    done = book.rebuild(RowReader())
    assert (done.found, done.replaced) == (0, 0) and held(book) == {"acled": 2}
    assert {r.document.id for r in rows_held(book, "acled")} <= {s.document.id for s in book.documents()}
    assert digest != "" and not book.verify().faults
    first = next(rows_held(book, "acled"))
    book.erase(first.document.id)
    assert held(book) == {"acled": 1} and first.document.id not in {r.document.id for r in rows_held(book, "acled")}


def test_an_incident_knows_the_rows_that_it_is(book: Casebook, tmp_path: Path) -> None:
    (ours,) = book.incidents(Filters(near="Kassala"))
    assert beside(book, ours) == []
    keep(book, file(tmp_path / "a.csv", ACLED | STRIKE | {"fatalities": "9"}))
    keep(book, file(tmp_path / "u.csv", UCDP), "ucdp")
    found = dict(beside(book, ours))
    assert set(found) == {"ACLED", "UCDP GED"} and found["ACLED"].number == "SDN1"
    other = next(one for one in book.incidents() if one.id != ours.id)
    assert beside(book, other) == []


def run(*words: str) -> Result:
    return runner.invoke(app, list(words))


def test_the_commands(book: Casebook, tmp_path: Path) -> None:
    book.settle()
    book.close()
    path, out = file(tmp_path / "a.csv", ACLED | STRIKE), tmp_path / "both.csv"
    at = ("-C", str(book.folder))
    assert "no rows of a data set are here" in run("compare", *at).stderr
    only = run("import", "acled", str(path), *at, "--no-keep")
    assert only.exit_code == 0 and "received" not in only.stdout and run("compare", *at).exit_code == 2
    shown = run("import", "acled", str(path), *at, "-o", str(out))
    assert shown.exit_code == 0, shown.stderr
    assert shown.stdout.startswith("received 1 = stored 1 + duplicate 0 + quarantined 0\n")
    assert "1 are also in the casebook, 0 are not" in shown.stdout and "inside our range" in shown.stdout
    (row,) = read_csv(out.read_bytes())
    assert (row["who"], row["theirs"], row["killed_theirs"], row["killed_ours"]) == ("both", "SDN1", "5", "5 (4–5)")
    listed = json.loads(run("import", "acled", str(path), *at, "--json").stdout)
    assert listed["matches"][0]["number"] == "SDN1" and listed["account"]["duplicate"] == 1
    again = run("compare", *at)
    assert "1 are also in the casebook" in again.stdout and "received" not in again.stdout
    assert run("compare", "gtd", *at).exit_code == 2 and run("compare", "gdelt", *at).exit_code == 2
    assert run("compare", "acled", *at, "--since", "2025-01-01").stdout.startswith("0 events of ACLED")
    told = run("show", listed["matches"][0]["ours"]["id"][:12], *at).stdout
    assert "ACLED SDN1" in told and "inside our range" in told
    wrong = run("import", "gtd", str(path), *at)
    assert wrong.exit_code == 1 and "is not GTD" in wrong.stderr


def test_rows_are_kept_in_postgresql_as_well(
    postgres: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if postgres is None:
        pytest.skip("NO POSTGRESQL HERE: imports were tried with SQLite only")
    psycopg = pytest.importorskip("psycopg")
    monkeypatch.setenv("CONSTAT_STATE", str(tmp_path / "state"))
    with psycopg.connect(postgres, autocommit=True) as db:
        db.execute("DROP SCHEMA public CASCADE")
        db.execute("CREATE SCHEMA public")
    with Casebook.init(tmp_path / "pg", Settings(actor="tester", store=postgres)) as made:
        assert held(made) == {}
        keep(made, file(tmp_path / "a.csv", ACLED | STRIKE, ACLED | {"event_id_cnty": "SDN2"}))
        keep(made, file(tmp_path / "b.csv", ACLED | STRIKE | {"fatalities": "9"}))
        assert held(made) == {"acled": 2} and made.count_incidents() == 0
        assert sorted(r.document.url or "" for r in rows_held(made, "acled")) == ["acled:SDN1", "acled:SDN2"]
