"""One incident for a person at a terminal: what is held of it, who says so in which words, and how it came about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from constat.highlight import inline, style_of
from constat.incidents.bonds import Bond
from constat.incidents.listing import SHORT, Cover, where
from constat.incidents.trail import Change
from constat.incidents.words import of_kind, of_value, toll_words
from constat.records import UNATTRIBUTED, Claim, Decision, Document, Fused, FusedToll, Incident, Stated, Voice
from constat.resolution.attention import attention
from constat.resolution.links import Series

_LABELS = {
    "type": "what", "subtype": "kind", "date": "when", "place": "where", "perpetrator": "by", "target": "against",
    "perpetrator_certainty": "how sure", "weapons": "with", "damage": "damage", "responses": "response",
    "claimed_by": "claimed by", "sources": "sources", "uncertain": "doubt",
}  # fmt: skip
_COLOURS = {"open": "yellow", "accepted": "green", "rejected": "red"}
_MOST = 12  # quotes, changes, ties that are shown of many
_WIDEST = 120


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What a page is made of; `documents` by id, `event_of` claim id -> its document."""

    incident: Incident
    documents: Mapping[str, Document]
    document_of: Mapping[str, str]
    bonds: Sequence[Bond]
    trail: Sequence[Change]
    decisions: Sequence[tuple[Decision, bool]]
    series: Series | None
    names: Mapping[str, str]
    events: Mapping[str, str]


def page(held: Page, console: Console, cover: Cover) -> None:
    """Print it; `cover` hides restricted names."""
    width = min(console.width, _WIDEST)
    for part in _parts(held, cover):
        console.print(part, width=width)
    console.print()


def _parts(held: Page, cover: Cover) -> Iterator[RenderableType]:
    yield _head(held.incident, cover)
    yield from _section("looks doubtful", [Text(cover(why), "yellow") for _, why in attention(held.incident)])
    yield from _fields(held, cover)
    yield from _section("who says so", list(_voices(held, cover)))
    yield from _section("denied", list(_denials(held, cover)))
    yield from _section("in these words", list(_words(held, cover)))
    yield from _section("why its tellings are one", list(_bonds(held, cover)))
    yield from _section("how it came about", list(_trail(held, cover)))
    yield from _section("decisions", list(_decisions(held, cover)))
    yield from _section("others it is tied to", list(_ties(held, cover)))


def _head(one: Incident, cover: Cover) -> RenderableType:
    kind = one.field("subtype") or one.field("type")
    name = inline(of_value(kind.value)) if kind else "Incident"
    when = one.field("date")
    lines = [
        Text(cover(f"{name} · {where(one)}"), "bold"),
        Text(f"{inline(of_value(when.value)) if when else 'no date'}", "cyan"),
        Text(f"graded {one.information}: {cover(one.information_why)}"),
    ]
    return Panel(
        Group(*lines),
        title=Text(f" {one.id[:SHORT]} ", "reverse bold"),
        title_align="left",
        subtitle=Text(f" {one.status} · revision {one.revision[:SHORT]} ", "dim"),
        subtitle_align="right",
        box=box.ROUNDED,
        border_style=_COLOURS[one.status],
        padding=(0, 1),
    )


def _section(title: str, lines: Sequence[RenderableType]) -> Iterator[RenderableType]:
    if lines:
        yield Padding(Text(title, "bold underline"), (1, 0, 0, 0))
        yield from (Padding(line, (0, 0, 0, 2)) for line in lines)


def _fields(held: Page, cover: Cover) -> Iterator[RenderableType]:
    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    grid.add_column(width=18, no_wrap=True)
    grid.add_column(ratio=5)
    grid.add_column(ratio=6)
    one = held.incident
    for field, label in _LABELS.items():
        fused = one.field(field)
        if fused is not None:
            grid.add_row(Text(label, "bold"), *_field(fused, cover))
    for fused_toll in sorted(one.tolls, key=lambda t: (t.field, t.group or "")):
        if fused_toll.group is None:
            grid.add_row(Text(fused_toll.field, "bold"), *_toll(fused_toll, cover))
        elif not _same(one.toll(fused_toll.field), fused_toll):
            label = f"  {fused_toll.group.replace('+', ', ')}"
            grid.add_row(Text(cover(label), "dim"), *_toll(fused_toll, cover))
    for field in ("killed", "wounded"):
        if not any(t.field == field for t in one.tolls):
            grid.add_row(Text(field, "dim"), Text("not stated", "dim italic"), Text("nothing found, not zero", "dim"))
    yield Padding(grid, (1, 0, 0, 0))


def _field(fused: Fused, cover: Cover) -> tuple[Text, Text]:
    value = Text(cover(inline(of_value(fused.value))), style_of(fused.field))
    rivals = [s for s in fused.stated if s.value != fused.value] if "|" not in str(fused.value) else []
    return _with_rivals(value, rivals, cover), Text(cover(fused.why), "dim")


def _toll(fused: FusedToll, cover: Cover) -> tuple[Text, Text]:
    value = Text(toll_words(fused), style_of(fused.field))
    rivals = fused.stated if len(fused.stated) > 1 else ()
    return _with_rivals(value, rivals, cover), Text(cover(fused.why), "dim")


def _same(whole: FusedToll | None, part: FusedToll) -> bool:
    """Whether a group is all of them, so that its figure says nothing more."""
    return whole is not None and (whole.low, whole.best, whole.high) == (part.low, part.best, part.high)


def _with_rivals(value: Text, rivals: Sequence[Stated], cover: Cover) -> Text:
    for stated in rivals[:_MOST]:
        value.append(f"\n  {cover(inline(of_value(stated.value)))}", "dim bold")
        who = ", ".join(_short(name) for name in stated.voices[:4]) + (" …" if len(stated.voices) > 4 else "")
        value.append(f" {cover(who)}{_span(stated)}", "dim")
    return value


def _span(stated: Stated) -> str:
    if stated.first is None:
        return ""
    return f" on {stated.first}" if stated.first == stated.last else f" from {stated.first} to {stated.last}"


def _voices(held: Page, cover: Cover) -> Iterator[RenderableType]:
    for voice in held.incident.voices:
        line = Text(cover(_voice(voice)), "bold")
        line.append(f"  {voice.kind}, grade {voice.grade}", "dim")
        for number in voice.documents[:_MOST]:
            document = held.documents.get(number)
            told = ", ".join(part for part in (document.publisher, document.published) if part) if document else ""
            title = f" “{inline(document.title)}”" if document and document.title else ""
            line.append(cover(f"\n  {number[:12]}  {told}{title}"), "dim")
        if len(voice.documents) > _MOST:
            line.append(f"\n  and {len(voice.documents) - _MOST:,} more of the same origin", "dim")
        yield line


def _denials(held: Page, cover: Cover) -> Iterator[RenderableType]:
    for denial in held.incident.denials:
        who = denial.by or f"{_short(denial.voice)}, in its own voice"
        words = " … ".join(dict.fromkeys(inline(s.quote) for c in denial.claims for s in c.spans))
        text = Text(cover(f"{who}, in a report of {_short(denial.voice)}, {denial.published or 'undated'}: "))
        yield text.append(cover(f"“{words}”"), "strike")


def _words(held: Page, cover: Cover) -> Iterator[RenderableType]:
    """The quotes of each field, those of several reports each with its own."""
    shown: dict[tuple[str, str], list[str]] = {}
    for claim in held.incident.claims:
        if claim.rank != "part" and claim.field != "subtype":
            for span in claim.spans:
                said = f"{span.quote}{_said_by(claim)}"
                shown.setdefault((claim.field, inline(said)), []).append(held.document_of.get(claim.id, ""))
    fields = [*_LABELS, "killed", "wounded"]
    for field in fields:
        quotes = [(words, documents) for (name, words), documents in shown.items() if name == field]
        if not quotes:
            continue
        line = Text(f"{_LABELS.get(field, field)}: ", "bold")
        for n, (words, documents) in enumerate(quotes[:_MOST]):
            line.append("  ·  " if n else "")
            line.append(cover(f"“{words}”"), style_of(field))
            line.append(" " + ", ".join(sorted({d[:6] for d in documents if d})[:3]), "dim")
        if len(quotes) > _MOST:
            line.append(f"  and {len(quotes) - _MOST} more", "dim")
        yield line


def _said_by(claim: Claim) -> str:
    said = [a.source for a in claim.attribution if a.source != UNATTRIBUTED.source]
    asides = [", ".join(dict.fromkeys(said))] if said and claim.field != "sources" else []
    if claim.reader != "rules":
        asides += [f"read by {claim.reader.replace('+', ' and ')}", *([claim.note] if claim.for_review else [])]
    return f" ({'; '.join(asides)})" if asides else ""


def _bonds(held: Page, cover: Cover) -> Iterator[RenderableType]:
    for bond in held.bonds[:_MOST]:
        a, b = (held.events.get(event, event) for event in bond.events)
        line = Text(cover(f"{a} and {b}: {bond.probability:.0%}"), "bold")
        for reason, weight in bond.reasons[:6]:
            line.append(f"\n  {'+' if weight > 0 else '−'} {reason}", "green" if weight > 0 else "red")
        yield line
    if len(held.bonds) > _MOST:
        yield Text(f"and {len(held.bonds) - _MOST:,} more", "dim")


def _trail(held: Page, cover: Cover) -> Iterator[RenderableType]:
    """What was first told in one line, then each change."""
    changes = [c for c in held.trail if c.what != "type"]
    first = [c for c in changes if c.before is None and c.what not in ("decision", "status")]
    begun = [c for c in first if c.at == first[0].at]
    if begun:
        told = ", ".join(f"{c.what} {c.after}" for c in begun if c.what != "information")
        yield _moment(begun[0]).append(cover(f"first told: {told}")).append(cover(f"  {_by(begun[0])}"), "dim")
    rest = [c for c in changes if c not in begun]
    for change in rest if len(rest) <= 3 * _MOST else [*rest[: 2 * _MOST], *rest[-_MOST:]]:
        line = _moment(change).append(change.what, "bold")
        before = f"{change.before} → " if change.before is not None else ""
        line.append(cover(f" {before}{change.after or 'not stated any more'}"))
        yield line.append(cover(f"  {_by(change)}"), "dim")


def _moment(change: Change) -> Text:
    return Text(f"{change.at[:16].replace('T', ' ') or 'undated'}  ", "cyan")


def _by(change: Change) -> str:
    return ", ".join(map(_short, change.by))


def _decisions(held: Page, cover: Cover) -> Iterator[RenderableType]:
    for decision, holds in held.decisions:
        line = Text(f"{decision.id[:SHORT]}  {of_kind(decision.kind)}", "bold" if holds else "dim strike")
        value = f" {decision.field} = {of_value(decision.value)}" if decision.field else ""
        line.append(cover(f"{value}  {decision.author}, {decision.decided_at[:16].replace('T', ' ')}"), "dim")
        line.append(cover(f"  {inline(decision.reason)}" if decision.reason else ""))
        yield line if holds else line.append("  undone", "dim")


def _ties(held: Page, cover: Cover) -> Iterator[RenderableType]:
    for tie in held.incident.ties[:_MOST]:
        gap = "" if tie.days is None else ", the same day" if not tie.days else f", {abs(tie.days)} days "
        gap += "" if not tie.days else "later" if tie.days > 0 else "earlier"
        line = Text(f"{tie.to[:SHORT]}  ", "dim").append(f"{tie.kind}{gap}", "bold")
        yield line.append(cover(f"  {held.names.get(tie.to, '')}")).append(f"  {tie.why}", "dim")
    if len(held.incident.ties) > _MOST:
        yield Text(f"and {len(held.incident.ties) - _MOST:,} more", "dim")
    if held.series is not None:
        gaps = ", ".join(map(str, held.series.intervals))
        yield Text(cover(f"series: {held.series.why}; days between: {gaps}"))


def _voice(voice: Voice) -> str:
    return _short(voice.name)


def _short(name: str) -> str:
    """The name of a voice; one that has none is known by its report."""
    return f"report {name[:12]}" if len(name) == 64 and set(name) <= set("0123456789abcdef") else name
