"""Which names of a report are one actor's, and all that is said of each: its parts in what is told, its being cited."""

from __future__ import annotations

from collections import defaultdict

from constat.claims.drafts import Draft, Gathering
from constat.claims.report import Block
from constat.claims.units import Unit

_NOTHING = Block(())
_NEAR = ("intro", "own", "title")


def nations(unit: Unit, first: int, last: int) -> set[str]:
    """The countries that chunks [first, last) name, or the chunk after them."""
    chunks = unit.facts.sentence.chunks[first : last + 1]
    return {c.key for c in chunks if c.tag in ("NAT", "GEO") and c.key}


class Entities:
    """The actors of a report as one incident sees them."""

    def __init__(self, state: Gathering, draft: Draft) -> None:
        self._of = state.report.aliases
        self.hit: set[str] = set()  # the countries whose people and things are hit, by what the frames say
        self._said: dict[str, Block] = {}
        self._near: dict[str, set[str]] = defaultdict(set)
        self._every: dict[str, set[str]] = defaultdict(set)
        for unit in state.report.units:
            near = state.relation(unit, draft) in _NEAR
            parts = [(role, part) for event in unit.words for role, part in event.roles.items()]
            parts += [("speaks", (s.first, s.last)) for s in unit.facts.sources]
            if near:
                self.hit |= {n for e in unit.words if "target" in e.roles for n in nations(unit, *e.roles["target"])}
            for role, (first, last) in parts:
                for i in range(first, last):
                    name = self._of.get((unit.facts.sentence.index, i))
                    if name:
                        self._every[name].add(role)
                        if near:
                            self._near[name].add(role)

    def said(self, unit: Unit, i: int) -> Block:
        """What is said of the actor that a chunk names, near the incident and anywhere."""
        name = self._of.get((unit.facts.sentence.index, i))
        if name is None:
            return _NOTHING
        found = self._said.get(name)
        if found is None:
            near = sorted(self._near.get(name, ()))
            every = "+".join(sorted(self._every.get(name, ())))
            found = Block((f"ent={'+'.join(near)}", f"ent_all={every}", *(f"ent1={role}" for role in near)))
            self._said[name] = found
        return found
