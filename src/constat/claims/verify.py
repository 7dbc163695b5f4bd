"""The gate: a claim without an exact quote does not exist, whoever proposed it, nor one with a number of its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Protocol

from constat.errors import EvidenceError
from constat.facts import TollMention
from constat.records import Claim, Document, PlaceValue, Span, Toll

_NUMBER = re.compile(r"\d+")
# Fields whose value is a label of the ontology and not words of the report.
_LABELS = frozenset({"type", "subtype", "weapons", "responses", "perpetrator_certainty", "uncertain"})


class Words(Protocol):
    """What the gate asks of the words of a report, as its pack reads them, or as they stand where there is no pack."""

    def numbers(self, span: Span) -> frozenset[int]:
        """Every number that they say."""

    def tolls(self, span: Span) -> list[TollMention]:
        """Every count of casualties that they say."""

    def one(self, span: Span, kind: str) -> bool:
        """They tell of a casualty of a kind and count nobody."""

    def whole(self, span: Span) -> bool:
        """They cut no word and no number in two."""


def verify(document: Document, proposals: Iterable[Claim], words: Words | None = None) -> tuple[Claim, ...]:
    """The proposals, all of them sound; raises `EvidenceError` on one that is not.

    A reader that quotes what is not there is at fault as a whole: its claim is refused with the reason, never mended.
    """
    admitted = tuple(proposals)
    for claim in admitted:
        if why := fault(document, claim, words):
            raise EvidenceError(f"document {document.id}: {claim.field}={claim.value!r}: {why}")
    return admitted


def sift(
    document: Document, proposals: Iterable[Claim], words: Words, refused: Callable[[Claim, str], None]
) -> tuple[Claim, ...]:
    """The sound ones of proposals by somebody who may be careless; what is refused is told with the reason."""
    admitted = []
    for claim in proposals:
        if why := fault(document, claim, words):
            refused(claim, why)
        else:
            admitted.append(claim)
    return tuple(admitted)


def fault(document: Document, claim: Claim, words: Words | None = None) -> str:
    """Why a claim may not be admitted, "" if it may; without `words` its numbers are not looked at."""
    if not claim.spans:
        return "it quotes nothing"
    for span in claim.spans:
        try:
            span.check(document)
        except EvidenceError as error:
            return str(error)
        if not any(map(_visible, span.quote)):
            return f"nothing can be seen of its quote {span.quote[:60]!r}"
        if words is not None and not words.whole(span):
            return f"its quote {span.quote[:60]!r} cuts a word or number in two"
    match claim.value:
        case Toll() as toll:
            if toll.low < 0 or (toll.high is not None and toll.low > toll.high):
                return f"it runs from {toll.low} to {toll.high}"
            return "" if words is None else _of_toll(claim.field, toll, claim.spans, words)
        case PlaceValue(name=name):
            said = name
        case str() as value if claim.field not in _LABELS:
            said = value
        case _:
            return ""
    quoted = {n for span in claim.spans for n in _NUMBER.findall(span.quote)}
    missing = [n for n in _NUMBER.findall(said) if n not in quoted]
    return f"the number {missing[0]} is not in its quote" if missing else ""


def _visible(sign: str) -> bool:
    return not sign.isspace() and unicodedata.category(sign) not in ("Cf", "Cc", "Cs")


def _of_toll(field: str, toll: Toll, spans: Sequence[Span], words: Words) -> str:
    """Why the words do not say a toll: both its bounds must be in them, or be what the pack reads there."""
    read = [[t for t in words.tolls(span) if t.kind in (field, "casualties")] for span in spans]
    pairs = {(t.amount.low, t.amount.high) for tolls in read for t in tolls if t.kind == field}
    # "Twelve casualties": there may be some of either kind; "no casualties": there are none of both.
    either = {(0, 0) if t.amount.high == 0 else (1, None) for tolls in read for t in tolls if t.kind == "casualties"}
    if (toll.low, toll.high) in pairs | either | _sums(field, read):
        return ""
    said = [_said(field, span, own, words) for span, own in zip(spans, read, strict=True)]
    added = {sum(parts) for parts in product(*said)} if len(said) > 1 else set()
    if added and toll.high in (*added, None) and toll.low in {sum(p) for p in product(*(s | {0} for s in said))}:
        return ""
    # Rival figures make a range: the lowest of one count and the highest of another.
    stated = {n for bounds in pairs for n in bounds if n is not None}
    numbers = stated.union(*said)
    wanted = {toll.low, toll.high} - {None}
    if toll.low == 0 and toll.high:
        wanted.discard(0)  # "up to five"
    missing = sorted(n for n in wanted if n is not None and n not in numbers)
    return f"the number {missing[0]} is not in its quote {spans[0].quote[:60]!r}" if missing else ""


def _said(field: str, span: Span, read: Sequence[TollMention], words: Words) -> frozenset[int]:
    """The numbers that one quote says; "the mayor was murdered" says one without a number."""
    ones = {1} if words.one(span, field) else set()
    return words.numbers(span) | ones | {t.amount.low for t in read if t.kind == field}


def _sums(field: str, read: Sequence[Sequence[TollMention]]) -> set[tuple[int, int | None]]:
    """What counts add up to: those of the spans together."""
    flat = list({(t.sentence, t.first): t for tolls in read for t in tolls if t.kind == field}.values())
    if len(flat) < 2:
        return set()
    highs = [t.amount.high for t in flat]
    return {(sum(t.amount.low for t in flat), None if None in highs else sum(h for h in highs if h is not None))}
