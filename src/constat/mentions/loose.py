"""Counts that no rule of a pack reads as casualties and that may be: a number of people, the one who died."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from constat.facts import LOOSE, ONE, Amount, TimeMention, TollMention
from constat.mentions.quantities import amount, casualty
from constat.mentions.stated import joined
from constat.text import Chunk, Sentence

_NUMBERS = ("NUM", "NUMW", "SOME", "PPL2")
_BOUNDS = ("ATLEAST", "MORETHAN", "LESSTHAN", "UPTO", "APPROX", "DET", "W")
_PEOPLE = ("PPL", "PPL2", "ACT", "UNID", "AGENCY", "SRC", "OTHERS", "NAT", "DEAD")
_KINDS = ("killed", "wounded")
_REACH = 4  # chunks after a number in which its people are looked for
_YEARS = range(1900, 2101)
_ONE = Amount(1, 1)


def casualties(sentence: Sentence) -> dict[int, str]:
    """The casualty words of a sentence: chunk -> killed, wounded, casualties or missing."""
    return {i: kind for i, chunk in enumerate(sentence.chunks) if (kind := casualty(chunk))}


def loose(
    sentence: Sentence, tolls: Sequence[TollMention], times: Sequence[TimeMention], fallen: Mapping[int, str]
) -> tuple[TollMention, ...]:
    """Counts of a sentence of the kind `loose`, and one person for each casualty word that nothing is counted with."""
    return (*_numbers(sentence, tolls, times), *_ones(sentence, tolls, fallen))


def _numbers(sentence: Sentence, tolls: Sequence[TollMention], times: Sequence[TimeMention]) -> Iterator[TollMention]:
    chunks = sentence.chunks
    taken = {i for t in tolls for i in range(t.first, t.last)}
    taken |= {i for t in times for i in range(t.first, t.last)}
    i = 0
    while i < len(chunks):
        if chunks[i].tag not in _NUMBERS or i in taken:
            i += 1
            continue
        last = i + 1
        while last < len(chunks) and last not in taken and _goes_on(chunks, last):
            last += 1
        head = chunks[i] if chunks[i].tag == "PPL2" else _head(chunks[last : last + _REACH])
        value = amount(sentence, i, last)
        if value is not None and not _other(chunks, i, last, head, value.low):
            yield TollMention(
                sentence=sentence.index,
                first=i,
                last=last,
                kind=LOOSE,
                amount=value,
                groups=(head.key,) if head is not None and head.tag in ("PPL", "PPL2", "ACT", "UNID") else (),
                rule=f"{LOOSE}/{head.tag if head else 'bare'}",
            )
        i = last


def _goes_on(chunks: Sequence[Chunk], at: int) -> bool:
    """The chunk belongs to the number that ends before it."""
    if "PPL2" in (chunks[at - 1].tag, chunks[at].tag) or chunks[at].tag not in _NUMBERS:
        return False
    return "SOME" in (chunks[at - 1].tag, chunks[at].tag) or joined(chunks, at - 1, at)


def _head(after: Sequence[Chunk]) -> Chunk | None:
    for chunk in after:
        if chunk.tag in _PEOPLE:
            return chunk
        if chunk.tag not in (*_BOUNDS, "DE", "NAT", "QU", "GEO", "NAME", "ACR"):
            return None
    return None


def _other(chunks: Sequence[Chunk], first: int, last: int, head: Chunk | None, value: int) -> bool:
    """The number counts days, kilometres or a year, not people."""
    if last < len(chunks) and chunks[last].tag in ("UNIT", "MON", "WPN", "MW"):
        return True
    dated = first > 0 and chunks[first - 1].tag in ("MON", "IN")  # "in May 2021 soldiers ..."
    return (value in _YEARS and (head is None or dated)) or (head is None and value > 100_000)


def _ones(sentence: Sentence, tolls: Sequence[TollMention], fallen: Mapping[int, str]) -> Iterator[TollMention]:
    chunks = sentence.chunks
    counted = {(i, t.kind) for t in tolls for i in range(t.first, t.last)}
    for i, kind in fallen.items():
        if kind in _KINDS and (i, kind) not in counted:
            yield TollMention(
                sentence=sentence.index,
                first=i,
                last=i + 1,
                kind=kind,
                amount=_ONE,
                rule=f"{ONE}/{chunks[i].tag}:{chunks[i].form}",
            )
