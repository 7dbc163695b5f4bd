"""The default reader: proposes claims for every incident of a report from what its sentences name.

What may fill a field comes from the packs' grammars; which of it does is a learned choice (`weights.py`).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from constat.claims.choose.common import same_name
from constat.claims.choose.kind import kinds
from constat.claims.choose.sources import sources
from constat.claims.choose.things import measures, weapons
from constat.claims.choose.tolls import counts
from constat.claims.choose.when import dates
from constat.claims.choose.where import places
from constat.claims.choose.who import actors, certainties, claimants, targets
from constat.claims.drafts import Draft, Gathering
from constat.claims.gather import gather
from constat.claims.keep import Picks, keep
from constat.claims.relevance import RELEVANT, relevance_features
from constat.claims.report import Candidate, Report, same_place
from constat.claims.said import Said
from constat.claims.taking import Choice, choose, distinct, own_each, take
from constat.claims.telling import role_features
from constat.claims.typing import Decisions, Evidence
from constat.claims.units import STRONG
from constat.claims.weights import Table, Weights
from constat.facts import SentenceFacts
from constat.records import Claim, DateValue, PlaceValue, Role, Span, Value
from constat.text import Sentence

if TYPE_CHECKING:
    from constat.claims.network import Network
    from constat.claims.network_file import NetworkFile


class Proposal(msgspec.Struct, frozen=True):
    """One incident as the reader proposes it: its role in the report and its claims, none of them verified yet."""

    role: Role
    claims: tuple[Claim, ...]


class Labels(msgspec.Struct, frozen=True):
    """The ontology's names for keys: event key -> (type, sub-event type), weapon -> label, measure -> label."""

    events: Mapping[str, tuple[str, str]]
    weapons: Mapping[str, str]
    measures: Mapping[str, str]


class RulesReader:
    """Reads the facts of a report into proposals; holds the ontology and the weights."""

    def __init__(
        self,
        decisions: Decisions,
        labels: Labels,
        tables: Mapping[str, Table],
        network: Network | NetworkFile | None = None,
    ) -> None:
        self.decisions = decisions
        self.labels = labels
        self._tables = tables
        self._network = network
        self._weights: dict[str, Weights] = {}

    def weights(self, lang: str) -> Weights:
        """The weights for one language, merged on first use."""
        if lang not in self._weights:
            self._weights[lang] = Weights(self._tables, lang, self._network)
        return self._weights[lang]

    def report(self, facts: Iterable[SentenceFacts], published: dt.date | None) -> Report:
        """A report prepared for reading."""
        return Report(list(facts), published, self.decisions.families)

    def relevant(self, sentences: Iterable[Sentence], lang: str) -> bool:
        """Whether a report is worth looking further into: its marked sentences are likely to tell of an incident."""
        return self.weights(lang).shares("relevance", [relevance_features(sentences), ()])[0] >= RELEVANT

    def read(self, report: Report, lang: str) -> list[Proposal]:
        """One proposal for each incident told, main ones and those told in passing, in text order."""
        weights = self.weights(lang)
        state = gather(report, weights)
        picks = self.picks(state, weights)
        kept = keep(state, picks, weights)
        responses = [
            take(
                weights,
                "measure",
                state,
                state.drafts[d],
                measures(state, state.drafts[d], picks[d].kind.candidate.value, self.decisions.implied_measures),
            )
            for d in kept
        ]
        owned = own_each(responses)
        return [self._propose(state, d, picks, taken, weights) for d, taken in zip(kept, owned, strict=True)]

    def picks(self, state: Gathering, weights: Weights) -> list[Picks]:
        """What each draft is read to be, in text order; the main one's day anchors "hours before" in the others."""
        out: list[Picks] = []
        main: DateValue | None = None
        for draft in state.drafts:
            out.append(self._picks(state, draft, main, weights))
            main = main or out[-1].day
        return out

    def _picks(self, state: Gathering, draft: Draft, main: DateValue | None, weights: Weights) -> Picks:
        """The choices on which others look, each remembered in the draft for those that come after it."""
        kind = self.kind(state, draft, weights)
        key = kind.candidate.value
        date = choose(weights, "date", state, draft, dates(state, draft, main))
        place = choose(weights, "place", state, draft, places(state, draft), own=draft, alike=_called_alike)
        named = {
            u.index for u in draft.units if place and any(same_place(p.value, place.candidate.value) for p in u.places)
        }
        draft.pick("place", place.candidate.name if place else None)
        killed, wounded = (
            choose(weights, field, state, draft, counts(state, draft, field), own=draft, named=named)
            for field in ("killed", "wounded")
        )
        draft.pick("killed", killed.candidate.name if killed else None)
        draft.pick("wounded", wounded.candidate.name if wounded else None)
        claimant = choose(weights, "claimant", state, draft, claimants(state, draft, key), alike=same_name)
        draft.pick("claimant", claimant.candidate.value if claimant else None)
        perp = choose(weights, "perp", state, draft, actors(state, draft, key), own=draft, alike=same_name)
        if perp is not None and perp.candidate.extra.tag == "UNID":
            perp = None  # "armed men" are nobody's name
        draft.pick("perp", perp.candidate.value if perp else None)
        target = choose(weights, "target", state, draft, targets(state, draft, key), alike=same_name)
        draft.pick("target", target.candidate.value if target else None)
        return Picks(kind, date, place, killed, wounded, claimant, perp, target)

    def denials(self, report: Report) -> list[Proposal]:
        """What the report says did not happen: one proposal for each unit whose event words are all denied."""
        state = Gathering(report)
        out = []
        for unit in report.body:
            denied = [
                e for e in unit.words if e.modality == "denied" and unit.facts.sentence.chunks[e.chunk].tag in STRONG
            ]
            if not denied or unit.strong:
                continue
            decided = self.decisions.decide(Evidence(events=frozenset(e.key for e in denied)))
            if decided is None or decided not in self.labels.events:
                continue
            event_type, subtype = self.labels.events[decided]
            said = Said(state, Draft(unit, None))
            span = unit.facts.quote(denied[0].chunk, denied[0].chunk + 1)
            claims = [said.claim("type", event_type, Candidate(event_type, (), (span,), unit.index), 0.7, "preferred")]
            claims.append(said.claim("subtype", subtype, Candidate(subtype, (), (span,), unit.index), 0.6, "preferred"))
            place = min(unit.places, key=lambda p: p.level, default=None)
            if place is not None:
                where = unit.facts.quote(place.first, place.last)
                named = Candidate(place.value, (), (where,), unit.index)
                claims.append(said.claim("place", place.value, named, 0.6, "preferred"))
            claims = [msgspec.structs.replace(c, modality="denied") for c in claims]
            out.append(Proposal("main", tuple(claims)))
        return out

    def kind(self, state: Gathering, draft: Draft, weights: Weights) -> Choice:
        """The sub-event type of a draft: the likeliest, where one of a likely type counts for more than of another."""
        found = kinds(state, draft, self.labels.events, self.decisions)
        shares = weights.shares_of("kind", state.report, found, draft.intro)
        types = [self.labels.events[c.value][0] for c in found]
        of_type: dict[str, float] = defaultdict(float)
        for event_type, share in zip(types, shares, strict=True):
            of_type[event_type] += share
        best = max(range(len(found)), key=lambda n: shares[n] + of_type[types[n]])
        return Choice(found[best], shares[best])

    def _propose(
        self, state: Gathering, d: int, picks: Sequence[Picks], responses: Iterable[Choice], weights: Weights
    ) -> Proposal:
        draft, picked = state.drafts[d], picks[d]
        said = Said(state, draft)
        claims: list[Claim] = []

        def claim(field: str, choice: Choice | None, value: Value | None = None) -> None:
            if choice is None:
                return
            stated = choice.candidate.value if value is None else value
            claims.append(said.claim(field, stated, choice.candidate, choice.share, "preferred"))
            claims.extend(said.claim(field, c.value, c, share, "rival") for c, share in choice.rivals)

        key = picked.kind.candidate.value
        event_type, subtype = self.labels.events[key]
        word = msgspec.structs.replace(
            picked.kind.candidate, spans=(telling_word(state, draft),), unit=draft.intro.index
        )
        confidence = picked.kind.share * draft.confidence
        claim("type", Choice(word, confidence), event_type)
        claim("subtype", Choice(word, confidence), subtype)
        claim("date", picked.date)
        claim("place", _called(picked.place, state))
        claim("killed", picked.killed)
        claim("wounded", picked.wounded)
        claims.extend(said.parts())
        if picked.perp is not None:
            claim("perpetrator", picked.perp)
            name = picked.claimant.candidate.name if picked.claimant else None
            sure = certainties(state, draft, picked.perp.candidate, name)
            claim("perpetrator_certainty", choose(weights, "certainty", state, draft, sure))
        claim("target", picked.target)
        claim("claimed_by", picked.claimant)
        for taken in take(weights, "weapon", state, draft, weapons(state, draft, key, self.decisions.implied_weapons)):
            claim("weapons", taken, self.labels.weapons.get(taken.candidate.value, taken.candidate.value))
        for taken in responses:
            if taken.candidate.value in self.labels.measures:
                claim("responses", taken, self.labels.measures[taken.candidate.value])
        for taken in distinct(take(weights, "source", state, draft, sources(state, draft, key))):
            claim("sources", taken)
        claims.extend(said.damage())
        claims.extend(said.doubt())
        passing = weights.shares("role", [role_features(state, draft), []])[0] > 0.5
        role: Role = "background" if passing and draft is not state.drafts[0] else "main"
        return Proposal(role, tuple(claims))


def _called(place: Choice | None, state: Gathering) -> Choice | None:
    """A place with the head word that belongs to its name: "village of X" and not X alone."""
    if place is None or place.candidate.extra.called is None:
        return place
    chosen = place.candidate
    span = state.report.units[chosen.unit].facts.quote(*chosen.extra.called)
    whole = msgspec.structs.replace(chosen, value=msgspec.structs.replace(chosen.value, name=span.quote), spans=(span,))
    return Choice(whole, place.share, place.rivals)


def telling_word(state: Gathering, draft: Draft) -> Span:
    """The word that names the incident where it is first told."""
    for unit in (draft.intro, *draft.units):
        for events in (unit.strong, unit.events, unit.words):
            if events:
                return unit.facts.quote(events[0].chunk, events[0].chunk + 1)
    return draft.intro.facts.quote(draft.intro.first, draft.intro.last)


def _called_alike(one: PlaceValue, other: PlaceValue) -> bool:
    return same_place(one, other) or same_name(one.name, other.name)
