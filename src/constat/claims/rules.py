"""The default reader: proposes claims for every incident of a report from what its sentences name.

What may fill a field comes from the packs' grammars; which of it does is a log-linear choice (`weights.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from constat.claims.choose.kind import kinds
from constat.claims.choose.sources import sources
from constat.claims.choose.things import measures, weapons
from constat.claims.choose.tolls import counts
from constat.claims.choose.when import dates
from constat.claims.choose.where import places
from constat.claims.choose.who import actors, certainties, claimants, targets
from constat.claims.drafts import Draft, Gathering
from constat.claims.gather import gather
from constat.claims.report import Candidate, Report, same_place
from constat.claims.said import Said
from constat.claims.telling import role_features
from constat.claims.typing import Decisions, Evidence
from constat.claims.units import STRONG
from constat.claims.weights import Table, Weights
from constat.facts import SentenceFacts
from constat.records import Claim, DateValue, Role, Span, Value

# A slot is filled when its best candidate is likelier than half of what F1 the field reaches: then filling it pays.
_FILL = 0.32


class Proposal(msgspec.Struct, frozen=True):
    """One incident as the reader proposes it: its role in the report and its claims, none of them verified yet."""

    role: Role
    claims: tuple[Claim, ...]


class Labels(msgspec.Struct, frozen=True):
    """The ontology's names for keys: event key -> (type, sub-event type), weapon -> label, measure -> label."""

    events: Mapping[str, tuple[str, str]]
    weapons: Mapping[str, str]
    measures: Mapping[str, str]


class Choice(msgspec.Struct, frozen=True):
    """A candidate that was taken, how likely it is, and the likely ones that were not."""

    candidate: Candidate
    share: float
    rivals: tuple[tuple[Candidate, float], ...] = ()


class RulesReader:
    """Reads the facts of a report into proposals; holds the ontology and the weights."""

    def __init__(self, decisions: Decisions, labels: Labels, tables: Mapping[str, Table]) -> None:
        self.decisions = decisions
        self.labels = labels
        self._tables = tables
        self._weights: dict[str, Weights] = {}

    def weights(self, lang: str) -> Weights:
        """The weights for one language, merged on first use."""
        if lang not in self._weights:
            self._weights[lang] = Weights(self._tables, lang)
        return self._weights[lang]

    def report(self, facts: Iterable[SentenceFacts], published: dt.date | None) -> Report:
        """A report prepared for reading."""
        return Report(list(facts), published, self.decisions.families)

    def read(self, report: Report, lang: str) -> list[Proposal]:
        """One proposal for each incident told, main ones and those told in passing, in text order."""
        state = gather(report, self.weights(lang))
        out = []
        main_date: DateValue | None = None
        for draft in state.drafts:
            proposal, date = self._propose(state, draft, main_date, self.weights(lang))
            main_date = main_date or date
            out.append(proposal)
        return out

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
        """The sub-event type of a draft."""
        found = choose(weights, "kind", kinds(state, draft, self.labels.events, self.decisions), fill=0.0)
        assert found is not None
        return found

    def _propose(
        self, state: Gathering, draft: Draft, main_date: DateValue | None, weights: Weights
    ) -> tuple[Proposal, DateValue | None]:
        said = Said(state, draft)
        claims: list[Claim] = []

        def claim(field: str, choice: Choice | None, value: Value | None = None) -> None:
            if choice is None:
                return
            stated = choice.candidate.value if value is None else value
            claims.append(said.claim(field, stated, choice.candidate, choice.share, "preferred"))
            claims.extend(said.claim(field, c.value, c, share, "rival") for c, share in choice.rivals)

        kind = self.kind(state, draft, weights)
        event_type, subtype = self.labels.events[kind.candidate.value]
        word = msgspec.structs.replace(kind.candidate, spans=(telling_word(state, draft),), unit=draft.intro.index)
        confidence = kind.share * draft.confidence
        claim("type", Choice(word, confidence), event_type)
        claim("subtype", Choice(word, confidence), subtype)
        key = kind.candidate.value
        date = choose(weights, "date", dates(state, draft, main_date))
        claim("date", date)
        place = choose(weights, "place", places(state, draft), own=draft)
        claim("place", place)
        named = {
            u.index for u in draft.units if place and any(same_place(p.value, place.candidate.value) for p in u.places)
        }
        for field in ("killed", "wounded"):
            claim(field, choose(weights, field, counts(state, draft, field), own=draft, named=named))
        claims.extend(said.parts())
        claimant = choose(weights, "claimant", claimants(state, draft, key))
        perp = choose(weights, "perp", actors(state, draft, key), own=draft)
        if perp is not None and perp.candidate.extra.tag == "UNID":
            perp = None  # "armed men" are nobody's name
        if perp is not None:
            claim("perpetrator", perp)
            name = claimant.candidate.name if claimant else None
            sure = certainties(state, draft, perp.candidate, name)
            claim("perpetrator_certainty", choose(weights, "certainty", sure))
        claim("target", choose(weights, "target", targets(state, draft, key)))
        claim("claimed_by", claimant)
        for taken in take(weights, "weapon", weapons(state, draft, key, self.decisions.implied_weapons)):
            claim("weapons", taken, self.labels.weapons.get(taken.candidate.value, taken.candidate.value))
        for taken in take(weights, "measure", measures(state, draft, key)):
            if taken.candidate.value in self.labels.measures:
                claim("responses", taken, self.labels.measures[taken.candidate.value])
        for taken in distinct(take(weights, "source", sources(state, draft, key))):
            claim("sources", taken)
        claims.extend(said.damage())
        claims.extend(said.doubt())
        passing = weights.shares("role", [role_features(state, draft), []])[0] > 0.5
        role: Role = "background" if passing and draft is not state.drafts[0] else "main"
        found = date.candidate.value if date is not None else None
        return Proposal(role, tuple(claims)), found


def choose(
    weights: Weights,
    choice: str,
    candidates: Sequence[Candidate],
    fill: float = _FILL,
    own: Draft | None = None,
    named: Collection[int] = (),
) -> Choice | None:
    """The candidate to take, None where "not stated" is likelier; mentions of one name add up.

    Of several mentions of the name taken, one in a unit that names the place (`named`) carries the claim, else the
    likeliest; with `own`, what its units state otherwise is kept as rivals.
    """
    if len(candidates) == 1 and candidates[0].value is None:
        return None
    shares = weights.shares(choice, [c.features for c in candidates])
    names: dict[str, float] = {}
    for candidate, share in zip(candidates, shares, strict=True):
        if candidate.value is not None:
            names[candidate.name] = names.get(candidate.name, 0.0) + share
    best = max(names, key=lambda n: names[n])
    if names[best] < fill:
        return None
    mentions = [(c, s) for c, s in zip(candidates, shares, strict=True) if c.name == best and c.value is not None]
    taken = max(mentions, key=lambda m: (m[0].unit in named, m[1]))[0]
    rivals = []
    if own is not None:
        told = {u.index for u in own.units}
        for name, share in names.items():
            if name != best and share >= 0.1:
                rival = max((c for c in candidates if c.name == name), key=lambda c: c.unit in told)
                if rival.unit in told:
                    rivals.append((rival, share))
    return Choice(taken, min(names[best], 1.0), tuple(rivals))


def take(weights: Weights, choice: str, candidates: Sequence[Candidate], fill: float = _FILL) -> list[Choice]:
    """The candidates that are each likelier than `fill` to be right by themselves."""
    out = []
    for candidate in candidates:
        share = weights.shares(choice, [candidate.features, ()])[0]
        if share >= fill:
            out.append(Choice(candidate, share))
    return out


def distinct(found: Iterable[Choice]) -> list[Choice]:
    """Sources without those that another name already holds: "the ministry" after "the ministry of health"."""
    kept: list[Choice] = []
    for choice in found:
        words = set(choice.candidate.name.split())
        held = [set(k.candidate.name.split()) for k in kept]
        if not any(words <= h or h <= words for h in held):
            kept.append(choice)
    return kept


def telling_word(state: Gathering, draft: Draft) -> Span:
    """The word that names the incident where it is first told."""
    for unit in (draft.intro, *draft.units):
        for events in (unit.strong, unit.events, unit.words):
            if events:
                return unit.facts.quote(events[0].chunk, events[0].chunk + 1)
    return draft.intro.facts.quote(draft.intro.first, draft.intro.last)
