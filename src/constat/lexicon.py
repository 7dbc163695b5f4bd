"""Marks every entry of a pack, and every name of the gazetteer, in a sentence: one pass, longest match first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from constat.folding import fold_word
from constat.grammar import Alphabet
from constat.text import Chunk, Sentence, Token


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One inflected form of one line of a lexicon table."""

    phrase: str
    tag: str
    key: str
    form: str
    table: str
    line: int
    example: str = ""
    spelled: str = ""
    shapes: str = "wcan"  # what the first word must look like in a script with capitals; an acronym is no word
    exact: str = ""  # a spelling that holds whatever it looks like: LeT, FAMa, M23


class Names(Protocol):
    """What marking needs of a gazetteer: the longest known name that starts at a word."""

    def longest(self, keys: Sequence[str], start: int) -> int:
        """How many words the name covers; 0 for none."""


class Clitics(msgspec.Struct, frozen=True):
    """Particles written onto a word: prefix -> tag ("" for the article), suffixes, and what the article is."""

    prefixes: Mapping[str, tuple[str, ...]] = {}
    suffixes: tuple[str, ...] = ()
    article: str = ""
    feminine: tuple[str, str] = ("", "")  # how a final letter is written before a suffix, and alone


class Variant(msgspec.Struct, frozen=True, gc=False):
    """One way to read a written word: the lexicon's key, the tags of its prefixes, their length in letters."""

    key: str
    clitics: tuple[str, ...] = ()
    cut: int = 0


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
_AFTER_DATELINE = frozenset("-\u2013\u2014(:,.\u060c/")


class Lexicon:
    """All entries of a pack as one trie over folded words, with the clitics that the language writes onto them."""

    def __init__(
        self,
        entries: Iterable[Entry],
        rank: Mapping[str, int],
        clitics: Clitics,
        capitals: bool,
        particles: Iterable[str] = (),
        weaker: Iterable[Entry] = (),
    ) -> None:
        """`weaker` entries hold only where no other entry has the same words."""
        self._clitics = clitics
        self.capitals = capitals
        self.particles = frozenset(particles)
        self._root: dict[str, Any] = {}
        self._words: set[str] = set()
        self._variants: dict[str, tuple[Variant, ...]] = {}
        namesakes: list[list[Entry]] = []
        for entry in entries:
            found = self._node(entry.phrase).setdefault("", [])
            found.append(entry)
            if len(found) == 2:
                namesakes.append(found)
        # The parts of a long name (Katiba Serma) are still names by themselves; they do not become words of the tables.
        self._known = set(self._words)
        for entry in weaker:
            self._node(entry.phrase).setdefault("", [entry])
            if " " not in entry.phrase:
                self._known.add(self.bare(entry.phrase))
        for found in namesakes:
            found.sort(key=lambda e: (rank[e.tag], e.line))

    def _node(self, phrase: str) -> dict[str, Any]:
        node = self._root
        for word in phrase.split():
            key = self.bare(word)
            self._words.add(key)
            node = node.setdefault(key, {})
        return node

    def bare(self, word: str) -> str:
        """A folded word without the article, if at least three letters stay."""
        article = self._clitics.article
        if article and word.startswith(article) and len(word) - len(article) >= 3:
            return word[len(article) :]
        return word

    def as_spelled(self, entries: list[Entry], folded: str, written: str) -> list[Entry]:
        """The entries as article and vowel marks choose; a word without marks is not the marked namesake."""
        if not _marked(written):
            entries = [e for e in entries if not _marked(e.spelled)] or entries
        article = folded.startswith(self._clitics.article)
        return sorted(
            entries,
            key=lambda e: (e.spelled != written, fold_word(e.spelled).startswith(self._clitics.article) != article),
        )

    def number(self, word: str) -> Variant | None:
        """A figure that carries a prefix (و15): the figure as key, the prefix as clitics."""
        figure = word.lstrip("".join(self._clitics.prefixes))
        prefix = word[: len(word) - len(figure)]
        if prefix in self._clitics.prefixes and figure.isdigit():
            return Variant(figure, self._clitics.prefixes[prefix], len(prefix))
        return None

    def knows(self, variants: Sequence[Variant]) -> bool:
        """A written word, read so, is a word of the tables, and not only a part of a name of the register."""
        return any(v.key in self._known for v in variants)

    def variants(self, word: str) -> tuple[Variant, ...]:
        """The readings of a folded word that the lexicon knows, plainest first."""
        known = self._variants.get(word)
        if known is None:
            if len(self._variants) > 200_000:
                self._variants.clear()
            known = self._variants[word] = tuple(self._read(word))
        return known

    def _read(self, word: str) -> list[Variant]:
        out = [v for v in self.spellings(word) if v.key in self._words]
        if not self._clitics.suffixes or self.knows(out):
            return out
        for spelling in self.spellings(word):
            for suffix in self._clitics.suffixes:
                stem = spelling.key.removesuffix(suffix)
                if stem == spelling.key or len(stem) < 3:
                    continue
                before, alone = map(fold_word, self._clitics.feminine)
                for key in (stem, stem[: -len(before)] + alone if before and stem.endswith(before) else ""):
                    if key in self._words:
                        out.append(Variant(key, spelling.clitics, spelling.cut))
        return out

    def spellings(self, word: str) -> list[Variant]:
        """A folded word as written and with each prefix that it may carry taken off; the article is never kept."""
        out = [Variant(self.bare(word))]
        if out[0].key != word:
            out.append(Variant(word))
        for prefix, tags in self._clitics.prefixes.items():
            rest = word[len(prefix) :]
            if word.startswith(prefix) and len(rest) >= 2:
                key = self.bare(rest)
                if len(key) >= 3 or key in self._words:
                    out.append(Variant(key, tags, len(prefix)))
        return out

    def longest(self, words: Sequence[tuple[Variant, ...]], start: int) -> tuple[int, Variant, list[Entry]] | None:
        """The longest entry that starts at a word: how many words, how the first was read, and the entries."""
        best: tuple[int, Variant, list[Entry]] | None = None
        for variant in words[start]:
            node = self._root.get(variant.key)
            if node is None:
                continue
            stack = [(node, start + 1)]
            while stack:
                here, i = stack.pop()
                found = here.get("")
                if found and (best is None or i - start > best[0]):
                    best = (i - start, variant, found)
                if i < len(words):
                    for nxt in words[i]:
                        if not nxt.cut and (child := here.get(nxt.key)) is not None:
                            stack.append((child, i + 1))
        return best


def mark(sentence: Sentence, text: str, lexicon: Lexicon, alphabet: Alphabet, names: Names | None) -> Sentence:
    """The sentence with its chunks and tag string: lexicon entries, gazetteer names, numbers, unknown names, signs."""
    tokens = sentence.tokens
    words = [lexicon.variants(t.fold) if t.shape != "p" else () for t in tokens]
    folds = [t.fold for t in tokens]
    shouting = _shouting(sentence)
    accented = not text.isascii()
    chunks: list[Chunk] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.shape == "n" and not ((hit := lexicon.longest(words, i)) and hit[0] > 1):
            chunks.append(Chunk(i, i + 1, "NUM", "", token.fold, (), token.start, token.end))
            i += 1
            continue
        if token.shape == "p":
            chunks.append(
                Chunk(i, i + 1, _PUNCTUATION.get(token.fold, "W"), "", token.fold, (), token.start, token.end)
            )
            i += 1
            continue
        hit = lexicon.longest(words, i)
        if hit is None and token.fold[-1].isdigit() and (figure := lexicon.number(token.fold)):
            start = _after(text, token, figure.cut)
            chunks.extend(Chunk(i, i + 1, tag, "", "", (), token.start, start) for tag in figure.clitics if tag)
            chunks.append(Chunk(i, i + 1, "NUM", "", figure.key, (), start, token.end))
            i += 1
            continue
        size, variant, entries = hit if hit else (0, Variant(token.fold), [])
        if entries and lexicon.capitals:
            entries = _as_written(entries, text[token.start : tokens[i + size - 1].end], token.shape, accented)
            size = size if entries else 0
        elif len(entries) > 1:
            entries = lexicon.as_spelled(entries, token.fold[variant.cut :], text[token.start : token.end])
        if names is not None:
            named = _name(tokens, folds, i, chunks, lexicon, names, size, shouting, text)
            if named is not None:
                chunks.extend(named)
                i = chunks[-1].last
                continue
        if entries:
            chunks.extend(_entry(tokens, i, size, variant, entries, text))
            i += size
            continue
        last = _proper(tokens, words, i, lexicon) if lexicon.capitals and not shouting else i
        if last > i and (i > 0 or last > i + 1 or token.shape == "a"):
            tag = "ACR" if token.shape == "a" and last == i + 1 else "NAME"
            chunks.append(Chunk(i, last, tag, "", " ".join(folds[i:last]), (), token.start, tokens[last - 1].end))
            i = last
            continue
        chunks.append(Chunk(i, i + 1, "W", "", token.fold, (), token.start, token.end))
        i += 1
    tags = "".join([alphabet.char(c.tag, c.form, c.key) for c in chunks])
    return msgspec.structs.replace(sentence, chunks=tuple(chunks), tags=tags)


def _as_written(entries: list[Entry], written: str, shape: str, accented: bool) -> list[Entry]:
    """The entries as accents and capitals choose: folding makes one word of namesakes; capitals often lack accents."""
    entries = [e for e in entries if shape in e.shapes or written == e.exact]
    if not entries:
        return entries
    if written.islower() and _accented(written):  # "basé" is no form of "base"; the reverse is told below
        entries = [e for e in entries if not e.spelled.isascii()]
        if not entries:
            return entries
    written = written.casefold().replace("\u2019", "'")
    skip = 0 if shape == "w" else 1
    if len(entries) > 1:
        entries = sorted(entries, key=lambda e: e.spelled[skip:] != written[skip:])
    if accented and shape == "w" and written.isascii() and not entries[0].spelled.isascii():
        return [e for e in entries if e.spelled.isascii()]
    return entries


def _accented(word: str) -> bool:
    return not word.isascii() and any(unicodedata.combining(c) for c in unicodedata.normalize("NFD", word))


def _marked(word: str) -> bool:
    return any(unicodedata.category(c) == "Mn" for c in word)


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
    words = [t for t in sentence.tokens if t.shape in "wca" and len(t.fold) > 3]
    return len(words) > 2 and sum(t.shape != "w" for t in words) > 0.8 * len(words)


def _entry(
    tokens: Sequence[Token], i: int, size: int, variant: Variant, entries: list[Entry], text: str
) -> list[Chunk]:
    head, last = tokens[i], tokens[i + size - 1]
    start = head.start
    out = []
    if variant.cut:
        start = _after(text, head, variant.cut)
        tags = [t for t in variant.clitics if t]
        for tag in tags:
            out.append(Chunk(i, i + 1, tag, "", "", (), head.start, start))
    entry = entries[0]
    others = tuple((e.tag, e.form, e.key) for e in entries[1:])
    out.append(Chunk(i, i + size, entry.tag, entry.form, entry.key, others, start, last.end))
    return out


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
        if (token.shape not in "ca" and not particle) or len(token.fold) < 2:
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
    for spelling in lexicon.spellings(folds[i]):
        keys = [spelling.key, *folds[i + 1 : i + _LONGEST_NAME]]
        size = names.longest(keys, 0)
        if not size or size <= known or (size == 1 and known):
            continue
        dateline = i == 0 and i + size < len(tokens) and tokens[i + size].fold in _AFTER_DATELINE
        if not (cue or dateline or any(t in ("IN", "TO") for t in spelling.clitics)):
            continue
        start = _after(text, token, spelling.cut) if spelling.cut else token.start
        out = [Chunk(i, i + 1, tag, "", "", (), token.start, start) for tag in spelling.clitics if tag]
        return [*out, Chunk(i, i + size, "PLACE", "", " ".join(keys[:size]), (), start, tokens[i + size - 1].end)]
    return None


def _local(before: Sequence[Chunk]) -> bool:
    """The words before a name bring in a place: a preposition, a head word, an attack on it, "the Libyan capital"."""
    tags = [c.tag for c in before[-7:]]
    if not tags:
        return False
    if tags[-1] == "ON":
        return not _DONE.isdisjoint(tags)
    return tags[-1] in _PLACING or tags[-2:] == ["PLK", "NAT"]


def _plain(tokens: Sequence[Token], i: int) -> bool:
    """A capital at the start of a sentence tells nothing, unless a comma, a stop or another capital follows."""
    return not (i + 1 < len(tokens) and (tokens[i + 1].shape in "pca"))
