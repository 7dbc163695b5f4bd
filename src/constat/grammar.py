"""Patterns over tags, compiled once to regular expressions over a string with one character for each chunk.

The pattern language is described in `docs/packs.md`; nothing in here knows any language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from constat.text import Chunk, Sentence

_ITEM = re.compile(
    r"<(?P<name>[a-z_0-9]+):|(?P<close>>)|(?P<open>\((?:\?<?[!=]|\?:)?)|(?P<shut>\))|(?P<alt>\|)|~(?P<gap>\d+)"
    r"|(?P<tag>!?@?[A-Z][A-Z0-9]*(?:=[\w.-]+)?(?::[a-z](?:\|[a-z])*)?)|(?P<any>\.)|(?P<edge>[\^$])"
)
_FORMS = "nvpgia"
_TIMES = re.compile(r"[?*+]\??|\{\d*,?\d*\}\??")


class PatternError(ValueError):
    """A pattern that cannot be compiled; the text says where and what would be right."""


class Rule(msgspec.Struct, frozen=True):
    """One line of a rules table: a compiled pattern, the constants it sets, its example, and where it stands."""

    name: str
    pattern: re.Pattern[str]
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
    """Gives each (tag, form, key) that matters to a pattern its character, and turns tag names into classes of them."""

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
        # Classes of characters below 256 are bitmaps, made and matched many times faster than others; a larger alphabet
        # takes the private use area, which no text and no regular expression gives a meaning.
        base = 0 if len(marks) <= 256 else 0xE000
        self._chars = {mark: chr(base + n) for n, mark in enumerate(marks)}
        self._members: dict[str, str] = {}
        self._ranges: dict[str, str] = {}
        self._by_tag: dict[str, list[tuple[str, str, str]]] = {}
        for (tag, form, key), char in self._chars.items():
            self._by_tag.setdefault(tag, []).append((form, key, char))

    def char(self, tag: str, form: str, key: str) -> str:
        """The character that stands for a chunk."""
        form = form if (tag, form) in self._formed else ""
        return self._chars[tag, form, key if (tag, key) in self._keyed else ""]

    def members(self, item: str) -> str:
        """All characters that `TAG`, `TAG=key`, `TAG:v|p` or `@ALIAS` stands for; an alias of `!TAG`s is all others."""
        known = self._members.get(item)
        if known is None:
            known = self._members[item] = self._find(item)
        return known

    def _find(self, item: str) -> str:
        name, _, forms = item.partition(":")
        name, _, key = name.partition("=")
        if name.startswith("@"):
            if name[1:] not in self._aliases:
                raise PatternError(f"no alias {name}; there are {', '.join('@' + a for a in sorted(self._aliases))}")
            wanted = [m for m in self._aliases[name[1:]] if not m.startswith("!")]
            unwanted = {c for m in self._aliases[name[1:]] if m.startswith("!") for c in self.members(m[1:])}
            chars = "".join(self.members(m) for m in wanted) if wanted else "".join(self._chars.values())
            return "".join(c for c in chars if c not in unwanted)
        if name not in self._by_tag:
            raise PatternError(f"no tag {name}")
        forms_wanted = set(forms.split("|")) if forms else None
        return "".join(
            char
            for form, k, char in self._by_tag[name]
            if (forms_wanted is None or form in forms_wanted) and (not key or k == key)
        )

    def ranges(self, item: str) -> str:
        """The members of an item as the inside of a character class: neighbours as a range, which compiles faster."""
        known = self._ranges.get(item)
        if known is None:
            known = self._ranges[item] = _ranges(self.members(item))
        return known

    def compile(self, pattern: str) -> re.Pattern[str]:
        """Compile a pattern; raises `PatternError`."""
        stop = self.ranges("SC")
        out: list[str] = []
        position, depth = 0, 0
        while position < len(pattern):
            if pattern[position].isspace():
                position += 1
                continue
            if (
                out
                and (times := _TIMES.match(pattern, position))
                and position > 0
                and not pattern[position - 1].isspace()
            ):
                out.append(times.group())
                position = times.end()
                continue
            item = _ITEM.match(pattern, position)
            if item is None:
                raise PatternError(
                    f"cannot read {pattern[position : position + 20]!r} at column {position + 1} of the pattern"
                )
            position = item.end()
            if item["name"]:
                out.append(f"(?P<{item['name']}>")
                depth += 1
            elif item["close"]:
                out.append(")")
                depth -= 1
            elif item["open"]:
                out.append("(?:" if item["open"] == "(" else item["open"])
                depth += 1
            elif item["shut"]:
                out.append(")")
                depth -= 1
            elif item["alt"]:
                out.append("|")
            elif item["gap"]:
                out.append(f"[^{stop}]{{0,{item['gap']}}}?")
            elif item["any"]:
                out.append(f"[^{stop}]")
            elif item["edge"]:
                out.append(item["edge"])
            else:
                tag = item["tag"]
                negated = tag.startswith("!")
                out.append(f"[{'^' if negated else ''}{self.ranges(tag.lstrip('!'))}]")
        if depth:
            raise PatternError("a bracket is not closed")
        try:
            return re.compile("".join(out))
        except re.error as error:
            raise PatternError(str(error)) from error


def _ranges(chars: str) -> str:
    out: list[list[int]] = []
    for code in sorted(map(ord, set(chars))):
        if out and code == out[-1][1] + 1:
            out[-1][1] = code
        else:
            out.append([code, code])
    return "".join(f"\\u{a:04x}" if a == b else f"\\u{a:04x}-\\u{b:04x}" for a, b in out)


def keyed_tags(pattern: str) -> list[tuple[str, str]]:
    """The (tag, key) pairs that a pattern tells apart."""
    return re.findall(r"\b([A-Z][A-Z0-9]*)=([\w.-]+)", pattern)


def formed_tags(pattern: str) -> list[tuple[str, str]]:
    """The (tag, form) pairs that a pattern tells apart."""
    found = re.findall(r"\b([A-Z][A-Z0-9]*)(?:=[\w.-]+)?:([a-z](?:\|[a-z])*)", pattern)
    return [(tag, form) for tag, forms in found for form in forms.split("|")]


def matches(rules: Iterable[Rule], sentence: Sentence) -> list[Match]:
    """All matches of all rules in a marked sentence, in rule order and then from left to right."""
    found = []
    tags = sentence.tags
    for rule in rules:
        for hit in rule.pattern.finditer(tags):
            parts = {name: hit.span(name) for name in rule.pattern.groupindex if hit.start(name) >= 0}
            found.append(Match(rule, sentence, hit.start(), hit.end(), parts))
    return found
