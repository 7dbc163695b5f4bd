"""What is shown of one incident, gathered from the casebook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from constat.incidents.book import IncidentBook
from constat.incidents.listing import where
from constat.incidents.page import Page
from constat.incidents.words import of_value
from constat.records import Incident
from constat.resolution.decisions import in_force
from constat.store import decisions


def gathered(book: IncidentBook, one: Incident) -> Page:
    """The page of an incident."""
    numbers = sorted({d for voice in one.voices for d in voice.documents} | {d.document for d in one.denials})
    readings = [book.reading(number) for number in numbers]
    documents = {reading.document.id: reading.document for reading in readings}
    document_of = {c.id: r.document.id for r in readings for e in r.events if e.id in one.events for c in e.claims}
    events: dict[str, str] = {}
    for reading in readings:
        d = reading.document
        named = " ".join(part for part in (d.publisher, d.published) if part) or f"report {d.id[:6]}"
        events |= {e.id: f"{named} ({e.id[:6]})" for e in reading.events}
    made = [d.decision for d in decisions.about(book.store, list(one.events))]
    holding = {d.id for d in in_force(made)}
    return Page(
        incident=one,
        documents=documents,
        document_of=document_of,
        bonds=book.why_one(one),
        trail=book.trail(one),
        decisions=[(d, d.id in holding) for d in made],
        series=book.series(one),
        names={tie.to: _name(book, tie.to) for tie in one.ties[:12]},
        events=events,
    )


def more(book: IncidentBook, one: Incident) -> dict[str, Any]:
    """What `show --json` says beside the incident itself."""
    made = [d.decision for d in decisions.about(book.store, list(one.events))]
    holding = {d.id for d in in_force(made)}
    run = book.series(one)
    return {
        "bonds": msgspec.to_builtins(book.why_one(one)),
        "trail": msgspec.to_builtins(book.trail(one)),
        "decisions": [{"id": d.id, "holds": d.id in holding} | msgspec.to_builtins(d) for d in made],
        "series": msgspec.to_builtins(run) if run is not None else None,
    }


def covered(value: Any, cover: Callable[[str], str]) -> Any:
    """JSON in which every string is covered, keys excepted."""
    match value:
        case str():
            return cover(value)
        case dict():
            return {key: covered(held, cover) for key, held in value.items()}
        case list() | tuple():
            return [covered(held, cover) for held in value]
    return value


def _name(book: IncidentBook, number: str) -> str:
    one = book.incident(number, ties=False)
    fields = (one.field("date"), one.field("subtype") or one.field("type"))
    return ", ".join([*(of_value(f.value) for f in fields if f), where(one)])
