"""The default reader: proposes claims for every incident of a report from what its sentences name, by rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import msgspec

from constat.claims.dating import resolve
from constat.claims.drafts import Draft, Gatherer
from constat.claims.place import event_place
from constat.claims.roles import RoleFiller, fillers
from constat.claims.segments import Segment
from constat.claims.tolling import counts
from constat.claims.typing import Decisions, Evidence
from constat.facts import SentenceFacts, SourceMention
from constat.records import UNATTRIBUTED, Attribution, Claim, DateValue, Modality, Role, Span, Value

# What each reading may still be wrong in, learned on the development gold; see benchmarks/README.md.
_CONFIDENCE = {"frame": 0.9, "near": 0.6, "document": 0.5}


class Proposal(msgspec.Struct, frozen=True):
    """One incident as the reader proposes it: its role in the report and its claims, none of them verified yet."""

    role: Role
    claims: tuple[Claim, ...]
    first_sentence: int


class Labels(msgspec.Struct, frozen=True):
    """The ontology's names for keys: event key -> (type, sub-event type), weapon -> label, measure -> label."""

    events: Mapping[str, tuple[str, str]]
    weapons: Mapping[str, str]
    measures: Mapping[str, str]


class RulesReader:
    """Reads the facts of a report into proposals; holds nothing but the ontology."""

    def __init__(self, decisions: Decisions, labels: Labels) -> None:
        self._decisions = decisions
        self._labels = labels

    def read(self, report: Iterable[SentenceFacts], published: dt.date | None) -> list[Proposal]:
        """One proposal for each incident told, main ones and those told in passing, in text order."""
        facts = list(report)
        drafts = Gatherer(published, self._decisions.families).gather(facts)
        main_date = self._date(drafts[0], published, None) if drafts else None
        out = []
        for draft in drafts:
            proposal = self._propose(
                draft, facts, published, main_date[0] if main_date and draft is not drafts[0] else None
            )
            if proposal is not None:
                out.append(proposal)
        return out

    def _propose(
        self, draft: Draft, facts: list[SentenceFacts], published: dt.date | None, main_date: DateValue | None
    ) -> Proposal | None:
        told = draft.segments
        perps, targets = fillers("perp", told), fillers("target", told)
        weapons = self._weapons(told)
        measures = {m.measure: (s, m) for s in reversed(told) for m in s.measures}
        evidence = Evidence(
            events=frozenset(e.key for s in told for e in s.events),
            weapons=frozenset(weapons),
            targets=frozenset(t.group for t in targets),
            perps=frozenset(p.group for p in perps),
            measures=frozenset(measures),
        )
        key = self._decisions.decide(evidence)
        if key is None or key not in self._labels.events:
            return None
        said = _attribution(told)
        claims: list[Claim] = []

        def claim(
            field: str,
            value: Value,
            *spans: Span,
            rank: str = "preferred",
            how: str = "frame",
            note: str = "",
            at: int = 0,
        ) -> None:
            claims.append(
                Claim(
                    field=field,
                    value=value,
                    spans=spans,
                    attribution=said[min(at, len(said) - 1)],
                    modality=_modality(told[min(at, len(told) - 1)], said[min(at, len(said) - 1)]),
                    confidence=_CONFIDENCE[how],
                    rank=rank,  # type: ignore[arg-type]
                    note=note,
                )
            )

        event_type, subtype = self._labels.events[key]
        word = self._telling_word(told)
        claim("type", event_type, word)
        claim("subtype", subtype, word)
        date = self._date(draft, published, main_date)
        if date is not None:
            claim("date", date[0], date[1])
        place = event_place(told, facts, draft.background)
        if place is not None:
            claim("place", place[0], place[1], how=place[2])
        for kind in ("killed", "wounded"):
            for count in counts(kind, told):
                claim(kind, count.toll, *count.spans, rank=count.rank)
        self._who(told, perps, targets, claim)
        for weapon, span in weapons.items():
            claim("weapons", self._labels.weapons.get(weapon, weapon), span)
        for measure, (segment, mention) in sorted(
            measures.items(), key=lambda m: (m[1][0].facts.sentence.index, m[1][1].first)
        ):
            if measure in self._labels.measures:
                claim("responses", self._labels.measures[measure], segment.facts.quote(mention.first, mention.last))
        for source in _sources(told):
            claim("sources", source.name, source.span)
        for segment in told:
            hedge = next(
                (i for i, c in enumerate(segment.facts.sentence.chunks) if c.tag == "HEDGE" and c.key == "uncertain"),
                None,
            )
            if hedge is not None:
                claim("uncertain", True, segment.facts.quote(hedge, hedge + 1))
                break
        role: Role = "background" if draft.background else "main"
        return Proposal(role, tuple(claims), told[0].facts.sentence.index)

    def _weapons(self, told: list[Segment]) -> dict[str, Span]:
        """The weapons named where the incident is told; a bare word for firing implies one where none is."""
        found: dict[str, Span] = {}
        for segment in told:
            named = False
            for i in range(segment.first, segment.last):
                chunk = segment.facts.sentence.chunks[i]
                if chunk.tag == "WPN" and chunk.key:
                    named = True
                    found.setdefault(chunk.key, segment.facts.quote(i, i + 1))
            for event in segment.strong:
                implied = self._decisions.implied_weapons.get(event.key)
                if implied and not named:
                    found.setdefault(implied, segment.facts.quote(event.chunk, event.chunk + 1))
        return found

    @staticmethod
    def _telling_word(told: list[Segment]) -> Span:
        body = [s for s in told if s.facts.sentence.part == "text"] or told
        for events in ([s.strong for s in body], [s.events for s in body], [s.events for s in told]):
            for segment, words in zip(body if len(events) == len(body) else told, events, strict=True):
                if words:
                    return segment.facts.quote(words[0].chunk, words[0].chunk + 1)
        raise ValueError("a draft without an event word")

    @staticmethod
    def _date(draft: Draft, published: dt.date | None, main: DateValue | None) -> tuple[DateValue, Span] | None:
        best: tuple[DateValue, Span] | None = None
        part: tuple[str, Span] | None = None
        for segment in draft.segments:
            for time in segment.times:
                value = resolve(time, published, main)
                span = segment.facts.quote(time.first, time.last)
                if value.part_of_day and part is None:
                    part = (value.part_of_day, span)
                if not time.dated:
                    continue
                better = best is None or (best[0].value is None and value.value is not None)
                if better or (
                    best
                    and value.value
                    and best[0].value
                    and len(value.value) > len(best[0].value)
                    and value.value.startswith(best[0].value)
                ):
                    best = (value, span)
        if best is None and part is not None:
            return DateValue(None, "unresolved", part[0]), part[1]
        return best

    @staticmethod
    def _who(told: list[Segment], perps: list[RoleFiller], targets: list[RoleFiller], claim: object) -> None:
        assert callable(claim)
        claimants = fillers("claimant", told)
        perp = next((p for p in perps if p.certainty == "claimed"), None) or (perps[0] if perps else None)
        claimant = claimants[0] if claimants else None
        if claimant is not None:
            claim("claimed_by", claimant.span.quote, claimant.span, at=claimant.segment)
            perp = perp or claimant
        if perp is not None:
            claim("perpetrator", perp.span.quote, perp.span, at=perp.segment)
            certainty = "claimed" if claimant is not None else perp.certainty or "stated"
            claim("perpetrator_certainty", certainty, perp.phrase, at=perp.segment)
            for rival in perps:
                if rival.span.quote.casefold() != perp.span.quote.casefold():
                    claim("perpetrator", rival.span.quote, rival.span, rank="rival", at=rival.segment)
        if targets:
            target = targets[0]
            claim("target", target.span.quote, target.span, at=target.segment)


def _sources(told: list[Segment]) -> list[SourceMention]:
    kept: list[SourceMention] = []
    for segment in told:
        for source in segment.sources:
            words = set(source.name.casefold().split())
            if not any(
                words <= set(k.name.casefold().split()) or set(k.name.casefold().split()) <= words for k in kept
            ):
                kept.append(source)
    return kept


def _attribution(told: list[Segment]) -> list[tuple[Attribution, ...]]:
    """For each segment who says what it tells: those cited in it, or who was cited last in the paragraph."""
    out: list[tuple[Attribution, ...]] = []
    last: tuple[int, tuple[Attribution, ...]] = (-1, (UNATTRIBUTED,))
    for segment in told:
        cited = tuple(
            Attribution(
                source=s.name,
                cue=s.verb,
                span=s.span,
                through=Attribution(source=s.through.quote, span=s.through) if s.through else None,
            )
            for s in segment.sources
        )
        if cited:
            last = (segment.facts.sentence.paragraph, cited)
        out.append(last[1] if cited or segment.facts.sentence.paragraph == last[0] else (UNATTRIBUTED,))
    return out


def _modality(segment: Segment, said: tuple[Attribution, ...]) -> Modality:
    for event in segment.events:
        if event.modality != "asserted":
            return event.modality  # type: ignore[return-value]
    return "asserted" if said == (UNATTRIBUTED,) else "reported"
