"""An incident as one flat row: the columns that all tables share, what each means, and its HXL tag."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from constat.countries import countries
from constat.exports.days import bounds, date_of
from constat.exports.dossier import Dossier
from constat.records import DateValue, Denied, Fused, FusedToll, Incident, PlaceValue, Toll, Value

_ID = re.compile("[0-9a-f]{64}")

Kind = Literal["text", "whole", "number", "date", "truth"]
SEVERAL = " | "  # between the values of one cell


class Column(msgspec.Struct, frozen=True):
    """A column: name, what its cells are, what it means, its HXL tag."""

    name: str
    kind: Kind
    about: str
    tag: str


COLUMNS = tuple(
    Column(*column)
    for column in (
        ("id", "text", "the incident, by hash of its tellings", "#event+id"),
        ("status", "text", "open, accepted or rejected by a person", "#status"),
        ("type", "text", "ACLED event type", "#event+type"),
        ("subtype", "text", "ACLED sub-event type", "#event+type+sub"),
        ("date", "text", "as precise as it is known: YYYY, YYYY-MM or YYYY-MM-DD", "#date+occurred"),
        ("date_start", "date", "first day on which it may have been", "#date+start"),
        ("date_end", "date", "last day on which it may have been", "#date+end"),
        ("date_precision", "text", "year, month, week, day, part of day or hour", "#date+precision"),
        ("part_of_day", "text", "when in the day", "#date+part"),
        ("place", "text", "as the reports name it", "#loc+name"),
        ("place_kind", "text", "site, town, area, district, province …", "#loc+type"),
        ("place_precision", "whole", "UCDP's where_prec: 1 the point to 6 the country", "#geo+precision"),
        ("radius_km", "number", "how far from the point it may lie", "#geo+radius"),
        ("country", "text", "ISO 3166-1 alpha-3", "#country+code"),
        ("country_name", "text", "in English", "#country+name"),
        ("admin1", "text", "first-level unit", "#adm1+name"),
        ("lat", "number", "degrees north, WGS 84", "#geo+lat"),
        ("lon", "number", "degrees east, WGS 84", "#geo+lon"),
        ("perpetrator", "text", "as the reports name it", "#group+name+first"),
        ("perpetrator_certainty", "text", "stated, claimed or suspected", "#group+certainty+first"),
        ("target", "text", "shortest words for what was hit", "#group+name+second"),
        ("claimed_by", "text", "who claims it", "#group+name+claimant"),
        ("weapons", "text", "all that are voice_name", "#event+weapon"),
        ("killed_low", "whole", "at least so many; empty: not stated, which is not zero", "#affected+killed+min"),
        ("killed_best", "whole", "the figure, empty where none is stated", "#affected+killed"),
        ("killed_high", "whole", "at most so many; empty: no bound is stated", "#affected+killed+max"),
        ("killed_groups", "text", "by group of people, where it is stated", "#affected+killed+group"),
        ("wounded_low", "whole", "as killed_low", "#affected+injured+min"),
        ("wounded_best", "whole", "as killed_best", "#affected+injured"),
        ("wounded_high", "whole", "as killed_high", "#affected+injured+max"),
        ("wounded_groups", "text", "as killed_groups", "#affected+injured+group"),
        ("damage", "text", "what was destroyed or burnt", "#impact+damage"),
        ("responses", "text", "what was done about it", "#activity+response"),
        ("uncertain", "truth", "a report calls it or its toll unconfirmed", "#status+uncertain"),
        ("cited", "text", "sources that the reports cite", "#meta+source+cited"),
        ("voices", "text", "independent origins of the reports, with the grade of each", "#meta+source"),
        ("reports", "whole", "how many reports tell of it", "#meta+source+num"),
        ("published_first", "date", "day of the first report", "#date+published+first"),
        ("published_last", "date", "day of the last report", "#date+published+last"),
        ("titles", "text", "of the reports", "#meta+title"),
        ("addresses", "text", "of the reports", "#meta+url"),
        ("information", "whole", "credibility, 1 confirmed to 6 cannot be judged", "#meta+credibility"),
        ("information_why", "text", "why it is that", "#meta+credibility+why"),
        ("confidence", "number", "0 to 1, that all these tellings are one incident", "#meta+confidence"),
        ("rivals", "text", "other values that are stated, by field", "#meta+rivals"),
        ("denied", "text", "who denies it, and in whose report", "#meta+denied"),
        ("quotes", "text", "the words that carry each field", "#meta+quotes"),
        ("notes", "text", "notes of analysts", "#description+notes"),
        ("ties", "text", "other incidents that it belongs with", "#event+related"),
    )
)
NAMES = tuple(column.name for column in COLUMNS)


def row(dossier: Dossier) -> dict[str, Any]:
    """The cells of an incident by column; None where nothing is stated."""
    one = dossier.incident
    place, date = place_of(one), date_of(one.field("date"))
    days = bounds(date)
    killed, wounded = total(one, "killed"), total(one, "wounded")
    country = word(one, "country") or (place.country if place else None)
    documents = dossier.documents
    published = sorted(d.published[:10] for d in documents if d.published)
    cells: dict[str, Any] = {
        "id": one.id,
        "status": one.status,
        "date": date.value if date else None,
        "date_start": days[0].isoformat() if days else None,
        "date_end": days[1].isoformat() if days else None,
        "date_precision": date.precision if date else None,
        "part_of_day": date.part_of_day if date else None,
        "place": place.name if place else None,
        "place_kind": place.kind if place else None,
        "place_precision": place.precision if place else None,
        "radius_km": place.radius_km if place else None,
        "country": country,
        "country_name": known.name if (known := countries().get(country or "")) else None,
        "admin1": word(one, "admin1") or (place.admin1 if place else None),
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "uncertain": _truth(one.field("uncertain")),
        "voices": joined(f"{voice_name(voice.name)} ({voice.grade})" for voice in one.voices),
        "reports": len({d for voice in one.voices for d in voice.documents}),
        "published_first": published[0] if published else None,
        "published_last": published[-1] if published else None,
        "titles": joined(d.title for d in documents if d.title),
        "addresses": joined(d.url for d in documents if d.url),
        "information": one.information,
        "information_why": one.information_why or None,
        "confidence": one.confidence,
        "rivals": joined(_rivals(one)),
        "denied": joined(_denial(d) for d in one.denials),
        "quotes": joined(f"{field}: {', '.join(f'“{q}”' for q in said)}" for field, said in quotes(one).items()),
        "notes": joined(one.notes),
        "ties": joined(f"{tie.kind} {tie.to}" for tie in one.ties),
        "cited": _listed(one, "sources"),
        "weapons": _listed(one, "weapons"),
        "responses": _listed(one, "responses"),
    }
    for name in ("type", "subtype", "perpetrator", "perpetrator_certainty", "target", "claimed_by", "damage"):
        cells[name] = word(one, name)
    for name, toll in (("killed", killed), ("wounded", wounded)):
        cells[f"{name}_low"] = toll.low if toll else None
        cells[f"{name}_best"] = toll.best if toll else None
        cells[f"{name}_high"] = toll.high if toll else None
        cells[f"{name}_groups"] = joined(f"{t.group} {toll_words(t)}" for t in one.tolls if t.field == name and t.group)
    return {name: cells[name] for name in NAMES}


def word(one: Incident, name: str) -> str | None:
    """The value of a field that is a word."""
    fused = one.field(name)
    return fused.value if fused and isinstance(fused.value, str) and fused.value else None


def place_of(one: Incident) -> PlaceValue | None:
    """The place of an incident."""
    fused = one.field("place")
    return fused.value if fused and isinstance(fused.value, PlaceValue) else None


def total(one: Incident, name: str) -> FusedToll | None:
    """The toll of all: as stated of all, else the range of what is stated of groups, which may overlap.

    Reports name the same dead by other words (`soldiers`, `people`), so that groups are never added up.
    """
    stated = [toll for toll in one.tolls if toll.field == name]
    whole = next((toll for toll in stated if toll.group is None), None)
    if whole or len(stated) < 2:
        return whole or (stated[0] if stated else None)
    bests = [toll.best for toll in stated if toll.best is not None]
    highs = [toll.high for toll in stated]
    return FusedToll(
        field=name,
        group=None,
        low=max(toll.low for toll in stated),
        best=max(bests) if bests else None,
        high=None if None in highs else max(h for h in highs if h is not None),
        why="the largest of what is stated of groups",
        stated=(),
    )


def toll_words(toll: FusedToll | Toll) -> str:
    """A toll in figures: `4`, `3–5`, `at least 2`, `some`."""
    low, high = toll.low, toll.high
    best = toll.best if isinstance(toll, FusedToll) else None
    said = "some" if high is None and not low else f"at least {low}" if high is None else f"{low}–{high}"
    if high is not None and low == high:
        return str(low)
    return f"{best} ({said})" if best is not None else said


def value_words(value: Value | None) -> str:
    """Any value as words of one cell."""
    match value:
        case None:
            return ""
        case Toll():
            return toll_words(value)
        case DateValue():
            return " ".join(part for part in (value.value or "undated", value.part_of_day) if part)
        case PlaceValue():
            return value.name if value.lat is None else f"{value.name} ({value.lat:g}, {value.lon:g})"
        case bool():
            return "yes" if value else "no"
    return value


def quotes(one: Incident) -> dict[str, list[str]]:
    """The words that carry each field, each once."""
    found: dict[str, dict[str, None]] = {}
    for claim in one.claims:
        for span in claim.spans:
            found.setdefault(claim.field, {})[span.quote] = None
    return {field: list(said) for field, said in sorted(found.items())}


def joined(parts: Iterable[str | None]) -> str | None:
    """Several values in one cell, each once; None if there are none."""
    return SEVERAL.join(dict.fromkeys(part for part in parts if part)) or None


def voice_name(voice: str) -> str:
    """A voice by its name; a report without a publisher, whose name is the id of its document, by the beginning."""
    return f"report {voice[:8]}" if _ID.fullmatch(voice) else voice


def listed(one: Incident, name: str) -> tuple[str, ...]:
    """The values of a field that has several."""
    fused = one.field(name)
    value = fused.value if fused and isinstance(fused.value, str) else ""
    return tuple(part for part in value.split("|") if part)


def _listed(one: Incident, name: str) -> str | None:
    return joined(listed(one, name))


def _denial(one: Denied) -> str:
    when = f", {one.published[:10]}" if one.published else ""
    return f"{one.by} ({one.voice}{when})" if one.by else f"{one.voice}{when}"


def _truth(fused: Fused | None) -> bool:
    return bool(fused and fused.value is True)


def _rivals(one: Incident) -> Iterable[str]:
    """What is stated beside the value of a field."""
    for fused in one.fields:
        if fused.field not in ("weapons", "responses", "sources"):
            others = [s for s in fused.stated if s.value != fused.value]
            if others:
                said = ", ".join(f"{value_words(s.value)} ({'; '.join(map(voice_name, s.voices))})" for s in others)
                yield f"{fused.field}: {said}"
    for toll in one.tolls:
        if len(toll.stated) > 1:
            said = ", ".join(f"{value_words(s.value)} ({'; '.join(map(voice_name, s.voices))})" for s in toll.stated)
            yield f"{toll.field}{f' {toll.group}' if toll.group else ''}: {said}"
