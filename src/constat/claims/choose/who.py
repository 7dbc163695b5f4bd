"""Who did it, to whom, and who claims it: which of the actors, people and things of a report, or none of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from constat.claims.choose.common import beside, near_event, roles_of, stands_of, told_of, words_of
from constat.claims.drafts import Draft, Gathering
from constat.claims.entities import Entities, nations
from constat.claims.report import ACTORS, Block, Candidate, Extent, Report, bucket
from constat.claims.units import Unit
from constat.text import Chunk

THINGS = ("SITE", "PPL", "PPL2", "ACT", "ACR", "NAME", "UNID", "AGENCY", "NAT", "GEO", "PLACE", "WPN", "SRC")
# What a field's choice looks at: fields of its own incident that are chosen before it, fields of earlier incidents.
_TOLD: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "claimant": ((), ("claimant", "perp")),
    "perp": (("claimant",), ("perp", "target", "claimant")),
    "target": (("perp", "claimant"), ("target", "perp")),
}
_LINK = frozenset({"DE", "DET", "QU"})
_TAIL = frozenset({"NAT", "NAME", "ACR", "ACT", "PLACE", "GEO"})
_LONGEST = 7


def actors(state: Gathering, draft: Draft, kind: str) -> list[Candidate]:
    """Candidates for who did it, and "not stated"; `kind` is the sub-event type, which bears on who may."""
    return _candidates(state, draft, kind, ACTORS, "perp")


def targets(state: Gathering, draft: Draft, kind: str) -> list[Candidate]:
    """Candidates for what or whom was hit, and "not stated"."""
    return _candidates(state, draft, kind, THINGS, "target")


def claimants(state: Gathering, draft: Draft, kind: str) -> list[Candidate]:
    """Candidates for who claims it, and "not stated"."""
    return _candidates(state, draft, kind, ("ACT", "ACR", "NAME", "GEO", "SRC", "PPL", "AGENCY"), "claimant")


def _candidates(state: Gathering, draft: Draft, kind: str, tags: tuple[str, ...], field: str) -> list[Candidate]:
    out = [Candidate(None, tuple(_none(state, draft, kind, field)))]
    report = state.report
    known = _known(state, draft)
    for unit in report.units:
        chunks = unit.facts.sentence.chunks
        rel = state.relation(unit, draft)
        stands = stands_of(state, draft, unit)
        sentence = report.block(("sentence", unit.facts.sentence.index), _sentence, unit, report)
        for i in range(unit.first, unit.last):
            if chunks[i].tag not in tags or (field == "claimant" and not _may_claim(unit, i, report)):
                continue
            shared = (
                stands,
                sentence,
                report.block(("who", unit.index, i), _of, unit, i, report),
                report.block(("who", unit.index, i, rel), _related, unit, i, rel),
                known.said(unit, i),
            )
            extents = _extents_of(report, unit, i)
            of = nations(unit, max(unit.first, i - 1), i + 1)
            theirs = ("" if not of else str(bool(of & known.hit)) if known.hit else "none", chunks[i].tag)
            parts = (
                _typed_of(_typed(chunks[i]), kind, field == "claimant", theirs),
                told_of(state, draft, extents[0][0].quote, *_TOLD[field]),
            )
            for span, name, shape in extents:
                out.append(
                    Candidate(
                        span.quote, (), (span,), unit.index, name, chunks[i], parts=(*parts, shape), shared=shared
                    )
                )
    return out


@lru_cache(maxsize=10_000)
def _typed_of(typed: str, kind: str, claims: bool, theirs: tuple[str, str]) -> Block:
    """What its type bears on the kind of incident, and whether people of its country are hit."""
    out = [f"typed+kind={typed}/{kind}"]
    if claims:
        out.append(f"kind={kind}")
    hit, tag = theirs
    if hit:
        out += [f"theirs_hit={hit}/{tag}", f"theirs_hit={hit == 'True'}"]
    return Block(out)


@lru_cache(maxsize=2_000)
def _shaped(shape: str, tag: str, size: int) -> Block:
    return Block((f"shape={shape}", f"shape={shape}/{tag}", f"len={min(size, 4)}"))


def _extents_of(report: Report, unit: Unit, i: int) -> list[Extent]:
    """The words that chunk `i` may be named by, the chunk alone first, each with its name and what its form says."""
    found = report.extents.get((unit.index, i))
    if found is None:
        chunks = unit.facts.sentence.chunks
        found = report.extents[unit.index, i] = [
            (unit.facts.quote(a, b), words_of(unit, a, b), _shaped(shape, chunks[i].tag, b - a))
            for a, b, shape in _extents(chunks, i, unit.first, unit.last)
        ]
    return found


def _may_claim(unit: Unit, i: int, report: Report) -> bool:
    """Who claims a deed is cited, does it in its frame or stands beside a word of claiming; nobody else is asked."""
    facts = unit.facts
    return (
        any(s.first <= i < s.last for s in facts.sources)
        or "CLAIM" in report.tags(facts)
        or any(role in ("claimant", "perp") for role, _ in roles_of(unit, i, i + 1))
    )


def _known(state: Gathering, draft: Draft) -> Entities:
    if draft.entities is None:
        draft.entities = Entities(state, draft)
    return draft.entities


def _extents(chunks: tuple[Chunk, ...], i: int, first: int, last: int) -> Iterator[tuple[int, int, str]]:
    """The head alone, with the names written onto it, and with what "of" adds to it."""
    yield i, i + 1, "head"
    begin = i - 1 if i > first and chunks[i - 1].tag in ("NAT", "ACT") and chunks[i].tag not in ("PLACE", "GEO") else i
    end = i + 1
    while end < last and chunks[end].tag in _TAIL and end - i < _LONGEST:
        end += 1
    if end > i + 1 or begin < i:
        yield begin, end, "name"
    k = end
    while k < last and chunks[k].tag in _LINK and k - end < 3:
        k += 1
    if any(c.tag == "QU" for c in chunks[end:k]):
        # A name in quotation marks is taken with both of them or not at all.
        close = next((m for m in range(k + 1, min(last, k + _LONGEST - 1)) if chunks[m].tag == "QU"), None)
        if close is not None and chunks[k].tag in (*_TAIL, "PPL", "SITE", "W"):
            yield i, close + 1, "of"
    elif k > end and k < last and chunks[k].tag in (*_TAIL, "PPL", "SITE", "W") and k - i < _LONGEST:
        stop = k + 1
        while stop < last and chunks[stop].tag in _TAIL and stop - i < _LONGEST:
            stop += 1
        yield i, stop, "of"


def _typed(chunk: Chunk) -> str:
    tag = chunk.tag
    return f"{tag}:{chunk.key}" if tag in ("ACT", "PPL", "PPL2", "SITE", "UNID", "SRC", "WPN") else tag


def _of(unit: Unit, i: int, report: Report) -> Iterator[str]:
    """What is said of a chunk, whichever incident is asked about."""
    chunks = unit.facts.sentence.chunks
    chunk = chunks[i]
    tag = chunk.tag
    typed = _typed(chunk)
    yield f"tag={tag}"
    yield f"typed={typed}"
    for role, event in dict(reversed(roles_of(unit, i, i + 1))).items():
        yield f"role={role}"
        yield f"role+tag={role}/{tag}"
        yield f"role+typed={role}/{typed}"
        yield f"role+ev={role}/{event.key}/{event.form}"
        yield f"role+rule={role}/{event.rules[0] if event.rules else ''}"
        if event.certainty:
            yield f"role+certainty={role}/{event.certainty}"
        if event.modality != "asserted":
            yield f"role+mood={role}/{event.modality}"
        part = event.roles.get(role)
        if part:
            heads = [k for k in range(*part) if chunks[k].tag in THINGS]
            yield f"role+nth={role}/{min(heads.index(i), 2) if i in heads else 'no'}"
    near, side = near_event(unit, i, i + 1)
    yield f"side={side}"
    yield f"side+tag={side}/{tag}"
    if near is not None:
        yield f"near={near.key}/{near.form}/{side[:5]}"
        yield f"near_strong={near in unit.strong}/{tag}"
    for toll in unit.facts.tolls:
        if toll.who and toll.who[0] <= i < toll.who[1]:
            yield f"counted={toll.kind}"
    if any(s.first <= i < s.last for s in unit.facts.sources):
        yield f"in_source/{tag}"
    tags = report.tags(unit.facts)
    for cue in ("SUSPECT", "CLAIM", "BY", "ON", "DENY"):
        if cue in tags:
            before = any(c.tag == cue for c in chunks[max(unit.first, i - 6) : i])
            after = any(c.tag == cue for c in chunks[i + 1 : i + 8])
            yield f"{cue}={'b' if before else ''}{'a' if after else ''}/{tag}"
    words = words_of(unit, i, i + 1)
    count = report.names.get(chunk.key if tag in ("NAME", "ACR", "PLACE") else words, 0)
    yield f"count={bucket(count, 1, 2, 4)}/{tag}"
    yield f"in_title={set(words.split()) <= report.title_words}/{tag}"
    yield from (f"{f}/{tag}" for f in beside(unit, i, i + 1))
    yield from _words(unit, i)


def _sentence(unit: Unit, report: Report) -> Iterator[str]:
    """The tags of the sentence, whichever chunk is asked about."""
    yield from (f"sentence={tag}" for tag in sorted(report.tags(unit.facts)))


def _related(unit: Unit, i: int, rel: str) -> Iterator[str]:
    """What is said of a chunk, with how its unit belongs to the incident that is asked about."""
    chunks = unit.facts.sentence.chunks
    tag = chunks[i].tag
    yield f"typed+rel={_typed(chunks[i])}/{rel}"
    yield f"tag+rel={tag}/{rel}"
    named = dict(reversed(roles_of(unit, i, i + 1)))
    for role, event in named.items():
        yield f"role+rel={role}/{rel}"
        yield f"role+strong={role}/{event in unit.strong}/{rel}"
    if not named:
        yield f"norole/{tag}/{rel}"
    for toll in unit.facts.tolls:
        if toll.who and toll.who[0] <= i < toll.who[1]:
            yield f"counted={toll.kind}/{rel}/{tag}"
    if any(s.first <= i < s.last for s in unit.facts.sources):
        yield f"in_source/{rel}"
    rank = sum(1 for k in range(unit.first, i) if chunks[k].tag == tag)
    yield f"rank={min(rank, 3)}/{rel}"


def _words(unit: Unit, i: int) -> Iterator[str]:
    chunks, tokens = unit.facts.sentence.chunks, unit.facts.sentence.tokens
    first, last = chunks[i].first, chunks[i].last
    before = tokens[first - 1].fold if first else "^"
    yield f"w-1={before}"
    yield f"w-2={tokens[first - 2].fold if first > 1 else '^'} {before}"
    yield f"w+1={tokens[last].fold if last < len(tokens) else '$'}"
    yield f"head={tokens[last - 1].fold}"


def _none(state: Gathering, draft: Draft, kind: str, field: str) -> Iterator[str]:
    yield "none"
    yield f"none/kind={kind}"
    own = draft.units
    given = {role for u in own for e in u.words for role in e.roles}
    yield f"none/role={field in given}"
    yield f"none/role={field in given}/{kind}"
    tags = {c.tag for u in own for c in u.facts.sentence.chunks[u.first : u.last]}
    for tag in ("UNID", "SUSPECT", "CLAIM", "ACT", "NAT", "SITE", "PPL"):
        yield f"none/{tag}={tag in tags}"
    everywhere = state.report.all_tags
    for tag in ("SUSPECT", "CLAIM", "ACT", "UNID"):
        yield f"none/all_{tag}={tag in everywhere}"
    yield f"none/main={draft is state.drafts[0]}"
    before, others = _TOLD[field]
    yield from (f"none/own_{name}={bool(draft.picked.get(name))}" for name in before)
    for other in state.earlier(draft)[:1]:
        yield from (f"none/main_{name}={bool(other.picked.get(name))}" for name in others)
    unid = [e for u in own for e in u.words if (p := e.roles.get("perp")) and _has(u, p, "UNID")]
    yield f"none/unid_did={bool(unid)}"


def _has(unit: Unit, part: tuple[int, int], tag: str) -> bool:
    return any(c.tag == tag for c in unit.facts.sentence.chunks[part[0] : part[1]])


def certainties(state: Gathering, draft: Draft, perp: Candidate, claimant: str | None) -> list[Candidate]:
    """How sure the report is of who did it: stated, suspected or claimed, from how it names them."""
    said = ("bias", *_said_of(state, draft, perp, claimant))
    return [
        Candidate(value, (), perp.spans, perp.unit, value, said=said) for value in ("stated", "suspected", "claimed")
    ]


def _said_of(state: Gathering, draft: Draft, perp: Candidate, claimant: str | None) -> Iterator[str]:
    wanted = set(perp.name.split())
    yield f"claimant={'none' if claimant is None else bool(wanted & set(claimant.split()))}"
    for unit in state.report.units:
        rel = state.relation(unit, draft)
        if rel in ("other", "title2"):
            continue
        where = "near" if rel in ("intro", "own", "title") else "far"
        chunks = unit.facts.sentence.chunks
        hits = [
            i
            for i in range(unit.first, unit.last)
            if chunks[i].tag in ACTORS and wanted & set(words_of(unit, i, i + 1).split())
        ]
        for i in hits:
            yield f"named/{where}"
            for role, event in roles_of(unit, i, i + 1):
                yield f"role={role}/{event.certainty or 'plain'}/{where}"
            for cue in ("SUSPECT", "CLAIM", "HEDGE", "COND", "DENY", "SAY", "BY"):
                before = any(c.tag == cue for c in chunks[max(unit.first, i - 7) : i])
                after = any(c.tag == cue for c in chunks[i + 1 : i + 9])
                if before or after:
                    yield f"{cue}={'b' if before else ''}{'a' if after else ''}/{where}"
            if any(s.first <= i < s.last for s in unit.facts.sources):
                yield f"speaks/{where}"
                if any(e.roles.get("perp") for e in unit.words):
                    yield f"speaks_of_deed/{where}"
            yield f"typed={chunks[i].tag}:{chunks[i].key if chunks[i].tag == 'ACT' else ''}"
        tags = {c.tag for c in chunks[unit.first : unit.last]}
        for cue in ("SUSPECT", "CLAIM", "DENY"):
            if cue in tags:
                yield f"{cue}/{where}"
        if unit is draft.intro and unit.facts.sources:
            yield "intro_cited"
