"""Fits log-linear choices: a softmax over the candidates of each group, so that the right ones share the weight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix


class Group(NamedTuple):
    """One choice: its language, the features of each candidate, which are right, and how many times it counts."""

    lang: str
    candidates: Sequence[Sequence[str]]
    right: Sequence[bool]
    often: int = 1


LEAST = 0.03  # a smaller weight decides nothing and only makes the file long
OWN = 0.5  # a feature's copy for one language counts half, so that what languages share is learned as shared


def fit(groups: Sequence[Group], penalty: float, least: int = 2, steps: int = 120) -> dict[str, float]:
    """Weights by name; each feature counts for all languages and, as `xx|name`, for its own; raises nothing.

    A group whose candidates are all right or all wrong teaches nothing and is left out.
    """
    groups = [g for g in groups if any(g.right) and not all(g.right)]
    if not groups:
        return {}
    seen: Counter[str] = Counter()
    for lang, candidates, _, often in groups:
        for features in candidates:
            for f in set(features):
                seen[f] += often
                seen[f"{lang}|{f}"] += often
    names = [name for name, count in seen.items() if count >= least]
    index = {name: n for n, name in enumerate(names)}
    rows, columns, values, owner, right = [], [], [], [], []
    row = 0
    for g, (lang, candidates, ok, _) in enumerate(groups):
        for features, good in zip(candidates, ok, strict=True):
            for f in set(features):
                for name, value in ((f, 1.0), (f"{lang}|{f}", OWN)):
                    if name in index:
                        rows.append(row)
                        columns.append(index[name])
                        values.append(value)
            owner.append(g)
            right.append(good)
            row += 1
    x = csr_matrix((np.array(values), (rows, columns)), shape=(row, len(names)))
    starts = np.flatnonzero(np.diff(np.array([-1, *owner])))
    of = np.array(owner)
    good = np.array(right)
    times = np.array([float(g.often) for g in groups])
    times_of = times[of]

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        score = x @ w
        top = np.maximum.reduceat(score, starts)[of]
        e = np.exp(score - top)
        total = np.add.reduceat(e, starts)
        held = np.add.reduceat(e * good, starts)
        value = np.sum(times * (np.log(total) - np.log(held))) + penalty * w @ w / 2
        share = times_of * (e / total[of] - e * good / held[of])
        return float(value), x.T @ share + penalty * w

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": steps})
    weights = ((name, float(w) * (OWN if "|" in name[:3] else 1.0)) for name, w in zip(names, found.x, strict=True))
    return {name: round(w, 3) for name, w in weights if abs(w) >= LEAST}
