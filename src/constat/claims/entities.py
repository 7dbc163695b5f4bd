"""Which names of a report are one actor's, and all that is said of each: its parts in what is told, its being cited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from constat.claims.drafts import Draft, Gathering
from constat.claims.units import Unit

_NEAR = ("intro", "own", "title")


class Entities:
    """The actors of a report as one incident sees them."""

    def __init__(self, state: Gathering, draft: Draft) -> None:
        self._of = state.report.aliases
        self._near: dict[str, set[str]] = defaultdict(set)
        self._every: dict[str, set[str]] = defaultdict(set)
        for unit in state.report.units:
            near = state.relation(unit, draft) in _NEAR
            parts = [(role, part) for event in unit.words for role, part in event.roles.items()]
            parts += [("speaks", (s.first, s.last)) for s in unit.facts.sources]
            for role, (first, last) in parts:
                for i in range(first, last):
                    name = self._of.get((unit.facts.sentence.index, i))
                    if name:
                        self._every[name].add(role)
                        if near:
                            self._near[name].add(role)

    def said(self, unit: Unit, i: int) -> Iterator[str]:
        """What is said of the actor that a chunk names, near the incident and anywhere."""
        name = self._of.get((unit.facts.sentence.index, i))
        if name is None:
            return
        near = sorted(self._near.get(name, ()))
        yield f"ent={'+'.join(near)}"
        yield f"ent_all={'+'.join(sorted(self._every.get(name, ())))}"
        yield from (f"ent1={role}" for role in near)
