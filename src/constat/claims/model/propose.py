"""From what a model answers to proposals: words found, values made by us, moods and voices by rule, doubts noted."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from constat.claims.model.ground import Ground
from constat.claims.model.resolve import countries_of, date, place
from constat.claims.model.schema import CERTAINTIES, Answer, Count, ProposedEvent
from constat.claims.rules import Proposal
from constat.claims.units import SAID_TO_HAVE_HAPPENED
from constat.claims.verify import sift
from constat.records import REVIEW, UNATTRIBUTED, Attribution, Claim, DateValue, Role, Span, Toll, Value

READER = "model"
DOUBTED = 0.5  # what is left of the confidence of a claim that a person should look at
# What may be said in a sentence about something that did not happen without being untrue.
_ABOUT = frozenset({"sources", "uncertain", "place", "date"})


class Refusal(msgspec.Struct, frozen=True):
    """A value that the model proposed and that was not admitted, with the words it quoted and the reason."""

    document: str
    field: str
    quote: str
    why: str


class Proposed(msgspec.Struct, frozen=True):
    """What a model's answer comes to: incidents told, incidents denied, and what was refused of it."""

    told: tuple[Proposal, ...]
    denied: tuple[Proposal, ...]
    refused: tuple[Refusal, ...]
    values: int


def propose(answer: Answer, ground: Ground, confidence: float) -> Proposed:
    """The proposals of an answer; every claim in them has passed the gate."""
    countries = countries_of(ground, answer.events)
    told: list[Proposal] = []
    denied: list[Proposal] = []
    refused: list[Refusal] = []
    values = 0
    main: DateValue | None = None
    events: dict[tuple[object, ...], ProposedEvent] = {}
    for event in answer.events:  # a careless model tells one incident twice, in the same words
        events.setdefault((event.told, event.subtype, event.place, event.date, event.killed, event.wounded), event)
    for event in events.values():
        making = _Making(ground, event, confidence, countries, main)
        proposal = making.proposal()
        refused += making.refused
        values += making.values
        if proposal is None or any(p.claims == proposal.claims for p in (*told, *denied)):
            continue
        (denied if making.denied else told).append(proposal)
        main = main or next((c.value for c in proposal.claims if isinstance(c.value, DateValue)), None)
    return Proposed(tuple(told), tuple(denied), tuple(refused), values)


class _Making:
    """One proposed event on its way to claims."""

    def __init__(
        self,
        ground: Ground,
        event: ProposedEvent,
        confidence: float,
        countries: dict[str, float],
        main: DateValue | None,
    ) -> None:
        self.ground, self.event, self.confidence, self.countries, self.main = ground, event, confidence, countries, main
        self.refused: list[Refusal] = []
        self.values = 0
        self.denied = False
        self.doubt = "" if ground.pack else "no pack reads this language; the model alone says so"
        self.near: Span | None = None

    def proposal(self) -> Proposal | None:
        """The event as a proposal, None if it is not said to have happened or its words do not stand."""
        told = self._found("told", self.event.told)
        types = {sub: kind for kind, sub in self.ground.ontology.events.values()}
        if told is None:
            return None
        if self.event.subtype not in types:
            self._refuse("subtype", self.event.told, f"there is no sub-event type {self.event.subtype!r}")
            return None
        self.near = told
        if not self._happened(told):
            return None
        claims = [
            self._claim("type", types[self.event.subtype], (told,)),
            self._claim("subtype", self.event.subtype, (told,)),
        ]
        if self.denied:
            claims += self._place()
            claims = [msgspec.structs.replace(c, modality="denied") for c in claims]
        else:
            claims += self._fields()
        admitted = sift(
            self.ground.document, claims, self.ground.words, lambda c, why: self._refuse(c.field, _quotes(c), why)
        )
        role: Role = self.event.role
        return Proposal(role, admitted) if any(c.field == "subtype" for c in admitted) else None

    def _happened(self, told: Span) -> bool:
        """Whether there is something to record; what rule and model say differently a person should look at."""
        word = self.ground.word(told)
        by_rule: str = word.modality if word is not None else self.event.modality
        real, meant = by_rule in SAID_TO_HAVE_HAPPENED, self.event.modality in SAID_TO_HAVE_HAPPENED
        self.denied = by_rule == "denied"
        if not real and not meant and not self.denied:
            self._refuse("told", self.event.told, f"it is only {by_rule}")
            return False
        if real != meant:
            self.doubt = f"the model reads this as {self.event.modality}, the rules as {by_rule}"
        elif real and self.ground.negated(told):
            self.doubt = "a negation stands by these words"
        return True

    def _fields(self) -> Iterator[Claim]:
        yield from self._date()
        yield from self._place()
        for field, count in (("killed", self.event.killed), ("wounded", self.event.wounded)):
            if count is not None:
                yield from self._count(field, count)
        actor = self.event.perpetrator
        if actor is not None and (span := self._found("perpetrator", actor.quote)):
            yield self._claim("perpetrator", span.quote, (span,))
            if actor.certainty in CERTAINTIES:
                yield self._claim("perpetrator_certainty", actor.certainty, (span,))
        for field in ("target", "claimed_by", "damage"):
            quote = getattr(self.event, field)
            if quote is not None and (span := self._found(field, quote)):
                yield self._claim(field, span.quote, (span,))
        of = (("weapons", self.ground.ontology.weapons), ("responses", self.ground.ontology.measures))
        for field, labels in of:
            for item in getattr(self.event, field):
                if item.label not in labels.values():
                    self._refuse(field, item.quote, f"there is no label {item.label!r}")
                elif span := self._found(field, item.quote):
                    yield self._claim(field, item.label, (span,))
        for source in self.event.sources:
            if span := self._found("sources", source.quote):
                yield self._claim("sources", span.quote, (span,))
        if self.event.uncertain is not None and (span := self._found("uncertain", self.event.uncertain)):
            yield self._claim("uncertain", True, (span,))

    def _date(self) -> Iterator[Claim]:
        when = self.event.date
        if when is None or (span := self._found("date", when.quote)) is None:
            return
        value, doubt = date(self.ground, when, span, self.main)
        if value is None:
            self._refuse("date", when.quote, "no day or time is read in these words")
        else:
            yield self._claim("date", value, (span,), doubt)

    def _place(self) -> Iterator[Claim]:
        where = self.event.place
        if where is None or (span := self._found("place", where.quote)) is None:
            return
        within = self._found("place", where.within) if where.within else None
        yield self._claim("place", place(self.ground, span, within, self.countries), (span,))

    def _count(self, field: str, count: Count) -> Iterator[Claim]:
        span = self._found(field, count.quote)
        if span is None:
            return
        word = self.ground.word(span)
        if word is not None and word.modality == "denied" and count.low:
            self._refuse(field, count.quote, "by rule it is denied")
            return
        read = [t for t in self.ground.words.tolls(span) if t.kind == field]
        pairs = {(t.amount.low, t.amount.high): t for t in read}
        doubt, group = "", None
        if (count.low, count.high) in pairs:
            group = "+".join(pairs[count.low, count.high].groups) or None
        elif pairs:
            doubt = "the rules read " + " and ".join(_bounds(low, high) for low, high in pairs)
        if not doubt and count.high != 0 and self.ground.negated(span):
            doubt = "a negation stands by these words"
        yield self._claim(field, Toll(count.low, count.high, group), (span,), doubt)

    def _claim(self, field: str, value: Value, spans: tuple[Span, ...], doubt: str = "") -> Claim:
        by_rule = self.ground.said(spans[0])
        said, modality = by_rule if by_rule is not None else (self._voices(), self.event.modality)
        word = self.ground.word(spans[0])
        if not doubt and word is not None and word.modality not in SAID_TO_HAVE_HAPPENED and field not in _ABOUT:
            doubt = f"it stands by words that the rules read as {word.modality}"
        if any(map(self.ground.to_program, spans)):
            doubt = "the passage speaks to a program"
        doubt = doubt or self.doubt
        return Claim(
            field=field,
            value=value,
            spans=spans,
            attribution=said,
            modality=modality,
            confidence=round(self.confidence * (DOUBTED if doubt else 1.0), 2),
            reader=READER,
            note=REVIEW + doubt if doubt else "",
        )

    def _voices(self) -> tuple[Attribution, ...]:
        """Who says so, by what the model quotes: all there is where no pack reads the language."""
        out = []
        for source in self.event.sources:
            span = self.ground.find(source.quote, self.near)
            if isinstance(span, str):
                continue
            through = self.ground.find(source.through, span) if source.through else ""
            relay = None if isinstance(through, str) else Attribution(source=through.quote, span=through)
            out.append(Attribution(source=span.quote, span=span, through=relay))
        return tuple(out) or (UNATTRIBUTED,)

    def _found(self, field: str, quote: str) -> Span | None:
        self.values += 1
        found = self.ground.find(quote, self.near)
        if isinstance(found, str):
            self._refuse(field, quote, found)
            return None
        return found

    def _refuse(self, field: str, quote: str, why: str) -> None:
        self.refused.append(Refusal(self.ground.document.id, field, quote[:200], why))


def _quotes(claim: Claim) -> str:
    return " … ".join(span.quote for span in claim.spans)


def _bounds(low: int, high: int | None) -> str:
    return f"at least {low}" if high is None else str(low) if low == high else f"{low} to {high}"
