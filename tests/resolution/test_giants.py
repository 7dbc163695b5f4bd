"""False pairs join no giants, floods of copies add no voices and no dead."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from itertools import combinations

import pytest

from constat.resolution.cluster import Constraints, cluster, components, pair

Edges = dict[tuple[str, str], float]


def world(chance: random.Random, count: int) -> tuple[dict[str, int], Edges, list[tuple[str, str]]]:
    """Tellings with their true incidents, the pairs within these, and false pairs, 1 in 100."""
    keys: dict[str, int] = {}
    for n in range(count):
        keys |= {f"{n:05}-{m}": n for m in range(chance.choice((1, 1, 2, 3, 5)))}
    members: dict[int, list[str]] = defaultdict(list)
    for event, n in keys.items():
        members[n].append(event)
    true = {pair(a, b): chance.uniform(1, 5) for held in members.values() for a, b in combinations(held, 2)}
    names = sorted(keys)
    false = [pair(*chance.sample(names, 2)) for _ in range(len(true) // 100)]
    return keys, true, false


def precision(groups: list[tuple[str, ...]], keys: dict[str, int]) -> float:
    joined = [keys[a] == keys[b] for group in groups for a, b in combinations(group, 2)]
    return sum(joined) / len(joined)


@pytest.mark.parametrize("seed", range(3))
def test_one_false_pair_in_a_hundred_makes_no_giant_and_crosses_no_decision(seed: int) -> None:
    chance = random.Random(seed)
    keys, true, false = world(chance, 1_500)
    apart = frozenset(false[::5])
    groups = cluster(keys, true | {p: chance.uniform(1, 5) for p in false}, {}, None, Constraints(apart=apart))
    before = cluster(keys, true, {}, None)
    assert precision(before, keys) == 1.0 and precision(groups, keys) > 0.98
    assert max(map(len, groups)) <= 10
    of = {event: n for n, group in enumerate(groups) for event in group}
    assert all(of[a] != of[b] for a, b in apart)
    assert Counter(event for group in groups for event in group) == Counter(list(keys)), "each in one group, none lost"


@pytest.mark.parametrize("seed", range(20))
def test_components_are_what_walking_the_graph_finds(seed: int) -> None:
    chance = random.Random(seed)
    names = [f"{n:03}" for n in range(60)]
    links = [pair(*chance.sample(names, 2)) for _ in range(chance.randrange(80))]
    label = {name: name for name in names}
    for _ in names:  # the smallest label walks along every link until nothing changes
        for a, b in links:
            label[a] = label[b] = min(label[a], label[b])
    walked = defaultdict(set)
    for name in names:
        walked[label[name]].add(name)
    assert sorted(map(sorted, walked.values())) == sorted(components(names, links))
