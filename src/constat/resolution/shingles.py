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
_SURNAME = 3  # letters at least
_GENITIVE = re.compile(r"['’]\w?$")
_CAPITAL = "A-ZÀ-ÖØ-ÞĆČĐŁŃŚŞŠŹŻŽİΑ-ΩЀ-Я"
# Bounded, and begun where a word begins: a run of capitals without end is looked through once.
_PART = rf"(?<![\w'’-])(?:[a-z]{{2,3}}[-'’])?[{_CAPITAL}][\w'’-]{{1,40}}"
_NAME = re.compile(rf"{_PART}(?:[ \t]{{1,3}}(?:[{_CAPITAL}]\.|{_PART})){{1,6}}")
_AGED = re.compile(rf"({_NAME.pattern})\.?(?:, |[ ]\()\d{{1,2}}(?![\w:.,]\d|\w)|\b\d{{1,2}}-\w+-\w+ ({_NAME.pattern})")
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
    """The sketches of a report: of its phrases, and of the longer words of its title and text; and hashes of the last
    names of people whose age it gives (`aged`), and of all that may be last names (`named`)."""

    phrases: Sketch = NOTHING
    words: Sketch = NOTHING
    aged: tuple[int, ...] = ()
    named: tuple[int, ...] = ()


def wording(text: str, title: str | None = None) -> Wording:
    """The sketches of a text and of its words with those of its title; a very short text is its own single phrase."""
    words = [fold_word(word) for word in _WORD.findall(text[:_LONGEST])]
    runs = (" ".join(words[n : n + _RUN]) for n in range(max(1, len(words) - _RUN + 1))) if words else ()
    headline = [fold_word(word) for word in _WORD.findall(title or "")]
    long = {w for w in (*words, *headline) if len(w) >= _LONG or (len(w) > 1 and w.isdecimal())}
    return Wording(_sketch(runs), _sketch(long), *people(text[:_LONGEST]))


def people(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Hashes of the last names of people whose age a text gives, and of all words that may be last names.

    Officers, officials and reporters are named by many reports of one town, but seldom with an age; who is hit or
    sought is. Scripts without capitals name nobody.
    """
    aged = {_last_name(found.group(1) or found.group(2)) for found in _AGED.finditer(text)}
    named = {_plain(word) for found in _NAME.finditer(text) for word in found.group().split()[1:]}
    return _hashes(aged - {""}), _hashes(name for name in named if len(name) >= _SURNAME)


def _last_name(name: str) -> str:
    return next((word for word in map(_plain, reversed(name.split())) if len(word) >= _SURNAME), "")


def _plain(word: str) -> str:
    """A word of a name without a mark of the genitive and the full stop."""
    return fold_word(_GENITIVE.sub("", word.rstrip(".")))


def _hashes(parts: Iterable[str]) -> tuple[int, ...]:
    # CRC-32 is the same on every machine; the factor spreads it, so that small hashes are a fair sample.
    return tuple(
        sorted({zlib.crc32(part.encode("utf-8", "surrogatepass")) * 0x9E3779B1 & 0xFFFFFFFF for part in parts})
    )


def _sketch(parts: Iterable[str]) -> Sketch:
    hashes = _hashes(parts)
    return Sketch(hashes[:_KEPT], len(hashes))


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
