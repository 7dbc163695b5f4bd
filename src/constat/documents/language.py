"""The language of a text, told by its script and by the small words that each pack lists."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from constat.errors import InputError
from constat.folding import fold, fold_word
from constat.packs import LANGUAGES, codes, read_toml
from constat.records import Document

_MARKS = re.compile(r"^\W+|\W+$")  # at the ends of a word; markup in a text stays one word
_SAMPLE = 4_000  # characters: enough to tell languages apart, and bounded on endless lines
_LEAST_SHARE = 0.08  # of a text's words that must be among a language's small words; running text has a third or more
_FURNITURE, _OWN_SHARE = "LATIN", 0.2  # of the letters: a text in Latin script seldom quotes so much of another
# ISO 15924 code of a script -> how the Unicode names of its letters begin.
_SCRIPTS = {
    "Latn": "LATIN", "Arab": "ARABIC", "Cyrl": "CYRILLIC", "Hebr": "HEBREW", "Grek": "GREEK", "Deva": "DEVANAGARI",
    "Beng": "BENGALI", "Ethi": "ETHIOPIC", "Armn": "ARMENIAN", "Geor": "GEORGIAN", "Hani": "CJK", "Hang": "HANGUL",
    "Thai": "THAI", "Mymr": "MYANMAR", "Sinh": "SINHALA", "Taml": "TAMIL", "Syrc": "SYRIAC",
}  # fmt: skip


class Hint(msgspec.Struct, frozen=True):
    """By what a language is known: its script, its small words, and the particles that it writes onto words, folded."""

    script: str
    frequent: frozenset[str]
    particles: tuple[str, ...] = ()

    def knows(self, word: str) -> bool:
        """Whether a folded word is one of its small words, by itself or behind a particle."""
        return word in self.frequent or any(
            word.startswith(p) and word[len(p) :] in self.frequent for p in self.particles
        )


@lru_cache(maxsize=8)
def language_hints(overlays: Sequence[Path] = ()) -> Mapping[str, Hint]:
    """The hints of every pack, from the heads of the packs alone: telling a language compiles nothing."""
    hints = {}
    for code in codes(overlays):
        path = next(p for p in (folder / code / "pack.toml" for folder in (LANGUAGES, *overlays)) if p.exists())
        head: dict[str, Any] = read_toml(path)
        words = head.get("language", {}).get("frequent", ())
        particles = head.get("tokens", {}).get("prefixes", {})
        script = str(head.get("script", "Latn"))
        hints[code] = Hint(script, frozenset(map(fold_word, words)), tuple(map(fold_word, particles)))
    return hints


def with_language(
    document: Document, hints: Mapping[str, Hint], path: str, line: int | None, any_language: bool = False
) -> Document:
    """The document with its language told where it does not say it; raises `InputError` for one that no pack reads.

    With `any_language` such a one keeps what it says of itself, in small letters.
    """
    there_are = f"there are packs for {', '.join(hints)}"
    lang = document.lang
    if lang is not None:
        code = lang.strip().lower().replace("_", "-")
        code = code if code in hints else code.split("-")[0]
        if code not in hints and not any_language:
            raise InputError(path, line, f"no pack reads the language {lang!r}; {there_are}")
        return document if code == lang else msgspec.structs.replace(document, lang=code)
    told = tell_language(f"{document.title or ''}\n{document.text}", hints)
    if told is None and any_language:
        return document
    if told is None:
        raise InputError(
            path, line, f"the language is not known; {there_are}; name one with --lang or the field `lang`"
        )
    return msgspec.structs.replace(document, lang=told)


def tell_language(text: str, hints: Mapping[str, Hint]) -> str | None:
    """The language in whose script the text is and most of whose small words it holds, or None if too few of any."""
    sample = text[:_SAMPLE]
    script = _script(sample)
    # Word by word: folded words are remembered, and whole texts would fill the memory.
    bare = (_MARKS.sub("", word) for word in sample.split())
    written = (word for word in bare if word and (_script_of(word[0]) == script or not word[0].isalpha()))
    words = [part for word in written for part in fold(word).split()]
    shares = {
        code: sum(map(hint.knows, words)) / len(words)
        for code, hint in hints.items()
        if words and _SCRIPTS.get(hint.script, script) == script
    }
    best = max(shares, key=lambda code: shares[code], default=None)
    return best if best is not None and shares[best] >= _LEAST_SHARE else None


def _script(text: str) -> str:
    """How the Unicode names of most letters of a text begin, or of a fair share where the others are Latin.

    What platforms write around a post is Latin, and often longer than the post.
    """
    letters = Counter(c for c in text if c.isalpha())
    names: Counter[str] = Counter()
    for letter, times in letters.items():
        names[_script_of(letter)] += times
    if not names:
        return ""
    own, times = max(((n, t) for n, t in names.items() if n != _FURNITURE), key=lambda n: n[1], default=("", 0))
    return own if times >= _OWN_SHARE * names.total() else names.most_common(1)[0][0]


@lru_cache(maxsize=10_000)
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0]
