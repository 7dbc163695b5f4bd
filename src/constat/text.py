"""A text cut into sentences and tokens, and what each token was found to be; offsets stay those of the text."""

from __future__ import annotations

import re
from collections.abc import Collection

import msgspec

from constat.folding import fold_word
from constat.records import Part, Span

# Marks (vowel signs, joiners, direction marks) belong to the word in which they stand.
_MARK = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad"
# Every alternative would cut the same tokens in another order: most words are two letters and more, told first.
_TOKEN = re.compile(
    rf"[^\W\d_]{{2,}}+(?:[^\W_]++|[{_MARK}]++)*+"
    rf"|(?:[A-Z]\.){{2,}}"
    rf"|(?<![^\W\d_])(?:[a-z]\.)+[a-z](?=\.)"
    rf"|(?=\d)(?:\d{{1,2}}(?=\.\d{{1,2}}\.\d{{2,4}}(?!\d))|(?<=\d\.)\d{{1,2}}(?=\.\d{{2,4}}(?!\d))"
    rf"|\d+(?:[.,\u00a0\u202f\u066c' ]\d{{3}})+(?!\d)(?:[.,\u066b]\d+)?|\d+(?:[.,\u066b]\d+)?)"
    rf"|(?:[^\W\d_]|[{_MARK}])(?:[^\W_]++|[{_MARK}]++)*+"
    rf"|\n+|(?<=\w)[-'\u2019\u2010\u2011](?=\w)|[^\s{_MARK}]"
)
_JOINERS = frozenset("-'\u2019\u2010\u2011")
_STOPS = frozenset(".!?\u061f\u2026\u3002\u06d4")
_CLOSERS = frozenset("\"'\u201d\u00bb\u2019)]\u203a")
_OPENERS = frozenset("\"'\u201c\u00ab\u2018([\u2039-\u2013\u2014*\u2022")


class Token(msgspec.Struct, frozen=True, gc=False):
    """One word, number or sign: offsets in its part, its folded form, and what it looks like.

    `shape`: `w` lower-case or uncased word, `c` capitalised word, `a` acronym, `n` number, `p` anything else.
    """

    start: int
    end: int
    fold: str
    shape: str


class Chunk(msgspec.Struct, frozen=True, gc=False):
    """Tokens `first` up to `last` (exclusive) that together are one word of the grammar, with tag, form and key.

    `others` are further readings of the same tokens, as (tag, form, key).
    """

    first: int
    last: int
    tag: str
    form: str = ""
    key: str = ""
    others: tuple[tuple[str, str, str], ...] = ()
    start: int = -1  # offsets of the chunk's own words, without clitics
    end: int = -1


class Sentence(msgspec.Struct, frozen=True):
    """A sentence with its tokens and, once marked, its chunks; `tags` has one character for each chunk.

    `held`: which characters these are, a bit each.
    """

    index: int
    part: Part
    paragraph: int
    tokens: tuple[Token, ...]
    chunks: tuple[Chunk, ...] = ()
    tags: str = ""
    held: int = 0

    @property
    def start(self) -> int:
        """Offset of the first token."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Offset after the last token."""
        return self.tokens[-1].end

    def span(self, text: str, first: int, last: int) -> Span:
        """The words of chunks `first` up to `last` (exclusive), quoted from the part's text."""
        start, end = self.chunks[first].start, self.chunks[last - 1].end
        return Span(self.part, start, end, text[start:end])


def _shape(word: str) -> str:
    head = word[0]
    if head.isdigit():
        return "n"
    if not head.isalpha():
        return "p"
    if not (head.isupper() or head.istitle()):
        return "w"
    letters = [c for c in word if c.isalpha()]
    return "a" if len(letters) > 1 and all(c.isupper() for c in letters) else "c"


def tokens(text: str) -> list[Token]:
    """The tokens of a text in order; runs of line ends are tokens of shape `p` whose folded form is a line end."""
    out = []
    end, index, looks = 0, text.index, _looks
    # Between two tokens there is only white space, so that each next token is the next place where its words stand.
    for word in _TOKEN.findall(text):
        start = index(word, end)
        end = start + len(word)
        look = looks.get(word)
        fold, shape = _look(word) if look is None else look
        if word in _JOINERS and text[start - 1 : start].isalnum() and text[end : end + 1].isalnum():
            continue  # a hyphen or apostrophe inside a word is a border and no token: porte-parole, l'armée
        out.append(Token(start, end, fold, shape))
    return out


_REMEMBERED = 50_000  # words of which the folded form and the shape are kept, some 10 MB
_looks: dict[str, tuple[str, str]] = {}


def _look(word: str) -> tuple[str, str]:
    if len(_looks) > _REMEMBERED:
        _looks.clear()
    if word[0] == "\n":
        look = ("\n" * min(len(word), 2), "p")
    else:
        folded = fold_word(word)
        look = (folded or word, _shape(word) if folded else "p")
    _looks[word] = look
    return look


def sentences(
    text: str, part: Part, abbreviations: Collection[str], cased: bool, first_index: int = 0
) -> list[Sentence]:
    """Cut one part of a document into sentences. No stop before a lower-case word ends one; a blank line does."""
    out: list[Sentence] = []
    run: list[Token] = []
    paragraph = 0
    stream = tokens(text)
    i, size = 0, len(stream)

    def flush() -> None:
        if any(t.shape != "p" for t in run):
            out.append(Sentence(first_index + len(out), part, paragraph, tuple(run)))
        run.clear()

    while i < size:
        token = stream[i]
        i += 1
        if token.fold[0] == "\n":
            nxt = stream[i] if i < size else None
            # A single line end inside a sentence is a wrapped line, not a new paragraph.
            wrapped = token.fold == "\n" and cased and run and nxt is not None and nxt.shape == "w"
            if not wrapped:
                flush()
                paragraph += 1
            continue
        run.append(token)
        if token.fold[0] not in _STOPS or token.shape != "p":
            continue
        while i < size and (stream[i].fold[0] in _CLOSERS or stream[i].fold[0] in _STOPS) and stream[i].shape == "p":
            # An opening quote that looks like a closing one belongs to the next sentence.
            if stream[i].fold[0] in "\"'" and i + 1 < size and stream[i].start > stream[i - 1].end:
                break
            run.append(stream[i])
            i += 1
        if _ends(stream, i, run, abbreviations, cased):
            flush()
    flush()
    return out


def _ends(stream: list[Token], i: int, run: list[Token], abbreviations: Collection[str], cased: bool) -> bool:
    if i >= len(stream):
        return True
    nxt = stream[i]
    while nxt.shape == "p" and nxt.fold[0] in _OPENERS and i + 1 < len(stream):
        i += 1
        nxt = stream[i]
    if len(run) >= 2 and run[-1].fold == ".":
        before = run[-2]
        glued = before.end == run[-1].start
        if glued and before.shape == nxt.shape == "n" and nxt.start == run[-1].end:
            return False  # a date in digits: 14.03.2024
        if glued and before.fold in abbreviations:
            return False
        if glued and len(before.fold) == 1 and before.shape in "ca" and cased:
            return False
    return not (cased and nxt.shape == "w")
