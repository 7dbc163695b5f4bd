"""What kind of incident it was: one of the sub-event types, from its words, its weapons and who did it to whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from constat.claims.choose.common import words_of
from constat.claims.drafts import Draft, Gathering
from constat.claims.report import Candidate
from constat.claims.typing import Decisions, Evidence
from constat.claims.units import Unit


def kinds(state: Gathering, draft: Draft, keys: Iterable[str], decisions: Decisions) -> list[Candidate]:
    """Every sub-event type as a candidate, with what the incident's words say for it."""
    said = ("bias", *_said(state, draft, decisions))
    return [Candidate(key, (), name=key, said=said) for key in keys]


def evidence(units: Iterable[Unit]) -> Evidence:
    """What units state that bears on the type: event words, weapons, groups of targets and perpetrators, measures."""
    told = list(units)
    return Evidence(
        events=frozenset(e.key for u in told for e in u.events),
        weapons=frozenset(
            c.key for u in told for c in u.facts.sentence.chunks[u.first : u.last] if c.tag == "WPN" and c.key
        ),
        targets=frozenset(_groups(told, "target")),
        perps=frozenset(_groups(told, "perp")),
        measures=frozenset(m.measure for u in told for m in u.measures),
    )


def _groups(units: Iterable[Unit], role: str) -> Iterator[str]:
    for unit in units:
        for event in unit.events:
            part = event.roles.get(role)
            if part:
                for chunk in unit.facts.sentence.chunks[part[0] : part[1]]:
                    if chunk.tag in ("ACT", "PPL", "PPL2", "SITE", "UNID") and chunk.key:
                        yield chunk.key
                        break


def _said(state: Gathering, draft: Draft, decisions: Decisions) -> Iterator[str]:
    title = [u for u in state.report.units if u.title] if draft is state.drafts[0] else []
    for name, told in (("i", [draft.intro]), ("o", draft.units), ("t", title), ("w", draft.attached)):
        found = evidence(told)
        decided = decisions.decide(found)
        if name != "w":
            yield f"{name}.rule={decided}"
        yield from (f"{name}.ev={k}" for k in found.events)
        yield from (f"{name}.wpn={k}" for k in found.weapons)
        yield from (f"{name}.target={k}" for k in found.targets)
        yield from (f"{name}.perp={k}" for k in found.perps)
        yield from (f"{name}.measure={k}" for k in found.measures)
        if name == "o":
            yield from (f"o.pair={e}+{w}" for e in found.events for w in found.weapons)
            yield from (f"o.hit={e}+{t}" for e in found.events for t in found.targets)
            yield from (f"o.by={e}+{p}" for e in found.events for p in found.perps)
    chunks = [c for u in (draft.intro, *title) for c in u.facts.sentence.chunks[u.first : u.last]]
    for tag in ("ACT", "PPL", "SITE", "UNID"):
        yield from (f"{tag}:{key}" for key in {c.key for c in chunks if c.tag == tag})
    yield f"tolls={sorted({t.kind for u in draft.units for t in u.tolls})}"
    for unit in (draft.intro, *title):
        for event in unit.events:
            yield f"word={words_of(unit, event.chunk, event.chunk + 1)}"
