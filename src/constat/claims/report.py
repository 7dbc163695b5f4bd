"""A report as the reader of claims sees it: its units, their days, and what the report is about as a whole."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, ParamSpec

import msgspec

from constat import gazetteer
from constat.claims.dating import resolve
from constat.claims.units import Unit, units
from constat.facts import PlaceMention, SentenceFacts, TimeMention, TollMention
from constat.records import UNATTRIBUTED, Attribution, DateValue, PlaceValue, Span

if TYPE_CHECKING:
    from constat.claims.encoded import Encoded

_P = ParamSpec("_P")
ACTORS = ("ACT", "ACR", "NAME", "NAT", "GEO", "UNID", "AGENCY", "PPL", "PLACE")  # tags that may name who acts
NEAR_KM = 15.0  # two points as near as this may be one place


class Block:
    """Features that come together in many candidates, made and looked up once; `network` is whose numbers they are."""

    __slots__ = ("features", "network", "numbers")

    def __init__(self, features: Iterable[str]) -> None:
        self.features = tuple(features)
        self.network: Any = None
        self.numbers: Any = None


class Candidate(msgspec.Struct, frozen=True):
    """A value that a field may take, what speaks for and against it, and its words; `value` None is "not stated".

    Candidates of one `name` support each other: several mentions of one actor are one actor. `parts`: further features
    in blocks, which are looked up once. `shared`: the same for what other candidates of the report hold too, so that
    each is also summed once. `said`: what counts for each candidate by itself, as the feature `name:…`; a choice that
    has it at all has the same for all its candidates.
    """

    value: Any
    features: tuple[str, ...]
    spans: tuple[Span, ...] = ()
    unit: int = -1
    name: str = ""
    extra: Any = None
    parts: tuple[Block, ...] = ()
    shared: tuple[Block, ...] = ()
    said: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        """All features, its own and those of its blocks."""
        blocks = chain.from_iterable(block.features for block in (*self.parts, *self.shared))
        return (*self.features, *blocks, *(f"{self.name}:{feature}" for feature in self.said))


Extent = tuple[Span, str, Block]


class Report:
    """The facts of one report with what follows from all of them together."""

    def __init__(self, facts: Sequence[SentenceFacts], published: dt.date | None, families: Mapping[str, str]) -> None:
        self.facts = list(facts)
        self.published = published
        self.families = families
        self.units = units(self.facts)
        self.blocks: dict[tuple[object, ...], Block] = {}  # features that several choices share, made once
        self.extents: dict[tuple[int, int], list[Extent]] = {}  # (unit, chunk) -> the words that it may be named by
        self.heard: dict[int, Any] = {}  # unit -> what it says, as far as it is compared with others
        self._tags: dict[int, frozenset[str]] = {}
        self.encoded: Encoded | None = None  # the report as the network sees it, once that is asked
        self.paragraphs = max((u.paragraph for u in self.units if not u.title), default=0) + 1

    @cached_property
    def body(self) -> list[Unit]:
        """The units of the text, without the headline."""
        return [u for u in self.units if not u.title]

    def block(
        self, key: tuple[object, ...], made: Callable[_P, Iterable[str]], *args: _P.args, **kwargs: _P.kwargs
    ) -> Block:
        """The features that `key` stands for, made on first use; the same block each time."""
        found = self.blocks.get(key)
        if found is None:
            found = self.blocks[key] = Block(made(*args, **kwargs))
        return found

    def tags(self, facts: SentenceFacts) -> frozenset[str]:
        """The tags of a sentence."""
        found = self._tags.get(facts.sentence.index)
        if found is None:
            found = self._tags[facts.sentence.index] = frozenset(c.tag for c in facts.sentence.chunks)
        return found

    @cached_property
    def all_tags(self) -> frozenset[str]:
        """The tags of all sentences."""
        return frozenset(chain.from_iterable(map(self.tags, self.facts)))

    @cached_property
    def loose(self) -> list[tuple[Unit, TollMention]]:
        """Counts that no rule reads as casualties and that may be, each with its unit."""
        return [(u, t) for u in self.units for t in u.loose]

    @cached_property
    def contexts(self) -> Counter[str]:
        """How often words of each context other than an incident occur: sport, finance, trial, drill …"""
        return Counter(c.key for f in self.facts for c in f.sentence.chunks if c.tag == "CTX")

    @cached_property
    def names(self) -> Counter[str]:
        """How often each name or named actor occurs."""
        return Counter(
            c.key if c.tag in ("NAME", "ACR", "PLACE") else f.quote(i, i + 1).quote.casefold()
            for f in self.facts
            for i, c in enumerate(f.sentence.chunks)
            if c.tag in ("NAME", "ACR", "PLACE", "ACT", "GEO", "NAT")
        )

    @cached_property
    def aliases(self) -> dict[tuple[int, int], str]:
        """(sentence, chunk) -> the actor it names; names of the same words, and a name and its acronym, are one."""
        named: dict[tuple[int, int], str] = {}
        full: dict[str, str] = {}
        for facts in self.facts:
            at, chunks, tokens = facts.sentence.index, facts.sentence.chunks, facts.sentence.tokens
            for i, c in enumerate(chunks):
                if c.tag not in ACTORS:
                    continue
                named[at, i] = " ".join(t.fold for t in tokens[c.first : c.last])
                if c.tag == "ACR" and i > 1 and chunks[i - 1].tag == "PA" and (at, i - 2) in named:
                    full.setdefault(named[at, i], named[at, i - 2])
        return {at: full.get(name, name) for at, name in named.items()}

    @cached_property
    def title_words(self) -> frozenset[str]:
        """The folded words of the headline."""
        return frozenset(t.fold for f in self.facts if f.sentence.part == "title" for t in f.sentence.tokens)

    @cached_property
    def cited(self) -> list[tuple[Attribution, ...]]:
        """For each unit who says what it tells: those cited in its sentence, or who was cited last in the paragraph."""
        out: list[tuple[Attribution, ...]] = []
        last: tuple[int, tuple[Attribution, ...]] = (-2, (UNATTRIBUTED,))
        for unit in self.units:
            said = tuple(
                Attribution(
                    source=s.name,
                    cue=s.verb,
                    span=s.span,
                    through=Attribution(source=s.through.quote, span=s.through) if s.through else None,
                )
                for s in unit.sources
            )
            if said:
                last = (unit.paragraph, said)
            out.append(last[1] if unit.paragraph == last[0] else (UNATTRIBUTED,))
        return out

    def date(self, time: TimeMention, anchor: DateValue | None) -> DateValue:
        """The date of an expression; `anchor` is the day of the event that it counts from."""
        return resolve(time, self.published, anchor)


@lru_cache(maxsize=10_000)
def bucket(value: float, *bounds: float) -> str:
    """Which of the ranges that the bounds make a value falls into, as a short word."""
    for bound in bounds:
        if value <= bound:
            return f"<={bound:g}"
    return f">{bounds[-1]:g}"


def same_place(a: PlaceValue, b: PlaceValue) -> bool:
    """Two names are one place: the same words or the same entry of the gazetteer."""
    return a.name.casefold() == b.name.casefold() or (a.gazetteer_id is not None and a.gazetteer_id == b.gazetteer_id)


def kilometres(a: PlaceValue, b: PlaceValue) -> float | None:
    """The distance between two places, None if one has no point."""
    if a.lat is None or b.lat is None or a.lon is None or b.lon is None:
        return None
    return gazetteer.kilometres(a.lat, a.lon, b.lat, b.lon)


def fine(places: Sequence[PlaceMention]) -> list[PlaceMention]:
    """Places of the size of a town or smaller."""
    return [p for p in places if p.level <= 2]
