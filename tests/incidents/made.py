"""Reports of a made-up form, a line for each event, and a reader of that form: for tests of what comes after reading.

killed=4; place=Kassala; lat=15.45; lon=36.4; date=2021-07-11; target=market
denied; place=Kassala; lat=15.45; lon=36.4; by=the army
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from constat.casebook import Casebook
from constat.records import (
    UNATTRIBUTED,
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
    content_id,
)

STRIKE = {"type": "Explosions/Remote violence", "subtype": "Shelling/artillery/missile attack"}
_TEXTS = ("type", "subtype", "target", "perpetrator", "claimed_by", "weapons")


class MadeReader:
    """Reads what the lines of a text say."""

    def read(self, document: Document) -> Reading:
        found: dict[bool, list[EventMention]] = {True: [], False: []}
        at = 0
        for line in document.text.split("\n"):
            if line.startswith(("told", "denied")):
                event = _event(document, line, at)
                found[line.startswith("denied")].append(event)
            at += len(line) + 1
        events = found[False]
        if len(events) > 1:
            links = tuple(Link(other.id, "same report") for other in events[1:])
            events[0] = EventMention(
                id=events[0].id, document=document.id, role="main", claims=events[0].claims, confidence=1.0, links=links
            )
        return Reading(document=document, events=tuple(events), denials=tuple(found[True]))


def _event(document: Document, line: str, at: int) -> EventMention:
    said = dict(part.strip().split("=", 1) for part in line.split(";")[1:])
    denied = line.startswith("denied")
    values: list[tuple[str, Value]] = [(name, value) for name, value in (STRIKE | said).items() if name in _TEXTS]
    for name in ("killed", "wounded"):
        if name in said:
            low, _, high = said[name].partition("-")
            values.append((name, Toll(int(low.rstrip("+")), None if low.endswith("+") else int(high or low))))
    if "date" in said:
        values.append(("date", DateValue(said["date"], "day")))
    if "place" in said:
        lat, lon = (float(said[axis]) if axis in said else None for axis in ("lat", "lon"))
        country = said.get("country", "SDN")
        values.append(("place", PlaceValue(said["place"], country, None, lat, lon, "town", 5.0, precision=1)))
    by = (Attribution(source=said["by"]),) if "by" in said else (UNATTRIBUTED,)
    span = (Span("text", at, at + len(line), line),)
    claims = tuple(
        Claim(field=f, value=v, spans=span, attribution=by, modality="denied" if denied else "asserted")
        for f, v in values
    )
    identity = content_id([document.id, claims, denied])[:16]
    role: Any = "background" if said.get("role") == "background" else "main"
    return EventMention(id=identity, document=document.id, role=role, claims=claims, confidence=1.0)


def told(**said: Any) -> str:
    """A line that tells of an event."""
    return "; ".join(["told", *(f"{name}={value}" for name, value in said.items())])


def denied(**said: Any) -> str:
    """A line that denies one."""
    return "; ".join(["denied", *(f"{name}={value}" for name, value in said.items())])


def add(book: Casebook, folder: Path, *reports: dict[str, str]) -> None:
    """Take reports in, each with its `text` and what else is known of it."""
    path = folder / f"{len(list(folder.glob('*.jsonl')))}.jsonl"
    path.write_text("\n".join(json.dumps({"lang": "en"} | report) for report in reports), encoding="utf-8")
    account = book.add([str(path)], reader=MadeReader)
    assert account.quarantined == account.unread == 0, account
