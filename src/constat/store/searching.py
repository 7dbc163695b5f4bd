"""Search over the folded copy: words without case, accents or letter variants, with and without their particles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from constat.errors import UsageError
from constat.folding import fold_word
from constat.packs import LANGUAGES, codes, read_toml

# A word of any script, with the marks that stand in it.
_MARK = r"\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u200b-\u200f\u2060\ufeff\u00ad\u0640"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARK}])*")
_LEAST_LEFT = 3  # letters of a word that stay when a particle is taken off; less is too short to tell
_COVER = "▮"
_AROUND = 60  # characters shown on each side of a hit


class Hit(msgspec.Struct, frozen=True):
    """A document that was found, with the words around the first hit and where they stand in its text."""

    document: str
    title: str | None
    published: str | None
    publisher: str | None
    snippet: str
    start: int


class Words:
    """Folds words for the index and for a query; knows the particles of the languages that write them onto words."""

    def __init__(self, particles: Iterable[str]) -> None:
        self.particles = tuple(sorted(set(particles), key=lambda p: (-len(p), p)))

    def forms(self, word: str) -> list[str]:
        """A word folded, and what is left of it without each particle that it may begin with."""
        folded = fold_word(word)
        bare = (folded[len(p) :] for p in self.particles if folded.startswith(p))
        return [folded, *(rest for rest in bare if len(rest) >= _LEAST_LEFT)]

    def folded(self, *texts: str | None) -> str:
        """What the index holds of some texts."""
        return " ".join(form for text in texts if text for m in _WORD.finditer(text) for form in self.forms(m.group()))

    def query(self, asked: str) -> list[list[str]]:
        """The groups of alternatives of a query: all its words must occur; `word*` is a beginning."""
        groups = []
        for match in re.finditer(r"(\S+)", asked):
            words = _WORD.findall(match.group())
            star = "*" if match.group().endswith("*") else ""
            groups += [[f + star for f in self.forms(w)] if w == words[-1] else self.forms(w) for w in words]
        if not groups:
            raise UsageError(f"{asked!r}: a search needs a word")
        return groups

    def places(self, text: str, groups: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
        """Where words of the query stand in a text."""
        exact = {f for group in groups for f in group if not f.endswith("*")}
        beginnings = tuple(f[:-1] for group in groups for f in group if f.endswith("*"))
        for match in _WORD.finditer(text):
            forms = self.forms(match.group())
            if exact.intersection(forms) or any(form.startswith(beginnings) for form in forms if beginnings):
                yield match.span()

    def cover(self, names: Iterable[str]) -> Cover:
        """What covers names wherever something is shown or handed on."""
        return Cover(names, self.particles)

    def snippet(self, text: str, groups: Sequence[Sequence[str]], cover: Cover) -> tuple[str, int]:
        """The words around the first hit, and its offset; the beginning of the text if only the title has it.

        Names are covered before the words are cut out, for half a name is a name too.
        """
        start, end = next(self.places(text, groups), (0, 0))
        first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
        shown = " ".join(_short(cover.signs(text)[first:last]).split())
        return ("…" if first else "") + shown + ("…" if last < len(text) else ""), start


def particles(overlays: Sequence[Path] = ()) -> list[str]:
    """What the languages write onto the beginning of words, folded, from the heads of their packs."""
    found = set()
    for code in codes(overlays):
        path = next(p for p in (folder / code / "pack.toml" for folder in (LANGUAGES, *overlays)) if p.exists())
        found |= set(map(fold_word, read_toml(path).get("tokens", {}).get("proclitics", ())))
    return sorted(found)


class Cover:
    """Covers restricted names, however they are written, with and without the particles that are written onto them."""

    def __init__(self, names: Iterable[str], particles: Iterable[str] = ()) -> None:
        self._names: dict[str, list[list[str]]] = {}
        fronts = ("", *particles)
        for words in filter(None, map(_WORD.findall, names)):
            rest = [fold_word(word) for word in words[1:]]
            for front in fronts:
                first = fold_word(front + words[0])
                self._names.setdefault(first, []).append([first, *rest])

    def __call__(self, text: str) -> str:
        """The text to be shown; how long a name is does not show."""
        return _short(self.signs(text))

    def signs(self, text: str) -> str:
        """The same, sign for sign, so that offsets hold."""
        if not self._names:
            return text
        found = [(m.start(), m.end(), fold_word(m.group())) for m in _WORD.finditer(text)]
        shown = text
        for i, (start, _, word) in enumerate(found):
            for wanted in self._names.get(word, ()):
                if [other for _, _, other in found[i : i + len(wanted)]] == wanted:
                    end = found[i + len(wanted) - 1][1]
                    shown = shown[:start] + _COVER * (end - start) + shown[end:]
        return shown


def _short(text: str) -> str:
    return re.sub(f"{_COVER}+", _COVER * 3, text)
