"""Which candidates are taken: the likeliest of a choice, or each that is likely enough by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import msgspec

from constat.agreement import alike as same_words
from constat.claims.drafts import Draft, Gathering
from constat.claims.report import Candidate
from constat.claims.weights import Weights

# A slot is filled when its best candidate is likelier than half of what F1 the field reaches: then filling it pays.
_FILL = 0.36
_HEARD = 0.02  # of less likely names it is not asked whether they are the same as another
# Where cross-validation found another best: measures .736 instead of .726, weapons .770 instead of .759.
_FILLS = {"measure": 0.32, "weapon": 0.4}


class Choice(msgspec.Struct, frozen=True):
    """A candidate that was taken, how likely it is, and the likely ones that were not."""

    candidate: Candidate
    share: float
    rivals: tuple[tuple[Candidate, float], ...] = ()


def choose(
    weights: Weights,
    choice: str,
    state: Gathering,
    draft: Draft,
    candidates: Sequence[Candidate],
    fill: float = _FILL,
    own: Draft | None = None,
    named: Collection[int] = (),
    alike: Callable[[Any, Any], bool] | None = None,
) -> Choice | None:
    """The candidate to take, None where "not stated" is likelier; mentions of one name add up, and names alike.

    Of several mentions of the name taken, one in a unit that names the place (`named`) carries the claim, else the
    likeliest; with `own`, what its units state otherwise is kept as rivals.
    """
    if len(candidates) == 1 and candidates[0].value is None:
        return None
    shares = weights.shares_of(choice, state.report, candidates, draft.intro)
    names: dict[str, float] = {}
    for candidate, share in zip(candidates, shares, strict=True):
        if candidate.value is not None:
            names[candidate.name] = names.get(candidate.name, 0.0) + share
    values = {c.name: c.value for c in candidates}
    backed = _backed(names, values, alike) if alike else names
    best = max(names, key=lambda n: (backed[n], names[n]))
    if backed[best] < fill:
        return None
    mentions = [(c, s) for c, s in zip(candidates, shares, strict=True) if c.name == best and c.value is not None]
    taken = max(mentions, key=lambda m: (m[0].unit in named, m[1]))[0]
    rivals = []
    if own is not None:
        told = {u.index for u in own.units}
        for name, share in names.items():
            if name != best and share >= 0.1 and not (alike and alike(values[best], values[name])):
                rival = max((c for c in candidates if c.name == name), key=lambda c: c.unit in told)
                if rival.unit in told:
                    rivals.append((rival, share))
    return Choice(taken, min(backed[best], 1.0), tuple(rivals))


def _backed(names: dict[str, float], values: dict[str, Any], alike: Callable[[Any, Any], bool]) -> dict[str, float]:
    """How likely each name is or one that is alike: "soldiers" and "two soldiers of the army" are not rivals."""
    heard = [n for n, share in names.items() if share >= _HEARD]
    backed = dict(names)
    for name in heard:
        backed[name] += sum(names[n] for n in heard if n != name and alike(values[name], values[n]))
    return backed


def take(
    weights: Weights, choice: str, state: Gathering, draft: Draft, candidates: Sequence[Candidate]
) -> list[Choice]:
    """The candidates that are each likely enough to be right by themselves."""
    fill = _FILLS.get(choice, _FILL)
    shares = weights.each(choice, state.report, candidates, draft.intro) if candidates else []
    return [Choice(c, share) for c, share in zip(candidates, shares, strict=True) if share >= fill]


def distinct(found: Iterable[Choice]) -> list[Choice]:
    """Sources without those that another name already holds: "the ministry" after "the ministry of health"."""
    kept: list[Choice] = []
    for choice in found:
        if not any(same_words(choice.candidate.value, k.candidate.value) for k in kept):
            kept.append(choice)
    return kept


def own_each(taken: Sequence[Sequence[Choice]]) -> list[list[Choice]]:
    """What several incidents take from the very same words stays with the one that is likeliest to own them."""
    best: dict[tuple[str, int], float] = {}
    for choice in (c for of_one in taken for c in of_one):
        at = (choice.candidate.name, choice.candidate.unit)
        best[at] = max(best.get(at, 0.0), choice.share)
    return [[c for c in of_one if c.share == best[c.candidate.name, c.candidate.unit]] for of_one in taken]
