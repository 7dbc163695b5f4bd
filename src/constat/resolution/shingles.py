"""Small sketches of a text, from which it is told how much of two texts is the same phrases, and the same words.

A sketch keeps the smallest hashes of all phrases (runs of five words), or of all longer words: the smallest hashes of
two texts together are a fair sample of theirs, so the share of the sample that both have estimates that of the texts.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterable
from typing import NamedTuple

from constat.folding import fold_word

_RUN = 5  # words
_KEPT = 64  # hashes: the share of a text is right within about 0.06
_LONG = 5  # letters of a word that says something
_SEEN = 8  # smallest hashes by which a copy is found: texts that are half the same miss each other once in 256
_WORD = re.compile(r"\w+")
_LONGEST = 20_000  # characters; no report says something else after that


class Sketch(NamedTuple):
    """The smallest hashes of what a text is made of, ascending, and how many different ones there are."""

    hashes: tuple[int, ...]
    size: int

    @property
    def keys(self) -> tuple[int, ...]:
        """Hashes of which two texts that are largely the same share one."""
        return self.hashes[:_SEEN]


NOTHING = Sketch((), 0)


class Wording(NamedTuple):
    """The sketches of a report: of its phrases, and of the longer words of its title and text."""

    phrases: Sketch = NOTHING
    words: Sketch = NOTHING


def wording(text: str, title: str | None = None) -> Wording:
    """The sketches of a text and of its words with those of its title; a very short text is its own single phrase."""
    words = [fold_word(word) for word in _WORD.findall(text[:_LONGEST])]
    runs = (" ".join(words[n : n + _RUN]) for n in range(max(1, len(words) - _RUN + 1))) if words else ()
    headline = [fold_word(word) for word in _WORD.findall(title or "")]
    long = {w for w in (*words, *headline) if len(w) >= _LONG or (len(w) > 1 and w.isdecimal())}
    return Wording(_sketch(runs), _sketch(long))


def _sketch(parts: Iterable[str]) -> Sketch:
    # CRC-32 is the same on every machine; the factor spreads it, so that small hashes are a fair sample.
    hashes = {zlib.crc32(part.encode("utf-8", "surrogatepass")) * 0x9E3779B1 & 0xFFFFFFFF for part in parts}
    return Sketch(tuple(sorted(hashes)[:_KEPT]), len(hashes))


def common(a: Sketch, b: Sketch) -> float:
    """How many hashes two texts have in common, as their sketches estimate it."""
    if not a.hashes or not b.hashes:
        return 0.0
    ours, theirs = set(a.hashes), set(b.hashes)
    # A sketch that does not hold a whole text says nothing of hashes above its largest.
    reach = min(s.hashes[-1] if s.size > len(s.hashes) else 1 << 32 for s in (a, b))
    both = sum(h <= reach for h in ours & theirs)
    if not both:
        return 0.0
    likeness = both / sum(h <= reach for h in ours | theirs)
    return likeness * (a.size + b.size) / (1 + likeness)


def contained(a: Sketch, b: Sketch) -> float:
    """The share of the shorter text that stands in the longer one, 0 to 1."""
    return min(1.0, common(a, b) / (min(a.size, b.size) or 1))


def alike(a: Sketch, b: Sketch) -> float:
    """How alike two texts are, long or short: 0 to 1."""
    return min(1.0, common(a, b) / (math.sqrt(a.size * b.size) or 1.0))
