"""What becomes of a proposal: words found, places and days resolved here, voices and moods by rule, doubts marked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from server import Server, answer, event
from typer.testing import CliRunner

from conftest import Open
from constat.casebook import Casebook
from constat.claims.verify import verify
from constat.cli import app
from constat.documents.reports import Known
from constat.errors import EvidenceError
from constat.fields import event_fields
from constat.mentions.stated import Stated
from constat.pipeline import Reader
from constat.readers import plain_facts
from constat.records import Claim, Document, EventMention, Reading, Span, Toll

TEXT = (
    "Gunmen killed at least four farmers in a village near Maiduguri, northern Nigeria, on Monday night, residents "
    "said. Police have sealed off the area.\n\nThe army did not kill three herders, a spokesman said."
)


def document(text: str = TEXT, lang: str | None = "en", published: str | None = "2024-01-10") -> Document:
    return Document(id="t", text=text, lang=lang, published=published)


def farmers(**fields: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "killed": {"low": 4, "high": None, "quote": "at least four farmers"},
        "place": {"quote": "Maiduguri", "within": "Nigeria"},
        "date": {"quote": "Monday night", "english": "Friday"},
        "sources": [{"quote": "residents", "through": None}],
        "responses": [{"label": "access closed", "quote": "sealed off"}],
    }
    return event("killed", **known | fields)


def first(reading: Reading) -> dict[str, Any]:
    return event_fields(reading.events[0], reading)


def claim(event: EventMention, field: str) -> Claim:
    return next(c for c in event.claims if c.field == field)


def test_places_and_days_are_resolved_here_and_voices_by_rule(serve: Any, opened: Open) -> None:
    told = farmers(modality="asserted", sources=[])
    reading = opened(serve(lambda report, request: answer(told)), "model").read(document())
    fields = first(reading)
    assert (fields["place"], fields["country"], round(fields["lat"])) == ("Maiduguri", "NGA", 12)
    # The words decide, not what the model says that they are in English.
    assert (fields["date"], fields["part_of_day"]) == ("2024-01-08", "night")
    assert fields["killed"] == {"low": 4, "high": None}
    killed = claim(reading.events[0], "killed")
    assert (killed.modality, killed.attribution[0].source, killed.reader) == ("reported", "residents", "model")
    assert not killed.for_review


def test_agreement_makes_surer_and_every_claim_says_who_made_it(serve: Any, opened: Open, rules: Reader) -> None:
    alone = rules.read(document()).events[0]
    told = farmers(weapons=[{"label": "knife", "quote": "Gunmen"}])
    reading = opened(serve(lambda report, request: answer(told)), "both").read(document())
    both = reading.events[0]
    assert claim(both, "place").reader == "rules+model"
    assert claim(both, "killed").confidence > claim(alone, "killed").confidence
    assert claim(both, "target").reader == "rules"
    knife = claim(both, "weapons")
    assert knife.reader == "model" and knife.for_review and knife.confidence < 0.5
    assert reading.run is not None and reading.run.model is not None and reading.run.model.startswith("scripted ")


def test_a_rival_value_stands_behind_that_of_the_rules(serve: Any, opened: Open) -> None:
    told = farmers(killed={"low": 4, "high": 4, "quote": "four farmers"})
    reader = opened(serve(lambda report, request: answer(told)), "both")
    both = reader.read(document()).events[0]
    ranks = {c.rank: c for c in both.claims if c.field == "killed"}
    assert ranks["preferred"].value == Toll(4, None, "farmers") and ranks["preferred"].reader == "rules"
    assert ranks["rival"].reader == "model" and "at least 4" in ranks["rival"].note
    (difference,) = (d for d in reader.noted.differences if d.field == "killed")
    assert difference.model == Toll(4, 4) and difference.model_quotes == ("four farmers",)


def test_what_is_denied_is_a_denial_whatever_the_model_says(serve: Any, opened: Open) -> None:
    lie = event("kill", killed={"low": 3, "high": 3, "quote": "three herders"}, modality="asserted")
    for which in ("model", "both"):
        reading = opened(serve(lambda report, request: answer(farmers(), lie)), which).read(document())
        assert len(reading.events) == 1
        assert all(c.modality == "denied" for d in reading.denials for c in d.claims)
        assert any(c.for_review for d in reading.denials for c in d.claims if c.reader == "model")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"target": "Farmers"}, "does not stand"),
        ({"target": "herdsmen"}, "does not stand"),
        ({"target": ""}, "quotes nothing"),
        ({"target": "  "}, "quotes nothing"),
        ({"target": "farmer"}, "cuts a word"),
        ({"killed": {"low": 5, "high": None, "quote": "at least four farmers"}}, "number 5"),
        ({"killed": {"low": 0, "high": 0, "quote": "at least four farmers"}}, "number 0"),
        ({"killed": {"low": 9, "high": 4, "quote": "at least four farmers"}}, "runs from 9"),
        ({"killed": {"low": -4, "high": 4, "quote": "at least four farmers"}}, "runs from -4"),
        ({"date": {"quote": "farmers", "english": "10 January 2024"}}, "no day or time"),
        ({"weapons": [{"label": "death ray", "quote": "Gunmen"}]}, "no label"),
        ({"subtype": "Invasion of Mars"}, "no sub-event type"),
    ],
)
def test_what_is_refused_and_why(serve: Any, opened: Open, fields: dict[str, Any], why: str) -> None:
    given = {**farmers(), **fields}
    reader = opened(serve(lambda report, request: answer(given)), "model")
    reader.read(document())
    assert any(why in r.why for r in reader.noted.refused), reader.noted.refused


def test_an_incident_that_is_told_twice_is_one(serve: Any, opened: Open) -> None:
    told = [farmers(), farmers(target="farmers"), farmers(place=None, target="x"), farmers(place=None, target="y")]
    for which in ("model", "both"):
        reading = opened(serve(lambda report, request: answer(*told)), which).read(document())
        assert len({e.id for e in reading.events}) == len(reading.events) == 2


def test_languages_without_a_pack_become_readable_and_all_of_it_is_for_review(serve: Any, opened: Open) -> None:
    text = "У Харкові внаслідок обстрілу загинули 3 людей, повідомила міська рада. Це сталося 12 березня в Україні."
    told = event(
        "загинули",
        killed={"low": 3, "high": 3, "quote": "3 людей"},
        wounded={"low": 5, "high": 5, "quote": "людей"},
        place={"quote": "Харкові", "within": "Україні"},
        date={"quote": "12 березня", "english": "12 March"},
        sources=[{"quote": "міська рада", "through": None}],
    )
    reader = opened(serve(lambda report, request: answer(told, language="uk")), "both")
    reading = reader.read(document(text, None, "2024-03-14"))
    fields = first(reading)
    assert (fields["date"], fields["place"], fields["country"]) == ("2024-03-12", "Харкові", "UKR")
    assert fields["lat"] == pytest.approx(50, abs=0.3)
    assert fields["killed"] == {"low": 3, "high": 3} and fields["wounded"] is None
    assert all(c.for_review for c in reading.events[0].claims)
    assert claim(reading.events[0], "killed").attribution[0].source == "міська рада"
    assert reading.document.lang == "uk" and reading.run is not None and reading.run.packs == ()


def test_a_day_in_the_models_english_keeps_to_the_numbers_of_the_quote(serve: Any, opened: Open) -> None:
    told = event("загинули", date={"quote": "12 березня", "english": "13 March"})
    reader = opened(serve(lambda report, request: answer(told)), "model")
    assert first(reader.read(document("12 березня загинули люди.", "uk")))["date"] is None


def words(text: str, lang: str, rules: Reader) -> Stated:
    report = Document(id="t", text=text, lang=lang)
    return Stated(rules.facts(report) if lang in rules.languages() else plain_facts(report))


@pytest.mark.parametrize(
    ("text", "lang", "quote", "numbers"),
    [
        ("Two hundred and five people died.", "en", "Two hundred and five people", {205}),
        ("Twenty-one people died.", "en", "Twenty-one people", {21}),
        ("Some 1,300 people died, 40 of them children.", "en", "1,300 people died, 40", {1300, 40}),
        ("Vingt et un soldats sont morts.", "fr", "Vingt et un soldats", {21}),
        ("Deux cent cinquante soldats sont morts.", "fr", "Deux cent cinquante", {250}),
        ("قتل ثلاثة وعشرون مدنيا.", "ar", "ثلاثة وعشرون مدنيا", {23}),
        ("قتل ٢٣ مدنيا.", "ar", "٢٣ مدنيا", {23}),
        ("Murieron veintiuna personas y 14 vacas.", "es", "veintiuna personas y 14 vacas", {14}),
        ("13人が死亡した。", "ja", "13人", {13}),
    ],
)
def test_numbers_are_read_in_digits_and_in_words(
    rules: Reader, text: str, lang: str, quote: str, numbers: set[int]
) -> None:
    start = text.index(quote)
    span = Span("text", start, start + len(quote), quote)
    assert words(text, lang, rules).numbers(span) == numbers
    assert words(text, lang, rules).whole(span)


@pytest.mark.parametrize("quote", ["300 people", "six", "1,3", "peopl", "ty people"])
def test_a_quote_may_not_cut_a_word_or_number(rules: Reader, quote: str) -> None:
    text = "Some 1,300 people and sixty people died."
    start = text.index(quote)
    assert not words(text, "en", rules).whole(Span("text", start, start + len(quote), quote))


def test_the_gate_holds_for_every_reader(rules: Reader) -> None:
    report = document("Thirteen people were killed.\u200b")
    gate = Stated(rules.facts(report))

    def toll(low: int, high: int | None, start: int, end: int) -> Claim:
        return Claim(field="killed", value=Toll(low, high), spans=(Span("text", start, end, report.text[start:end]),))

    assert verify(report, [toll(13, 13, 0, 15)], gate)
    for claim_, why in (
        (toll(14, 14, 0, 15), "number 14"),
        (toll(13, 14, 0, 15), "number 14"),
        (toll(13, 13, 0, 6), "cuts"),
        (toll(0, 0, 28, 29), "nothing can be seen"),
        (Claim(field="killed", value=Toll(13, 13), spans=()), "quotes nothing"),
        (Claim(field="target", value="Group 14", spans=(Span("text", 0, 8, "Thirteen"),)), "number 14"),
        (Claim(field="target", value="x", spans=(Span("text", 0, 8, "Fourteen"),)), "does not stand"),
    ):
        with pytest.raises(EvidenceError, match=why):
            verify(report, [claim_], gate)


@pytest.fixture
def env(serve: Any, tmp_path: Path) -> dict[str, str]:
    def script(report: str, request: dict[str, Any]) -> dict[str, Any]:
        if "farmers" in report:
            return answer(farmers(weapons=[{"label": "grenade", "quote": "zorbles"}]))
        return answer(event("murieron", killed={"low": 5, "high": 5, "quote": "5 personas"}), language="es")

    server: Server = serve(script)
    return {
        "CONSTAT_MODEL_ADDRESS": server.address,
        "CONSTAT_MODEL_NAME": "scripted",
        "CONSTAT_MODEL_PRICE_IN": "2",
        "CONSTAT_CACHE": _cache(tmp_path),
    }


def _cache(folder: Path) -> str:
    """A cache of its own with the place index and the packs of the others, which take long to make."""
    from constat.gazetteer.build import inputs_digest
    from constat.settings import default_cache

    name = f"gazetteer-{inputs_digest()[:12]}.sqlite"
    if (default_cache() / name).exists():
        (folder / name).symlink_to(default_cache() / name)
    for pack in default_cache().glob("pack-*.pickle"):
        (folder / pack.name).symlink_to(pack)
    return str(folder)


def test_the_commands(env: dict[str, str], tmp_path: Path, rules: Reader) -> None:
    run = CliRunner()
    file = tmp_path / "in.jsonl"
    rows = [
        {"id": "en", "text": TEXT.replace("sealed off", "sealed off with zorbles"), "published": "2024-01-10"},
        {"id": "es", "lang": "es", "text": "En Cali murieron 5 personas."},
        {"id": "empty", "text": ""},
    ]
    file.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    gaps = tmp_path / "gaps.jsonl"
    read = run.invoke(app, ["read", str(file), "--json", "--reader", "both", "--differences", str(gaps)], env=env)
    assert read.exit_code == 0, read.output
    lines = [json.loads(line) for line in read.stdout.splitlines()]
    assert [line["id"] for line in lines] == ["en", "es", "empty"]
    assert lines[1]["events"][0]["killed"] == {"low": 5, "high": 5}
    assert "2 answers" in read.stderr and "for review" in read.stderr
    page = tmp_path / "gaps.md"
    run.invoke(app, ["read", str(file), "--json", "--reader", "both", "--differences", str(page)], env=env)
    told = page.read_text(encoding="utf-8")
    assert "| weapons | 0 | 1 | 0 |" in told and "- weapons: rules: nothing; model: grenade “zorbles”" in told
    kinds = {json.loads(line)["kind"] for line in gaps.read_text(encoding="utf-8").splitlines()}
    assert "difference" in kinds

    again = run.invoke(app, ["read", str(file), "--json", "--reader", "both", "--offline"], env=env)
    assert again.stdout == read.stdout and "2 of them kept" in again.stderr

    readings = tmp_path / "readings.jsonl"
    readings.write_text(read.stdout, encoding="utf-8")
    suggested = run.invoke(app, ["packs", "suggest", str(readings)], env=env)
    assert "zorbles\t\tWPN\tgrenade\t" in suggested.stdout, suggested.output

    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        json.dumps({**rows[0], "lang": "en", "incidents": [{"key": "k", "killed": {"low": 4, "high": None}}]})
    )
    table = run.invoke(app, ["evaluate", str(gold), "--reader", "rules", "--reader", "both", "--json"], env=env)
    figures = json.loads(table.stdout)
    assert set(figures) == {"rules", "both"} and figures["both"]["requests"] == 0 and "seconds" in figures["rules"]
    assert float(figures["both"]["cost spared by the cache"].split()[0]) > 0 == float(figures["both"]["cost"])
    assert float(figures["both"]["cost a report, cache or not"]) > 0 < figures["both"]["seconds of an answer"]

    nowhere = ["read", str(file), "--reader", "both", "--differences", str(tmp_path / "no" / "such")]
    assert run.invoke(app, nowhere, env=env).exit_code == 2
    wrong = run.invoke(app, ["read", str(file), "--offline"], env=env)
    assert wrong.exit_code == 2
    none = run.invoke(app, ["read", str(file), "--reader", "model"], env={"CONSTAT_MODEL_ADDRESS": ""})
    assert none.exit_code == 2 and "docs/model.md" in none.stderr


def test_erasing_a_report_deletes_what_a_model_said_of_it(serve: Any, opened: Open, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text(TEXT, encoding="utf-8")
    reader = opened(serve(lambda report, request: answer(farmers())), "both")
    book = Casebook.init(tmp_path / "case", reader.rules.settings)
    with book:
        book.add([str(report)], known=Known(), reader=lambda: reader)
        (stored,) = book.documents()
        assert any(c.reader == "rules+model" for e in next(book.readings()).events for c in e.claims)
        assert list((tmp_path / "model").glob("*/*.json"))
        book.erase(stored.document.id)
        assert not list((tmp_path / "model").glob("*/*"))
