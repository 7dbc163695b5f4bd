"""Who really speaks: reports of one text, or of one credited agency, are one voice however often they are printed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from constat.actors import ActorRegister
from constat.folding import fold
from constat.records import Document, EventMention, Grade, Voice
from constat.resolution.shingles import Sketch, contained, wording

COPY = 0.6  # share of the shorter text from which two reports are copies of one
_CREDIT = 160  # characters at either end of a report in which an agency is credited
_MEDIA = "MED"  # PLOVER sector
CreditOf = Callable[[Document, Iterable[EventMention]], str | None]


class Origin(msgspec.Struct, frozen=True):
    """What tells where a report comes from: its outlet, the agency it credits, the phrases of its text."""

    document: str
    outlet: str | None = None
    agency: str | None = None
    published: str | None = None
    phrases: Sketch = Sketch((), 0)


def origin(
    document: Document, events: Iterable[EventMention], credit_of: CreditOf, phrases: Sketch | None = None
) -> Origin:
    """The origin of one report; `phrases` are those of its text, where they are known already."""
    agency = credit_of(document, events)
    held = wording(document.text).phrases if phrases is None else phrases
    return Origin(document.id, document.publisher, agency, document.published, held)


def credits(register: ActorRegister) -> CreditOf:
    """A function from a report and its events to the agency it credits, None if it credits none, or several.

    An agency is credited at the head or the end of a text, by publishing it, or by being the one source of all claims.
    """
    names: dict[str, str] = {}
    acronyms: dict[str, str] = {}
    for actor in register.actors:
        if actor.kind == "agency" and actor.plover == _MEDIA:
            for name in (n for found in actor.names.values() for n in found):
                names.setdefault(fold(name), actor.name)
            for name in actor.acronyms:
                acronyms.setdefault(name, actor.name)

    @lru_cache(maxsize=10_000)
    def named(text: str) -> frozenset[str]:
        # A short name is one only in capitals: folded, it may be a word.
        spelled = (names[found] for found in _found(names, fold(text)))
        return frozenset([*spelled, *(acronyms[found] for found in _found(acronyms, text))])

    def credit(document: Document, events: Iterable[EventMention]) -> str | None:
        ends = (document.publisher or "", document.text[:_CREDIT], document.text[-_CREDIT:])
        for end in ends:
            if found := named(end):
                return next(iter(found)) if len(found) == 1 else None
        sources = {a.source for event in events for claim in event.claims for a in claim.attribution}
        said = [named(source) for source in sources if source != "unattributed"]
        return next(iter(said[0])) if len(said) == 1 and len(said[0]) == 1 else None

    return credit


def _found(names: Iterable[str], text: str) -> list[str]:
    """The names that stand in a text. Most stand nowhere in it, which is told much faster than by one large pattern."""
    there = tuple(name for name in names if name in text)
    return _any_of(there).findall(text) if there else []


@lru_cache(maxsize=1_000)
def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the names as whole words; Arabic writes prepositions onto them."""
    longest = sorted(names, key=lambda name: (-len(name), name))
    parts = [(r"(?<!\w)" if name.isascii() else "") + re.escape(name) for name in longest]
    return re.compile("(?:" + "|".join(parts) + r")(?!\w)" if parts else r"(?!)")


def copies(origins: Sequence[Origin]) -> dict[str, str]:
    """Document -> the document that it is a copy of, itself if of none.

    The longest texts come first, and each that stands in an earlier one is a copy of that alone: a short text that
    stands in two long ones does not make these copies of each other.
    """
    ordered = sorted({o.document: o for o in origins}.values(), key=lambda o: (-o.phrases.size, o.document))
    of: dict[str, str] = {}
    seen: dict[int, list[Origin]] = defaultdict(list)
    for one in ordered:
        met = {other.document: other for key in one.phrases.keys for other in seen[key]}
        shares = {number: contained(one.phrases, other.phrases) for number, other in met.items()}
        original = min(shares, key=lambda number: (-shares[number], number), default=one.document)
        if shares.get(original, 0.0) >= COPY:
            of[one.document] = original
            continue
        of[one.document] = one.document
        for key in one.phrases.keys:
            seen[key].append(one)
    return of


def voices(origins: Iterable[Origin], grades: Mapping[str, Grade] | None = None) -> tuple[Voice, ...]:
    """The voices among reports; copies of one text speak with the voice that any of them credits."""
    found = {o.document: o for o in origins}
    of_text: dict[str, list[Origin]] = defaultdict(list)
    for document, text in copies(list(found.values())).items():
        of_text[text].append(found[document])
    spoken: dict[tuple[Literal["agency", "outlet", "text", "report"], str], list[str]] = defaultdict(list)
    for text, reports in sorted(of_text.items()):
        spoken[_name(text, reports)] += [report.document for report in reports]
    graded = {fold(name): grade for name, grade in (grades or {}).items()}
    return tuple(
        Voice(name, kind, tuple(sorted(documents)), graded.get(fold(name), "F"))
        for (kind, name), documents in sorted(spoken.items(), key=lambda item: item[0])
    )


def _name(text: str, reports: Sequence[Origin]) -> tuple[Literal["agency", "outlet", "text", "report"], str]:
    agencies = Counter(report.agency for report in reports if report.agency)
    if agencies:
        return "agency", min(agencies, key=lambda name: (-agencies[name], name))
    outlets = {report.outlet for report in reports if report.outlet}
    if outlets:
        earliest = min((r for r in reports if r.outlet), key=lambda r: (r.published or "9999", r.outlet or ""))
        return "outlet", earliest.outlet or text
    return "report" if len(reports) == 1 else "text", text
