"""The folded copy of a word, on which all matching happens; offsets always refer to the text as captured."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Letters that writers use for one another (alef with hamza or madda, alef maqsura, ta marbuta, hamza carriers,
# Persian kaf and yeh) and letters that NFKD leaves whole but sources write with a base letter.
_SAME = str.maketrans(
    {
        "\u0622": "\u0627",
        "\u0623": "\u0627",
        "\u0625": "\u0627",
        "\u0671": "\u0627",
        "\u0649": "\u064a",
        "\u06cc": "\u064a",
        "\u0626": "\u064a",
        "\u0624": "\u0648",
        "\u0629": "\u0647",
        "\u06a9": "\u0643",
        "\u0640": None,
        "\u0131": "i",
        "\u00f8": "o",
        "\u0142": "l",
        "\u0111": "d",
        "\u00e6": "ae",
        "\u0153": "oe",
        "\u00df": "ss",
        "\u02bb": "'",
        "\u02bc": "'",
        "\u2018": "'",
        "\u2019": "'",
        "\u02bf": "'",
        "\u02be": "'",
        "\u2010": "-",
        "\u2011": "-",
    }
)
_MARKS = str.maketrans(dict.fromkeys(range(0x300, 0x370)))  # accents, once taken off their letters
_BORDERS = str.maketrans({"-": " ", "'": " ", "_": " "})


@lru_cache(maxsize=100_000)
def fold_word(word: str) -> str:
    """One word without case, accents, vowel marks, zero-width characters or letter variants; digits as ASCII."""
    if word.isascii():
        return word.lower()
    # Before decomposition, so that alef with hamza is mapped whole and not left as alef plus a mark.
    # Letters of a style of their own (𝓐) are told to be capitals only once they are decomposed.
    text = unicodedata.normalize("NFKD", word.casefold().translate(_SAME)).casefold().translate(_SAME)
    bare = text.translate(_MARKS)
    if bare.isascii():  # a Latin word with accents, told without looking at every letter
        return bare
    out = []
    for char in bare:
        if char.isascii():
            out.append(char)
            continue
        kind = unicodedata.category(char)
        if kind[0] == "M" or kind in ("Cf", "Cs"):
            continue
        out.append(str(unicodedata.decimal(char)) if kind == "Nd" else char)
    return "".join(out)


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """A name or phrase folded word by word, hyphens and apostrophes as spaces, single spaces between words."""
    return " ".join(fold_word(text).translate(_BORDERS).split())
