"""Who is quoted for an incident: which of the sources of a report."""

from __future__ import annotations

from collections.abc import Iterator

from constat.claims.choose.common import beside, near_event, standing
from constat.claims.drafts import Draft, Gathering
from constat.claims.report import Candidate, bucket
from constat.claims.units import Unit
from constat.facts import SourceMention


def sources(state: Gathering, draft: Draft, kind: str) -> list[Candidate]:
    """Each source cited in the report, to be taken or left; two mentions of one name are two candidates."""
    out = []
    names: list[set[str]] = []
    for unit in state.report.units:
        for source in unit.facts.sources:
            if not unit.holds(source.first):
                continue
            words = set(source.name.casefold().split())
            again = any(words & n for n in names)
            names.append(words)
            features = [*standing(state, draft, unit), *_of(source, unit, state, draft, kind), f"again={again}"]
            name = source.name.casefold()
            out.append(Candidate(source.name, tuple(features), (source.span,), unit.index, name, source))
    return out


def _of(source: SourceMention, unit: Unit, state: Gathering, draft: Draft, kind: str) -> Iterator[str]:
    chunks = unit.facts.sentence.chunks[source.first : source.last]
    rel = state.relation(unit, draft)
    tags = [c.tag for c in chunks]
    yield "bias"
    yield f"kind={source.kind}"
    yield f"kind+rel={source.kind}/{rel}"
    yield f"verb={source.verb}"
    yield f"through={source.through is not None}"
    yield f"head={tags[0]}"
    yield f"tags={'+'.join(sorted(set(tags)))}"
    yield f"long={bucket(source.last - source.first, 1, 2, 4, 7)}"
    yield f"quoted={any(t == 'QU' for t in (c.tag for c in unit.facts.sentence.chunks))}"
    yield f"units={'one' if len(state.drafts) == 1 else 'many'}/{rel}"
    for c in chunks:
        if c.tag in ("ACT", "SRC", "AGENCY"):
            yield f"typed={c.tag}:{c.key}"
    event, side = near_event(unit, source.first, source.last)
    yield f"event={side if event is None else 'yes'}"
    contexts = {c.key for c in unit.facts.sentence.chunks if c.tag == "CTX"}
    for key in contexts:
        yield f"ctx={key}"
    yield f"para={bucket(unit.paragraph, -1, 0, 1, 3, 6, 9)}"
    yield f"event_kind={kind}"
    has = {c.tag for c in unit.facts.sentence.chunks}
    for tag in ("DENY", "SUSPECT", "CLAIM", "PLAN", "THREAT", "FEAR", "PART", "WPN", "TOLL"):
        if tag in has:
            yield f"has={tag}"
    yield f"tolls={bool(unit.facts.tolls)}"
    yield from beside(unit, source.first, source.last)
