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

Part: TypeAlias = Literal["text", "title"]
Role: TypeAlias = Literal["main", "background"]
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
    rank: Literal["preferred", "rival", "part"] = "preferred"
    reader: str = "rules"
    note: str = ""

    @property
    def id(self) -> str:
        """The hash of everything the claim says."""
        return content_id(self)


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


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A judgement on a pair or a value set by a person or the machine; undoing one is a new row."""

    kind: Literal["positive", "negative", "unsure", "value"]
    subject: tuple[str, ...]
    author: str
    decided_at: str
    reason: str = ""
    field: str | None = None
    value: Value | None = None
    supersedes: str | None = None


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """The view: event mentions decided to be one, each field with all its claims, rivals side by side."""

    id: str
    events: tuple[str, ...]
    claims: tuple[Claim, ...]
