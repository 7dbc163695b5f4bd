"""Keys made of a folded place name: the name without articles and spaces, and the consonants it is spoken with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from constat.folding import Letters
from constat.gazetteer.tables import rows

FLOOR = 3  # consonants; fewer are too few to tell names apart
_DOUBLES = re.compile(r"(.)\1+")
_NO_LETTER = re.compile(r"[^\w\n]+")
_MANY = 10_000  # letters
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
        self.letters = Letters(table["letter"])
        self.shapes = Letters({**table["letter"], **table["vowel"]})

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


def sounds_of(keys: Sequence[str]) -> list[tuple[str, str]]:
    """`sound_and_shape` of each of many names, their words spoken at once."""
    articles = _sounds().articles
    words = [*({word for key in keys for word in key.split()} - articles), ""]
    spoken = dict(zip(words, zip(*_spoken_all(words), strict=True), strict=True))
    said = [[spoken[w] for w in key.split() if w not in articles] for key in keys]
    sounds, shapes = (_once("\n".join(["".join([w[n] for w in here]) for here in said])) for n in (0, 1))
    found = zip(sounds, shapes, strict=True) if keys else ()
    return [pair if len(pair[0]) >= FLOOR else ("", "") for pair in found]


@lru_cache(maxsize=20_000)
def _spoken(word: str) -> tuple[str, str]:
    (sound,), (shape,) = _spoken_all([word])
    return sound, shape


def _spoken_all(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The consonants and the shape of each word, found in all of them at once as the lines of one text."""
    sounds = _sounds()
    lines = "\n".join([_ungrown(sounds.bare(word), sounds.grown) for word in words])
    lines = sounds.pair.sub(lambda match: sounds.pairs[match[0]], lines)
    consonants, shapes = lines.translate(sounds.letters).replace("_", ""), lines.translate(sounds.shapes)
    return _once(_unbreathed(_NO_LETTER.sub("", consonants))), _once(_unbreathed(shapes))


def _unbreathed(lines: str) -> str:
    """Without the h at the end of a word."""
    return f"{lines}\n".replace("h\n", "\n")[:-1]


def _once(lines: str) -> list[str]:
    """The lines with every letter once where it is doubled."""
    if len(lines) < _MANY:
        return _DOUBLES.sub(r"\1", lines).split("\n")
    import numpy as np  # only where an index is built: the pattern would take seconds

    letters = np.frombuffer(lines.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    new = np.concatenate(([True], (letters[1:] != letters[:-1]) | (letters[1:] == ord("\n"))))
    return letters[new].tobytes().decode("utf-32-le", "surrogatepass").split("\n")


def _ungrown(word: str, grown: frozenset[str]) -> str:
    """Ezzor, Assad: the article grown onto its noun doubles the noun's first letter."""
    return word[2:] if len(word) > _SHORT and word[:2] in grown and word[2] == word[1] else word
