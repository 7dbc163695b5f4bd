"""`constat incidents`, `show` and `decide` as people and scripts use them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made import MadeReader, denied, told
from typer.testing import CliRunner

from constat import pipeline
from constat.cli import app
from constat.settings import Settings

runner = CliRunner()
KASSALA = {"place": "Kassala", "lat": "15.45", "lon": "36.4", "date": "2021-07-11"}
# Each report has words of its own, or they would be copies of one text.
WORDS = [[f"{letter}{chr(n)}" * 3 for n in range(97, 122)] for letter in "abcd"]


class Reader(MadeReader):
    @classmethod
    def open(cls, settings: Settings, *rest: object) -> Reader:
        return cls()


@pytest.fixture(autouse=True)
def fake_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "Reader", Reader)


def run(*arguments: str | Path, code: int = 0) -> str:
    result = runner.invoke(app, [str(a) for a in arguments], env={"COLUMNS": "160"})
    assert result.exit_code == code, (result.output, result.exception)
    return result.stdout + result.stderr


def listed(*arguments: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in run("incidents", "--json", *arguments).splitlines()]


@pytest.fixture
def kassala(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of a strike that three voices tell of, one of which raises the toll, and of one at another place."""
    reports = [
        ("The Gash Post", "2021-07-12", [told(**KASSALA, killed=4, target="market"), denied(**KASSALA, by="the army")]),
        ("The Border Wire", "2021-07-12", [told(**KASSALA, killed=4, target="market")]),
        ("Le Relais", "2021-07-14", [told(**KASSALA, killed=7, target="market")]),
        ("Sada", "2021-08-02", [told(place="Gedaref", lat="14.03", lon="35.38", date="2021-08-01", killed="1+")]),
    ]
    rows = [
        {"publisher": who, "published": day, "lang": "en", "text": "\n".join([*lines, " ".join(words), who])}
        for (who, day, lines), words in zip(reports, WORDS, strict=True)
    ]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    run("init", "book")
    monkeypatch.chdir(tmp_path / "book")
    run("add", tmp_path / "r.jsonl")
    return [str(one["id"]) for one in listed("--sort", "oldest")]


def test_incidents_are_listed_by_what_is_asked(kassala: list[str]) -> None:
    strike, other = kassala
    page = run("incidents")
    assert "2 incidents, 2 not reviewed" in page and "denied by the army" in page and strike[:8] in page
    asked = {
        ("--since", "2021-07-20"): [other],
        ("--until", "2021-07-20"): [strike],
        ("--near", "15.4,36.4", "--km", "30"): [strike],
        ("--type", "SHELLING/artillery/missile attack", "--country", "sdn"): [other, strike],
        ("--min-killed", "5"): [strike],
        ("--source", "border w"): [strike],
        ("--text", "sada"): [other],
        ("--sort", "killed", "--limit", "1"): [strike],
        ("--lang", "en", "--unreviewed", "--status", "open"): [other, strike],
    }
    for options, found in asked.items():
        assert [one["id"] for one in listed(*options)] == found, options
    assert "no incident is like that" in run("incidents", "--country", "FRA", code=1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["incidents", "--since", "May"], "2024-03-12"),
        (["incidents", "--near", "99,0"], "-90 to 90"),
        (["incidents", "--sort", "size"], "attention"),
        (["incidents", "--status", "done"], "accepted"),
        (["show", "zz"], "four or more signs"),
        (["show", "0000000000"], "no incident begins so"),
        (["decide", "value", "ID", "killed", "many"], "3-5"),
        (["decide", "value", "ID", "colour", "red"], "target"),
        (["decide", "same", "ID"], "two incidents"),
        (["decide", "split", "ID", "ffff"], "not of this incident"),
        (["decide", "undo", "ffff"], "no decision begins so"),
    ],
)
def test_wrong_usage_is_told_in_a_line(kassala: list[str], arguments: list[str], said: str) -> None:
    told_ = run(*(kassala[0] if a == "ID" else a for a in arguments), code=2)
    assert said in told_ and "Traceback" not in told_


def test_one_incident_is_shown_with_everything_behind_it(kassala: list[str]) -> None:
    page = run("show", kassala[0][:6])
    for said in (
        "7 (4 to 7)", "the latest figure, raised on 2021-07-14", "The Border Wire", "denied by the army",
        "the same day", "killed 4 → 7 (4 to 7)", "not stated", "revision", "lat=15.45",
    ):  # fmt: skip
        assert said in page, said
    shown = json.loads(run("show", kassala[0], "--json"))
    assert [b["probability"] > 0.5 for b in shown["bonds"]] == [True, True]
    assert shown["trail"][0]["at"] == "2021-07-12" and shown["denials"][0]["by"] == "the army"


def test_restricted_names_are_covered_unless_asked_for(kassala: list[str]) -> None:
    run("restrict", "market")
    assert "market" not in run("show", kassala[0]) and "market" not in run("show", kassala[0], "--json")
    assert "market" in run("show", kassala[0], "--restricted")


def test_decisions_are_kept_refused_when_stale_and_undone(kassala: list[str]) -> None:
    strike, other = kassala
    seen = json.loads(run("show", strike, "--json"))["revision"]
    out = run("decide", "value", strike[:8], "killed", "6-8", "-r", "counted", "--author", "Ada", "--seen", seen)
    assert "value by Ada" in out and "killed 6 to 8" in out
    refused = run("decide", "accept", strike, "--seen", seen, code=1)
    assert "killed 7 (4 to 7)" in refused and "killed 6 to 8" in refused, "both versions are told"
    run("decide", "accept", strike)
    assert [one["id"] for one in listed("--unreviewed")] == [other]
    made = json.loads(run("show", strike, "--json"))["decisions"]
    run("decide", "undo", made[0]["id"][:8])
    assert "7 (4 to 7)" in run("show", strike) and "undone" in run("show", strike)
    run("decide", "merge", strike, other)
    (one,) = listed()
    assert len(one["events"]) == 4  # type: ignore[arg-type]
    event = next(e for e in one["events"] if e in json.loads(run("show", str(one["id"]), "--json"))["events"])  # type: ignore[attr-defined]
    run("decide", "split", str(one["id"]), event)
    assert len(listed()) == 2
    run("decide", "note", str(listed()[0]["id"]), "seen on video")
    assert "seen on video" in run("show", str(listed()[0]["id"]))
    assert "no fault" in run("verify")


def test_a_decision_whose_words_are_gone_is_told_until_it_is_undone(kassala: list[str]) -> None:
    other = json.loads(run("show", kassala[1], "--json"))
    run("decide", "accept", kassala[1])
    made = json.loads(run("show", kassala[1], "--json"))["decisions"][0]["id"][:8]
    assert "is not applied" not in run("incidents")
    run("erase", other["voices"][0]["documents"][0], "--yes")
    said = run("incidents")
    assert f"decision {made}, accept by" in said and "is not applied: no event stands where" in said
    run("decide", "undo", made)
    assert "is not applied" not in run("incidents")


def test_a_country_is_three_letters_and_the_first_is_the_first(kassala: list[str]) -> None:
    assert "three letters, such as SDN" in run("incidents", "--country", "Sudan", code=2)
    assert "the first is shown" in run("incidents", "--limit", "1")
