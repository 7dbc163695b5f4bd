"""Keys made of a folded place name: the name without articles and spaces, and the consonants it is spoken with."""

from __future__ import annotations

import re
from functools import lru_cache

from constat.gazetteer.tables import rows

FLOOR = 3  # consonants; fewer are too few to tell names apart
_DOUBLES = re.compile(r"(.)\1+")
_SHORT = 4  # letters; in a word no longer, what looks like an article may be the word itself


class _Sounds:
    """The table `sound.tsv`, compiled."""

    def __init__(self) -> None:
        table: dict[str, dict[str, str]] = {
            "article": {},
            "prefix": {},
            "grown": {},
            "pair": {},
            "letter": {},
            "vowel": {},
        }
        for row in rows("sound.tsv"):
            table[row["kind"]][row["from"]] = row["to"]
        self.articles = frozenset(table["article"])
        self.prefixes = tuple(table["prefix"])
        self.grown = frozenset(table["grown"])
        self.pairs = table["pair"]
        self.pair = re.compile("|".join(table["pair"]))
        self.letters = str.maketrans(table["letter"])
        self.shapes = str.maketrans({**table["letter"], **table["vowel"]})

    def bare(self, word: str) -> str:
        """A folded word without an article written onto it."""
        if len(word) <= _SHORT:
            return word
        for prefix in self.prefixes:
            if word.startswith(prefix):
                return word[len(prefix) :]
        return word


@lru_cache(maxsize=1)
def _sounds() -> _Sounds:
    return _Sounds()


def bare(word: str) -> str:
    """A folded word without an article written onto it."""
    return _sounds().bare(word)


def has_article(word: str) -> bool:
    """A folded word that an article is written onto."""
    return bare(word) != word


def plain_key(key: str) -> str:
    """A folded name without articles and spaces: `al omar` is `omar`, but `deir ez zor` is not `deir ezzor`."""
    sounds = _sounds()
    words = key.split()
    return "".join([sounds.bare(w) for w in words if w not in sounds.articles]) or "".join(words)


def sound_and_shape(key: str) -> tuple[str, str]:
    """The consonants of a folded name in any of the scripts, "" if fewer than three (too few to tell names apart);
    and its shape: the same with the long vowels, to rank names of one sound by."""
    articles = _sounds().articles
    said = [_spoken(w) for w in key.split() if w not in articles]
    if len(said) == 1:
        sound, shape = said[0]
    else:
        sound = _DOUBLES.sub(r"\1", "".join([w[0] for w in said]))
        shape = _DOUBLES.sub(r"\1", "".join([w[1] for w in said]))
    return (sound, shape) if len(sound) >= FLOOR else ("", "")


@lru_cache(maxsize=500_000)
def _spoken(word: str) -> tuple[str, str]:
    sounds = _sounds()
    word = sounds.bare(word)
    if len(word) > _SHORT and word[:2] in sounds.grown and word[2] == word[1]:
        # Ezzor, Assad: the article grown onto its noun doubles the noun's first letter.
        word = word[2:]
    word = sounds.pair.sub(lambda match: sounds.pairs[match[0]], word)
    consonants = word.translate(sounds.letters)
    if not consonants.isalnum():
        consonants = "".join(c for c in consonants if c.isalnum())
    shape = word.translate(sounds.shapes)
    return _DOUBLES.sub(r"\1", consonants.removesuffix("h")), _DOUBLES.sub(r"\1", shape.removesuffix("h"))
