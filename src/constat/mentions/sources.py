"""Who is cited: source, verb of saying and relay, found by a pack's attribution rules."""

from __future__ import annotations

from collections.abc import Iterable

from constat.facts import SourceMention
from constat.grammar import Rule, matches
from constat.text import Sentence


def sources(sentence: Sentence, text: str, rules: Iterable[Rule]) -> list[SourceMention]:
    """The sources cited in a sentence, left to right; of overlapping readings the one by the earlier rule stands."""
    kept: list[SourceMention] = []
    for match in matches(rules, sentence):
        part = match.parts.get("src")
        if part is None or part[0] >= part[1]:
            continue
        if any(part[0] < k.last and k.first < part[1] for k in kept):
            continue
        chunks = sentence.chunks[slice(*part)]
        if chunks[0].tag == "ANAPH" and any(c.tag == "SRC" for c in chunks):
            continue  # "ces sources": named before
        cue = match.chunk("cue")
        through = match.parts.get("through")
        span = sentence.span(text, *part)
        kind = next(
            (c.key for c in chunks if c.tag == "SRC"),
            next((c.tag.lower() for c in chunks if c.tag in ("AGENCY", "ACT")), ""),
        )
        kept.append(
            SourceMention(
                sentence=sentence.index,
                first=part[0],
                last=part[1],
                name=span.quote,
                kind=kind,
                verb=match.rule.sets.get("verb") or (cue.key if cue and cue.tag in ("SAY", "DENY", "CLAIM") else "say"),
                span=span,
                through=sentence.span(text, *through) if through and through[0] < through[1] else None,
            )
        )
    return sorted(kept, key=lambda s: s.first)
