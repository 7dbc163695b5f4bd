"""Records as HTML, for notebooks: a reading with its words marked, an incident with its rivals and reasons.

Everything a report says is escaped; there are no scripts, styles of the page or addresses from outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

from constat.records import Claim, DateValue, EventMention, FusedToll, Incident, Part, PlaceValue, Reading, Toll, Value

# Of a field's words: dark letters stay readable on each of them.
_COLOURS = {
    "type": "#ffe08a",
    "date": "#a5e3ec",
    "place": "#b6e3a8",
    "perpetrator": "#ffc2b8",
    "target": "#e9c3f2",
    "weapons": "#ffcf9e",
    "killed": "#ffa8a8",
    "wounded": "#ffc9de",
    "damage": "#e8dca0",
    "responses": "#bfe9df",
    "claimed_by": "#c5cdfb",
    "sources": "#bcd9ff",
    "uncertain": "#f5f0a3",
}
_SAME = {"subtype": "type", "country": "place", "admin1": "place", "perpetrator_certainty": "perpetrator"}
_OTHER = "#e3e6ea"
_LONGEST = 20_000  # characters of a report that are shown
_CELL = 'style="text-align:start;vertical-align:top;padding:.15em .8em .15em 0"'


def reading_html(reading: Reading) -> str:
    """The fields of each event, then the report with the words that carry them."""
    d = reading.document
    events = [*reading.events, *reading.denials]
    about = " · ".join(escape(fact) for fact in (d.publisher, d.published, d.lang, d.url) if fact)
    parts = [f"<div><b>{_bidi(d.title or d.id)}</b> <small>{about}</small>"]
    if not events:
        parts.append("<p>The report tells of no incident.</p>")
    for number, event in enumerate(events, 1):
        denied = event in reading.denials
        parts.append(_event(event, number, "denied" if denied else event.role))
    if d.title:
        parts.append(f'<p dir="auto"><b>{_marked(d.title, "title", events)}</b></p>')
    shown = _marked(d.text[:_LONGEST], "text", events)
    rest = "…" if len(d.text) > _LONGEST else ""
    parts.append(f'<p dir="auto" style="white-space:pre-wrap;line-height:1.7;max-width:46em">{shown}{rest}</p></div>')
    return "\n".join(parts)


def incident_html(one: Incident) -> str:
    """Every field and toll with its value, what else is stated, by whom, and why the value is that one."""
    rows = []
    for fused in one.fields:
        rivals = [
            f"{_value(s.value)} <small>({escape(', '.join(s.voices))})</small>"
            for s in fused.stated
            if s.value != fused.value and fused.field not in ("weapons", "responses", "sources")
        ]
        rows.append(_row(fused.field, _value(fused.value), rivals, fused.why))
    for toll in one.tolls:
        rivals = [f"{_value(s.value)} <small>({escape(', '.join(s.voices))})</small>" for s in toll.stated[1:]]
        rows.append(_row(f"{toll.field} {toll.group or ''}".strip(), _toll(toll), rivals, toll.why))
    voices = ", ".join(f"{voice.name} ({voice.grade})" for voice in one.voices)
    head = f"incident {one.id[:12]} · {one.status} · credibility {one.information} of 6"
    said = f"<p><small>{escape(one.information_why)}. Told by {_bidi(voices)}.</small></p>"
    return f"<div><b>{escape(head)}</b>{said}<table>{''.join(rows)}</table></div>"


def _row(field: str, value: str, rivals: Sequence[str], why: str) -> str:
    also = f"<br><small>also: {'; '.join(rivals)}</small>" if rivals else ""
    return (
        f"<tr><th {_CELL}>{_chip(field.split()[0], field)}</th><td {_CELL}>{value}{also}</td>"
        f"<td {_CELL}><small>{_bidi(why)}</small></td></tr>"
    )


def _event(event: EventMention, number: int, role: str) -> str:
    rows = []
    for claim in event.claims:
        if claim.rank == "preferred":
            words = " … ".join(f"“{_bidi(s.quote)}”" for s in claim.spans)
            mood = "" if claim.modality == "asserted" else f" <small>({claim.modality})</small>"
            rows.append(
                f"<tr><th {_CELL}>{_chip(claim.field, claim.field)}</th><td {_CELL}>{_value(claim.value)}{mood}</td>"
                f"<td {_CELL}><small>{words}</small></td></tr>"
            )
    head = f"{number} · {escape(role)} · {event.confidence:.0%} sure"
    return f"<p><b>{head}</b></p><table>{''.join(rows)}</table>"


def _marked(text: str, part: Part, events: Iterable[EventMention]) -> str:
    """A text whose carrying words are marked; of words inside words the inner ones win."""
    carriers = [
        (span.start, span.end, number, claim)
        for number, event in enumerate(events, 1)
        for claim in event.claims
        if claim.rank == "preferred"
        for span in claim.spans
        if span.part == part and span.end <= len(text)
    ]
    borders = sorted({0, len(text), *(c[0] for c in carriers), *(c[1] for c in carriers)})
    out = []
    for start, end in pairwise(borders):
        around = [c for c in carriers if c[0] <= start and end <= c[1]]
        piece = escape(_plain(text[start:end]))
        if around:
            _, _, number, claim = min(around, key=lambda c: (c[1] - c[0], c[2]))
            label = escape(f"{number} {claim.field}: {_words(claim)}")
            style = f"background:{_colour(claim.field)};color:#1d2330;border-radius:.2em"
            piece = f'<mark style="{style}" title="{label}">{piece}</mark>'
        out.append(piece)
    return "".join(out)


def _chip(field: str, label: str) -> str:
    style = f"background:{_colour(field)};color:#1d2330;border-radius:.2em;padding:0 .35em"
    return f'<span style="{style}">{escape(label)}</span>'


def _colour(field: str) -> str:
    return _COLOURS.get(_SAME.get(field, field), _OTHER)


def _words(claim: Claim) -> str:
    value = claim.value
    return value if isinstance(value, str) else _figure(value)


def _value(value: Value | None) -> str:
    if isinstance(value, PlaceValue):
        return f"{_bidi(value.name)} {escape(_where(value))}"
    return _bidi(value.replace("|", ", ") if isinstance(value, str) else "" if value is None else _figure(value))


def _figure(value: bool | Toll | DateValue | PlaceValue) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Toll(low=low, high=high):
            people = "some" if high is None and not low else f"at least {low}" if high is None else f"{low}–{high}"
            people = str(low) if low == high else people
            return f"{people} {value.group or ''}".strip()
        case DateValue():
            return ", ".join(part for part in (value.value or "undated", value.precision, value.part_of_day) if part)
    return f"{value.name} {_where(value)}"


def _where(place: PlaceValue) -> str:
    point = "" if place.lat is None or place.lon is None else f", {place.lat:.4g} N {place.lon:.4g} E"
    within = f" within {place.radius_km:g} km" if place.radius_km else ""
    return f"({place.kind}{within}{point})"


def _toll(toll: FusedToll) -> str:
    reach = _figure(Toll(toll.low, toll.high))
    return escape(reach if toll.best is None or toll.low == toll.high else f"{toll.best} ({reach})")


def _bidi(text: str) -> str:
    return f"<bdi>{escape(_plain(text))}</bdi>"


def _plain(text: str) -> str:
    """Without marks of direction, control signs and lone surrogates, which would turn or break what stands around."""
    return "".join(c if c in "\n\t\u200c\u200d" or c.isprintable() else " " for c in text)
