"""A reading for a person at a terminal: a card for each incident, then the text with the words that carry them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from constat.actors import ActorRegister
from constat.highlight import FIELD_STYLES, Carrier, highlighted, inline, right_to_left, shown_as, style_of
from constat.linking import links
from constat.records import (
    UNATTRIBUTED,
    Attribution,
    Claim,
    DateValue,
    Document,
    EventMention,
    PlaceValue,
    Reading,
    Toll,
)

_MEANT = 3  # actors of the register that a name may mean, surest first
_WIDEST = 120  # columns: longer lines are hard to read
_LONGEST_TEXT = 20_000  # characters of a report that are shown; all of it is read
_ROWS = {
    "type": "what",
    "date": "when",
    "place": "where",
    "country": "country",
    "perpetrator": "by",
    "target": "against",
    "weapons": "with",
    "killed": "killed",
    "wounded": "wounded",
    "damage": "damage",
    "responses": "response",
    "claimed_by": "claimed by",
    "sources": "sources",
    "uncertain": "doubt",
}
_TOLLS = ("killed", "wounded")
_ASKED = {"date": "when", "place": "where", "perpetrator": "who did it", "claimed_by": "who claims it"}


def show(reading: Reading, console: Console, register: ActorRegister | None = None) -> None:
    """Print one reading: what it holds, what it denies, whose wording it is, and the text that carries it all.

    With a `register`, whom its perpetrators, targets and claimants may mean.
    """
    width = min(console.width, _WIDEST)
    events = [*reading.events, *reading.denials]
    parts = [
        _heading(reading.document),
        _summary(reading),
        *(_card(event, number, reading, register) for number, event in enumerate(events, 1)),
        *_wording(reading),
        *_text(reading, events, console.color_system is not None),
    ]
    for part in parts:
        console.print(part, width=width)
    console.print()


def _heading(document: Document) -> RenderableType:
    lines = [Text(inline(document.title or document.id), "bold")]
    known = (
        document.publisher,
        document.published,
        document.lang,
        document.url,
        document.id if document.title else None,
    )
    lines.append(Text(" · ".join(inline(fact) for fact in known if fact), "dim"))
    if document.flags:
        lines.append(Text("note: " + ", ".join(document.flags), "yellow"))
    return Group(Text(), *(line for line in lines if line.plain))


def _summary(reading: Reading) -> RenderableType:
    main = sum(event.role == "main" for event in reading.events)
    told = len(reading.events) - main
    if not reading.events:
        said = "The report is empty." if "empty" in reading.document.flags else "The report tells of no incident."
    else:
        said = f"{main} {'incident' if main == 1 else 'incidents'}"
        said += f" and {told} told in passing" if told else ""
    if reading.denials:
        said += f" {len(reading.denials)} denied." if not reading.events else f", {len(reading.denials)} denied"
    return Padding(Text(said), (1, 0, 0, 0))


def _card(event: EventMention, number: int, reading: Reading, register: ActorRegister | None) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    grid.add_column(width=10, no_wrap=True)
    grid.add_column(width=3, no_wrap=True)
    grid.add_column(ratio=9)
    grid.add_column(ratio=11)
    for row in _rows(event, reading, register):
        grid.add_row(*row)
    denied = event in reading.denials
    kind = _first(event, "subtype") or _first(event, "type")
    name = str(kind.value) if kind else "Incident"
    place = _first(event, "place")
    if place and isinstance(place.value, PlaceValue):
        name += f" · {inline(place.value.name)}"
    role = "denied" if denied else "main" if event.role == "main" else "told in passing"
    return Panel(
        grid,
        title=Text.assemble((f" {number} ", "reverse bold"), " ", (name, "bold"), " "),
        title_align="left",
        subtitle=Text(f" {role} · {_percent(event.confidence)} sure ", "dim"),
        subtitle_align="right",
        box=box.ROUNDED,
        border_style="dim" if denied or event.role == "background" else "yellow",
        padding=(0, 1),
    )


def _rows(
    event: EventMention, reading: Reading, register: ActorRegister | None
) -> Iterator[tuple[Text, Text, RenderableType, RenderableType]]:
    """The rows of a card: label, how sure, value, and the words, with who says them where it is not the usual voice."""
    silent = []
    meant = links(event, register) if register is not None else {}
    voice = _usual_voice(event)
    for field, label in _ROWS.items():
        claims = [c for c in event.claims if c.field == field and c.rank == "preferred"]
        if field == "country" and any(isinstance(c.value, PlaceValue) for c in event.claims):
            continue
        if not claims and field in _TOLLS:
            yield (
                Text(label, "dim"),
                Text(),
                Text("not stated", "dim italic"),
                Text("nothing found, not zero", "dim"),
            )
        elif not claims and field in _ASKED:
            silent.append(_ASKED[field])
        for n, claim in enumerate(claims):
            others = [c for c in event.claims if c.field == field and c.rank != "preferred"] if n == 0 else []
            value = _value(claim, event, reading.document)
            for actor in meant.get(field, ())[:_MEANT]:
                value.append(f"\n→ {inline(actor.actor.name)} ({actor.actor.id}), {_percent(actor.confidence)}", "dim")
            yield _row("" if n else label, claim, value, others, voice)
    if event.claims:
        yield Text("says who", "bold"), Text(), Text(voice), Text("unless a line says otherwise", "dim")
    if silent:
        yield Text("not stated", "dim"), Text(), Text(", ".join(silent), "dim italic"), Text()
    for link in event.links:
        numbers = {e.id: n for n, e in enumerate((*reading.events, *reading.denials), 1)}
        to = next((e for e in reading.events if e.id == link.to), None)
        place = _first(to, "place") if to else None
        name = f" {inline(place.value.name)}" if place and isinstance(place.value, PlaceValue) else ""
        words = Text(" … ".join(f"“{inline(s.quote)}”" for s in link.spans))
        yield Text("linked", "dim"), Text(), Text(f"{link.kind} → {numbers.get(link.to, '?')}{name}"), words


def _row(
    label: str, claim: Claim, value: Text, others: Sequence[Claim], voice: str
) -> tuple[Text, Text, RenderableType, RenderableType]:
    for other in others:
        value.append("\n")
        value.append("of these " if other.rank == "part" else "or ", "dim")
        value.append(_short(other), "dim")
        value.append(f" ({_said_by(other)})" if other.attribution != claim.attribution else "", "dim")
    words = Text()
    for n, span in enumerate(claim.spans):
        words.append(" … " if n else "")
        words.append(f"“{inline(span.quote)}”", style_of(claim.field))
    if claim.field != "sources" and (said := _said_by(claim)) != voice:
        words.append(f"\n{said}", "dim")
    return Text(label, "bold" if label else ""), _sureness(claim.confidence), value, words


def _sureness(confidence: float) -> Text:
    full = 3 if confidence >= 0.85 else 2 if confidence >= 0.6 else 1
    return Text("●" * full, "green" if full == 3 else "yellow" if full == 2 else "red").append("○" * (3 - full), "dim")


def _percent(confidence: float) -> str:
    return f"{round(confidence * 100)} %"


def _said_by(claim: Claim) -> str:
    """Who says it, through whom, and in which mood."""
    voices = [_voice(a) for a in claim.attribution if a.source != UNATTRIBUTED.source]
    said = ", ".join(dict.fromkeys(voices)) or "the outlet itself"
    return said if claim.modality == "asserted" else f"{said} · {claim.modality}"


def _usual_voice(event: EventMention) -> str:
    """Who says most of what is told of an event."""
    said = Counter(_said_by(claim) for claim in event.claims if claim.field != "sources")
    return said.most_common(1)[0][0] if said else ""


def _voice(attribution: Attribution) -> str:
    name = inline(attribution.source)
    return f"{name}, through {_voice(attribution.through)}" if attribution.through else name


def _value(claim: Claim, event: EventMention, document: Document) -> Text:
    """A value in words, with what is known of its precision."""
    out = Text(_short(claim), style_of(claim.field))
    if claim.modality == "inferred":
        out.append(" (inferred)", "italic")
    match claim.value:
        case DateValue(value=None):
            hint = "give the report's date with --published" if document.published is None else "nothing to count from"
            out.append(f"\n{hint}", "dim")
        case DateValue(precision=precision):
            out.append(f"\nto the {precision}" if precision != "part of day" else "", "dim")
        case PlaceValue() as place:
            out.append(f"\n{_on_the_map(place)}", "dim")
    if claim.field == "perpetrator":
        certainty = _first(event, "perpetrator_certainty")
        out.append(f"\n{certainty.value}" if certainty else "", "dim")
    if claim.reader != "rules":
        out.append(f"\nread by {claim.reader.replace('+', ' and ')}", "dim")
    if claim.note and claim.field != "wording":
        out.append(f"\n{inline(claim.note)}", "dim")
    return out


def _on_the_map(place: PlaceValue) -> str:
    where = ", ".join(inline(name) for name in (place.admin1, place.country) if name)
    if place.lat is None or place.lon is None:
        return "not found on the map; the name is kept" + (f" · {where}" if where else "")
    point = (
        f"{abs(place.lat):.2f} {'N' if place.lat >= 0 else 'S'} {abs(place.lon):.2f} {'E' if place.lon >= 0 else 'W'}"
    )
    within = f", within {place.radius_km:g} km" if place.radius_km else ""
    return f"{place.kind}{within}\n{point}" + (f" · {where}" if where else "")


def _short(claim: Claim) -> str:
    match claim.value:
        case Toll() as toll:
            return _toll(toll)
        case DateValue(value=value, part_of_day=part):
            return f"{value or 'no calendar date'}{f', {part}' if part else ''}"
        case PlaceValue(name=name):
            return inline(name)
        case bool():
            return "called uncertain" if claim.field == "uncertain" else "yes"
        case value:
            return inline(value)


def _toll(toll: Toll) -> str:
    if toll.high is None:
        number = f"at least {toll.low}, no upper bound" if toll.low else "some, no bound stated"
    elif toll.low == toll.high:
        number = str(toll.low) if toll.low else "none"
    else:
        number = f"{toll.low} to {toll.high}" if toll.low else f"up to {toll.high}"
    return f"{number} · {toll.group.replace('+', ', ')}" if toll.group else number


def _wording(reading: Reading) -> Iterator[RenderableType]:
    if not reading.wording:
        return
    line = Text("Wording that takes sides, the outlet's own and not taken over: ")
    for n, claim in enumerate(reading.wording):
        line.append("; " if n else "")
        line.append(" … ".join(f"“{inline(span.quote)}”" for span in claim.spans), style_of("wording"))
        line.append(f" ({claim.note})" if claim.note else "", "dim")
    yield Padding(line, (1, 0, 0, 0))


def _text(reading: Reading, events: Sequence[EventMention], coloured: bool) -> Iterator[RenderableType]:
    document = reading.document
    if not document.text.strip():
        return
    carriers = [Carrier(span, "wording", 0) for claim in reading.wording for span in claim.spans]
    for number, event in enumerate(events, 1):
        denied = number > len(reading.events)
        claims = (c for c in event.claims if c.rank == "preferred")
        carriers += [Carrier(s, "denied" if denied else c.field, number) for c in claims for s in c.spans]
    used = {shown_as(c.field) for c in carriers}
    if coloured and used:
        legend = Text("  ").join(Text(_ROWS.get(f, f), style) for f, style in FIELD_STYLES.items() if f in used)
        yield Padding(Text.assemble(("The words that carry it:  ", "dim"), legend), (1, 0, 0, 0))
    numbered = len(events) > 1
    justify: Literal["left", "right"] = "right" if right_to_left(document.text) else "left"
    if document.title:
        title = highlighted(document.title, "title", carriers, numbered, coloured)
        title.stylize("bold")
        title.justify = justify
        yield Padding(title, (1, 2, 0, 2))
    text = highlighted(document.text[:_LONGEST_TEXT], "text", carriers, numbered, coloured)
    text.justify = justify
    yield Padding(text, (1, 2, 0, 2))
    if len(document.text) > _LONGEST_TEXT:
        yield Text(f"  … and {len(document.text) - _LONGEST_TEXT:,} characters more", "dim")


def _first(event: EventMention | None, field: str) -> Claim | None:
    """The preferred claim of a field, if there is one."""
    return next((c for c in event.claims if c.field == field and c.rank == "preferred"), None) if event else None
