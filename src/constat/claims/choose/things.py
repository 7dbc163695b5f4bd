"""With what, and what was done about it: which weapons and response measures of a report belong to an incident."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from constat.claims.choose.common import beside, near_event, roles_of, stands_of
from constat.claims.drafts import Draft, Gathering
from constat.claims.report import Candidate, bucket
from constat.claims.units import Unit

_RANK = ("intro", "own", "title", "with", "none", "free", "title2", "other")


def weapons(state: Gathering, draft: Draft, kind: str, implied: Mapping[str, str]) -> list[Candidate]:
    """Each weapon that the report names or its event words imply, to be taken or left."""
    found: dict[str, list[tuple[Unit, int, str]]] = {}
    for unit in state.report.units:
        for i in range(unit.first, unit.last):
            chunk = unit.facts.sentence.chunks[i]
            for tag, _, key in ((chunk.tag, chunk.form, chunk.key), *chunk.others):
                if tag == "WPN" and key:
                    found.setdefault(key, []).append((unit, i, "named" if tag == chunk.tag else "aside"))
        for event in unit.events:
            if event.key in implied:
                found.setdefault(implied[event.key], []).append((unit, event.chunk, "implied"))
    out = []
    for key, where in found.items():
        out.append(_thing(state, draft, key, where, kind, len(found)))
    return out


def measures(state: Gathering, draft: Draft, kind: str, implied: Mapping[str, str]) -> list[Candidate]:
    """Each response measure that the report tells of or its event words may be, to be taken or left."""
    found: dict[str, list[tuple[Unit, int, str]]] = {}
    ends: dict[tuple[int, int], int] = {}
    for unit in state.report.units:
        for m in unit.measures:
            found.setdefault(m.measure, []).append((unit, m.first, "named"))
            ends[unit.index, m.first] = m.last
        for event in unit.events:
            if event.key in implied and unit is not draft.intro:
                found.setdefault(implied[event.key], []).append((unit, event.chunk, "implied"))
    return [_thing(state, draft, key, where, kind, len(found), ends) for key, where in found.items()]


def _thing(
    state: Gathering,
    draft: Draft,
    key: str,
    where: list[tuple[Unit, int, str]],
    kind: str,
    kinds: int,
    ends: Mapping[tuple[int, int], int] | None = None,
) -> Candidate:
    ranked = sorted(where, key=lambda w: (_RANK.index(state.relation(w[0], draft)), w[2] == "implied", w[0].index))
    unit, i, how = ranked[0]
    features = ["bias", f"key={key}", f"key+kind={key}/{kind}", f"how={how}/{key}", f"kinds={min(kinds, 4)}"]
    for rel in {state.relation(u, draft) for u, _, _ in where}:
        features.append(f"any={rel}")
        features.append(f"any={rel}/{key}")
    for h in {h for _, _, h in where}:
        features.append(f"anyhow={h}/{key}")
    features.append(f"count={bucket(len(where), 1, 2, 4)}")
    features.extend(_of(unit, i, state.relation(unit, draft), key))
    chunks = unit.facts.sentence.chunks
    last = (ends or {}).get((unit.index, i), i + 1)
    span = unit.facts.quote(i, min(last, len(chunks)))
    return Candidate(key, tuple(features), (span,), unit.index, key, shared=(stands_of(state, draft, unit),))


def _of(unit: Unit, i: int, rel: str, key: str) -> Iterator[str]:
    event, side = near_event(unit, i, i + 1)
    yield f"side={side}/{rel}"
    if event is not None:
        yield f"ev={event.key}"
        yield f"ev+key={event.key}/{key}"
        yield f"mood={event.modality}"
    for role, _ in roles_of(unit, i, i + 1):
        yield f"role={role}"
    if any(s.first <= i < s.last for s in unit.facts.sources):
        yield "in_source"
    yield f"past={unit.past}/{rel}"
    tags = unit.tags
    for tag in ("PLAN", "THREAT", "SINCE", "NOT", "NONE", "NEG", "COND", "FEAR", "BACK", "CTX"):
        if tag in tags:
            yield f"has={tag}"
    yield from beside(unit, i, i + 1)
