"""Who is quoted for an incident: which of the sources of a report."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from constat.claims.choose.common import beside, near_event, stands_of
from constat.claims.drafts import Draft, Gathering
from constat.claims.report import Candidate, bucket
from constat.claims.units import Unit
from constat.facts import SourceMention

_HEADS = ("SRC", "PPL", "ACT", "AGENCY", "UNID")
_SMALL = ("DET", "NUM", "NUMW")
_NEAR = ("intro", "own", "with", "title")


def sources(state: Gathering, draft: Draft, kind: str) -> list[Candidate]:
    """Each source cited in the report, to be taken or left; two mentions of one name are two candidates."""
    out = []
    names: list[set[str]] = []
    cited = [
        (u, part) for u in state.report.units for s in u.facts.sources if u.holds(s.first) for part in _parts(s, u)
    ]
    near = sum(state.relation(u, draft) in _NEAR for u, _ in cited)
    for n, (unit, source) in enumerate(cited):
        words = set(source.name.casefold().split())
        again = any(words & n for n in names)
        names.append(words)
        features = [*_of(source, unit, state, draft, kind), f"again={again}"]
        features.append(f"near={min(near, 2)}/{state.relation(unit, draft)}")
        features.append(f"nth={min(n, 2)}/{bucket(len(cited), 1, 2, 4)}")
        name = source.name.casefold()
        out.append(
            Candidate(
                source.name, tuple(features), (source.span,), unit.index, name, source, (stands_of(state, draft, unit),)
            )
        )
    return out


def _parts(source: SourceMention, unit: Unit) -> list[SourceMention]:
    """The sources of a pair told in one breath ("police and witnesses"), each with its own words."""
    chunks = unit.facts.sentence.chunks
    for i in range(source.first + 1, source.last - 1):
        if chunks[i].tag != "AND" or not any(chunks[k].tag in _HEADS for k in range(source.first, i)):
            continue
        first = next((k for k in range(i + 1, source.last) if chunks[k].tag not in _SMALL), source.last)
        if first < source.last and chunks[first].tag in _HEADS:
            spans = unit.facts.quote(source.first, i), unit.facts.quote(first, source.last)
            ranges = (source.first, i), (first, source.last)
            return [
                msgspec.structs.replace(source, name=span.quote, span=span, first=a, last=b)
                for span, (a, b) in zip(spans, ranges, strict=True)
            ]
    return [source]


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
