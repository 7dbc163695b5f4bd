"""Claims as flat fields, and a reading as JSON and as a page for people."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from rich.console import Console

from constat.fields import EMPTY, event_fields, reading_json
from constat.highlight import Carrier, highlighted, inline, plain, right_to_left, superscript
from constat.records import (
    Attribution,
    Claim,
    DateValue,
    Document,
    EventMention,
    Link,
    PlaceValue,
    Reading,
    Span,
    Toll,
    Value,
)
from constat.show import show

TEXT = "Hier soir, une base « illégale » à Deir ez-Zor a été touchée par un drone ; deux blessés, selon Vigie."
DOCUMENT = Document(id="r1", text=TEXT, title="Attaque à Deir ez-Zor", publisher="La Dépêche", lang="fr")
PLACE = PlaceValue("Deir ez-Zor", "SYR", "Deir ez-Zor", 35.336, 40.145, "town", 8.0)


def words(quote: str, text: str = TEXT) -> Span:
    start = text.index(quote)
    return Span("text", start, start + len(quote), quote)


def claim(field: str, value: Value, quote: str, **more: Any) -> Claim:
    return Claim(field=field, value=value, spans=(words(quote),), **more)


def event(*claims: Claim, **more: Any) -> EventMention:
    return EventMention(**({"id": "e1", "document": "r1", "role": "main", "confidence": 0.9} | more), claims=claims)


FULL = event(
    claim("type", "Explosions/Remote violence", "touchée"),
    claim("subtype", "Air/drone strike", "touchée"),
    claim("date", DateValue(None, "unresolved", "evening"), "Hier soir"),
    claim("place", PLACE, "Deir ez-Zor"),
    claim("target", "base", "base"),
    claim("weapons", "drone", "drone"),
    claim("weapons", "missile", "touchée"),
    claim("weapons", "drone", "par un drone"),
    claim(
        "wounded", Toll(2, 2, "people"), "deux blessés", attribution=(Attribution(source="Vigie"),), modality="reported"
    ),
    claim("wounded", Toll(3, None), "blessés", rank="rival"),
    claim("sources", "Vigie", "Vigie"),
    claim("uncertain", True, "selon"),
    links=(Link("e2", "series", (words("une base"),)),),
)
WORDING = (claim("wording", "« illégale »", "« illégale »", note="illegitimate"),)
READING = Reading(document=DOCUMENT, events=(FULL, event(id="e2", role="background")), wording=WORDING)


def test_every_field_is_there_whatever_is_claimed() -> None:
    fields = event_fields(event(), READING)
    names = [name for name, _ in EMPTY]
    assert list(fields) == ["id", "role", *names, "confidence", "links", "evidence", "claims"]
    assert {n for n in names if fields[n] not in (None, [], False)} == set()
    assert fields["killed"] is None and fields["uncertain"] is False and fields["weapons"] == []


def test_values_come_from_preferred_claims() -> None:
    fields = event_fields(FULL, READING)
    assert fields["wounded"] == {"low": 2, "high": 2}
    assert fields["weapons"] == ["drone", "missile"]
    assert (fields["date"], fields["date_precision"], fields["part_of_day"]) == (None, "unresolved", "evening")
    assert (fields["place"], fields["country"], fields["lat"]) == ("Deir ez-Zor", "SYR", 35.336)
    assert (fields["place_kind"], fields["place_radius_km"]) == ("town", 8.0)
    assert fields["uncertain"] is True and fields["killed"] is None
    assert len(fields["claims"]) == 12 and fields["claims"][0]["id"] == FULL.claims[0].id


def test_a_country_from_other_words_wins_over_the_place() -> None:
    fields = event_fields(event(claim("place", PLACE, "Deir ez-Zor"), claim("country", "IRQ", "base")), READING)
    assert fields["country"] == "IRQ" and fields["evidence"]["country"][0]["quote"] == "base"
    assert fields["evidence"]["lat"][0]["quote"] == "Deir ez-Zor"


def test_every_filled_field_has_quotes_that_stand_at_their_offsets() -> None:
    fields = event_fields(FULL, READING)
    for name, _ in EMPTY:
        if fields[name] not in (None, [], False):
            assert fields["evidence"][name], name
    for span in (s for spans in fields["evidence"].values() for s in spans):
        assert span["part"] == "text" and TEXT[span["start"] : span["end"]] == span["quote"]
    assert [s["quote"] for s in fields["evidence"]["wounded"]] == ["deux blessés"]


def test_a_reading_is_one_line_of_json() -> None:
    row = json.loads(json.dumps(reading_json(READING)))
    assert list(row) == ["id", "document", "events", "denials", "wording", "run"]
    assert row["id"] == row["document"]["id"] == "r1" and "incident" not in row["events"][0]
    assert row["wording"][0]["value"] == "« illégale »"
    assert row["events"][0]["links"][0]["kind"] == "series"


def test_resolving_gives_each_event_its_incident() -> None:
    incidents = {event.id: f"incident {n}" for n, event in enumerate(READING.events)}
    rows = reading_json(READING, incidents)["events"]
    assert [row["incident"] for row in rows] == list(incidents.values())


def page(reading: Reading, width: int = 80, colour: bool = False) -> str:
    out = io.StringIO()
    show(reading, Console(file=out, width=width, force_terminal=colour, color_system="standard" if colour else None))
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_a_page_says_what_is_stated_and_what_is_not(width: int) -> None:
    lines = page(READING, width).splitlines()
    assert all(len(line) <= min(width, 120) for line in lines)
    text = " ".join(" ".join(lines).replace("│", " ").split())
    if width >= 80:
        for words_shown in ("Air/drone strike · Deir ez-Zor", "no calendar date, evening", "--published", "2 · people"):
            assert words_shown in text
        assert "nothing found, not zero" in text and "“Hier soir”" in text and "series → 2" in text
        assert "or at least 3" in text and "(illegitimate)" in text and "called uncertain" in text
    assert "[Hier soir¹]" in text and "\x1b" not in text


def test_a_page_has_colour_only_where_it_is_wanted() -> None:
    assert "\x1b[" in page(READING, colour=True)
    assert "[Hier soir" not in page(READING, colour=True)


def test_denials_are_shown_as_such() -> None:
    denied = event(claim("type", "Battles", "touchée", modality="denied"), id="e3")
    assert "denied" in page(Reading(document=DOCUMENT, events=(), denials=(denied,)))


def test_an_empty_report_and_one_without_an_incident_say_so() -> None:
    assert "The report is empty." in page(Reading(document=Document(id="x", text="", flags=("empty",)), events=()))
    assert "The report tells of no incident." in page(Reading(document=DOCUMENT, events=()))


def test_long_reports_are_shown_in_part() -> None:
    reading = Reading(document=Document(id="x", text="a " * 20_000), events=())
    assert "and 20,000 characters more" in page(reading)


def test_hostile_signs_do_a_terminal_no_harm() -> None:
    assert plain("a\x1b[31m\x00\x85\ud800\u202eb\tc\n") == "a␛[31m␀\ufffd\ufffdb c\n"
    text = "\x1b]0;owned\x07\u202e attaque \ud800"
    carried = claim("type", "Battles", "touchée")
    hostile = Reading(
        document=Document(id="\x1b[2J", text=text, title=text, publisher=text),
        events=(event(msg_replace(carried, Span("text", 0, len(text), text))),),
    )
    shown = page(hostile)
    assert "\x1b" not in shown and "\x07" not in shown and "\u202e" not in shown
    shown.encode("utf-8")


def msg_replace(claim: Claim, span: Span) -> Claim:
    return Claim(field=claim.field, value=claim.value, spans=(span,))


def test_words_from_right_to_left_are_isolated() -> None:
    assert inline("a\n b") == "a b"
    assert inline("العمر") == "\u2068العمر\u2069"
    assert right_to_left("«العمر» a") and not right_to_left("1 a العمر")


def test_overlapping_words_carry_one_mark_an_event() -> None:
    spans = [Carrier(Span("text", 0, 5, "abcde"), "place", 1), Carrier(Span("text", 2, 8, "cdefgh"), "date", 1)]
    assert highlighted("abcdefgh i", "text", spans, numbered=True, coloured=False).plain == "[abcdefgh¹] i"
    both = [Carrier(Span("text", 0, 2, "ab"), "place", n) for n in (1, 12)]
    assert highlighted("ab", "text", both, numbered=True, coloured=True).plain == "ab¹·¹²"
    assert superscript([10]) == "¹⁰"
