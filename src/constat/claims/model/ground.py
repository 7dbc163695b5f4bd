"""What a proposal is held against: the words of the report, what its pack reads in them, the places of the world."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from constat.claims.model.visible import Visible
from constat.claims.report import Candidate, Report
from constat.claims.said import mood
from constat.claims.units import Unit
from constat.claims.verify import Words
from constat.facts import EventWord, SentenceFacts
from constat.gazetteer import Gazetteer
from constat.ontology_tables import Ontology
from constat.records import Attribution, Document, Modality, Part, Span

_NEGATIONS = frozenset({"NOT", "NEG", "NONE", "DENY"})
_BORDERS = frozenset({"CM", "SC", "STOP", "WHO", "THAT", "DASH", "PA", "PZ"})
_REACH = 5  # chunks


class Ground:
    """One report. `pack` says whether a pack read it; `english` reads words that the model put into English."""

    def __init__(
        self,
        document: Document,
        report: Report,
        words: Words,
        pack: bool,
        gazetteer: Gazetteer,
        ontology: Ontology,
        english: Callable[[str], tuple[list[SentenceFacts], Words]],
        spoken_to: Sequence[Span] = (),
    ) -> None:
        self.document, self.report, self.words, self.pack = document, report, words, pack
        self.gazetteer, self.ontology, self.english = gazetteer, ontology, english
        self.spoken_to = spoken_to
        parts: tuple[Part, ...] = ("text", "title")
        self._parts = [Visible(document, part) for part in parts]

    def find(self, quote: str, near: Span | None = None) -> Span | str:
        """Where whole words stand that are a quote, the nearest to `near`; or why they stand nowhere."""
        found = [span for part in self._parts for span in part.find(quote)]
        if not found:
            return "it does not stand in the report" if quote.strip() else "it quotes nothing"
        whole = [span for span in found if self.words.whole(span)]
        if not whole:
            return "it cuts a word or number in two"
        if near is None:
            return whole[0]
        return min(whole, key=lambda s: (s.part != near.part, abs(s.start - near.start)))

    def unit(self, span: Span) -> Unit | None:
        """The unit of the report in which a span begins."""
        here = [u for u in self.report.units if _in(u, span)]
        for unit in here:
            chunks = unit.facts.sentence.chunks[unit.first : unit.last]
            if chunks and chunks[0].start <= span.start < max(c.end for c in chunks):
                return unit
        return here[-1] if here else None

    def said(self, span: Span) -> tuple[tuple[Attribution, ...], Modality] | None:
        """Who says the words and in which mood, by the rules of the pack; None where no pack reads them."""
        unit = self.unit(span) if self.pack else None
        if unit is None:
            return None
        by = self.report.cited[unit.index]
        return by, mood(unit, Candidate(None, (), (span,), unit.index), by)

    def word(self, span: Span) -> EventWord | None:
        """The event word that the pack reads in a span, or the nearest to it in its unit."""
        unit = self.unit(span) if self.pack else None
        if unit is None:
            return None
        chunks = unit.facts.sentence.chunks
        return min(
            unit.words,
            key=lambda e: (not span.start <= chunks[e.chunk].start < span.end, abs(chunks[e.chunk].start - span.start)),
            default=None,
        )

    def negated(self, span: Span) -> bool:
        """A word of negation stands within a few words before a span, in its clause, or in the span itself."""
        for facts in self.overlapping(span):
            chunks = facts.sentence.chunks
            inside = [i for i, c in enumerate(chunks) if c.start < span.end and span.start < c.end]
            for i in range(inside[-1] if inside else -1, -1, -1):
                if chunks[i].tag in _NEGATIONS:
                    return True
                if i < inside[0] and (chunks[i].tag in _BORDERS or inside[0] - i >= _REACH):
                    break
        return False

    def overlapping(self, span: Span) -> list[SentenceFacts]:
        """The sentences that a span stands in."""
        return [f for f in self.report.facts if f.sentence.part == span.part and _meet(f, span)]

    def to_program(self, span: Span) -> bool:
        """The words stand in a passage that speaks to a program."""
        return any(s.part == span.part and s.start < span.end and span.start < s.end for s in self.spoken_to)


def _in(unit: Unit, span: Span) -> bool:
    s = unit.facts.sentence
    return s.part == span.part and s.start <= span.start < s.end


def _meet(facts: SentenceFacts, span: Span) -> bool:
    return facts.sentence.start < span.end and span.start < facts.sentence.end
