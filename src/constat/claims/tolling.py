"""The toll of one incident from all counts told of it: parts summed, revisions followed, rivals kept side by side."""

from __future__ import annotations

import msgspec

from constat.claims.segments import Segment
from constat.facts import TollMention
from constat.records import Span, Toll


class Count(msgspec.Struct, frozen=True):
    """One count of a kind with its words; `rank` as in `Claim`."""

    toll: Toll
    spans: tuple[Span, ...]
    rank: str = "preferred"


def counts(kind: str, told: list[Segment]) -> list[Count]:
    """All counts of a kind (killed or wounded), the preferred one first; empty if the telling says nothing of it."""
    stated: list[tuple[Segment, list[TollMention]]] = []
    for segment in told:
        own = [t for t in segment.tolls if t.kind == kind and t.role not in ("part", "was")]
        if own:
            stated.append((segment, own))
    vague = [(s, t) for s in told for t in s.tolls if t.kind == "casualties" and t.role not in ("part", "was")]
    sums = [_sum(segment, own) for segment, own in stated]
    totals = [n for n, (_, own) in enumerate(stated) if any(t.role == "total" for t in own)]
    parts = [
        Count(Toll(t.amount.low, t.amount.high, "+".join(t.groups) or None), (s.facts.quote(t.first, t.last),), "part")
        for s in told
        for t in s.tolls
        if t.kind == kind and t.role == "part"
    ]
    if not sums:
        if not vague:
            return []
        segment, toll = vague[0]
        zero = toll.amount.low == 0 and toll.amount.high == 0
        return [Count(Toll(0, 0) if zero else Toll(1, None), (segment.facts.quote(toll.first, toll.last),))]
    best = _best(stated, sums, totals)
    rivals = [Count(c.toll, c.spans, "rival") for n, c in enumerate(sums) if n != best and c.toll != sums[best].toll]
    return [sums[best], *rivals, *parts]


def _sum(segment: Segment, own: list[TollMention]) -> Count:
    """Counts of one kind in one sentence: of different people they add up, of the same people the first stands."""
    kept: list[TollMention] = []
    for toll in own:
        clash = [k for k in kept if not toll.groups or not k.groups or set(toll.groups) & set(k.groups)]
        if not clash:
            kept.append(toll)
    if any(t.role == "total" for t in own):
        kept = [next(t for t in own if t.role == "total")]
    low = sum(t.amount.low for t in kept)
    highs = [t.amount.high for t in kept]
    high = None if any(h is None for h in highs) else sum(h for h in highs if h is not None)
    groups = "+".join(dict.fromkeys(g for t in kept for g in t.groups)) or None
    return Count(Toll(low, high, groups), tuple(segment.facts.quote(t.first, t.last) for t in kept))


def _best(stated: list[tuple[Segment, list[TollMention]]], sums: list[Count], totals: list[int]) -> int:
    """A stated total (the last, if revised) wins; then the first figure in the text; then the headline's."""
    if totals:
        return totals[-1]
    body = [n for n, (segment, _) in enumerate(stated) if segment.facts.sentence.part == "text"]
    if not body:
        return 0
    exact = [n for n in body if sums[n].toll.low > 1 or sums[n].toll.high is not None]
    return (exact or body)[0]
