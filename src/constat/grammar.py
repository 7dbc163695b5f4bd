"""Patterns over tags, compiled to regular expressions over a string with one character for each chunk.

The pattern language is described in `docs/packs.md`; nothing in here knows any language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import msgspec

from constat.patterns import STOP, Pattern, PatternError, Tagged, read_pattern
from constat.text import Chunk, Sentence

_FORMS = "nvpgia"
_REMEMBERED = 20_000  # characters that are kept by tag, form and key
T = TypeVar("T")
R = TypeVar("R")


class Rule(msgspec.Struct, frozen=True):
    """One line of a rules table: its pattern, the constants it sets, its example, and where it stands."""

    name: str
    pattern: str
    sets: Mapping[str, str]
    example: str
    table: str
    line: int


class Match(msgspec.Struct, frozen=True):
    """A rule found in a sentence; `parts` gives for each capture the chunk range [first, last)."""

    rule: Rule
    sentence: Sentence
    first: int
    last: int
    parts: Mapping[str, tuple[int, int]]

    def chunk(self, name: str) -> Chunk | None:
        """The first chunk of a capture, or None if it did not take part in the match."""
        part = self.parts.get(name)
        return self.sentence.chunks[part[0]] if part else None


class Alphabet:
    """Gives each (tag, form, key) that matters to a pattern its character, and turns tag names into sets of them."""

    def __init__(
        self,
        tags: Iterable[str],
        aliases: Mapping[str, Iterable[str]],
        keyed: Iterable[tuple[str, str]],
        formed: Iterable[tuple[str, str]],
    ) -> None:
        """`keyed`, `formed`: the keys and forms that patterns tell apart; all others of a tag share a character."""
        self._aliases = {name: tuple(members) for name, members in aliases.items()}
        keyed_by_tag: dict[str, list[str]] = {}
        for tag, key in sorted(set(keyed)):
            keyed_by_tag.setdefault(tag, []).append(key)
        self._keyed = frozenset(keyed)
        self._formed = frozenset(formed)
        marks = [
            (tag, form, key)
            for tag in tags
            for form in ("", *(f for f in _FORMS if (tag, f) in self._formed))
            for key in ("", *keyed_by_tag.get(tag, ()))
        ]
        # The private use area, which no text gives a meaning.
        self._chars = {mark: chr(0xE000 + n) for n, mark in enumerate(marks)}
        self.bits = {char: 1 << n for n, char in enumerate(self._chars.values())}
        told_apart = {tag for tag, _ in (*self._keyed, *self._formed)}
        self._plain = {tag: char for (tag, _, _), char in self._chars.items() if tag not in told_apart}
        self._marked: dict[tuple[str, str, str], str] = {}  # the characters of those that are told apart, once asked
        self._members: dict[str, frozenset[str]] = {}
        self._by_tag: dict[str, list[tuple[str, str, str]]] = {}
        for (tag, form, key), char in self._chars.items():
            self._by_tag.setdefault(tag, []).append((form, key, char))

    def char(self, tag: str, form: str, key: str) -> str:
        """The character that stands for a chunk."""
        form = form if (tag, form) in self._formed else ""
        return self._chars[tag, form, key if (tag, key) in self._keyed else ""]

    def _mark(self, tag: str, form: str, key: str) -> str:
        char = self.char(tag, form, key)
        if len(self._marked) < _REMEMBERED:
            self._marked[tag, form, key] = char
        return char

    def tags(self, chunks: Iterable[Chunk]) -> tuple[str, int]:
        """The tag string of chunks, a character each, and which characters these are, a bit each."""
        plain, marked, bits = self._plain, self._marked, self.bits
        tags = "".join(
            [plain.get(c.tag) or marked.get((c.tag, c.form, c.key)) or self._mark(c.tag, c.form, c.key) for c in chunks]
        )
        held = 0
        for char in set(tags):
            held |= bits[char]
        return tags, held

    def chars(self) -> Iterable[str]:
        """All characters, in the order of their tags."""
        return self._chars.values()

    def members(self, item: str) -> frozenset[str]:
        """All characters that `TAG`, `TAG=key`, `TAG:v|p` or `@ALIAS` stands for; an alias of `!TAG`s is all others."""
        known = self._members.get(item)
        if known is None:
            known = self._members[item] = self._find(item)
        return known

    def _find(self, item: str) -> frozenset[str]:
        name, _, forms = item.partition(":")
        name, _, key = name.partition("=")
        if name.startswith("@"):
            if name[1:] not in self._aliases:
                raise PatternError(f"no alias {name}; there are {', '.join('@' + a for a in sorted(self._aliases))}")
            wanted = [self.members(m) for m in self._aliases[name[1:]] if not m.startswith("!")]
            unwanted = [self.members(m[1:]) for m in self._aliases[name[1:]] if m.startswith("!")]
            chars = frozenset().union(*wanted) if wanted else frozenset(self._chars.values())
            return chars.difference(*unwanted)
        if name not in self._by_tag:
            raise PatternError(f"no tag {name}")
        forms_wanted = set(forms.split("|")) if forms else None
        return frozenset(
            char
            for form, k, char in self._by_tag[name]
            if (forms_wanted is None or form in forms_wanted) and (not key or k == key)
        )


class RuleError(PatternError):
    """A rule whose pattern cannot be compiled."""

    def __init__(self, rule: Rule, cause: Exception) -> None:
        super().__init__(str(cause))
        self.rule = rule


class Rules:
    """The rules of one table, in order.

    Chunks that no rule of the table tells apart share a character, so that few enough are left for quick patterns. What
    a rule needs keeps it from being tried, and compiled, for sentences that do not hold it.
    """

    def __init__(self, rules: Iterable[Rule] = (), alphabet: Alphabet | None = None) -> None:
        """Raises `RuleError`."""
        self.rules = tuple(rules)
        parsed = [_of(rule, read_pattern, rule.pattern) for rule in self.rules]
        members = {STOP: alphabet.members(STOP)} if alphabet else {}
        for rule, pattern in zip(self.rules, parsed, strict=True):
            for piece in pattern.pieces:
                if isinstance(piece, Tagged) and alphabet:
                    members[piece.item] = _of(rule, alphabet.members, piece.item)
        told: dict[frozenset[str], list[str]] = {}
        for char in alphabet.chars() if alphabet else ():
            told.setdefault(frozenset(item for item, chars in members.items() if char in chars), []).append(char)
        # Classes of characters below 256 are bitmaps, made and matched many times faster than others.
        base = 0x20 if len(told) <= 0xE0 else 0xE000
        self._translation = {ord(c): chr(base + n) for n, chars in enumerate(told.values()) for c in chars}
        local = {item: {self._translation[ord(c)] for c in chars} for item, chars in members.items()}
        self._sources = [_source(pattern, local) for pattern in parsed]
        # By the first thing that they need: the number of the rule with all else that it needs.
        bits = alphabet.bits if alphabet else {}
        self._needed: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
        for number, pattern in enumerate(parsed):
            masks = {sum(bits[c] for c in frozenset().union(*map(members.__getitem__, need))) for need in pattern.needs}
            first, *others = sorted(masks, key=lambda mask: (mask.bit_count(), mask)) or [-1]
            self._needed.setdefault(first, []).append((number, tuple(others)))
        self._patterns: dict[int, tuple[re.Pattern[str], tuple[tuple[str, int], ...]]] = {}
        for number, rule in enumerate(self.rules):
            _of(rule, self._compiled, number)

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_patterns": {}}

    def __len__(self) -> int:
        return len(self.rules)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def _compiled(self, number: int) -> tuple[re.Pattern[str], tuple[tuple[str, int], ...]]:
        pattern = re.compile(self._sources[number])
        made = self._patterns[number] = (pattern, tuple(pattern.groupindex.items()))
        return made

    def matches(self, sentence: Sentence, only: Rule | None = None) -> list[Match]:
        """All matches of all rules, or of one, in a marked sentence, in rule order and then from left to right."""
        held = sentence.held
        tried = [
            number
            for first, rules in self._needed.items()
            if first & held
            for number, others in rules
            if all(map(held.__and__, others))
        ]
        found: list[Match] = []
        if not tried:
            return found
        tried.sort()
        tags = sentence.tags.translate(self._translation)
        for number in tried:
            rule = self.rules[number]
            if only is not None and rule is not only:
                continue
            pattern, names = self._patterns.get(number) or self._compiled(number)
            for hit in pattern.finditer(tags):
                spans = hit.regs
                parts = {name: spans[group] for name, group in names if spans[group][0] >= 0}
                found.append(Match(rule, sentence, *spans[0], parts))
        return found


def _of(rule: Rule, make: Callable[[T], R], of: T) -> R:
    try:
        return make(of)
    except (PatternError, re.error) as error:
        raise RuleError(rule, error) from error


def _source(pattern: Pattern, chars: Mapping[str, set[str]]) -> str:
    return "".join(_class(chars[p.item], p.negated) if isinstance(p, Tagged) else p for p in pattern.pieces)


def _class(chars: set[str], negated: bool) -> str:
    """A character class, neighbours as a range, which compiles faster."""
    if not chars:  # no entry has this tag: nothing, or anything
        return r"[\s\S]" if negated else r"[^\s\S]"
    out: list[list[int]] = []
    for code in sorted(map(ord, chars)):
        if out and code == out[-1][1] + 1:
            out[-1][1] = code
        else:
            out.append([code, code])
    # Escapes of all characters would be read three times slower.
    inside = "".join(_sign(a) if a == b else f"{_sign(a)}-{_sign(b)}" for a, b in out)
    return f"[{'^' if negated else ''}{inside}]"


def _sign(code: int) -> str:
    return chr(code) if code > 0x7E or chr(code).isalnum() else f"\\u{code:04x}"
