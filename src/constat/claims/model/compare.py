"""Rules and model side by side: where they agree, where they differ, and what both together make of a report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from constat.agreement import align, alike
from constat.claims.model.propose import DOUBTED
from constat.claims.rules import Proposal
from constat.fields import SETS, event_fields
from constat.gazetteer import kilometres
from constat.records import REVIEW, Claim, DateValue, EventMention, PlaceValue, Reading, Span, Toll, Value

BOTH = "rules+model"
_NEAR_KM = 25.0
_SHARED = 2  # fields quoted in the same words, from which two unlike tellings are one
_NAMES = frozenset({"perpetrator", "target", "claimed_by", "sources", "damage"})


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A field of an event on which the readers differ, each side's value with its words; None where it has none.

    `field` is `event` where one reader tells of an incident that the other does not.
    """

    document: str
    field: str
    rules: Value | None = None
    rules_quotes: tuple[str, ...] = ()
    model: Value | None = None
    model_quotes: tuple[str, ...] = ()


class Compared(msgspec.Struct, frozen=True):
    """What was made of two readings: incidents told, incidents denied, and where the readings differ."""

    told: tuple[Proposal, ...]
    denied: tuple[Proposal, ...]
    differences: tuple[Difference, ...]


def combined(rules: Reading, model: Reading, to_program: Callable[[Span], bool]) -> Compared:
    """Both readings as one: agreement makes sure, the rules' value stands before the model's, the rest is reviewed."""
    pairs = _pairs(rules, model)
    told: list[Proposal] = []
    differences: list[Difference] = []
    for r, m in pairs:
        if r is None and m is not None:
            told.append(Proposal(m.role, tuple(_doubted(c, "only the model reads this incident") for c in m.claims)))
        elif m is None and r is not None:
            told.append(Proposal(r.role, r.claims))
        elif r is not None and m is not None:
            told.append(Proposal(r.role, tuple(_both(r, m))))
        differences += _differences(rules.document.id, r, m)
    own = [Proposal(d.role, d.claims) for d in rules.denials]
    said = {(s.part, s.start) for d in rules.denials for c in d.claims for s in c.spans}
    new = [d for d in model.denials if not any((s.part, s.start) in said for c in d.claims for s in c.spans)]
    own += [Proposal(d.role, tuple(_doubted(c, "only the model reads this denial") for c in d.claims)) for d in new]
    held = [_held(p, to_program) for p in told]
    return Compared(tuple(held), tuple(_held(p, to_program) for p in own), tuple(differences))


def checked(rules: Reading, model: Reading) -> Compared:
    """The model's reading, each claim on which the rules do not agree marked for review."""
    told: list[Proposal] = []
    differences: list[Difference] = []
    for r, m in _pairs(rules, model):
        if m is not None:
            told.append(Proposal(m.role, tuple(_by_rules(r, c) for c in m.claims)))
        differences += _differences(rules.document.id, r, m)
    denied = tuple(Proposal(d.role, d.claims) for d in model.denials)
    return Compared(tuple(told), denied, tuple(differences))


def _pairs(rules: Reading, model: Reading) -> list[tuple[EventMention | None, EventMention | None]]:
    """The events of both readings, the rules' in their order and then those of the model alone."""
    ours = [event_fields(e, rules) for e in rules.events]
    theirs = [event_fields(e, model) for e in model.events]
    partner = dict(align(ours, theirs))
    for i, event in enumerate(rules.events):
        if i not in partner:
            free = [j for j in range(len(model.events)) if j not in partner.values()]
            best = max(free, key=lambda j: _shared(event, model.events[j]), default=None)
            if best is not None and _shared(event, model.events[best]) >= _SHARED:
                partner[i] = best
    out: list[tuple[EventMention | None, EventMention | None]] = []
    for i, event in enumerate(rules.events):
        out.append((event, model.events[partner[i]] if i in partner else None))
    out += [(None, e) for j, e in enumerate(model.events) if j not in partner.values()]
    return out


def _shared(a: EventMention, b: EventMention) -> int:
    """In how many fields two tellings quote the same words."""
    fields = set()
    for x in _preferred(a):
        for y in _preferred(b):
            if x.field == y.field and any(_meet(s, t) for s in x.spans for t in y.spans):
                fields.add(x.field)
    return len(fields)


def _meet(a: Span, b: Span) -> bool:
    return a.part == b.part and a.start < b.end and b.start < a.end


def _both(r: EventMention, m: EventMention) -> Iterator[Claim]:
    left = list(m.claims)
    for claim in r.claims:
        match = next((c for c in left if same(claim, c)), None)
        if match is None:
            yield claim
            continue
        left.remove(match)
        if match.for_review:  # agreement with what is doubted makes nothing surer
            yield msgspec.structs.replace(_doubted(claim, match.note.removeprefix(REVIEW)), reader=BOTH)
            continue
        sure = round(1 - (1 - claim.confidence) * (1 - match.confidence), 2)
        yield msgspec.structs.replace(claim, confidence=min(sure, 0.99), reader=BOTH)
    stated = {c.field for c in r.claims if c.rank == "preferred"}
    for claim in left:
        if claim.field in stated and claim.field not in SETS:
            yield msgspec.structs.replace(_doubted(claim, "the rules read it differently"), rank="rival")
        else:
            yield _doubted(claim, "only the model reads this")


def _by_rules(r: EventMention | None, claim: Claim) -> Claim:
    if r is None:
        return _doubted(claim, "the rules read no such incident")
    if any(same(c, claim) for c in r.claims):
        return claim
    others = [c for c in r.claims if c.field == claim.field and c.rank == "preferred"]
    return _doubted(claim, "the rules read it differently" if others else "the rules do not read this")


def _doubted(claim: Claim, why: str) -> Claim:
    if claim.for_review:
        return claim
    return msgspec.structs.replace(claim, confidence=round(claim.confidence * DOUBTED, 2), note=REVIEW + why)


def _held(proposal: Proposal, to_program: Callable[[Span], bool]) -> Proposal:
    """What rests on a passage that speaks to a program is for review, whoever read it."""
    claims = (
        _doubted(c, "the passage speaks to a program") if any(map(to_program, c.spans)) else c for c in proposal.claims
    )
    return Proposal(proposal.role, tuple(claims))


def same(a: Claim, b: Claim) -> bool:
    """Two claims give a field the same value."""
    if a.field != b.field:
        return False
    match a.value, b.value:
        case Toll() as x, Toll() as y:
            return (x.low, x.high) == (y.low, y.high)
        case DateValue() as x, DateValue() as y:
            return x.value == y.value
        case PlaceValue() as x, PlaceValue() as y:
            return _same_place(x, y)
        case str() as x, str() as y if a.field in _NAMES:
            return alike(x, y)
    return a.value == b.value


def _same_place(x: PlaceValue, y: PlaceValue) -> bool:
    if x.gazetteer_id is not None and x.gazetteer_id == y.gazetteer_id:
        return True
    if x.lat is None or x.lon is None or y.lat is None or y.lon is None:
        return alike(x.name, y.name)
    return kilometres(x.lat, x.lon, y.lat, y.lon) <= _NEAR_KM and (alike(x.name, y.name) or x.kind == y.kind)


def _differences(document: str, r: EventMention | None, m: EventMention | None) -> Iterator[Difference]:
    """What one reader claims and the other does not, field by field; a missing event is one difference."""
    ours = _preferred(r)
    theirs = _preferred(m)
    if r is None or m is None:
        ours, theirs = ([c for c in claims if c.field == "subtype"] for claims in (ours, theirs))
        one = next(iter(ours), None), next(iter(theirs), None)
        yield _difference(document, "event", *one)
        return
    for claim in ours:
        if any(same(claim, c) for c in theirs):
            continue
        rival = next((c for c in theirs if c.field == claim.field and claim.field not in SETS), None)
        yield _difference(document, claim.field, claim, rival)
    said = {c.field for c in ours if c.field not in SETS}
    for claim in theirs:
        if claim.field not in said and not any(same(claim, c) for c in ours):
            yield _difference(document, claim.field, None, claim)


def _difference(document: str, field: str, r: Claim | None, m: Claim | None) -> Difference:
    return Difference(
        document=document,
        field=field,
        rules=r.value if r else None,
        rules_quotes=tuple(s.quote for s in r.spans) if r else (),
        model=m.value if m else None,
        model_quotes=tuple(s.quote for s in m.spans) if m else (),
    )


def _preferred(event: EventMention | None) -> Sequence[Claim]:
    return [c for c in event.claims if c.rank == "preferred" and c.field != "type"] if event else []
