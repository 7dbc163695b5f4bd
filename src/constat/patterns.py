"""The pattern language of the rules tables (`docs/packs.md`): into pieces of a regular expression, and its needs."""

from __future__ import annotations

import re

import msgspec

_ITEM = re.compile(
    r"<(?P<name>[a-z_0-9]+):|(?P<close>>)|(?P<open>\((?:\?<?[!=]|\?:)?)|(?P<shut>\))|(?P<alt>\|)|~(?P<gap>\d+)"
    r"|(?P<tag>!?@?[A-Z][A-Z0-9]*(?:=[\w.-]+)?(?::[a-z](?:\|[a-z])*)?)|(?P<any>\.)|(?P<edge>[\^$])"
)
_TIMES = re.compile(r"[?*+]\??|\{(\d*),?\d*\}\??")
STOP = "SC"  # what neither a gap nor "any one" goes over


class PatternError(ValueError):
    """A pattern that cannot be compiled; the text says where and what would be right."""


class Tagged(msgspec.Struct, frozen=True):
    """One tag where an item stands for it: `item` as written, without the sign that negates it."""

    item: str
    negated: bool = False


Need = frozenset[str]  # items one of which every match holds


class Pattern(msgspec.Struct, frozen=True):
    """A pattern as pieces, regular expression and tags in turn, and what every sentence that it matches must hold."""

    pieces: tuple[str | Tagged, ...]
    needs: tuple[Need, ...]


class _Group:
    """A bracket that is being read: the needs of its alternatives so far, one list for each part of an alternative."""

    def __init__(self, looks: bool) -> None:
        self.looks = looks
        self.alternatives: list[list[tuple[Need, ...]]] = [[]]

    def add(self, *needs: Need) -> None:
        self.alternatives[-1].append(needs)

    def optional(self) -> None:
        self.alternatives[-1][-1] = ()

    def needs(self) -> tuple[Need, ...]:
        if self.looks:
            return ()
        each = [[need for part in parts for need in part] for parts in self.alternatives]
        if len(each) == 1:
            return tuple(each[0])
        if not all(each):
            return ()
        return (frozenset().union(*(min(needs, key=len) for needs in each)),)


def read_pattern(pattern: str) -> Pattern:
    """A pattern in pieces; raises `PatternError`."""
    pieces: list[str | Tagged] = []
    groups = [_Group(looks=False)]
    position = 0
    while position < len(pattern):
        if pattern[position].isspace():
            position += 1
            continue
        times = _TIMES.match(pattern, position)
        if pieces and times and not pattern[position - 1].isspace():
            pieces.append(times.group())
            if times.group()[0] in "?*" or (times[1] is not None and not int(times[1] or 0)):
                groups[-1].optional()
            position = times.end()
            continue
        item = _ITEM.match(pattern, position)
        if item is None:
            raise PatternError(
                f"cannot read {pattern[position : position + 20]!r} at column {position + 1} of the pattern"
            )
        position = item.end()
        if item["name"] or item["open"]:
            bracket = item["open"]
            pieces.append(f"(?P<{item['name']}>" if item["name"] else "(?:" if bracket == "(" else bracket)
            groups.append(_Group(looks=bool(bracket) and bracket[-1] in "!="))
        elif item["close"] or item["shut"]:
            if len(groups) == 1:
                raise PatternError(f"the bracket at column {position} was never opened")
            pieces.append(")")
            needs = groups.pop().needs()
            groups[-1].add(*needs)
        elif item["alt"]:
            pieces.append("|")
            groups[-1].alternatives.append([])
        elif item["gap"]:
            pieces += [Tagged(STOP, True), f"{{0,{item['gap']}}}?"]
            groups[-1].add()
        elif item["any"]:
            pieces.append(Tagged(STOP, True))
            groups[-1].add()
        elif item["edge"]:
            pieces.append(item["edge"])
            groups[-1].add()
        else:
            tag = item["tag"]
            tagged = Tagged(tag.lstrip("!"), tag.startswith("!"))
            pieces.append(tagged)
            groups[-1].add(*(() if tagged.negated else (frozenset((tagged.item,)),)))
    if len(groups) > 1:
        raise PatternError("a bracket is not closed")
    return Pattern(tuple(pieces), groups[0].needs())


def keyed_tags(pattern: str) -> list[tuple[str, str]]:
    """The (tag, key) pairs that a pattern tells apart."""
    return re.findall(r"\b([A-Z][A-Z0-9]*)=([\w.-]+)", pattern)


def formed_tags(pattern: str) -> list[tuple[str, str]]:
    """The (tag, form) pairs that a pattern tells apart."""
    found = re.findall(r"\b([A-Z][A-Z0-9]*)(?:=[\w.-]+)?:([a-z](?:\|[a-z])*)", pattern)
    return [(tag, form) for tag, forms in found for form in forms.split("|")]
