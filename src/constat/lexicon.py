"""The words of a pack as one trie, with what they may mean; a trie that was kept is decoded word by word, on use."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import msgspec

from constat.folding import fold_word
from constat.text import Token


class Sense(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What words of the lexicon may mean: tag, form and key, and how the words must be written for it."""

    tag: str
    form: str = ""
    key: str = ""
    spelled: str = ""
    shapes: str = "wcan"  # what the first word must look like in a script with capitals; an acronym is no word
    exact: str = ""  # a spelling that holds whatever it looks like: LeT, FAMa, M23


Meaning: TypeAlias = tuple[str, str, str, tuple[tuple[str, str, str], ...]]  # tag, form, key; other senses
Asked: TypeAlias = tuple[str, int, str, bool]


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One inflected form of one line of a lexicon table."""

    phrase: str
    sense: Sense
    table: str
    line: int
    example: str = ""


class Node(msgspec.Struct, gc=False, array_like=True):
    """A place in the trie: what the words so far mean, the least dubious first, and the words that may follow."""

    senses: list[Sense] = []
    following: dict[str, Node] = {}


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


_REMEMBERED = 50_000  # words of which it is kept how they were read, some 15 MB
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Node)


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
        self._variants: dict[str, tuple[Variant, ...]] = {}
        self._spellings: dict[str, tuple[Variant, ...]] = {}
        self.meanings: dict[Asked, Meaning | None] = {}  # of words as written, once they were read
        self._words: set[str] = set()
        found: dict[str, list[Entry]] = {}
        for entry in entries:
            found.setdefault(" ".join(map(self.bare, entry.phrase.split())), []).append(entry)
        self._words.update(word for phrase in found for word in phrase.split())
        # The parts of a long name (Katiba Serma) are still names by themselves; they do not become words of the tables.
        self._known = set(self._words)
        for entry in weaker:
            phrase = " ".join(map(self.bare, entry.phrase.split()))
            self._words.update(phrase.split())
            found.setdefault(phrase, [entry])
            if " " not in phrase:
                self._known.add(phrase)
        nodes: dict[str, Node] = {}
        for phrase, meanings in found.items():
            meanings.sort(key=lambda e: (rank[e.sense.tag], e.line))
            if not phrase:
                continue
            first, *others = phrase.split()
            node = nodes.setdefault(first, Node())
            for word in others:
                node = node.following.setdefault(word, Node())
            node.senses = [entry.sense for entry in meanings]
        # Decoded on first use: a report holds few of the words, and packed they take a tenth of the memory.
        self._root: dict[str, Node | bytes] = {word: _ENCODER.encode(node) for word, node in nodes.items()}

    def __getstate__(self) -> dict[str, Any]:
        root = {word: node if isinstance(node, bytes) else _ENCODER.encode(node) for word, node in self._root.items()}
        return self.__dict__ | {"_root": root, "_variants": {}, "_spellings": {}, "meanings": {}}

    def remember(self, asked: Asked, meaning: Meaning | None) -> Meaning | None:
        """Keep what words mean as they are written."""
        if len(self.meanings) > _REMEMBERED:
            self.meanings.clear()
        self.meanings[asked] = meaning
        return meaning

    def bare(self, word: str) -> str:
        """A folded word without the article, if at least three letters stay."""
        article = self._clitics.article
        if article and word.startswith(article) and len(word) - len(article) >= 3:
            return word[len(article) :]
        return word

    def as_spelled(self, senses: list[Sense], folded: str, written: str) -> list[Sense]:
        """The senses as article and vowel marks choose; a word without marks is not the marked namesake."""
        if not _marked(written):
            senses = [s for s in senses if not _marked(s.spelled)] or senses
        article = folded.startswith(self._clitics.article)
        return sorted(
            senses,
            key=lambda s: (s.spelled != written, fold_word(s.spelled).startswith(self._clitics.article) != article),
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

    def words(self, tokens: Iterable[Token]) -> list[tuple[Variant, ...]]:
        """The readings of each token that the lexicon knows, plainest first; none for signs."""
        known = self._variants
        out = []
        for token in tokens:
            variants = () if token.shape == "p" else known.get(token.fold)
            out.append(self._read(token.fold) if variants is None else variants)
        return out

    def _read(self, word: str) -> tuple[Variant, ...]:
        if len(self._variants) > _REMEMBERED:
            self._variants.clear()
        found = self._variants[word] = tuple(self._readings(word))
        return found

    def _readings(self, word: str) -> list[Variant]:
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

    def spellings(self, word: str) -> tuple[Variant, ...]:
        """A folded word as written and with each prefix that it may carry taken off; the article is never kept."""
        known = self._spellings.get(word)
        if known is None:
            if len(self._spellings) > _REMEMBERED:
                self._spellings.clear()
            known = self._spellings[word] = tuple(self._spelled(word))
        return known

    def _spelled(self, word: str) -> Iterator[Variant]:
        plain = self.bare(word)
        yield Variant(plain)
        if plain != word:
            yield Variant(word)
        for prefix, tags in self._clitics.prefixes.items():
            rest = word[len(prefix) :]
            if word.startswith(prefix) and len(rest) >= 2:
                key = self.bare(rest)
                if len(key) >= 3 or key in self._words:
                    yield Variant(key, tags, len(prefix))

    def longest(self, words: Sequence[tuple[Variant, ...]], start: int) -> tuple[int, Variant, list[Sense]] | None:
        """The longest entry that starts at a word: how many words, how the first was read, and what they may mean."""
        best: tuple[int, Variant, list[Sense]] | None = None
        for variant in words[start]:
            node = self._root.get(variant.key)
            if node is None:
                continue
            if not isinstance(node, Node):
                node = self._root[variant.key] = _DECODER.decode(node)
            if node.senses and best is None:
                best = (1, variant, node.senses)
            stack = [(node, start + 1)] if node.following else []
            while stack:
                here, i = stack.pop()
                if here.senses and (best is None or i - start > best[0]):
                    best = (i - start, variant, here.senses)
                if here.following and i < len(words):
                    for nxt in words[i]:
                        if not nxt.cut and (child := here.following.get(nxt.key)) is not None:
                            stack.append((child, i + 1))
        return best


def _marked(word: str) -> bool:
    return any(unicodedata.category(c) == "Mn" for c in word)
