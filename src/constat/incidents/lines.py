"""What an incident is listed by, taken from the incident and the reports that tell of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from constat.folding import fold
from constat.records import UNATTRIBUTED, Attribution, DateValue, Document, Incident, PlaceValue
from constat.resolution.attention import score
from constat.resolution.tellings import ActorOf, days
from constat.store.incidents import Line

_ACTORS = ("perpetrator", "claimed_by")


def line(incident: Incident, documents: Mapping[str, Document], actor_of: ActorOf) -> Line:
    """The line of an incident in the table; `documents`: event -> the report that tells of it."""
    held = {document.id: document for document in documents.values()}.values()
    first, last = span_of(incident)
    place = incident.field("place")
    where = place.value if place and isinstance(place.value, PlaceValue) else None
    country = (where.country if where else None) or _text(incident, "country")
    return Line(
        incident=incident,
        members=tuple((event, documents[event].id) for event in incident.events),
        first=first,
        last=last,
        country=country,
        type=_text(incident, "type"),
        subtype=_text(incident, "subtype"),
        lat=where.lat if where and where.lon is not None else None,
        lon=where.lon if where and where.lat is not None else None,
        killed=killed(incident),
        attention=score(incident),
        actors=tuple(sorted(_actors(incident, country or None, first or None, actor_of))),
        sources=tuple(sorted({fold(name) for name in _sources(incident, held) if name})),
        langs=tuple(sorted({d.lang for d in held if d.lang})),
    )


def killed(incident: Incident) -> int | None:
    """How many were killed: the best figure, the lowest where there is none; of groups the largest. None: not told."""
    figures = [t.low if t.best is None else t.best for t in incident.tolls if t.field == "killed" and t.group is None]
    groups = [t.low if t.best is None else t.best for t in incident.tolls if t.field == "killed" and t.group]
    return max(figures or groups, default=None)


def span_of(incident: Incident) -> tuple[str, str]:
    """First and last day on which it may have happened, empty where no date is known."""
    fused = incident.field("date")
    value = fused.value if fused else None
    first, last = days(value.value, value.precision) if isinstance(value, DateValue) else (None, None)
    if first is None or last is None:
        return "", ""
    return dt.date.fromordinal(first).isoformat(), dt.date.fromordinal(last).isoformat()


def _actors(incident: Incident, country: str | None, date: str | None, actor_of: ActorOf) -> set[str]:
    names = {
        stated.value
        for field in _ACTORS
        if (fused := incident.field(field)) is not None
        for stated in fused.stated
        if isinstance(stated.value, str)
    }
    set_by_hand = {f.value for field in _ACTORS if (f := incident.field(field)) and isinstance(f.value, str)}
    found = {fold(name) for name in names | set_by_hand}
    return found | {id for name in names | set_by_hand if (id := actor_of(name, country, date))}


def _sources(incident: Incident, documents: Iterable[Document]) -> Iterable[str | None]:
    yield from (voice.name for voice in incident.voices)
    yield from (document.publisher for document in documents)
    for claim in incident.claims:
        for attribution in claim.attribution:
            said: Attribution | None = attribution
            while said is not None:
                yield said.source if said.source != UNATTRIBUTED.source else None
                said = said.through


def _text(incident: Incident, field: str) -> str:
    fused = incident.field(field)
    return fused.value if fused is not None and isinstance(fused.value, str) else ""
