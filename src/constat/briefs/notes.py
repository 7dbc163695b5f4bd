"""Footnotes: a number for each report or decision that a sentence rests on, with the words that carry its values."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from constat.exports.dossier import Dossier
from constat.records import UNATTRIBUTED, Decision, Document

_QUOTES = 8  # of one report, the first ones that are used


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """What a number stands for: a report with the words of it that were used, or a decision."""

    number: int
    id: str
    document: Document | None = None
    decision: Decision | None = None
    quotes: tuple[str, ...] = ()


class Sentence(msgspec.Struct, frozen=True):
    """One sentence and the numbers of what it rests on."""

    text: str
    notes: tuple[int, ...] = ()


class Notes:
    """The footnotes of one brief, numbered in the order in which they are first used."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}
        self._documents: dict[str, Document] = {}
        self._decisions: dict[str, Decision] = {}
        self._quotes: dict[str, dict[str, None]] = {}

    def said(self, text: str, rests: Sources, *groups: Iterable[str]) -> Sentence:
        """A sentence that rests on the documents of some claims and on documents and decisions by id."""
        numbers = []
        for group in groups:
            for source in group:
                for id, quotes in rests.found(source):
                    numbers.append(self._take(id, rests, quotes))
        return Sentence(text, tuple(sorted(set(numbers))))

    def all(self) -> tuple[Note, ...]:
        """The footnotes in their order."""
        return tuple(
            Note(
                number=number,
                id=id,
                document=self._documents.get(id),
                decision=self._decisions.get(id),
                quotes=tuple(self._quotes.get(id, ()))[:_QUOTES],
            )
            for id, number in sorted(self._number.items(), key=lambda item: item[1])
        )

    def _take(self, id: str, rests: Sources, quotes: Iterable[str]) -> int:
        if id in rests.documents:
            self._documents[id] = rests.documents[id]
            self._quotes.setdefault(id, {}).update(dict.fromkeys(quotes))
        else:
            self._decisions[id] = rests.decisions[id]
        return self._number.setdefault(id, len(self._number) + 1)


class Sources:
    """What the values of one incident rest on: claims by id, with their report and words; reports; decisions."""

    def __init__(self, dossier: Dossier) -> None:
        self.documents = {d.id: d for d in dossier.documents}
        self.decisions = {d.id: d for d in dossier.decisions}
        self._claims: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        self._cited: dict[str, str] = {}
        for document, event in dossier.events:
            for claim in event.claims:
                words = tuple(span.quote for span in claim.spans)
                cited = next((a.source for a in claim.attribution if a != UNATTRIBUTED), "")
                self._cited[claim.id] = cited
                self._claims.setdefault(claim.id, []).append((document.id, words))
        for denied in dossier.incident.denials:
            for claim in denied.claims:
                words = tuple(span.quote for span in claim.spans)
                self._claims.setdefault(claim.id, []).append((denied.document, words))

    def cited(self, claims: Iterable[str]) -> list[str]:
        """Who the reports cite for some claims, each once; empty for what they state themselves."""
        return sorted({self._cited.get(claim, "") for claim in claims})

    def found(self, source: str) -> list[tuple[str, tuple[str, ...]]]:
        """The reports and words behind a claim, or the report or decision of this id itself."""
        if source in self._claims:
            return self._claims[source]
        return [(source, ())] if source in self.documents or source in self.decisions else []
