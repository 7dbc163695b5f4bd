"""What the decisions of a casebook demand, and which tellings that has changed for since it was last looked at."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

import msgspec

from constat.incidents.rows import insert, select
from constat.records import Decision, Document, EventMention, Span
from constat.resolution.decisions import Rulings, rulings
from constat.store import decisions, tables
from constat.store.protocol import Store

_SAME, _APART = "same", "apart"


def ruled(store: Store) -> Rulings:
    """The rulings of all decisions in force, on the events as they are now."""
    made = [d.decision for d in decisions.every(store)]
    return rulings(made, _events(store, made)) if made else Rulings()


def _events(store: Store, made: Iterable[Decision]) -> dict[str, EventMention]:
    """The events that decisions are about; where one is no more, those of its report, which may stand in its place."""
    document_of = {f.event: f.document for d in made for f in d.footing}
    named = {e for d in made for e in d.subject} | set(document_of)
    query = "SELECT event, document FROM telling WHERE denial = 0 AND event IN ({})"
    known = {str(event): str(document) for event, document in select(store, query, sorted(named))}
    found = {
        event: EventMention(id=event, document=document, role="main", claims=(), confidence=1.0)
        for event, document in known.items()
    }
    for report in sorted({document_of[e] for e in named - set(known) if e in document_of}):
        stored = next(tables.documents(store, "WHERE id = ?", (report,)), None)
        other = tables.newest(store, report)
        now = next(tables.documents(store, "WHERE id = ?", (other,)), None) if stored and other else None
        reading = tables.get_reading(store, now.document) if now else None
        found |= {e.id: _as_of(e, stored.document) for e in reading.events} if reading and stored else {}
    return found


def _as_of(event: EventMention, report: Document) -> EventMention:
    """The event of a report that was extracted anew, as if it stood in the report as it was: by its words."""
    if event.document == report.id:
        return event
    claims = []
    for claim in event.claims:
        spans = tuple(s for span in claim.spans if (s := _moved(span, report.part(span.part))))
        claims.append(msgspec.structs.replace(claim, spans=spans))
    return msgspec.structs.replace(event, document=report.id, claims=tuple(claims))


def _moved(span: Span, text: str) -> Span | None:
    """The same words where they stand in another text, nearest to where they stood."""
    if not span.quote:
        return None
    places = (m.start() for m in re.finditer(re.escape(span.quote), text))
    start = min(places, key=lambda at: abs(at - span.start), default=None)
    return None if start is None else Span(span.part, start, start + len(span.quote), span.quote)


def on_events(now: Rulings) -> dict[str, list[Decision]]:
    """Event -> the decisions about the incident that holds it."""
    found: dict[str, list[Decision]] = defaultdict(list)
    for decision in now.on_incidents:
        for event in decision.subject:
            found[event].append(decision)
    return found


def note(store: Store, now: Rulings) -> set[str]:
    """Hold what is demanded now; the events for which it is something else than before. Inside a transaction."""
    rows = {(_SAME, a, b) for a, b in now.constraints.same} | {(_APART, a, b) for a, b in now.constraints.apart}
    rows |= {("on", event, d.id) for event, made in on_events(now).items() for d in made}
    held = {(str(kind), str(a), str(b)) for kind, a, b in store.rows("SELECT kind, a, b FROM ruling")}
    for row in sorted(held - rows):
        store.execute("DELETE FROM ruling WHERE kind = ? AND a = ? AND b = ?", row)
    insert(store, "ruling", sorted(rows - held))
    changed = held ^ rows
    return {a for _, a, _ in changed} | {b for kind, _, b in changed if kind != "on"}
