"""What the tellings of one incident state, claim by claim, with the voice that says it and the day it was printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

import msgspec

from constat.records import Claim, Document, EventMention, Grade, Stated, Value, Voice

_DENIED = ("denied", "planned", "hypothetical", "feared")  # modalities that state no value


class Telling(msgspec.Struct, frozen=True):
    """One event mention with its report and the voice that speaks in it; `loaded`: its wording that takes sides."""

    event: EventMention
    document: Document
    voice: Voice
    loaded: frozenset[str] = frozenset()


class Said(msgspec.Struct, frozen=True):
    """One claim as a voice makes it; `value` is without loaded wording, `rank` is of the claim among its telling's."""

    claim: Claim
    value: Value
    voice: Voice
    event: str
    published: str | None
    rank: str


def said(tellings: Iterable[Telling]) -> list[Said]:
    """Every claim that states a value, shares of a toll among them; the oldest report first, undated ones before."""
    out = []
    for one in tellings:
        for claim in one.event.claims:
            if claim.modality not in _DENIED:
                value = _plain(claim.value, one.loaded)
                out.append(Said(claim, value, one.voice, one.event.id, one.document.published, claim.rank))
    return sorted(out, key=lambda s: (s.published or "", s.voice.name, s.event, s.claim.id))


def stated(same: Sequence[Said]) -> Stated:
    """Claims of one value as one entry."""
    days = sorted(s.published for s in same if s.published)
    return Stated(
        value=same[0].value,
        voices=tuple(sorted({s.voice.name for s in same})),
        claims=tuple(sorted({s.claim.id for s in same})),
        first=days[0] if days else None,
        last=days[-1] if days else None,
    )


def by_value(found: Iterable[Said], key: Callable[[Said], Hashable]) -> list[list[Said]]:
    """Claims in groups of one value, in the order in which the values were first stated."""
    groups: dict[Hashable, list[Said]] = defaultdict(list)
    for one in found:
        groups[key(one)].append(one)
    return list(groups.values())


def best_grade(found: Iterable[Said]) -> Grade:
    """The best grade among the voices; F (not judged) ranks between C and D: it is no verdict."""
    return min((s.voice.grade for s in found), key=rank, default="F")


def rank(grade: Grade) -> int:
    """The place of a grade, the best first."""
    return "ABCFDE".index(grade)


def voices(found: Iterable[Said]) -> int:
    """How many voices make claims."""
    return len({s.voice.name for s in found})


def _plain(value: Value, loaded: frozenset[str]) -> Value:
    """A value without the words that take sides, unless nothing else would be left."""
    if not isinstance(value, str) or not loaded:
        return value
    kept = [word for word in value.split() if word.casefold() not in loaded]
    return " ".join(kept) if kept else value
