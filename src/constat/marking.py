"""Marks every entry of a pack, and every name of the gazetteer, in a sentence: one pass, longest match first."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Protocol

from constat.folding import fold_word
from constat.grammar import Alphabet
from constat.lexicon import Lexicon, Meaning, Sense, Variant
from constat.text import Chunk, Sentence, Token


class Names(Protocol):
    """What marking needs of a gazetteer: the longest known name that starts at a word."""

    def longest(self, keys: Sequence[str], start: int) -> int:
        """How many words the name covers; 0 for none."""


_PUNCTUATION = {
    ",": "CM",
    "\u060c": "CM",
    ";": "SC",
    "\u061b": "SC",
    ":": "SC",
    "(": "PA",
    "[": "PA",
    ")": "PZ",
    "]": "PZ",
    "-": "DASH",
    "\u2013": "DASH",
    "\u2014": "DASH",
    '"': "QU",
    "'": "QU",
    "\u00ab": "QU",
    "\u00bb": "QU",
    "\u201c": "QU",
    "\u201d": "QU",
    "\u2018": "QU",
    "\u2019": "QU",
    ".": "STOP",
    "!": "STOP",
    "?": "STOP",
    "\u061f": "STOP",
    "\u2026": "STOP",
}
_LONGEST_NAME = 5
# In a script without capitals: what a place name may follow, what makes "on" an attack on it, what ends a dateline.
_PLACING = frozenset({"PLK", "IN", "NEAR", "FROM", "TOWARD", "BETWEEN", "DIR", "PLACE", "GEO", "CM", "AND", "PA"})
_DONE = frozenset({"EV", "EVU", "DO", "WPN"})
_DASHES = frozenset("-\u2013\u2014")
# Head words that without an article are followed by a name, even by one that is also a word: "the town of Tents".
_NAMING = frozenset({"city", "village", "district", "province", "camp"})
_AFTER_DATELINE = frozenset("-\u2013\u2014(:,.\u060c/")


def mark(sentence: Sentence, text: str, lexicon: Lexicon, alphabet: Alphabet, names: Names | None) -> Sentence:
    """The sentence with its chunks and tag string: lexicon entries, gazetteer names, numbers, unknown names, signs."""
    tokens = sentence.tokens
    words = lexicon.words(tokens)
    folds = [t.fold for t in tokens]
    capitals = lexicon.capitals
    particles = lexicon.particles
    shouting = capitals and _shouting(sentence)
    accented = not text.isascii()
    chunks: list[Chunk] = []
    i, end = 0, len(tokens)
    while i < end:
        token = tokens[i]
        fold, shape = token.fold, token.shape
        if shape == "p":
            chunks.append(Chunk(i, i + 1, _PUNCTUATION.get(fold, "W"), "", fold, (), token.start, token.end))
            i += 1
            continue
        hit = lexicon.longest(words, i) if words[i] else None
        if shape == "n" and (hit is None or hit[0] == 1):
            chunks.append(Chunk(i, i + 1, "NUM", "", fold, (), token.start, token.end))
            i += 1
            continue
        if hit is None and fold[-1].isdigit() and (figure := lexicon.number(fold)):
            start = _after(text, token, figure.cut)
            chunks.extend(Chunk(i, i + 1, tag, "", "", (), token.start, start) for tag in figure.clitics if tag)
            chunks.append(Chunk(i, i + 1, "NUM", "", figure.key, (), start, token.end))
            i += 1
            continue
        size, meaning = 0, None
        if hit is not None:
            size, variant, senses = hit
            meaning = _meaning(lexicon, variant, senses, token, text[token.start : tokens[i + size - 1].end], accented)
            size = size if meaning is not None else 0
        # In a script with capitals a name has one, or is led by a particle.
        proper = not capitals or shape == "c" or shape == "a" or fold in particles
        if names is not None and proper:
            named = _name(tokens, folds, i, chunks, lexicon, names, size, shouting, text)
            if named is not None:
                chunks.extend(named)
                i = chunks[-1].last
                continue
        if meaning is not None:
            tag, form, key, others = meaning
            start = token.start
            if variant.cut:
                start = _after(text, token, variant.cut)
                chunks.extend(Chunk(i, i + 1, t, "", "", (), token.start, start) for t in variant.clitics if t)
            chunks.append(Chunk(i, i + size, tag, form, key, others, start, tokens[i + size - 1].end))
            i += size
            continue
        if proper and capitals and not shouting:
            last = _proper(tokens, words, i, lexicon)
            if last > i and (i > 0 or last > i + 1 or shape == "a"):
                tag = "ACR" if shape == "a" and last == i + 1 else "NAME"
                chunks.append(Chunk(i, last, tag, "", " ".join(folds[i:last]), (), token.start, tokens[last - 1].end))
                i = last
                continue
        chunks.append(Chunk(i, i + 1, "W", "", fold, (), token.start, token.end))
        i += 1
    part, paragraph = sentence.part, sentence.paragraph
    return Sentence(sentence.index, part, paragraph, tokens, tuple(chunks), *alphabet.tags(chunks))


def _meaning(
    lexicon: Lexicon, variant: Variant, senses: list[Sense], token: Token, written: str, accented: bool
) -> Meaning | None:
    """What words of the lexicon mean as they are written: the first sense, and the others; remembered."""
    asked = (variant.key, variant.cut, written, accented)
    try:
        return lexicon.meanings[asked]
    except KeyError:
        pass
    if lexicon.capitals:
        senses = _as_written(senses, written, token.shape, accented)
    elif len(senses) > 1:
        senses = lexicon.as_spelled(senses, token.fold[variant.cut :], written[: token.end - token.start])
    found: Meaning | None = None
    if senses:
        first = senses[0]
        found = (first.tag, first.form, first.key, tuple((s.tag, s.form, s.key) for s in senses[1:]))
    return lexicon.remember(asked, found)


def _as_written(senses: list[Sense], written: str, shape: str, accented: bool) -> list[Sense]:
    """The senses as accents and capitals choose: folding makes one word of namesakes; capitals often lack accents."""
    senses = [s for s in senses if shape in s.shapes or written == s.exact]
    if not senses:
        return senses
    if written.islower() and _accented(written):  # "basé" is no form of "base"; the reverse is told below
        senses = [s for s in senses if not s.spelled.isascii()]
        if not senses:
            return senses
    written = written.casefold().replace("\u2019", "'")
    skip = 0 if shape == "w" else 1
    if len(senses) > 1:
        senses = sorted(senses, key=lambda s: s.spelled[skip:] != written[skip:])
    if accented and shape == "w" and written.isascii() and not senses[0].spelled.isascii():
        return [s for s in senses if s.spelled.isascii()]
    return senses


def _accented(word: str) -> bool:
    return not word.isascii() and any(unicodedata.combining(c) for c in unicodedata.normalize("NFD", word))


def _proper(tokens: Sequence[Token], words: Sequence[tuple[Variant, ...]], i: int, lexicon: Lexicon) -> int:
    """Where a proper name that starts at a word ends: capitalised words no table knows, and particles (al-, bin)."""
    last, k = i, i
    while k < len(tokens) and (k == i or tokens[k].start - tokens[k - 1].end <= 1):
        if tokens[k].shape in "ca" and not lexicon.knows(words[k]):
            k += 1
            last = k
        elif (
            tokens[k].fold in lexicon.particles
            and k + 1 < len(tokens)
            and tokens[k + 1].shape in "ca"
            and (k > i or not lexicon.knows(words[k]))
        ):
            k += 1
        else:
            break
    return last


def _shouting(sentence: Sentence) -> bool:
    """Most words are capitalised, as in an English headline: then capitals say nothing about names."""
    shapes = [t.shape for t in sentence.tokens if t.shape in "wca" and len(t.fold) > 3]
    return len(shapes) > 2 and 5 * shapes.count("w") < len(shapes)


def _after(text: str, token: Token, letters: int) -> int:
    """The offset in the text after so many letters of a token, signs that folding drops skipped."""
    position = token.start
    while position < token.end:
        if text[position].isalnum() and fold_word(text[position]):
            if not letters:
                break
            letters -= 1
        position += 1
    return position


def _name(
    tokens: Sequence[Token],
    folds: Sequence[str],
    i: int,
    before: Sequence[Chunk],
    lexicon: Lexicon,
    names: Names,
    known: int,
    shouting: bool,
    text: str,
) -> list[Chunk] | None:
    """A gazetteer name at a word, if it covers more words than the lexicon's entry and the setting allows a name."""
    token = tokens[i]
    if lexicon.capitals:
        particle = token.fold in lexicon.particles and i + 1 < len(tokens) and tokens[i + 1].shape in "ca"
        if token.shape not in "ca" and not particle:
            return None
        if len(token.fold) < 2 and not _joined(tokens, i, lexicon, text):
            return None
        size = names.longest(folds, i)
        if not size or size <= known or (size == 1 and known):
            return None
        if size == 1 and (
            len(token.fold) < 3 or (i == 0 and not shouting and tokens[-1].fold != folds[i] and _plain(tokens, i))
        ):
            return None
        shapes = [t.shape for t in tokens[i : i + size]]
        if "n" in shapes or shapes[-1] == "p":
            return None
        if i == 0 and size > 1 and known and set(shapes[1:]) <= {"w"}:
            return None  # "The bridge", "Four men": a capital at the start of a sentence over words of the tables
        return [
            Chunk(i, i + size, "PLACE", "", " ".join(folds[i : i + size]), (), token.start, tokens[i + size - 1].end)
        ]
    cue = _local(before)
    headed = bool(before) and _heads(before[-1], text, lexicon)
    first = i == 0 or (i == 1 and not folds[0][:1].isalnum())  # a bullet may stand before it
    for spelling in lexicon.spellings(folds[i]):
        if not (cue or first or "IN" in spelling.clitics or "TO" in spelling.clitics):
            continue
        keys = [spelling.key, *folds[i + 1 : i + _LONGEST_NAME]]
        size = names.longest(keys, 0)
        filed = first and i + size < len(tokens) and tokens[i + size].fold in _DASHES
        wins = size == known and not spelling.cut and (headed or filed)
        if not size or (size <= known and not wins):
            continue
        dateline = first and i + size < len(tokens) and tokens[i + size].fold in _AFTER_DATELINE
        if not (cue or dateline or "IN" in spelling.clitics or "TO" in spelling.clitics):
            continue
        start = _after(text, token, spelling.cut) if spelling.cut else token.start
        out = [Chunk(i, i + 1, tag, "", "", (), token.start, start) for tag in spelling.clitics if tag]
        return [*out, Chunk(i, i + size, "PLACE", "", " ".join(keys[:size]), (), start, tokens[i + size - 1].end)]
    return None


def _joined(tokens: Sequence[Token], i: int, lexicon: Lexicon, text: str) -> bool:
    """One letter and an apostrophe lead a name no table knows: N'Djamena; an article leads words: L'Union."""
    if i + 1 == len(tokens) or text[tokens[i].end : tokens[i + 1].start] not in ("'", "\u2019"):
        return False
    return tokens[i + 1].shape in "ca" and not lexicon.knows(lexicon.words([tokens[i + 1]])[0])


def _local(before: Sequence[Chunk]) -> bool:
    """The words before a name bring in a place: a preposition, a head word, an attack on it, "the Libyan capital"."""
    if not before:
        return False
    tag = before[-1].tag
    if tag == "ON":
        return any(c.tag in _DONE for c in before[-7:])
    return tag in _PLACING or (tag == "NAT" and len(before) > 1 and before[-2].tag == "PLK")


def _heads(chunk: Chunk, text: str, lexicon: Lexicon) -> bool:
    """A word for a kind of place, without an article: what follows is its name, even if it is also a word."""
    if chunk.tag not in ("PLK", "SITE") or chunk.key not in _NAMING or chunk.form == "p":
        return False
    word = fold_word(text[chunk.start : chunk.end].split(" ")[0])
    return lexicon.bare(word) == word


def _plain(tokens: Sequence[Token], i: int) -> bool:
    """A capital at the start of a sentence tells nothing, unless a comma, a stop or another capital follows."""
    return not (i + 1 < len(tokens) and (tokens[i + 1].shape in "pca"))
