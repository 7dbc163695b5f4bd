"""Every record of Constat, in the order in which the flow makes them. Read this first, `pipeline.py` second.

Records are frozen; the id of a record is the SHA-256 of its content as canonical JSON, shortened only for show.
Offsets are code points in the part of the document (`text` or `title`) that the span names.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal, TypeAlias

import msgspec

from constat.errors import EvidenceError

CODED = "coded: "  # how the flag of a document begins that is a row of a data set of coded events
Part: TypeAlias = Literal["text", "title"]
Role: TypeAlias = Literal["main", "background"]
Rank: TypeAlias = Literal["preferred", "rival", "part"]
Modality: TypeAlias = Literal[
    "asserted", "reported", "conditional", "inferred", "denied", "feared", "planned", "hypothetical"
]


def content_id(value: Any) -> str:
    """SHA-256, in hex, of a value as canonical JSON (keys sorted, no spaces)."""
    try:
        data = msgspec.json.encode(value, order="sorted")
    except UnicodeEncodeError:  # a lone surrogate, which UTF-8 cannot hold, is written as its JSON escape
        data = json.dumps(msgspec.to_builtins(value), sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(data).hexdigest()


class Capture(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes as received. Never changed."""

    sha256: str
    size: int
    address: str | None = None
    final_address: str | None = None
    captured_at: str | None = None
    media_type: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    tool: str = ""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The working copy of a report. `published` is an ISO date or None; `flags` say what was odd about the input."""

    id: str
    text: str
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    lang: str | None = None
    url: str | None = None
    flags: tuple[str, ...] = ()
    capture: str | None = None

    def part(self, name: Part) -> str:
        """The text of one part; a missing title is empty."""
        return self.text if name == "text" else self.title or ""

    @property
    def coded(self) -> str | None:
        """The data set of coded events that it is a row of; None for a report."""
        return next((flag.removeprefix(CODED) for flag in self.flags if flag.startswith(CODED)), None)


class Span(msgspec.Struct, frozen=True, order=True):
    """Exact words of a document: code-point offsets and the quote that stands there."""

    part: Part
    start: int
    end: int
    quote: str

    def check(self, document: Document) -> Span:
        """The span itself, if its quote stands at its offsets; raises `EvidenceError` if not."""
        found = document.part(self.part)[self.start : self.end]
        if not self.quote or found != self.quote:
            raise EvidenceError(
                f"document {document.id}, {self.part} {self.start}:{self.end}: "
                f"the quote {self.quote[:60]!r} does not stand there, {found[:60]!r} does"
            )
        return self


class Toll(msgspec.Struct, frozen=True, tag="toll"):
    """A count of people, low to high; `high` None means that no upper bound is stated."""

    low: int
    high: int | None
    group: str | None = None


class DateValue(msgspec.Struct, frozen=True, tag="date"):
    """A date as precise as text and publication date allow; `value` None while nothing anchors it.

    `value` is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; `precision` year, month, week, day, part of day, hour or unresolved.
    """

    value: str | None
    precision: str
    part_of_day: str | None = None


class PlaceValue(msgspec.Struct, frozen=True, tag="place"):
    """A named place with its coordinates (degrees, WGS 84), radius in km, kind and the choices passed over.

    `precision` is UCDP's where_prec, 1 the point to 6 a country; `placed_by` what an unknown name is placed by.
    """

    name: str
    country: str | None = None
    admin1: str | None = None
    lat: float | None = None
    lon: float | None = None
    kind: str = "not found"
    radius_km: float | None = None
    gazetteer_id: str | None = None
    passed_over: tuple[str, ...] = ()
    precision: int | None = None
    placed_by: str | None = None


Value: TypeAlias = str | bool | Toll | DateValue | PlaceValue


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A typed span with its normalised value: event word, actor, place, time, quantity, weapon, measure, source."""

    kind: str
    key: str
    span: Span
    sentence: int
    first: int
    last: int
    value: Toll | DateValue | PlaceValue | None = None


class Attribution(msgspec.Struct, frozen=True, kw_only=True):
    """Who says so: the source as named, the cue that carries it, and through whom it was relayed."""

    source: str
    cue: str = ""
    through: Attribution | None = None
    span: Span | None = None


UNATTRIBUTED = Attribution(source="unattributed")
REVIEW = "review: "  # how the note of a claim begins that a person should look at


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """One value of one field of one event mention, with its words, who says it, how sure, and the reader that made it.

    `rank` preferred: shown as the field's value; rival: another value stated beside it; part: a share of a total.
    """

    field: str
    value: Value
    spans: tuple[Span, ...]
    attribution: tuple[Attribution, ...] = (UNATTRIBUTED,)
    modality: Modality = "asserted"
    confidence: float = 1.0
    rank: Rank = "preferred"
    reader: str = "rules"
    note: str = ""

    @property
    def id(self) -> str:
        """The hash of everything the claim says."""
        return content_id(self)

    @property
    def for_review(self) -> bool:
        """A person should look at it before it is relied on; the note says why."""
        return self.note.startswith(REVIEW)


class Link(msgspec.Struct, frozen=True):
    """From one event mention to another of the same report, with the kind of link and the words that say it."""

    to: str
    kind: str
    spans: tuple[Span, ...] = ()


class EventMention(msgspec.Struct, frozen=True, kw_only=True):
    """One document's telling of one incident, as claims."""

    id: str
    document: str
    role: Role
    claims: tuple[Claim, ...]
    confidence: float
    links: tuple[Link, ...] = ()


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What made a reading: code, packs, gazetteer, weights, model and settings, each by hash."""

    code: str
    packs: tuple[tuple[str, str], ...]
    gazetteer: str
    settings: str
    weights: str = ""
    model: str | None = None


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """All that a report holds: its events, what it denies, its loaded wording, and the run that read it."""

    document: Document
    events: tuple[EventMention, ...]
    denials: tuple[EventMention, ...] = ()
    wording: tuple[Claim, ...] = ()
    run: Run | None = None

    def _repr_html_(self) -> str:
        from constat.html_view import reading_html

        return reading_html(self)


class Translation(msgspec.Struct, frozen=True):
    """A document in another language by machine, each paragraph beside its own: a reading aid, never evidence."""

    document: str
    to: str
    model: str
    paragraphs: tuple[tuple[str, str], ...]
    note: str = "machine translation: a reading aid, not evidence"


class Footing(msgspec.Struct, frozen=True):
    """Where the words of an event mention stand, by which it is found again when its report is read anew."""

    event: str
    document: str
    spans: tuple[Span, ...]


DecisionKind: TypeAlias = Literal[
    "positive", "negative", "unsure", "value", "accept", "reject", "merge", "split", "note", "undo"
]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A judgement by a person or the machine, never changed; undoing one is a new row that `supersedes` it.

    `subject` holds event ids. positive, negative, unsure: the pair is one, is not, may be; merge: all are one; split:
    they are not one with the other events of `footing`; value: `field` is `value`; accept, reject, note: of the
    incident that holds them. `made_on` is the id of the incident as it was seen, `footing` where its events stood.
    """

    kind: DecisionKind
    subject: tuple[str, ...]
    author: str
    decided_at: str
    reason: str = ""
    field: str | None = None
    value: Value | None = None
    supersedes: str | None = None
    made_on: str | None = None
    footing: tuple[Footing, ...] = ()

    @property
    def id(self) -> str:
        """The hash of all that was decided."""
        return content_id(self)


Grade: TypeAlias = Literal["A", "B", "C", "D", "E", "F"]


class Voice(msgspec.Struct, frozen=True):
    """One origin of reports, counted once however often it is printed: an agency, an outlet, or reports of one text.

    `grade` is the user's own for the source, A reliable to E unreliable, F not judged.
    """

    name: str
    kind: Literal["agency", "outlet", "text", "report"]
    documents: tuple[str, ...]
    grade: Grade = "F"


class Stated(msgspec.Struct, frozen=True):
    """One value of a field, the voices that give it, the claims behind it, the first and last day it was printed."""

    value: Value
    voices: tuple[str, ...]
    claims: tuple[str, ...]
    first: str | None = None
    last: str | None = None


class Fused(msgspec.Struct, frozen=True):
    """One field of an incident: its value, why it is that one, and all that is stated of it, the rivals included."""

    field: str
    value: Value | None
    why: str
    stated: tuple[Stated, ...]


class FusedToll(msgspec.Struct, frozen=True):
    """Killed or wounded of a group (None: all): low, best and high (None: unknown, no bound), and why best is best."""

    field: str
    group: str | None
    low: int
    best: int | None
    high: int | None
    why: str
    stated: tuple[Stated, ...]


class Tie(msgspec.Struct, frozen=True):
    """From one incident to another: same series, retaliation, hours after, same site, told together; why, the gap."""

    to: str
    kind: str
    why: str
    days: int | None = None


class Denied(msgspec.Struct, frozen=True):
    """A denial of an incident: in which report and by whose voice, by whom (None: the outlet itself, which retracts
    what it told before), when it was printed, and its claims with their words."""

    event: str
    document: str
    voice: str
    by: str | None
    published: str | None
    claims: tuple[Claim, ...]


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """The view: event mentions decided to be one, each field with all its claims, rivals side by side.

    `information` grades it 1 (confirmed) to 6 (cannot be judged); `confidence`: that its tellings are one.
    """

    id: str
    events: tuple[str, ...]
    claims: tuple[Claim, ...]
    fields: tuple[Fused, ...] = ()
    tolls: tuple[FusedToll, ...] = ()
    voices: tuple[Voice, ...] = ()
    information: int = 6
    information_why: str = ""
    confidence: float = 1.0
    status: Literal["open", "accepted", "rejected"] = "open"
    notes: tuple[str, ...] = ()
    ties: tuple[Tie, ...] = ()
    denials: tuple[Denied, ...] = ()

    @property
    def revision(self) -> str:
        """What its state is known by: a new one with every new telling, figure or decision; ties do not count."""
        return content_id(msgspec.structs.replace(self, ties=()))[:16]

    def field(self, name: str) -> Fused | None:
        """A field by its name, None if nothing is stated of it."""
        return next((fused for fused in self.fields if fused.field == name), None)

    def toll(self, name: str, group: str | None = None) -> FusedToll | None:
        """The toll of a field and group, None if nothing is stated of it."""
        return next((toll for toll in self.tolls if toll.field == name and toll.group == group), None)

    def _repr_html_(self) -> str:
        from constat.html_view import incident_html

        return incident_html(self)
