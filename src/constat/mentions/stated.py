"""Which numbers the words of a report say, in digits or in words, and where its words begin and end."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from constat.facts import SentenceFacts, TollMention
from constat.mentions.quantities import amount, casualty, digits
from constat.records import Span
from constat.text import Chunk, tokens

_FIGURES = frozenset({"NUM", "NUMW"})
_COUNTED = _FIGURES | {"SOME", "PPL2"}
# Scripts that put no space between words: their borders are not to be seen.
_RUNNING = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")


class Stated:
    """Answers for one report, read by a pack or only cut into sentences where no pack reads it."""

    def __init__(self, facts: Sequence[SentenceFacts]) -> None:
        self._facts = facts

    def numbers(self, span: Span) -> frozenset[int]:
        """Every whole number that the words of a span say; "three hundred" says 300 and not 3."""
        found = {n for t in tokens(span.quote) if t.shape == "n" and (n := digits(t.fold)) is not None}
        for facts in self._of(span):
            found.update(_numbers(facts, span))
        return frozenset(found or {1 for facts in self._of(span) if _article(facts, span)})

    def tolls(self, span: Span) -> list[TollMention]:
        """The counts of casualties that the pack reads in words of a span."""
        out = []
        for facts in self._of(span):
            for toll in facts.tolls:
                own = facts.quote(toll.first, toll.last)
                if own.start < span.end and span.start < own.end:
                    out.append(toll)
        return out

    def one(self, span: Span, kind: str) -> bool:
        """A casualty word of a kind, killed or wounded, and no number: "the mayor was murdered" says one."""
        for facts in self._of(span):
            inside = [c for c in facts.sentence.chunks if span.start <= c.start and c.end <= span.end]
            if any(casualty(c) == kind for c in inside) and not any(c.tag in _COUNTED for c in inside):
                return True
        return False

    def whole(self, span: Span) -> bool:
        """A span begins and ends where a word or number does: "300" is not in "1,300", "six" not in "sixty"."""
        return all(not _cut(facts, span.start) and not _cut(facts, span.end) for facts in self._of(span))

    def _of(self, span: Span) -> Iterator[SentenceFacts]:
        for facts in self._facts:
            s = facts.sentence
            if s.part == span.part and s.start < span.end and span.start < s.end:
                yield facts


def _numbers(facts: SentenceFacts, span: Span) -> Iterator[int]:
    chunks = facts.sentence.chunks
    inside = [i for i, c in enumerate(chunks) if span.start <= c.start and c.end <= span.end and c.tag in _FIGURES]
    run: list[int] = []
    for i in inside:
        if run and not joined(chunks, run[-1], i):
            yield from _value(facts, run)
            run = []
        run.append(i)
    if run:
        yield from _value(facts, run)
    for i, c in enumerate(chunks):
        if c.tag == "SOME" and span.start <= c.start and c.end <= span.end:
            yield from _value(facts, [i])  # "dozens" says 20 and more
    yield from (2 for c in chunks if c.tag == "PPL2" and span.start <= c.start and c.end <= span.end)


def _article(facts: SentenceFacts, span: Span) -> bool:
    """Words without any number hold an article that says one: "a vigilante"."""
    inside = (c for c in facts.sentence.chunks if span.start <= c.start and c.end <= span.end)
    return any(c.tag == "DET" and c.key == "1" for c in inside)


def joined(chunks: Sequence[Chunk], a: int, b: int) -> bool:
    """Two number words side by side are one number: "two hundred", "twenty-one", "a hundred and five"."""
    if chunks[b].tag == "NUM" or any(c.tag != "AND" for c in chunks[a + 1 : b]):
        return False
    left, right = _plain(chunks[a]), _plain(chunks[b])
    if left is None or right is None:
        return False
    return right in (100, 1_000, 1_000_000) if left < right else left >= 20 and chunks[a].tag == "NUMW"


def _plain(chunk: Chunk) -> int | None:
    return digits(chunk.key) if chunk.tag == "NUM" else int(float(chunk.key))


def _value(facts: SentenceFacts, run: list[int]) -> Iterator[int]:
    said = amount(facts.sentence, run[0], run[-1] + 1)
    if said is not None:
        yield said.high if said.high is not None else said.low


def _cut(facts: SentenceFacts, at: int) -> bool:
    """An offset lies within a word or number, not where the pack parts a particle from it nor in a running script."""
    if not any(t.start < at < t.end for t in facts.sentence.tokens):
        return False
    if any(at in (c.start, c.end) for c in facts.sentence.chunks):
        return False
    before, after = facts.text[at - 1], facts.text[at]
    return not (_running(before) or _running(after))


def _running(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith(_RUNNING)
