"""What a text names, sentence by sentence: the table that stage 3 (mentions) lays and stage 4 (claims) reads.

Chunk ranges are [first, last) within the sentence that `sentence` indexes.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from constat.records import PlaceValue, Span
from constat.text import Sentence

Range = tuple[int, int]
LOOSE, ONE = "loose", "one"


class Amount(msgspec.Struct, frozen=True):
    """A number as stated: `low` to `high`, `high` None where the text states no upper bound."""

    low: int
    high: int | None


class TollMention(msgspec.Struct, frozen=True, kw_only=True):
    """A count of casualties in one sentence.

    `kind` killed, wounded, casualties, missing, or loose where no rule says what befell them; `groups` the people
    counted; `role` "" for a plain count, `part` for
    a share of another, `total`, `was` for one that a later figure replaces, `aggregate` for a sum over incidents.
    """

    sentence: int
    first: int
    last: int
    kind: str
    amount: Amount
    groups: tuple[str, ...] = ()
    role: str = ""
    who: Range | None = None
    rule: str = ""

    @property
    def guessed(self) -> bool:
        """No rule of a pack read it: it is of the kind `loose`, or one person for a casualty word by itself."""
        return self.rule.startswith((f"{LOOSE}/", f"{ONE}/"))


class TimeMention(msgspec.Struct, frozen=True, kw_only=True):
    """A time expression before it is resolved; numbers are None where not stated, `count` None for "some".

    `kind` is set by the rule: date, weekday, night, rel, relev, ago, before, after, this, last, month,
    year, part, hour, within.
    """

    sentence: int
    first: int
    last: int
    kind: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    days: int | None = None
    unit: str | None = None
    count: int | None = None
    part: str | None = None
    hour: int | None = None
    shift: str | None = None

    @property
    def dated(self) -> bool:
        """It says a day, week, month or year, not only an hour or a part of a day."""
        return self.kind not in ("part", "hour")

    @property
    def from_event(self) -> bool:
        """It counts from another event of the report, not from the day of publication."""
        return self.kind in ("relev", "before", "after")


class PlaceMention(msgspec.Struct, frozen=True, kw_only=True):
    """A place named in a sentence, resolved in the light of the whole report.

    `cue`: how it is brought in: in, near, from, toward, direction, dateline, list, head (only a word such as `village`)
    or "".
    `level`: 0 site or quarter, 1 town or village, 2 district, 3 province, 4 country, 5 region wider than a country.
    `called`: the range with the head word that belongs to its name: "village of X", "X camp".
    """

    sentence: int
    first: int
    last: int
    value: PlaceValue
    cue: str = ""
    level: int = 1
    called: Range | None = None


class SourceMention(msgspec.Struct, frozen=True, kw_only=True):
    """Who is cited in a sentence: `name` as in the text, the key of the verb of saying, and through whom."""

    sentence: int
    first: int
    last: int
    name: str
    kind: str
    verb: str
    span: Span
    through: Span | None = None


class MeasureMention(msgspec.Struct, frozen=True, kw_only=True):
    """A response measure told in a sentence."""

    sentence: int
    first: int
    last: int
    measure: str


class EventWord(msgspec.Struct, frozen=True, kw_only=True):
    """An event word with the roles that the frames of its sentence give it, and its modality.

    `roles`: perp, target, weapon, place, claimant -> chunk range. `certainty` of the perpetrator, or "".
    `back`: earlier, another, series, aggregate or "". `definite`: it points at something told before.
    `rules`: the frames that matched; `given`: role -> the frame that gives it.
    """

    sentence: int
    chunk: int
    key: str
    form: str
    roles: Mapping[str, Range] = {}
    certainty: str = ""
    modality: str = "asserted"
    back: str = ""
    definite: bool = False
    rules: tuple[str, ...] = ()
    given: Mapping[str, str] = {}


class SentenceFacts(msgspec.Struct, frozen=True):
    """Everything found in one sentence; `loose` counts that no rule read, `casualties` chunk -> killed, wounded …"""

    sentence: Sentence
    text: str
    events: tuple[EventWord, ...] = ()
    tolls: tuple[TollMention, ...] = ()
    times: tuple[TimeMention, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    sources: tuple[SourceMention, ...] = ()
    measures: tuple[MeasureMention, ...] = ()
    flags: frozenset[str] = frozenset()
    loose: tuple[TollMention, ...] = ()
    casualties: Mapping[int, str] = {}

    def quote(self, first: int, last: int) -> Span:
        """The words of a chunk range as a span."""
        return self.sentence.span(self.text, first, last)
