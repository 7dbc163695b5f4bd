"""Who did it and to whom: the words of a role cut down to the shortest name that the text gives."""

from __future__ import annotations

import msgspec

from constat.claims.segments import Segment
from constat.facts import Range, SentenceFacts
from constat.records import Span
from constat.text import Chunk

_NAMED = ("ACT", "ACR", "NAME")
_PEOPLE = ("PPL", "PPL2")


class RoleFiller(msgspec.Struct, frozen=True):
    """The words that fill a role, the group they name, the whole phrase that carries them, and how it was said."""

    span: Span
    group: str
    phrase: Span
    certainty: str = ""
    segment: int = 0


def fillers(role: str, told: list[Segment]) -> list[RoleFiller]:
    """All fillers of a role over the segments of a telling, in text order, the body's before the headline's."""
    out = []
    for n, segment in enumerate(told):
        for event in segment.events:
            part = event.roles.get(role)
            if part is None:
                continue
            head = _head(role, segment.facts, part)
            if head is not None:
                span, group = head
                out.append(RoleFiller(span, group, segment.facts.quote(*part), event.certainty, n))
    return out


def _head(role: str, facts: SentenceFacts, part: Range) -> tuple[Span, str] | None:
    chunks = facts.sentence.chunks
    inside = [(i, chunks[i]) for i in range(*part)]
    if role in ("perp", "claimant"):
        return _actor(facts, inside)
    order = [
        [(i, c) for i, c in inside if c.tag == "SITE"],
        [(i, c) for i, c in inside if c.tag in _PEOPLE],
        [(i, c) for i, c in inside if c.tag in ("ACT", "UNID")],
        [(i, c) for i, c in inside if c.tag in ("ACR", "NAME", "NAT", "PLACE", "GEO")],
    ]
    first = min((group[0] for group in order[:3] if group), key=lambda pair: pair[0], default=None)
    if first is None and order[3]:
        first = order[3][0]
    if first is None:
        return None
    i, chunk = first
    return facts.quote(i, i + 1), chunk.key if chunk.tag in ("SITE", "PPL", "PPL2", "ACT") else ""


def _actor(facts: SentenceFacts, inside: list[tuple[int, Chunk]]) -> tuple[Span, str] | None:
    named = [(i, c) for i, c in inside if c.tag in _NAMED]
    if named:
        i, chunk = named[0]
        last = i + 1
        chunks = facts.sentence.chunks
        if last < len(chunks) and chunks[last].tag == "NAT":
            last += 1
        first = i - 1 if i > inside[0][0] and chunks[i - 1].tag == "NAT" else i
        return facts.quote(first, last), chunk.key if chunk.tag == "ACT" else ""
    for tags in (_PEOPLE, ("GEO", "NAT")):
        for i, chunk in inside:
            if chunk.tag in tags:
                return facts.quote(i, i + 1), chunk.key if tags == _PEOPLE else "government"
    return None
