"""How many were killed and wounded: which of the counts of a report, a sum of some, or none."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from constat.claims.choose.common import beside, near_event, stands_of
from constat.claims.drafts import Draft, Gathering
from constat.claims.report import Block, Candidate, Report, bucket
from constat.claims.units import Unit
from constat.facts import LOOSE, Amount, TollMention
from constat.records import UNATTRIBUTED, Toll

_NO_TOTAL = ("part", "was", "aggregate")
# "BACK" counts twice, as it did when the weights were learned.
_BEARING = (
    "TOLL", "SINCE", "OTHERS", "HEDGE", "BACK", "DENY", "UPTO", "COND", "CLAIM", "NOT", "BUT", "SAY", "BACK", "AND",
)  # fmt: skip
_MOST = 8  # counts of which pairs are made


def counts(state: Gathering, draft: Draft, kind: str) -> list[Candidate]:
    """Every count of a kind (killed or wounded) as a candidate, sums and ranges of some, and "not stated"."""
    report = state.report
    every = [(u, t) for u in report.units for t in u.facts.tolls if u.holds(t.first)]
    mentions = [(u, t) for u, t in every if t.kind in (kind, "casualties")]
    mentions += [(u, t) for u, t in report.loose if t.kind in (kind, LOOSE) and state.relation(u, draft) != "other"]
    amounts = [(t.amount.low, t.amount.high) for _, t in mentions if t.kind == kind and not t.guessed]
    out = [Candidate(None, tuple(_none(state, draft, kind, mentions)))]
    for n, (unit, toll) in enumerate(mentions):
        for value in _values(toll, kind):
            features = [
                *_of(toll, unit, state, draft, kind),
                f"nth={min(n, 3)}",
                *_taken(state, draft, kind, value),
                f"agree={bucket(amounts.count((value.low, value.high)), 0, 1, 2)}",
                f"value={bucket(value.low, 0, 1, 2, 5, 20, 100)}/{'open' if value.high is None else 'closed'}",
                f"largest={value.low >= max((a[0] for a in amounts), default=0)}",
            ]
            span = unit.facts.quote(toll.first, toll.last)
            out.append(
                Candidate(
                    value, tuple(features), (span,), unit.index, _name(value), toll, (stands_of(state, draft, unit),)
                )
            )
    for unit in report.units:
        own = [t for u, t in mentions if u is unit and t.kind == kind and t.role not in _NO_TOTAL and not t.guessed]
        total = _sum(own)
        if total is not None:
            value, parts = total
            features = ["sum", f"sum/{len(parts)}", f"sum/{state.relation(unit, draft)}"]
            features.append(f"sum/groups={all(t.groups for t in parts)}")
            spans = tuple(unit.facts.quote(t.first, t.last) for t in parts)
            out.append(
                Candidate(
                    value, tuple(features), spans, unit.index, _name(value), parts[0], (stands_of(state, draft, unit),)
                )
            )
    out.extend(_pairs(state, draft, [(u, t) for u, t in mentions if t.kind in (kind, LOOSE) and not u.title]))
    return out


def _pairs(state: Gathering, draft: Draft, mentions: list[tuple[Unit, TollMention]]) -> Iterator[Candidate]:
    """Two counts of different sentences as one: rival figures make a range, the dead of two sides a sum."""
    told = [(u, t) for u, t in mentions if state.relation(u, draft) != "other" and t.role not in _NO_TOTAL]
    for (first, a), (second, b) in combinations(told[:_MOST], 2):
        if (a.amount.low, a.amount.high) == (b.amount.low, b.amount.high):
            continue
        cited = _cited(state.report, first, second)
        spans = (first.facts.quote(a.first, a.last), second.facts.quote(b.first, b.last))
        by_guess = a.guessed or b.guessed
        if first.facts is not second.facts or cited == "apart" or by_guess:
            value = Toll(min(a.amount.low, b.amount.low), _highest(a.amount, b.amount), "+".join(a.groups) or None)
            said = _both("range", state, draft, first, a, second, b, cited)
            yield Candidate(value, (), spans, first.index, _name(value), a, parts=said)
        if (first is not second or by_guess) and not set(a.groups) & set(b.groups):
            groups = "+".join(dict.fromkeys((*a.groups, *b.groups))) or None
            high = None if a.amount.high is None or b.amount.high is None else a.amount.high + b.amount.high
            value = Toll(a.amount.low + b.amount.low, high, groups)
            said = _both("sum2", state, draft, first, a, second, b, cited)
            yield Candidate(value, (), spans, first.index, _name(value), a, parts=said)


def _highest(a: Amount, b: Amount) -> int | None:
    """The upper end of a range of two stated amounts; "at least" bounds nothing unless the other figure is higher."""
    if a.high is not None and b.high is not None:
        return max(a.high, b.high)
    stated = a.high if a.high is not None else b.high
    open_low = b.low if a.high is not None else a.low
    return stated if stated is not None and stated > open_low else None


def _groups(mine: set[str], theirs: set[str]) -> str:
    """Whether two counts are of the same people, as far as they say of whom they are."""
    if not mine and not theirs:
        return "none"
    if not mine or not theirs:
        return "open"
    return "same" if mine & theirs else "differ"


def _cited(report: Report, first: Unit, second: Unit) -> str:
    here, there = report.cited[first.index], report.cited[second.index]
    return "none" if here == there == (UNATTRIBUTED,) else "same" if here == there else "apart"


def _both(
    how: str, state: Gathering, draft: Draft, first: Unit, a: TollMention, second: Unit, b: TollMention, cited: str
) -> tuple[Block, ...]:
    """What speaks for two counts as one, `how`: few pairs say anything that none before them said."""
    one, two = state.relation(first, draft), state.relation(second, draft)
    apart = bucket(second.index - first.index, 0, 1, 2, 4, 8)
    ratio = bucket(max(a.amount.low, 1) / max(b.amount.low, 1), 0.2, 0.5, 0.99, 1.01, 2, 5)
    rules = (a.rule if a.guessed else "no", b.rule if b.guessed else "no", a.guessed, b.guessed, b.rule)
    chunks, tokens = second.facts.sentence.chunks, second.facts.sentence.tokens
    at = chunks[b.first].first
    return (
        _where(how, one, two, apart, first.facts is second.facts, len(state.drafts) == 1),
        _whose(how, a.groups, b.groups, two, cited),
        _how_many(how, a.amount.high is None, b.amount.high is None, ratio, a.amount.low == 0, b.amount.low == 0),
        _ruled(how, a.role, b.role, one, two, rules),
        _second(how, second.tags),
        _worded(how, tokens[at - 1].fold if at else "^", tokens[chunks[second.first].first].fold),
    )


@lru_cache(maxsize=5_000)
def _where(how: str, one: str, two: str, apart: str, same: bool, single: bool) -> Block:
    said = ("bias", f"rels={one}/{two}", f"rel1={one}", f"rel2={two}", f"apart={apart}")
    return _under(how, *said, f"same_sentence={same}", f"one={single}")


@lru_cache(maxsize=5_000)
def _whose(how: str, one: tuple[str, ...], two: tuple[str, ...], rel: str, cited: str) -> Block:
    mine, theirs = set(one), set(two)
    groups = _groups(mine, theirs)
    of = f"of={'+'.join(sorted(mine))}/{'+'.join(sorted(theirs))}"
    named = (*(f"group1={name}" for name in sorted(mine)), *(f"group2={name}" for name in sorted(theirs)))
    told = (f"groups={groups}", f"groups+rel={groups}/{rel}", f"cited={cited}", f"cited+groups={cited}/{groups}")
    return _under(how, *told, of, *named)


@lru_cache(maxsize=5_000)
def _how_many(how: str, open1: bool, open2: bool, ratio: str, zero1: bool, zero2: bool) -> Block:
    return _under(how, f"open={open1}/{open2}", f"ratio={ratio}", f"zero={zero1}/{zero2}")


@lru_cache(maxsize=5_000)
def _ruled(how: str, role1: str, role2: str, one: str, two: str, rules: tuple[str, str, bool, bool, str]) -> Block:
    loose1, loose2, guessed1, guessed2, rule2 = rules
    said = [f"roles={role1}/{role2}", f"rule2={rule2}"]
    if guessed1 or guessed2:
        said += [f"loose={loose1}/{loose2}", f"loose+rel={guessed1}/{guessed2}/{one}/{two}"]
    return _under(how, *said)


@lru_cache(maxsize=5_000)
def _second(how: str, tags: frozenset[str]) -> Block:
    return _under(how, *(f"has2={tag}" for tag in _BEARING if tag in tags))


@lru_cache(maxsize=10_000)
def _worded(how: str, before: str, start: str) -> Block:
    return _under(how, f"w-1={before}", f"starts={start}")


def _under(how: str, *said: str) -> Block:
    return Block(f"{how}/{feature}" for feature in said)


def _taken(state: Gathering, draft: Draft, kind: str, value: Toll) -> Iterator[str]:
    for k, other in enumerate(state.earlier(draft)):
        if other.picked.get(kind) == _name(value):
            yield "taken=main" if k == 0 else "taken=other"


def _name(toll: Toll) -> str:
    return f"{toll.low}-{toll.high}"


def _values(toll: TollMention, kind: str) -> Iterator[Toll]:
    groups = "+".join(toll.groups) or None
    if toll.kind in (kind, LOOSE):
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
    if toll.guessed:
        yield f"rule+rel={toll.rule}/{rel}"
        yield from _cue(unit, toll, kind)
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
    tags = unit.tags
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


def _cue(unit: Unit, toll: TollMention, kind: str) -> Iterator[str]:
    """The casualty word nearest to a count of its sentence: which it is, and on which side how far."""
    chunks = unit.facts.sentence.chunks
    at = [(min(abs(i - toll.first), abs(i - toll.last + 1)), i) for i in unit.facts.casualties]
    if not at:
        yield "cue=no"
        return
    far, i = min(at)
    said = unit.facts.casualties[i]
    side = "in" if toll.first <= i < toll.last else "after" if i >= toll.last else "before"
    yield f"cue={said == kind}/{side}/{bucket(far, 1, 2, 4, 8)}"
    yield f"cue={chunks[i].tag}:{chunks[i].form}/{said == kind}/{side}"
    yield f"cue_of={said}/{toll.rule}"
