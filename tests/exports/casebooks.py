"""A casebook whose reports are read by a stand-in, which finds what a line of each report says."""

from __future__ import annotations

import json
from pathlib import Path

from constat.casebook import Casebook
from constat.records import Claim, DateValue, Document, EventMention, PlaceValue, Reading, Span, Toll, Value, content_id
from constat.settings import Settings

PLACES = {
    "Kassala": PlaceValue("Kassala", "SDN", "Kassala State", 15.45, 36.4, "town", 6.5, precision=1),
    "Gedaref": PlaceValue("Gedaref", "SDN", "Gedaref State", 14.03, 35.38, "town", 5.0, precision=1),
}


class Reads:
    """Reads `TYPE / SUBTYPE; DATE; PLACE; KILLED; TARGET` in the first line of a report."""

    def read(self, document: Document) -> Reading:
        """One event of what the first line holds."""
        kind, day, place, killed, target = (part.strip() for part in document.text.split("\n")[0].split(";"))
        type_, subtype = (part.strip() for part in kind.split(" / "))
        values: list[tuple[str, str, Value]] = [
            ("type", type_, type_), ("subtype", subtype, subtype), ("date", day, DateValue(day, "day")),
            ("place", place, PLACES[place]), ("killed", killed, Toll(int(killed), int(killed))),
            ("target", target, target),
        ]  # fmt: skip
        claims = tuple(
            Claim(field=field, value=value, spans=(self._span(document.text, words),)) for field, words, value in values
        )
        event = EventMention(
            id=content_id([document.id, claims])[:16], document=document.id, role="main", claims=claims, confidence=0.9
        )
        return Reading(document=document, events=(event,))

    def _span(self, text: str, words: str) -> Span:
        start = text.index(words)
        return Span("text", start, start + len(words), words)


def report(number: int, line: str, **more: str) -> dict[str, str]:
    """A report as a line of JSON Lines."""
    given = {"id": f"r{number}", "lang": "en", "title": f"Report {number}", "published": "2024-03-07"}
    return given | {"publisher": f"Outlet {number}", "url": f"https://o{number}.example/a"} | more | {"text": line}


STRIKE = "Explosions/Remote violence / Air/drone strike"
REPORTS = (
    report(1, f"{STRIKE}; 2024-03-06; Kassala; 4; house of Amna Idris\nDrones hit the house of Amna Idris at dawn."),
    report(2, f"{STRIKE}; 2024-03-06; Kassala; 5; house of Amna Idris\nFive are dead in Kassala, the hospital said."),
    report(3, "Battles / Armed clash; 2024-05-01; Gedaref; 2; a checkpoint\nFighters clashed at Gedaref on Wednesday."),
)


def casebook(folder: Path, reports: tuple[dict[str, str], ...] = REPORTS) -> Casebook:
    """A new casebook with these reports in it, open for writing."""
    inbox = folder.with_name(f"{folder.name}-inbox.jsonl")
    inbox.write_text("".join(json.dumps(r) + "\n" for r in reports), encoding="utf-8")
    book = Casebook.init(folder, Settings.load())
    account = book.add([str(inbox)], reader=Reads)
    assert (account.stored, account.unread) == (len(reports), 0)
    return book
