"""How many were killed and wounded: which of the counts of a report, a sum of some, or none."""

from __future__ import annotations

from collections.abc import Iterator

from constat.claims.choose.common import beside, near_event, standing
from constat.claims.drafts import Draft, Gathering
from constat.claims.report import Candidate, bucket
from constat.claims.units import Unit
from constat.facts import TollMention
from constat.records import Toll


def counts(state: Gathering, draft: Draft, kind: str) -> list[Candidate]:
    """Every count of a kind (killed or wounded) as a candidate, sums within a unit, and "not stated"."""
    report = state.report
    every = [(u, t) for u in report.units for t in u.facts.tolls if u.holds(t.first)]
    mentions = [(u, t) for u, t in every if t.kind in (kind, "casualties")]
    amounts = [(t.amount.low, t.amount.high) for _, t in mentions if t.kind == kind]
    out = [Candidate(None, tuple(_none(state, draft, kind, mentions)))]
    for n, (unit, toll) in enumerate(mentions):
        for value in _values(toll, kind):
            features = [
                *standing(state, draft, unit),
                *_of(toll, unit, state, draft, kind),
                f"nth={min(n, 3)}",
                f"agree={bucket(amounts.count((value.low, value.high)), 0, 1, 2)}",
                f"value={bucket(value.low, 0, 1, 2, 5, 20, 100)}/{'open' if value.high is None else 'closed'}",
                f"largest={value.low >= max((a[0] for a in amounts), default=0)}",
            ]
            span = unit.facts.quote(toll.first, toll.last)
            out.append(Candidate(value, tuple(features), (span,), unit.index, _name(value), toll))
    for unit in report.units:
        own = [t for u, t in mentions if u is unit and t.kind == kind and t.role not in ("part", "was", "aggregate")]
        total = _sum(own)
        if total is not None:
            value, parts = total
            features = [*standing(state, draft, unit), "sum", f"sum/{len(parts)}", f"sum/{state.relation(unit, draft)}"]
            features.append(f"sum/groups={all(t.groups for t in parts)}")
            spans = tuple(unit.facts.quote(t.first, t.last) for t in parts)
            out.append(Candidate(value, tuple(features), spans, unit.index, _name(value), parts[0]))
    return out


def _name(toll: Toll) -> str:
    return f"{toll.low}-{toll.high}"


def _values(toll: TollMention, kind: str) -> Iterator[Toll]:
    groups = "+".join(toll.groups) or None
    if toll.kind == kind:
        yield Toll(toll.amount.low, toll.amount.high, groups)
    elif toll.amount.low == 0 and toll.amount.high == 0:
        yield Toll(0, 0, groups)
    else:  # "twelve casualties" says of neither kind more than that there may be some
        yield Toll(1, None, groups)


def _sum(parts: list[TollMention]) -> tuple[Toll, list[TollMention]] | None:
    """Counts of different people in one unit added up; None where they are fewer than two or of the same people."""
    kept: list[TollMention] = []
    for toll in parts:
        if not any(set(toll.groups) & set(k.groups) for k in kept):
            kept.append(toll)
    if len(kept) < 2:
        return None
    highs = [t.amount.high for t in kept]
    high = None if any(h is None for h in highs) else sum(h for h in highs if h is not None)
    groups = "+".join(dict.fromkeys(g for t in kept for g in t.groups)) or None
    return Toll(sum(t.amount.low for t in kept), high, groups), kept


def _of(toll: TollMention, unit: Unit, state: Gathering, draft: Draft, kind: str) -> Iterator[str]:
    rel = state.relation(unit, draft)
    same = toll.kind == kind
    yield f"kind={toll.kind if not same else 'own'}"
    yield f"kind+rel={same}/{rel}"
    yield f"role={toll.role}"
    yield f"role+rel={toll.role}/{rel}"
    yield f"rule={toll.rule}"
    for group in toll.groups[:2]:
        yield f"group={group}"
    event, side = near_event(unit, toll.first, toll.last)
    yield f"side={side}"
    if event is not None:
        yield f"mood={event.modality}"
        yield f"ev={event.key}"
    others = [t for t in unit.facts.tolls if t is not toll and t.kind == toll.kind]
    yield f"alone={not others}/{rel}"
    if others:
        yield f"first={all(toll.first < t.first for t in others)}"
        yield f"biggest={all(toll.amount.low >= t.amount.low for t in others)}"
    tags = {c.tag for c in unit.facts.sentence.chunks[unit.first : unit.last]}
    for tag in ("TOLL", "SINCE", "INCL", "OTHERS", "HEDGE", "BACK", "DENY", "UPTO", "COND"):
        if tag in tags:
            yield f"has={tag}"
    if toll.amount.low == 1 and toll.amount.high == 1:
        yield "single"
    yield f"past={unit.past}/{rel}"
    yield f"para={bucket(unit.paragraph, -1, 0, 1, 3, 6)}"
    yield from beside(unit, toll.first, toll.last)


def _none(state: Gathering, draft: Draft, kind: str, mentions: list[tuple[Unit, TollMention]]) -> Iterator[str]:
    yield "none"
    own = [t for u, t in mentions if u in draft.units and t.kind == kind]
    yield f"none/own={bucket(len(own), 0, 1)}"
    yield f"none/all={bucket(len(mentions), 0, 1, 2)}"
    yield f"none/main={draft is state.drafts[0]}/{bool(mentions)}"
    yield f"none/title={any(u.title for u, _ in mentions)}"
