"""Each chunk of a report as the network sees it, what the grammars say of it, and where candidates stand among all."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict

from constat.claims.report import Candidate, Report
from constat.claims.units import Unit
from constat.facts import SentenceFacts

Reach = tuple[int, int]
NOWHERE: Reach = (0, 0)


class Row:
    """The chunks of a report in one row, sentence after sentence; a reach is a range [first, last) of it.

    `sentences` holds the number of the first chunk of each sentence.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self.sentences: list[int] = []
        self._of: dict[int, tuple[int, list[int], list[int]]] = {}
        self.size = 0
        for facts in report.facts:
            chunks = facts.sentence.chunks
            self._of[facts.sentence.index] = self.size, [c.start for c in chunks], [c.end for c in chunks]
            self.sentences.append(self.size)
            self.size += len(chunks)

    def unit(self, unit: Unit) -> Reach:
        """The chunks of a unit."""
        base = self._of[unit.facts.sentence.index][0]
        return base + unit.first, base + unit.last

    def candidate(self, candidate: Candidate) -> Reach:
        """The chunks in which a candidate's first span stands; none for what has no words."""
        if not candidate.spans:
            return NOWHERE
        span = candidate.spans[0]
        base, starts, ends = self._of[self._report.units[candidate.unit].facts.sentence.index]
        first, last = bisect_right(ends, span.start), bisect_left(starts, span.end)
        return (base + first, base + last) if first < last else NOWHERE


def said_of(facts: SentenceFacts) -> dict[int, list[str]]:
    """What the grammars say of the chunks of a sentence: events, roles, sources, counts, places, measures."""
    said: dict[int, list[str]] = defaultdict(list)

    def mark(first: int, last: int, *marks: str) -> None:
        for i in range(first, last):
            said[i].extend(marks)

    for event in facts.events:
        said[event.chunk] += (f"ev={event.key}", f"mood={event.modality}")
        for role, part in event.roles.items():
            mark(*part, f"role={role}")
    for source in facts.sources:
        mark(source.first, source.last, "src")
    for toll in facts.tolls:
        mark(toll.first, toll.last, f"toll={toll.kind}")
        if toll.who:
            mark(*toll.who, f"who={toll.kind}")
    for place in facts.places:
        mark(place.first, place.last, f"pl={place.level}", f"cue={place.cue}")
    for measure in facts.measures:
        mark(measure.first, measure.last, f"meas={measure.measure}")
    return said


def word_features(fold: str, shape: str) -> tuple[str, ...]:
    """What a word looks like: itself, its beginning, its end, its case."""
    return f"w={fold}", f"p={fold[:4]}", f"s={fold[-3:]}", f"sh={shape}"


def tag_features(tag: str, form: str, key: str) -> tuple[str, ...]:
    """What the tables say of a chunk."""
    return f"t={tag}", f"k={tag}:{key}", f"f={form}"
