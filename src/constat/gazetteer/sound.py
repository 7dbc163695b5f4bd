"""Keys of place names: the folded name, the name without articles and spaces, and the consonants it is spoken with."""

from __future__ import annotations

import re

from constat.folding import fold

# Articles that writers put before a name or leave out, by script: al-Omar = Omar, Le Caire = Caire.
_ARTICLES = frozenset("al el ad ar as at az an ash ach ez es er ed ech the le la les l".split())
_ARABIC_ARTICLE = "\u0627\u0644"

# Arabic and Cyrillic letters to the Latin consonant that transliterations agree on; vowels and glottal stops fall away.
_CONSONANTS = str.maketrans(
    {
        "\u0628": "b", "\u062a": "t", "\u062b": "t", "\u062c": "j", "\u062d": "h", "\u062e": "k", "\u062f": "d", "\u0630": "d",
        "\u0631": "r", "\u0632": "z", "\u0633": "s", "\u0634": "s", "\u0635": "s", "\u0636": "d", "\u0637": "t", "\u0638": "z",
        "\u0639": "", "\u063a": "g", "\u0641": "f", "\u0642": "k", "\u0643": "k", "\u0644": "l", "\u0645": "m", "\u0646": "n",
        "\u0647": "h", "\u0648": "", "\u064a": "", "\u0627": "", "\u0621": "", "\u067e": "b", "\u0686": "s", "\u06af": "g", "\u06a4": "v",
        "\u0431": "b", "\u0432": "v", "\u0433": "g", "\u0434": "d", "\u0436": "j", "\u0437": "z", "\u043a": "k", "\u043b": "l",
        "\u043c": "m", "\u043d": "n", "\u043f": "p", "\u0440": "r", "\u0441": "s", "\u0442": "t", "\u0444": "f", "\u0445": "k",
        "\u0446": "s", "\u0447": "s", "\u0448": "s", "\u0449": "s", "\u0491": "g",
    }
)  # fmt: skip
_DIGRAPHS = (("kh", "k"), ("gh", "g"), ("sh", "s"), ("ch", "s"), ("th", "t"), ("dh", "d"), ("zh", "j"), ("ph", "f"), ("tch", "s"))
_SINGLES = str.maketrans({"c": "k", "q": "k", "p": "b", "x": "ks", "y": "", "w": "", "a": "", "e": "", "i": "", "o": "", "u": ""})
_DOUBLES = re.compile(r"(.)\1+")
FLOOR = 3


def plain_key(name: str) -> str:
    """The folded name without articles and spaces: `Deir ez-Zor` and `Deir Ezzor` still differ, `al-Omar` and `Omar` not."""
    words = [w.removeprefix(_ARABIC_ARTICLE) if len(w) > 4 else w for w in fold(name).split()]
    kept = [w for w in words if w not in _ARTICLES] or words
    return "".join(kept)


def sound_key(name: str) -> str:
    """The consonants of a name in any of the scripts, or "" if fewer than three: too few to tell names apart."""
    words = [w for w in fold(name).split() if w not in _ARTICLES]
    out = []
    for word in words:
        word = word.removeprefix(_ARABIC_ARTICLE) if len(word) > 4 else word
        for article in ("ez", "es", "ed", "er", "az", "as", "ad", "ar"):
            # Ezzor, Assad: the article grown onto its noun doubles the noun's first letter.
            if len(word) > 4 and word.startswith(article) and word[2] == article[1]:
                word = word[2:]
        for digraph, single in _DIGRAPHS:
            word = word.replace(digraph, single)
        word = word.translate(_SINGLES).translate(_CONSONANTS)
        out.append(word.removesuffix("h"))
    key = _DOUBLES.sub(r"\1", "".join(out))
    return key if len(key) >= FLOOR else ""
