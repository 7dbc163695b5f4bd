"""The commands as scripts use them: what they print, where they print it, and how they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from constat import __version__, pipeline
from constat.cli import app
from constat.records import Claim, Document, EventMention, Reading, Span
from constat.settings import Settings

FRENCH = "Une attaque a visé la base dans la nuit, selon des habitants de la ville."
runner = CliRunner()


class FakeReader:
    """Reads the word `attaque` as an event; fails on a report that says so."""

    @classmethod
    def open(cls, settings: Settings) -> FakeReader:
        return cls()

    def read(self, document: Document) -> Reading:
        if "boom" in document.text:
            raise RuntimeError("boom\nwith two lines")
        start = document.text.find("attaque")
        if start < 0:
            return Reading(document=document, events=())
        span = Span("text", start, start + 7, "attaque").check(document)
        claims = (Claim(field="type", value="Battles", spans=(span,)),)
        event = EventMention(id="e1", document=document.id, role="main", claims=claims, confidence=0.5)
        return Reading(document=document, events=(event,))


@pytest.fixture(autouse=True)
def fake_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "Reader", FakeReader)
    monkeypatch.delenv("CONSTAT_SETTINGS", raising=False)


def run(*arguments: str | Path, stdin: str | bytes | None = None) -> tuple[int, str, str]:
    result = runner.invoke(app, [str(a) for a in arguments], input=stdin)
    return result.exit_code, result.stdout, result.stderr


def rows(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(FRENCH, encoding="utf-8")
    return path


def test_read_prints_a_page(report: Path) -> None:
    code, out, err = run("read", report)
    assert (code, err) == (0, "")
    assert "Battles" in out and "“attaque”" in out and "[attaque]" in out and "\x1b" not in out


def test_read_prints_json_in_input_order(report: Path, tmp_path: Path) -> None:
    lines = tmp_path / "wires.jsonl"
    lines.write_text("\n".join(json.dumps({"id": f"w{n}", "text": FRENCH}) for n in range(3)), encoding="utf-8")
    code, out, _ = run("read", "--json", report, lines, report)
    assert code == 0
    assert [row["id"] for row in rows(out)] == ["report.txt", "w0", "w1", "w2", "report.txt"]
    assert rows(out)[0]["events"][0]["evidence"]["type"] == [
        {"part": "text", "start": 4, "end": 11, "quote": "attaque"}
    ]
    assert "incident" not in rows(out)[0]["events"][0]


def test_what_the_caller_knows_is_in_the_document(report: Path) -> None:
    options = ["--published", "2023-10-27", "--lang", "fr", "--publisher", "Vigie", "--url", "https://example.org"]
    _, out, _ = run("read", report, "--json", "--resolve", *options)
    (row,) = rows(out)
    document = row["document"]
    assert [document[k] for k in ("published", "lang", "publisher", "url")] == [*options[1::2]]
    assert row["events"][0]["incident"]


def test_standard_input_is_a_text_or_json_lines() -> None:
    _, out, _ = run("read", "-", "--json", stdin=FRENCH)
    assert rows(out)[0]["id"].startswith("sha256:")
    _, out, _ = run("read", "-", "--json", stdin=f"{json.dumps({'id': 'a', 'text': FRENCH})}\n" * 2)
    assert [row["id"] for row in rows(out)] == ["a", "a"]


def test_each_failure_is_one_line_and_the_others_are_read(report: Path, tmp_path: Path) -> None:
    wires = tmp_path / "wires.jsonl"
    good = json.dumps({"id": "good", "text": FRENCH})
    bad = json.dumps({"id": "bad", "text": f"{FRENCH} boom"})
    wires.write_text(f"{{\n{bad}\n{good}\n", encoding="utf-8")
    binary = tmp_path / "picture.txt"
    binary.write_bytes(bytes(range(256)))
    code, out, err = run("read", "--json", tmp_path / "none.txt", wires, binary, report)
    assert code == 1
    assert [row["id"] for row in rows(out)] == ["good", "report.txt"]
    causes = err.splitlines()
    assert len(causes) == 4
    assert "none.txt: there is no such file" in causes[0]
    assert "wires.jsonl:1: not JSON" in causes[1]
    assert "bad: a fault of constat" in causes[2] and "RuntimeError: boom" in causes[2]
    assert "picture.txt: binary data" in causes[3]


def test_empty_reports_have_empty_readings(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(b"")
    code, out, _ = run("read", path, "--json")
    assert code == 0 and rows(out)[0]["events"] == [] and rows(out)[0]["run"] is None
    assert "The report is empty." in run("read", path)[1]


def test_lone_surrogates_are_printed_as_escapes() -> None:
    line = '{"id": "\\ud800", "text": "\\ud800 attaque a visé la base dans la nuit selon des habitants"}'
    code, out, _ = run("read", "-", "--json", stdin=line)
    assert code == 0 and "\\ud800" in out
    assert rows(out)[0]["document"]["text"].startswith("\ud800 attaque")
    assert run("read", "-", stdin=line)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["read"], "PATH"),
        (["read", "x", "--published", "yesterday"], "2024-03-12"),
        (["read", "x", "--lang", "zz"], "there are packs for"),
        (["read", "x", "--packs", "no-such-folder"], "there is no such folder"),
        (["read", "x", "--frobnicate"], "frobnicate"),
        (["evaluate"], "GOLD"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str], said: str) -> None:
    code, out, err = run(*arguments)
    assert code == 2 and said in err and out == ""
    assert "Traceback" not in err


def test_a_wrong_setting_ends_with_2(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSTAT_MAX_LINE_BYTES", "many")
    code, _, err = run("read", report)
    assert code == 2 and "max_line_bytes" in err and len(err.splitlines()) == 1


def test_interrupts_end_quietly(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: FakeReader, document: Document) -> Reading:
        raise KeyboardInterrupt

    monkeypatch.setattr(FakeReader, "read", interrupted)
    code, _, err = run("read", report)
    assert (code, err) == (130, "constat: interrupted\n")


def gold_file(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    incident = {"key": "A", "role": "main", "type": "Battles", "subtype": None, "weapons": [], "sources": []}
    row = {"id": "g", "lang": "fr", "title": None, "text": FRENCH, "incidents": [incident | {"place": "la base"}]}
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    return path


def test_evaluate_reads_the_gold_itself_or_takes_readings(tmp_path: Path) -> None:
    gold = gold_file(tmp_path)
    code, out, _ = run("evaluate", gold, "--json")
    assert code == 0
    (figures,) = rows(out)
    assert figures["type"] == {"p": 1.0, "r": 1.0, "f1": 1.0, "gold": 1, "read": 1}
    readings = tmp_path / "readings.txt"
    readings.write_text(run("read", "--json", "--resolve", gold)[1], encoding="utf-8")
    assert rows(run("evaluate", gold, readings, "--json")[1])[0] == figures


def test_evaluate_prints_a_table_and_the_misses(tmp_path: Path) -> None:
    code, out, _ = run("evaluate", gold_file(tmp_path), "--list", "--main")
    lines = out.splitlines()
    assert code == 0
    assert 'g place gold "la base" read null' in lines
    assert "type                      1.000  1.000  1.000      1      1" in lines
    assert "quotes that stand at their offsets: 1 of 1" in lines


def test_evaluate_names_the_line_at_fault(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text("{", encoding="utf-8")
    code, out, err = run("evaluate", path)
    assert (code, out) == (1, "") and "gold.jsonl:1: not JSON" in err


def test_the_version_is_printed() -> None:
    assert run("--version")[:2] == (0, f"constat {__version__}\n")


def test_an_argument_is_refused_before_anything_heavy_is_loaded() -> None:
    code = (
        "import sys, constat.cli; print(sorted({'constat.packs', 'constat.gazetteer', 'sqlite3'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_closed_pipe_ends_quietly(report: Path) -> None:
    command = f"{sys.executable} -m constat read --json " + f"{report} " * 3 + "| true"
    environment = os.environ | {"CONSTAT_DEBUG": "1"}
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=environment, check=False)
    assert "Traceback" not in done.stderr and "BrokenPipe" not in done.stderr


def test_the_examples_are_read_and_every_quote_stands() -> None:
    examples = Path(__file__).parent.parent / "examples"
    command = [sys.executable, "-m", "constat", "read", "--json", str(examples)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    read = rows(done.stdout)
    assert {row["document"]["lang"] for row in read} == {"ar", "en", "fr"}
    assert sum(bool(row["events"]) for row in read) >= 6
    for row in read:
        for event in row["events"]:
            for span in (s for spans in event["evidence"].values() for s in spans):
                assert row["document"][span["part"]][span["start"] : span["end"]] == span["quote"]
