"""Dossiers made by hand, and the same with one fact changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from constat.exports import About, Custody, Dossier, Step
from constat.records import (
    Attribution,
    Claim,
    DateValue,
    Decision,
    Denied,
    Document,
    EventMention,
    Fused,
    FusedToll,
    Incident,
    PlaceValue,
    Reading,
    Run,
    Span,
    Stated,
    Tie,
    Toll,
    Value,
    Voice,
)

ABOUT = About(title="Sudan", casebook="c0ffee", at="2024-03-09T10:00:00Z", by="ana", version="0.1.0")
TEXT = "Drones hit the fuel depot of Kassala at dawn on Wednesday and killed four soldiers, a doctor said."
PLACE = PlaceValue(
    name="Kassala", country="SDN", admin1="Kassala State", lat=15.45, lon=36.4, kind="town", radius_km=6.5,
    gazetteer_id="own:1", precision=1,
)  # fmt: skip
FIELDS: Mapping[str, Value] = {
    "type": "Explosions/Remote violence",
    "subtype": "Air/drone strike",
    "date": DateValue("2024-03-06", "day", "dawn"),
    "place": PLACE,
    "perpetrator": "Rapid Support Forces",
    "perpetrator_certainty": "suspected",
    "target": "Sudanese army",
    "claimed_by": "the Brigade of the East",
    "weapons": "drone|bomb",
    "damage": "two tanks",
    "responses": "alarm|ambulances",
    "sources": "a doctor",
    "uncertain": True,
}


def span(words: str) -> Span:
    """Words of the report, where they stand."""
    start = TEXT.index(words)
    return Span("text", start, start + len(words), words)


CLAIMS = (
    Claim(
        field="killed",
        value=Toll(4, 4, "soldiers"),
        spans=(span("four soldiers"),),
        attribution=(Attribution(source="a doctor", cue="said", span=span("a doctor")),),
        modality="reported",
        confidence=0.8,
    ),
    Claim(field="place", value=PLACE, spans=(span("Kassala"),)),
)


def dossier(number: int = 1, **changed: Any) -> Dossier:
    """An incident told by two outlets, everything stated that can be; `changed` are fields of the incident."""
    document = Document(
        id="d" * 63 + str(number), text=TEXT, title="Depot hit in Kassala", publisher="Gash Courier",
        published="2024-03-07", lang="en", url=f"https://gash.example/{number}", capture="5" * 64,
    )  # fmt: skip
    event = EventMention(id=f"e{number:015x}", document=document.id, role="main", claims=CLAIMS, confidence=0.7)
    run = Run(code="0.1.0", packs=(("en", "a" * 64),), gazetteer="b" * 64, settings="c" * 64)
    incident = Incident(
        id=f"{number:016x}",
        events=(event.id,),
        claims=CLAIMS,
        fields=tuple(
            Fused(name, value, "the only value", (Stated(value, ("Gash Courier",), ()),))
            for name, value in sorted(FIELDS.items())
        ),
        tolls=(
            FusedToll("killed", None, 3, 4, 6, "the latest figure", (
                Stated(Toll(4, 4), ("Gash Courier",), (CLAIMS[0].id,), "2024-03-07", "2024-03-07"),
                Stated(Toll(3, 6), ("Atbara Wire",), (), "2024-03-06", "2024-03-06"),
            )),
            FusedToll("killed", "soldiers", 4, 4, 4, "the only figure", ()),
            FusedToll("wounded", None, 2, 7, 9, "the only figure", ()),
            FusedToll("wounded", "civilians", 2, 2, 2, "the only figure", ()),
        ),
        voices=(
            Voice("Atbara Wire", "agency", ("a" * 64,), "B"),
            Voice("Gash Courier", "outlet", (document.id,), "C"),
        ),
        information=2,
        information_why="told by two independent voices",
        confidence=0.93,
        notes=("call the depot",),
        denials=(_denied("a spokesman"),),
        ties=(Tie("f" * 16, "same series", "same weapon, two days apart", 2),),
    )  # fmt: skip
    one = Dossier(
        incident=msgspec.structs.replace(incident, **changed),
        readings=(Reading(document=document, events=(event,), run=run),),
        decisions=(
            Decision(kind="note", subject=(event.id,), author="ana", decided_at="2024-03-08T09:00:00Z", reason="call"),
        ),
        custody=(
            Custody(
                document=document.id, sha256="5" * 64, size=1200, name="page.html", captured_at="2024-03-07T08:00:00Z",
                collector="ana", method="web", tool="constat 0.1.0", address=document.url, status=200,
                media_type="text/html",
                log=(Step("2024-03-07T08:00:00Z", "ana", "captured", "9" * 64),),
            ),
        ),
    )  # fmt: skip
    return one


def _denied(by: str) -> Denied:
    """A denial in the first outlet's report."""
    return Denied(event="a" * 16, document="a" * 64, voice="Atbara Wire", by=by, published="2024-03-08", claims=CLAIMS)


def with_field(one: Dossier, name: str, value: Value | None) -> Dossier:
    """With another value of a field, stated by the same voice."""
    fields = {f.field: f for f in one.incident.fields}
    fields[name] = Fused(name, value, "the only value", (Stated(value, ("Gash Courier",), ()),) if value else ())
    return with_incident(one, fields=tuple(fields[n] for n in sorted(fields)))


def with_incident(one: Dossier, **changed: Any) -> Dossier:
    """With other fields of the incident record."""
    return msgspec.structs.replace(one, incident=msgspec.structs.replace(one.incident, **changed))


def with_document(one: Dossier, **changed: Any) -> Dossier:
    """With other fields of its report."""
    reading = one.readings[0]
    document = msgspec.structs.replace(reading.document, **changed)
    return msgspec.structs.replace(one, readings=(msgspec.structs.replace(reading, document=document),))


def with_claims(one: Dossier, **changed: Any) -> Dossier:
    """With other fields of every claim."""
    claims = tuple(msgspec.structs.replace(c, **changed) for c in one.incident.claims)
    reading = one.readings[0]
    event = msgspec.structs.replace(reading.events[0], claims=claims)
    one = msgspec.structs.replace(one, readings=(msgspec.structs.replace(reading, events=(event,)),))
    return with_incident(one, claims=claims)


def with_place(one: Dossier, **changed: Any) -> Dossier:
    """With another part of the place."""
    return with_field(one, "place", msgspec.structs.replace(PLACE, **changed))


def with_toll(one: Dossier, number: int, **changed: Any) -> Dossier:
    """With another part of one of the tolls."""
    tolls = list(one.incident.tolls)
    tolls[number] = msgspec.structs.replace(tolls[number], **changed)
    return with_incident(one, tolls=tuple(tolls))


def _rival(one: Dossier) -> Dossier:
    target = one.incident.field("target")
    assert target is not None
    more = msgspec.structs.replace(target, stated=(*target.stated, Stated("bridge", ("Atbara Wire",), ())))
    return with_incident(one, fields=tuple(more if f is target else f for f in one.incident.fields))


def _reason(one: Dossier) -> Dossier:
    return with_incident(one, fields=tuple(msgspec.structs.replace(f, why="set by ana") for f in one.incident.fields))


def _moved(one: Dossier) -> Dossier:
    """The same words, told to stand elsewhere."""
    claims = tuple(
        msgspec.structs.replace(c, spans=tuple(Span(s.part, s.start + 1, s.end + 1, s.quote) for s in c.spans))
        for c in one.incident.claims
    )
    reading = one.readings[0]
    event = msgspec.structs.replace(reading.events[0], claims=claims)
    one = msgspec.structs.replace(one, readings=(msgspec.structs.replace(reading, events=(event,)),))
    return with_incident(one, claims=claims)


# fact of `losses.FACTS` -> the same dossier with only that changed
CHANGES: Mapping[str, Callable[[Dossier], Dossier]] = {
    "review status": lambda d: with_incident(d, status="accepted"),
    "type": lambda d: with_field(d, "type", "Violence against civilians"),
    "sub-type": lambda d: with_field(d, "subtype", "Peaceful protest"),
    "date": lambda d: with_field(d, "date", DateValue("2024-02-29", "day", "dawn")),
    "date precision": lambda d: with_field(d, "date", DateValue("2024-03-06", "week", "dawn")),
    "part of day": lambda d: with_field(d, "date", DateValue("2024-03-06", "day", "night")),
    "place name": lambda d: with_place(d, name="Kasala"),
    "kind of place": lambda d: with_place(d, kind="site"),
    "precision of the place": lambda d: with_place(d, precision=4),
    "radius": lambda d: with_place(d, radius_km=30.0),
    "country": lambda d: with_place(d, country="SSD"),
    "first-level unit": lambda d: with_place(d, admin1="Gedaref"),
    "point": lambda d: with_place(d, lat=14.25, lon=35.1),
    "perpetrator": lambda d: with_field(d, "perpetrator", "Syrian army"),
    "certainty of the perpetrator": lambda d: with_field(d, "perpetrator_certainty", "stated"),
    "target": lambda d: with_field(d, "target", "Syrian police"),
    "claimed by": lambda d: with_field(d, "claimed_by", "nobody known"),
    "weapons": lambda d: with_field(d, "weapons", "missile"),
    "killed": lambda d: with_toll(d, 0, best=5),
    "range of killed": lambda d: with_toll(d, 0, low=2, high=8),
    "killed by group": lambda d: with_toll(d, 1, low=3, best=3, high=3),
    "wounded": lambda d: with_toll(d, 2, best=8),
    "range of wounded": lambda d: with_toll(d, 2, low=1, high=12),
    "wounded by group": lambda d: with_toll(d, 3, low=1, best=1, high=1),
    "damage": lambda d: with_field(d, "damage", "a bridge"),
    "responses": lambda d: with_field(d, "responses", "alarm"),
    "doubt": lambda d: with_field(d, "uncertain", False),
    "cited sources": lambda d: with_field(d, "sources", "a nurse"),
    "voices": lambda d: with_incident(d, voices=(Voice("Nile Wire", "agency", ("a" * 64,), "B"), d.incident.voices[1])),
    "grades of voices": lambda d: with_incident(
        d, voices=tuple(msgspec.structs.replace(v, grade="D") for v in d.incident.voices)
    ),
    "titles of reports": lambda d: with_document(d, title="Fire at dawn"),
    "addresses of reports": lambda d: with_document(d, url="https://gash.example/other"),
    "dates of reports": lambda d: with_document(d, published="2024-03-11"),
    "credibility": lambda d: with_incident(d, information=5),
    "confidence": lambda d: with_incident(d, confidence=0.41),
    "notes": lambda d: with_incident(d, notes=("do not call",)),
    "ties": lambda d: with_incident(d, ties=(Tie("e" * 16, "retaliation", "claimed as such", 3),)),
    "denials": lambda d: with_incident(d, denials=(_denied("the army"),)),
    "rival values": _rival,
    "reasons": _reason,
    "quotes": lambda d: with_claims(d, spans=(span("Drones hit"),)),
    "offsets of quotes": _moved,
    "attribution of claims": lambda d: with_claims(d, attribution=(Attribution(source="a nurse"),)),
    "mood of claims": lambda d: with_claims(d, modality="inferred"),
    "reader and run": lambda d: msgspec.structs.replace(
        d, readings=(msgspec.structs.replace(d.readings[0], run=msgspec.structs.replace(d.readings[0].run, code="9")),)
    ),
    "decisions": lambda d: msgspec.structs.replace(
        d, decisions=(msgspec.structs.replace(d.decisions[0], author="ben"),)
    ),
    "custody": lambda d: msgspec.structs.replace(d, custody=(msgspec.structs.replace(d.custody[0], collector="ben"),)),
}
