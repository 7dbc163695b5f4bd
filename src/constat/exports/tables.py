"""The tables beside the incidents: their fields with reasons, the claims with their words, the reports, the ties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from constat.exports.dossier import Dossier
from constat.exports.row import Column, joined, toll_words, value_words, voice_name
from constat.records import Attribution, Toll

FIELDS = tuple(
    Column(*column)
    for column in (
        ("incident", "text", "the incident", "#event+id"),
        ("field", "text", "the field", "#meta+field"),
        ("group", "text", "of a toll: the group of people", "#affected+group"),
        ("value", "text", "its value in words", "#meta+value"),
        ("low", "whole", "of a toll: at least", "#affected+min"),
        ("best", "whole", "of a toll: the figure", "#affected"),
        ("high", "whole", "of a toll: at most", "#affected+max"),
        ("why", "text", "why it is that value", "#meta+why"),
        ("voices", "text", "who states it", "#meta+source"),
    )
)
CLAIMS = tuple(
    Column(*column)
    for column in (
        ("incident", "text", "the incident", "#event+id"),
        ("report", "text", "the report", "#meta+report"),
        ("claim", "text", "the claim, by its hash", "#meta+claim"),
        ("field", "text", "the field", "#meta+field"),
        ("value", "text", "the value in words", "#meta+value"),
        ("low", "whole", "of a toll: at least", "#affected+min"),
        ("high", "whole", "of a toll: at most", "#affected+max"),
        ("group", "text", "of a toll: the group of people", "#affected+group"),
        ("rank", "text", "preferred, rival or part", "#meta+rank"),
        ("modality", "text", "asserted, reported, inferred …", "#meta+modality"),
        ("said_by", "text", "who says it, through whom", "#meta+source"),
        ("confidence", "number", "how sure the reading is", "#meta+confidence"),
        ("quote", "text", "the words", "#meta+quote"),
        ("part", "text", "text or title", "#meta+part"),
        ("start", "whole", "offset of the first character", "#meta+start"),
        ("end", "whole", "offset behind the last", "#meta+end"),
        ("note", "text", "what the reader notes", "#meta+note"),
    )
)
REPORTS = tuple(
    Column(*column)
    for column in (
        ("report", "text", "the report, by hash of what it says", "#meta+report"),
        ("title", "text", "its title", "#meta+title"),
        ("publisher", "text", "who published it", "#meta+source"),
        ("published", "text", "when", "#date+published"),
        ("language", "text", "its language", "#meta+lang"),
        ("address", "text", "where it was published", "#meta+url"),
        ("capture", "text", "SHA-256 of the bytes it was read from", "#meta+sha256"),
    )
)
TIES = tuple(
    Column(*column)
    for column in (
        ("incident", "text", "the incident", "#event+id"),
        ("to", "text", "the other one", "#event+id+other"),
        ("kind", "text", "how they belong together", "#event+relation"),
        ("why", "text", "why", "#meta+why"),
        ("days", "whole", "days between them", "#date+gap"),
    )
)


def fields(dossier: Dossier) -> Iterator[list[Any]]:
    """The fields and tolls of an incident, with the reason for each value and who states it."""
    one = dossier.incident
    for fused in one.fields:
        voices = joined(voice_name(v) for s in fused.stated if s.value == fused.value for v in s.voices)
        yield [one.id, fused.field, None, value_words(fused.value), None, None, None, fused.why, voices]
    for toll in one.tolls:
        voices = joined(voice_name(v) for s in toll.stated for v in s.voices)
        yield [one.id, toll.field, toll.group, toll_words(toll), toll.low, toll.best, toll.high, toll.why, voices]


def claims(dossier: Dossier) -> Iterator[list[Any]]:
    """Every claim with each of its quotes."""
    for document, event in dossier.events:
        for claim in event.claims:
            toll = claim.value if isinstance(claim.value, Toll) else Toll(0, None)
            figures = [toll.low, toll.high, toll.group] if isinstance(claim.value, Toll) else [None, None, None]
            said = joined(map(said_by, claim.attribution))
            head = [dossier.incident.id, document.id, claim.id, claim.field, value_words(claim.value), *figures]
            head += [claim.rank, claim.modality, said, claim.confidence]
            for span in claim.spans:
                yield [*head, span.quote, span.part, span.start, span.end, claim.note or None]


def reports(dossier: Dossier) -> Iterator[list[Any]]:
    """The reports that tell of it."""
    for d in dossier.documents:
        yield [d.id, d.title, d.publisher, d.published, d.lang, d.url, d.capture]


def ties(dossier: Dossier) -> Iterator[list[Any]]:
    """Other incidents that it belongs with."""
    for tie in dossier.incident.ties:
        yield [dossier.incident.id, tie.to, tie.kind, tie.why, tie.days]


# name of the table -> its columns and what makes its rows; reports are told once, whatever tells of them
BESIDE = {"fields": (FIELDS, fields), "claims": (CLAIMS, claims), "reports": (REPORTS, reports), "ties": (TIES, ties)}


class Once:
    """Rows by their first cell, each let through once; for reports that tell of several incidents."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def new(self, table: str, cells: list[Any]) -> bool:
        """Whether a row is to be written."""
        if table != "reports":
            return True
        if cells[0] in self._seen:
            return False
        self._seen.add(cells[0])
        return True


def said_by(attribution: Attribution) -> str:
    """Who says something, and through whom."""
    through = attribution.through
    return f"{attribution.source}, through {said_by(through)}" if through else attribution.source
