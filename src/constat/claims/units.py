"""Sentences cut into units that can tell of one incident each: a turn to another place, day or earlier event cuts."""

from __future__ import annotations

from functools import cached_property

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
STRONG = ("EV", "EVU")
_HOSTILE = frozenset({"WPN", "KILL", "DIE", "DEAD", "UNID", "ACT"})
_TURNS = frozenset({"SC", "CM", "AND", "WHO", "THAT", "AFTER", "BEFORE", "DURING", "DASH", "LATER", "EARLIER"})


class Unit(msgspec.Struct, frozen=True, dict=True):
    """Chunks [first, last) of one sentence that tell of one incident; `index` counts the units of the report."""

    index: int
    facts: SentenceFacts
    first: int
    last: int

    def holds(self, chunk: int) -> bool:
        """The chunk is one of the unit's."""
        return self.first <= chunk < self.last

    @property
    def title(self) -> bool:
        """The unit stands in the headline."""
        return self.facts.sentence.part == "title"

    @property
    def paragraph(self) -> int:
        """Which paragraph of the text it stands in; the headline is before the first."""
        return -1 if self.title else self.facts.sentence.paragraph

    @cached_property
    def tags(self) -> frozenset[str]:
        """The tags of its chunks."""
        return frozenset(c.tag for c in self.facts.sentence.chunks[self.first : self.last])

    @cached_property
    def words(self) -> tuple[EventWord, ...]:
        """Every event word of the unit, whatever its modality."""
        return tuple(e for e in self.facts.events if self.holds(e.chunk))

    @cached_property
    def events(self) -> tuple[EventWord, ...]:
        """Words for what is said to have happened."""
        return tuple(e for e in self.words if e.modality in SAID_TO_HAVE_HAPPENED)

    @cached_property
    def strong(self) -> tuple[EventWord, ...]:
        """The event words proper, without words of killing and dying."""
        return tuple(e for e in self.events if self.facts.sentence.chunks[e.chunk].tag in STRONG)

    @cached_property
    def tolls(self) -> tuple[TollMention, ...]:
        """Counts that may be this incident's own."""
        return tuple(t for t in self.facts.tolls if self.holds(t.first) and t.role != "aggregate")

    @cached_property
    def loose(self) -> tuple[TollMention, ...]:
        """Counts that no rule reads as casualties and that may be."""
        return tuple(t for t in self.facts.loose if self.holds(t.first))

    @cached_property
    def times(self) -> tuple[TimeMention, ...]:
        """Time expressions."""
        return tuple(t for t in self.facts.times if self.holds(t.first))

    @cached_property
    def places(self) -> tuple[PlaceMention, ...]:
        """Places where something is said to happen; not where a speaker sits or something heads for."""
        speaking = [(s.first, s.last) for s in self.facts.sources]
        return tuple(
            p
            for p in self.facts.places
            if self.holds(p.first)
            and p.cue not in ("from", "toward")
            and not any(a <= p.first < b for a, b in speaking)
        )

    @cached_property
    def measures(self) -> tuple[MeasureMention, ...]:
        """Response measures."""
        return tuple(m for m in self.facts.measures if self.holds(m.first))

    @property
    def sources(self) -> tuple[SourceMention, ...]:
        """Who is cited in the sentence: a citation covers all of it."""
        return self.facts.sources

    @cached_property
    def telling(self) -> bool:
        """It may tell of an incident: an event word proper, or a casualty word with a count, a day or a place."""
        return bool(self.strong) or (bool(self.events) and bool(self.tolls or self.times or self.places))

    @cached_property
    def weak(self) -> bool:
        """It names no event but arms, casualties or forces, and a place or a day: it may tell in words no table has."""
        if self.telling:
            return False
        return bool(self.tags & _HOSTILE or self.tolls) and bool(
            any(p.level <= 2 for p in self.places) or any(t.dated for t in self.times)
        )

    @cached_property
    def past(self) -> bool:
        """Told in the past before the past ("had been hit")."""
        chunks = self.facts.sentence.chunks
        return any(
            chunks[k].tag == "HAVE" and chunks[k].key == "past"
            for e in self.events
            for k in range(max(0, e.chunk - 4), e.chunk)
        )


def units(report: list[SentenceFacts]) -> list[Unit]:
    """The units of a report in text order."""
    out: list[Unit] = []
    for facts in report:
        for first, last in _cut(facts):
            out.append(Unit(len(out), facts, first, last))
    return out


def _cut(facts: SentenceFacts) -> list[tuple[int, int]]:
    """The borders of the units of a sentence: both sides tell of something, the later of another place or time."""
    chunks = facts.sentence.chunks
    size = len(chunks)
    anchors = [e.chunk for e in facts.events if e.modality in SAID_TO_HAVE_HAPPENED]
    if len(anchors) < 2:
        return [(0, size)]
    own = [p.first for p in facts.places if p.level <= 3] + [t.first for t in facts.times if t.dated]
    back = [e.chunk for e in facts.events if e.back in ("earlier", "another")]
    turns = [i for i, c in enumerate(chunks) if c.tag in _TURNS] + [t.first for t in facts.times if t.from_event]
    bounds = [0]
    for turn in sorted(set(turns)):
        nxt = next((t for t in sorted(turns) if t > turn), size)
        told = any(bounds[-1] <= a < turn for a in anchors)
        before = any(bounds[-1] <= p < turn for p in own)
        tells = any(turn <= a < size for a in anchors)
        new = any(turn <= b < nxt + 6 for b in back)
        elsewhere = before and any(turn <= p for p in own) and any(turn <= a < nxt for a in anchors)
        if told and tells and (new or elsewhere) and turn > bounds[-1]:
            bounds.append(turn)
    return list(zip(bounds, [*bounds[1:], size], strict=True))
