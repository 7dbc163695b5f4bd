"""Features that every choice shares: where a mention stands and how its unit belongs to the incident."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from constat.agreement import alike
from constat.claims.drafts import Draft, Gathering
from constat.claims.report import Block, bucket
from constat.claims.units import Unit
from constat.facts import EventWord

same_name = lru_cache(maxsize=20_000)(alike)
ROLES = ("perp", "target", "weapon", "place", "claimant")


def standing(state: Gathering, draft: Draft, unit: Unit) -> Iterator[str]:
    """How a unit belongs to an incident, and how far it is from where that is first told."""
    rel = state.relation(unit, draft)
    yield f"rel={rel}"
    yield f"rel={rel}/{'one' if len(state.drafts) == 1 else 'main' if draft is state.drafts[0] else 'other'}"
    gap = unit.index - draft.intro.index
    yield f"gap={bucket(gap, -1, 0, 1, 2, 4, 8)}/{rel}"


def stands_of(state: Gathering, draft: Draft, unit: Unit) -> Block:
    """The same once all incidents are gathered, as one block that every choice shares."""
    found = draft.stands.get(unit.index)
    if found is None:
        found = draft.stands[unit.index] = Block(standing(state, draft, unit))
    return found


def near_event(unit: Unit, first: int, last: int) -> tuple[EventWord | None, str]:
    """The event word nearest to some chunks of a unit, and on which side and how far it stands."""
    words = unit.words
    if not words:
        return None, "no"
    best = words[0]
    if len(words) > 1:
        best = min(words, key=lambda e: min(abs(e.chunk - first), abs(e.chunk - last + 1)))
    if best.chunk < first:
        return best, f"after{bucket(first - best.chunk, 1, 2, 4, 8)}"
    if best.chunk >= last:
        return best, f"before{bucket(best.chunk - last + 1, 1, 2, 4, 8)}"
    return best, "in"


def roles_of(unit: Unit, first: int, last: int) -> list[tuple[str, EventWord]]:
    """The roles that the frames of a unit give to chunks [first, last)."""
    out = []
    for event in unit.words:
        for role in ROLES:
            part = event.roles.get(role)
            if part and part[0] < last and first < part[1]:
                out.append((role, event))
    return out


def beside(unit: Unit, first: int, last: int) -> Iterator[str]:
    """The tags before and after some chunks."""
    chunks = unit.facts.sentence.chunks
    for k in (1, 2, 3):
        tag = chunks[first - k].tag if first - k >= 0 else "^"
        yield f"p{k}={tag}"
    yield f"p12={chunks[first - 2].tag if first > 1 else '^'},{chunks[first - 1].tag if first else '^'}"
    for k in (0, 1):
        tag = chunks[last + k].tag if last + k < len(chunks) else "$"
        yield f"n{k + 1}={tag}"


def words_of(unit: Unit, first: int, last: int) -> str:
    """The folded words of some chunks, without articles and the like."""
    chunks = unit.facts.sentence.chunks
    tokens = unit.facts.sentence.tokens
    small = ("DET", "DE", "QU", "AND", "IN")
    inside = [c for c in chunks[first:last] if c.tag not in small] or list(chunks[first:last])
    return " ".join(tokens[k].fold for c in inside for k in range(c.first, c.last))


def told_of(state: Gathering, draft: Draft, name: str, own: tuple[str, ...], others: tuple[str, ...]) -> Block:
    """What a name was taken for already: fields `own` of this incident, fields `others` of those told before it."""
    mine = tuple([_same(name, draft.picked.get(field)) for field in own])
    told = tuple([tuple([_same(name, other.picked.get(f)) for f in others]) for other in state.earlier(draft)])
    return _told(own, others, mine, told)


def _same(name: str, picked: str | None) -> bool | None:
    return same_name(name, picked) if picked else None


@lru_cache(maxsize=10_000)
def _told(
    own: tuple[str, ...],
    others: tuple[str, ...],
    mine: tuple[bool | None, ...],
    told: tuple[tuple[bool | None, ...], ...],
) -> Block:
    out = [f"own_{field}={'none' if same is None else same}" for field, same in zip(own, mine, strict=True)]
    for k, of_one in enumerate(told):
        for field, same in zip(others, of_one, strict=True):
            if same is not None and k == 0:
                out.append(f"main_{field}={same}")
            elif same:
                out.append(f"some_{field}")
    return Block(out)
