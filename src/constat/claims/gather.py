"""Which units of a report tell of the same incident: each is new, part of one told before, or of none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from constat.claims.drafts import NEW, NONE, Gathering
from constat.claims.relevance import RELEVANT, relevance_features
from constat.claims.report import Report
from constat.claims.telling import against_all, pair_features, unit_features
from constat.claims.units import Unit
from constat.claims.weights import Weights

_SIDE = ("earlier", "another")


def gather(report: Report, weights: Weights) -> Gathering:
    """Walk the units in text order and decide for each by what it shares with what was told before.

    A report that tells of no incident is told first; in any other, something is one.
    """
    state = Gathering(report)
    body = telling_body(report)
    # Where every sentence that seems to tell of something is about sport, markets or fiction, nothing is told.
    if all("other" in u.facts.flags for u in body if u.telling):
        return state
    relevant = weights.shares("relevance", [relevance_features(f.sentence for f in report.facts), ()])[0]
    if relevant < RELEVANT:
        return state
    for unit in body:
        if not (unit.telling or unit.weak):
            state.attach(unit)
            continue
        choices = list(options(state, unit))
        shares = shares_of(state, unit, choices, weights)
        best = max(range(len(choices)), key=lambda n: shares[n])
        state.settle(unit, choices[best][0], shares[best])
    if not state.drafts:
        return _likeliest(report, body, weights)
    return state


def telling_body(report: Report) -> list[Unit]:
    """The units to walk: the text's, or the headline's too where the text tells of nothing."""
    return report.body if any(u.telling for u in report.body) else report.units


def _likeliest(report: Report, body: list[Unit], weights: Weights) -> Gathering:
    """A report that must tell of something, though no unit seemed to: the likeliest one does."""
    state = Gathering(report)

    def chance(unit: Unit) -> float:
        choices = list(options(state, unit))
        return shares_of(state, unit, choices, weights)[[c for c, _ in choices].index(NEW)]

    first = max((u for u in body if u.telling), key=chance)
    for unit in body:
        if unit is first:
            state.take(unit, NEW, chance(unit))
        elif unit.telling:
            state.take(unit, NONE)
        else:
            state.attach(unit)
    return state


def shares_of(state: Gathering, unit: Unit, choices: Sequence[tuple[int, list[str]]], weights: Weights) -> list[float]:
    """How likely each thing is that a unit may be."""
    told = [state.drafts[c].units[-1] if c >= 0 else None for c, _ in choices]
    return weights.by_unit("unit", state.report, [features for _, features in choices], unit, told)


def options(state: Gathering, unit: Unit) -> Iterator[tuple[int, list[str]]]:
    """What a unit may be, each with its features: none, a new incident, or one of those told before."""
    own = unit_features(state, unit)
    yield NONE, [f"0:{f}" for f in own]
    pairs = [list(pair_features(state, draft, k, unit)) for k, draft in enumerate(state.drafts)]
    apart = any(e.back in _SIDE for e in unit.events) or any(t.from_event for t in unit.times)
    if apart or not any(_one(pair) for pair in pairs):
        yield NEW, [f"N:{f}" for f in (*own, *against_all(state, unit, pairs))]
    for k, pair in enumerate(pairs):
        # What the report calls an earlier or another incident, at another place, is not this one.
        if not (apart and "place=differ" in pair):
            yield k, [f"K:{f}" for f in (*_own_of_old(own), *pair)]


def _one(pair: list[str]) -> bool:
    """A kind of act told before at this very place, with no other day or toll, is not told as something new."""
    said = set(pair)
    open_date = {"date=same", "date=unsaid", "date=unresolved", "date=first"} & said
    return bool(open_date) and {"place=same", "kind=same"} <= said and "toll=differ" not in said


def _own_of_old(own: list[str]) -> list[str]:
    return [f for f in own if f.startswith(("back", "past", "def", "bias", "ev=", "mood"))]
