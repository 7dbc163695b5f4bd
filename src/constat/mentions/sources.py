"""Who is cited: source, verb of saying and relay, found by a pack's attribution rules."""

from __future__ import annotations

from collections.abc import Sequence

from constat.facts import Range, SourceMention
from constat.grammar import Match, Rules
from constat.text import Chunk, Sentence

# A citation may name two sources at once.
_CAPTURES = ("src", "src2")
# Words that a rule's noun phrase may begin or end with without their being part of the name.
_BEFORE = frozenset({"DET", "DE", "NUMW", "NUM", "SOME", "CM", "QU", "AND", "IN"})
_AFTER = frozenset({"DET", "DE", "IN", "AND", "OR", "WITH", "PA", "QU", "CM", "ON", "TO", "THAT", "NUMW"})
_NAMES = frozenset({"AGENCY", "NAME", "ACR"})
_PLAIN = frozenset({"SRC", "NAT", "W"})
# Said only by kind and with the article, these were named before: "the source", "the agency"; "the police" is a name.
_NAMED_BEFORE = frozenset({"source", "media", "ngo", "spokesperson"})

# Whose holders are called by their names.
_OFFICES = frozenset({"official", "spokesperson", "title", "military", "police", "security", "medical", "group"})
_BORDERS = frozenset({"CM", "STOP", "SC", "QU", "PA", "DASH", "SAY", "THAT", "HAVE", "DENY", "CLAIM", "WHO"})
_LONGEST = 8  # chunks of an office and a name together
_NAME_CHUNKS = 3
_CALLED = frozenset({"W", "DET", "PPL", "ACT", "SRC", "PLACE"})


def sources(sentence: Sentence, text: str, rules: Rules) -> list[SourceMention]:
    """The sources cited in a sentence, left to right; of overlapping readings the one by the earlier rule stands."""
    kept: list[SourceMention] = []
    for match in rules.matches(sentence):
        for name in _CAPTURES:
            part = _trimmed(match, name)
            if part is None or any(part[0] < k.last and k.first < part[1] for k in kept):
                continue
            if _repeated(sentence.chunks, part):
                continue
            whole = _apposed(sentence, part)
            if not any(whole[0] < k.last and k.first < whole[1] for k in kept):
                kept.append(_mention(match, whole, text))
    return sorted(kept, key=lambda s: s.first)


def _trimmed(match: Match, name: str) -> Range | None:
    part = match.parts.get(name)
    if part is None:
        return None
    first, last = part
    chunks = match.sentence.chunks
    slash = next((i for i in range(first, last) if chunks[i].key == "/"), last)
    if first == 0 < slash < last:
        return None  # a dateline, "Agency / Town the police said", names the paper and no source
    last = slash
    while first < last and chunks[first].tag in _BEFORE:
        first += 1
    while first < last and chunks[last - 1].tag in _AFTER:
        last -= 1
    # "the news agency Saba": the name says it all; "the correspondent of Saba" is somebody else.
    named = next((i for i in range(first, last) if chunks[i].tag in _NAMES), last)
    if named < last and all(c.tag in _PLAIN for c in chunks[first:named]):
        kinds = {c.key for c in chunks[first:named] if c.tag == "SRC"}
        first = named if kinds & _NAMED_BEFORE else first
    return (first, last) if first < last else None


def _apposed(sentence: Sentence, part: Range) -> Range:
    """An office with the name beside it, "the spokesman, Zobrist Kwabba": both where short, else the name alone."""
    chunks = sentence.chunks
    first, last = part
    inside = chunks[first:last]
    if any(c.tag in _NAMES for c in inside) or not any(c.tag == "SRC" and c.key in _OFFICES for c in inside):
        return part
    after = last + 1 if last < len(chunks) and chunks[last].tag == "CM" else last
    end = _names_end(sentence, after)
    if end > after and (end == len(chunks) or chunks[end].tag in _BORDERS):
        return (first, end) if end - first <= _LONGEST else (after, end)
    before = first - 1 if first and chunks[first - 1].tag == "DET" else first
    if before > 1 and chunks[before - 1].tag == "CM" and last < len(chunks) and chunks[last].tag == "CM":
        begin = before - 1
        while begin and chunks[begin - 1].tag == "NAME" and before - 1 - begin < _NAME_CHUNKS:
            begin -= 1
        if begin < before - 1 and (begin == 0 or chunks[begin - 1].tag != "CM"):
            return (begin, last) if last - begin <= _LONGEST else (begin, before - 1)
    return part


def _names_end(sentence: Sentence, at: int) -> int:
    """Where the name ends that begins at a chunk; in a script without capitals, what stands between two commas."""
    chunks = sentence.chunks
    end = at
    while end < len(chunks) and chunks[end].tag == "NAME" and end - at < _NAME_CHUNKS:
        end += 1
    if end > at or at >= len(chunks) or chunks[at - 1].tag != "CM":
        return end
    while end < len(chunks) and chunks[end].tag in _CALLED and end - at <= _NAME_CHUNKS:
        end += 1
    words = [t.fold for t in sentence.tokens[chunks[at].first : chunks[end - 1].last]] if end > at else []
    cased = any(w.islower() or w.isupper() for w in words)
    return end if words and not cased and end < len(chunks) and chunks[end].tag == "CM" else at


def _repeated(chunks: Sequence[Chunk], part: Range) -> bool:
    """The words only point at a source named before, or name the statement and not who made it."""
    first, last = part
    inside = chunks[first:last]
    if inside[0].tag == "ANAPH" and any(c.tag == "SRC" for c in inside):
        return True
    if last - first > 1 or inside[0].tag != "SRC":
        return False
    before = chunks[first - 1] if first else None
    pointed = before is not None and before.tag in ("DET", "ANAPH") and before.key != "1"  # not "a source"
    return inside[0].key == "statement" or (pointed and inside[0].key in _NAMED_BEFORE)


def _mention(match: Match, part: Range, text: str) -> SourceMention:
    sentence = match.sentence
    chunks = sentence.chunks[slice(*part)]
    cue = match.chunk("cue")
    through = match.parts.get("through")
    span = sentence.span(text, *part)
    kind = next(
        (c.key for c in chunks if c.tag == "SRC"),
        next((c.tag.lower() for c in chunks if c.tag in ("AGENCY", "ACT")), ""),
    )
    return SourceMention(
        sentence=sentence.index,
        first=part[0],
        last=part[1],
        name=span.quote,
        kind=kind,
        verb=match.rule.sets.get("verb") or (cue.key if cue and cue.tag in ("SAY", "DENY", "CLAIM") else "say"),
        span=span,
        through=sentence.span(text, *through) if through and through[0] < through[1] else None,
    )
