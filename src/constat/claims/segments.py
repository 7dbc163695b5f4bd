"""Sentences cut where one incident ends and another begins: "hours after an earlier attack on …"."""

from __future__ import annotations

import msgspec

from constat.facts import (
    EventWord,
    MeasureMention,
    PlaceMention,
    SentenceFacts,
    SourceMention,
    TimeMention,
    TollMention,
)

SAID_TO_HAVE_HAPPENED = frozenset({"asserted", "reported", "conditional", "inferred"})
_STRONG = ("EV", "EVU")


class Segment(msgspec.Struct, frozen=True):
    """Chunks [first, last) of one sentence that tell of one incident; `back`: of another or an earlier one."""

    facts: SentenceFacts
    first: int
    last: int
    back: str = ""

    def _within(self, first: int) -> bool:
        return self.first <= first < self.last

    @property
    def events(self) -> tuple[EventWord, ...]:
        """Words for what is said to have happened."""
        return tuple(e for e in self.facts.events if self._within(e.chunk) and e.modality in SAID_TO_HAVE_HAPPENED)

    @property
    def strong(self) -> tuple[EventWord, ...]:
        """The event words proper, without words of killing and dying."""
        return tuple(e for e in self.events if self.facts.sentence.chunks[e.chunk].tag in _STRONG)

    @property
    def tolls(self) -> tuple[TollMention, ...]:
        """Counts that may be this incident's own."""
        return tuple(t for t in self.facts.tolls if self._within(t.first) and t.role != "aggregate")

    @property
    def times(self) -> tuple[TimeMention, ...]:
        """Time expressions."""
        return tuple(t for t in self.facts.times if self._within(t.first))

    @property
    def places(self) -> tuple[PlaceMention, ...]:
        """Places where something is said to happen; not where a speaker sits or something heads for."""
        inside = [p for p in self.facts.places if self._within(p.first)]
        speaking = [(s.first, s.last) for s in self.facts.sources]
        return tuple(
            p for p in inside if p.cue not in ("from", "toward") and not any(a <= p.first < b for a, b in speaking)
        )

    @property
    def sources(self) -> tuple[SourceMention, ...]:
        """Who is cited in the sentence: a citation covers all of it."""
        return self.facts.sources

    @property
    def measures(self) -> tuple[MeasureMention, ...]:
        """Response measures."""
        return tuple(m for m in self.facts.measures if self._within(m.first))

    @property
    def past(self) -> bool:
        """Told in the past before the past ("avait été visée", "had been hit")."""
        chunks = self.facts.sentence.chunks
        return any(
            chunks[k].tag == "HAVE" and chunks[k].key == "past"
            for e in self.events
            for k in range(max(0, e.chunk - 4), e.chunk)
        )


def segments(facts: SentenceFacts) -> list[Segment]:
    """The sentence as one segment, or as several where it turns to another incident."""
    size = len(facts.sentence.chunks)
    cuts: list[tuple[int, str]] = []
    seen_event = False
    for event in facts.events:
        chunks = facts.sentence.chunks
        if event.modality not in SAID_TO_HAVE_HAPPENED or chunks[event.chunk].tag not in _STRONG:
            continue
        linked = [t for t in facts.times if t.from_event and t.first < event.chunk <= t.last + 5]
        other = event.back in ("earlier", "another")
        if seen_event and (linked or other):
            start = min([t.first for t in linked], default=event.chunk)
            if not cuts or start > cuts[-1][0]:
                cuts.append((start, event.back or "earlier"))
        seen_event = True
    first_back = next(
        (e.back for e in facts.events if e.back in ("earlier", "another") and (not cuts or e.chunk < cuts[0][0])), ""
    )
    bounds = [(0, first_back), *cuts]
    return [
        Segment(facts, start, bounds[n + 1][0] if n + 1 < len(bounds) else size, back)
        for n, (start, back) in enumerate(bounds)
    ]
