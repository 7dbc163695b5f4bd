"""Perpetrators, targets and claimants say whom they may mean; where it happened and when makes namesakes less sure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from constat.actors import load_register
from constat.cli import app
from constat.linking import links
from constat.records import Claim, DateValue, EventMention, PlaceValue, Span

REPORT = (
    "Fighters of Boko Haram attacked Nigerian soldiers near Maiduguri, Nigeria, on 3 May 2014. "
    "Six soldiers were killed, residents said."
)


def event(country: str, day: str, **stated: str) -> EventMention:
    values = {**stated, "place": PlaceValue(name="x", country=country), "date": DateValue(day, "day")}
    claims = tuple(Claim(field=f, value=v, spans=(Span("text", 0, 1, "x"),)) for f, v in values.items())
    return EventMention(id="e", document="d", role="main", claims=claims, confidence=1.0)


def test_a_name_means_its_row_and_words_of_nobody_mean_none() -> None:
    found = links(event("NGA", "2014-05-03", perpetrator="Boko Haram", target="villagers"), load_register())
    assert [c.actor.id for c in found["perpetrator"]] == ["ng.bokoharam"] and set(found) == {"perpetrator"}


def test_elsewhere_and_in_other_years_a_name_is_less_sure() -> None:
    register = load_register()
    here, elsewhere = (links(event(c, "2014-05-03", perpetrator="Boko Haram"), register) for c in ("NGA", "PHL"))
    assert here["perpetrator"][0].confidence > elsewhere["perpetrator"][0].confidence > 0
    long_ago = links(event("NGA", "1970-05-03", perpetrator="Boko Haram"), register)["perpetrator"][0]
    assert long_ago.confidence < here["perpetrator"][0].confidence and "1970" in long_ago.why


@pytest.mark.parametrize("more", [[], ["--resolve"]])
def test_they_are_printed_where_they_are_asked_for(tmp_path: Path, more: list[str]) -> None:
    (tmp_path / "one.txt").write_text(REPORT, encoding="utf-8")

    def printed(*options: str) -> str:
        done = CliRunner().invoke(app, ["read", str(tmp_path / "one.txt"), "--lang", "en", *options, *more])
        assert done.exit_code == 0, done.output
        return done.stdout

    linked = json.loads(printed("--json", "--actors"))["events"][0]
    assert [a["id"] for a in linked["actors"]["perpetrator"]] == ["ng.bokoharam"]
    assert 0.5 < linked["actors"]["perpetrator"][0]["confidence"] <= 1
    assert "actors" not in json.loads(printed("--json"))["events"][0]
    assert "(ng.bokoharam)" in printed("--actors") and "(ng.bokoharam)" not in printed()
