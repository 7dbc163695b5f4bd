"""The commands of a casebook as people and scripts use them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from constat import pipeline
from constat.cli import app
from constat.errors import SettingsError
from constat.records import Document, Reading
from constat.settings import Settings

runner = CliRunner()
FRENCH = "Une attaque a visé le dépôt dans la nuit, selon des habitants de la ville."


class FakeReader:
    """Reads nothing in a report."""

    @classmethod
    def open(cls, settings: Settings) -> FakeReader:
        return cls()

    def read(self, document: Document) -> Reading:
        return Reading(document=document, events=())


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "Reader", FakeReader)
    monkeypatch.setenv("CONSTAT_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("CONSTAT_SETTINGS", raising=False)
    monkeypatch.delenv("CONSTAT_CASEBOOK", raising=False)


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = runner.invoke(app, [str(a) for a in arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "book"
    assert run("init", folder)[0] == 0
    monkeypatch.chdir(folder)
    return folder


def test_the_whole_way(book: Path, tmp_path: Path) -> None:
    report, bad = tmp_path / "r.txt", tmp_path / "bad.bin"
    report.write_text(FRENCH, encoding="utf-8")
    bad.write_bytes(bytes(range(256)) * 4)
    code, out, err = run("add", report, bad)
    assert code == 1 and out == "received 2 = stored 1 + duplicate 0 + quarantined 1\n"
    assert "bad.bin: binary data" in err
    code, out, _ = run("status")
    assert code == 0 and "1 documents" in out and "tried 1 times" in out
    code, out, _ = run("status", "--json")
    assert json.loads(out)["quarantined"] == 1
    bad.write_text(f"{FRENCH} Bis.", encoding="utf-8")
    assert run("add", "--retry", report)[1].startswith("received 2 = stored 0 + duplicate 1 + quarantined 1")
    code, out, _ = run("search", "depot", "attaq*")
    assert code == 0 and "dépôt" in out
    number = out.split()[0]
    assert run("search", "introuvable")[0] == 1
    assert run("rebuild")[1].startswith("1 documents read, 0 readings changed")
    code, out, _ = run("verify")
    assert code == 0 and "no fault" in out and "anchored: entries 1 to" in out
    assert run("restrict", "habitants de la ville")[0] == 0
    assert "habitants" not in run("search", "depot")[1]
    code, out, err = run("export", "evidence", tmp_path / "bag")
    assert code == 0 and "--restricted" in err and not (tmp_path / "bag" / "data" / "evidence").exists()
    assert run("export", "evidence", tmp_path / "bag2", "--restricted")[0] == 0
    check = subprocess.run(["sha256sum", "-c", "manifest-sha256.txt"], cwd=tmp_path / "bag2", capture_output=True)
    assert check.returncode == 0
    assert "would be erased" in run("erase", number)[1] and run("search", "depot")[0] == 0
    assert "erased: document" in run("erase", number, "--yes")[1] and run("search", "depot")[0] == 1
    assert run("verify")[0] == 0


def test_a_fault_ends_with_1_and_is_named(book: Path, tmp_path: Path) -> None:
    report = tmp_path / "r.txt"
    report.write_text(FRENCH, encoding="utf-8")
    run("add", report)
    (file,) = (p for p in (book / "evidence").rglob("*") if p.is_file())
    file.write_bytes(b"other")
    code, out, _ = run("verify")
    assert code == 1 and "FAULT capture" in out and "changed" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add"], "name what to add"),
        (["add", "x", "--published", "soon"], "2024-03-12"),
        (["add", "x", "--map", "colour=red"], "text=Notes"),
        (["search", "--", "?!"], "a search needs a word"),
        (["verify", "--anchor", "x"], "its number, a colon and its hash"),
        (["erase", "abc"], "six or more signs"),
        (["init", "."], "is a casebook already"),
    ],
)
def test_wrong_usage_ends_with_2(book: Path, arguments: list[str], said: str) -> None:
    code, _, err = run(*arguments)
    assert code == 2 and said in err and "Traceback" not in err


def test_without_a_casebook_it_is_said_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = run("status")
    assert code == 2 and "constat init" in err


def test_settings_of_a_casebook_win_over_those_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, book = tmp_path / "own.toml", tmp_path / "casebook.toml"
    own.write_text('actor = "user"\nmax_redirects = 2\n')
    book.write_text('actor = "book"\n')
    loaded = Settings.load(own, {}, over=book)
    assert (loaded.actor, loaded.max_redirects) == ("book", 2)
    assert Settings.load(own, {"CONSTAT_ACTOR": "env"}, over=book).actor == "env"
    assert Settings().digest == Settings(actor="other", max_archive_depth=9).digest, "they bear on no reading"
    book.write_text("max_archive_depth = 0\n")
    with pytest.raises(SettingsError, match="max_archive_depth"):
        Settings.load(own, {}, over=book)


def test_an_interrupt_stops_cleanly_and_a_second_run_goes_on(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "w.jsonl"
    path.write_text("\n".join(json.dumps({"text": f"{FRENCH} {n}"}) for n in range(3_000)), encoding="utf-8")
    command = [sys.executable, "-m", "constat", "add", str(path), "--no-read"]
    process = subprocess.Popen(command, cwd=book, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    database, until = book / "casebook.sqlite", time.monotonic() + 60
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as db:
        while not db.execute("SELECT 1 FROM document LIMIT 1").fetchone():  # it is amid its work once one is stored
            assert time.monotonic() < until and process.poll() is None
            time.sleep(0.02)
    process.send_signal(2)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130 and "Traceback" not in err and "goes on from here" in err
    code, out, _ = run("add", path, "--no-read")
    assert code == 0 and out.startswith("received 3,000 = stored ") and run("verify")[0] == 0


def test_rows_of_a_data_set_are_told_apart_from_reports(book: Path, tmp_path: Path) -> None:
    report, rows = tmp_path / "r.txt", tmp_path / "a.csv"
    report.write_text(FRENCH, encoding="utf-8")
    head = "event_id_cnty,event_date,event_type,sub_event_type,country,location,latitude,longitude,fatalities,notes"
    rows.write_text(f"{head}\n" + "".join(f"X{n},2024-03-12,Battles,Armed clash,Mali,Gao,16.2,0.0,2,\n" for n in "123"))
    assert run("add", report)[0] == 0
    before = json.loads(run("status", "--json")[1])
    assert run("import", "acled", rows)[0] == 0
    after = json.loads(run("status", "--json")[1])
    assert before["rows"] == {} and after["rows"] == {"acled": 3}
    assert [after[of] for of in ("documents", "events")] == [before[of] for of in ("documents", "events")] == [1, 0]
    assert "beside them rows of data sets: 3 of acled" in run("status")[1]
    assert "rows of data sets" not in run("status", "-C", run_new(tmp_path / "other"))[1]


def run_new(folder: Path) -> Path:
    assert run("init", folder)[0] == 0
    return folder
