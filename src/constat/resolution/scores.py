"""How likely two tellings are one incident: what they state alike and what they contradict, in words with weights.

A reason is a line of `scores.json`; the score is the sum of the weights, as log-odds. The weights are learned by
`training/resolution.py`; null is a veto, a contradiction that no likeness makes up for.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from constat.errors import PackError
from constat.gazetteer import kilometres
from constat.records import content_id
from constat.resolution.shingles import alike, contained
from constat.resolution.tellings import SPELLED, Bounds, Telling

FILE = Path(__file__).with_name("scores.json")
VETO = -1e9
TOGETHER = "both reports tell of another incident, too"  # known only once tellings are joined: `resolve.py` adds it
_WIDE_KM = 30.0
_BORDER_KM = 30.0  # places this near may be told as of two countries
_FAR_KM = 60.0
_ASTRAY_KM = 150.0  # within which places of one name may be one place, put at two points
_NEAR_DAYS = 3
_COPY = 0.6  # share of the shorter text from which it is a copy
_LINES = 20  # longer words of a text that is more than a line or two
_SOME = 0.13  # likeness of wording from which it speaks for one incident
_MANY = 5  # a toll this high is hardly the same by chance


class Verdict(msgspec.Struct, frozen=True):
    """The score of a pair as log-odds, and the reasons for it with their weights, the weightiest first."""

    score: float
    reasons: tuple[tuple[str, float], ...]

    @property
    def probability(self) -> float:
        """The probability that the two are one."""
        return probability(self.score)

    def words(self) -> str:
        """The reasons in one line."""
        return "; ".join(f"{reason} ({weight:+.1f})" for reason, weight in self.reasons)


def probability(score: float) -> float:
    """Log-odds as a probability."""
    return 1 / (1 + math.exp(-score)) if score > -700 else 0.0


class Scores:
    """The weights, looked up by reason."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = dict(weights)
        self.digest = content_id(self.weights)

    def score(self, a: Telling, b: Telling) -> float:
        """The log-odds that two tellings are one incident; `VETO` or less if they cannot be."""
        get = self.weights.get
        total = get("any pair", 0.0)
        for reason in reasons(a, b):
            weight = get(reason, 0.0)
            if weight <= VETO:
                return VETO
            total += weight
        return total

    def verdict(self, a: Telling, b: Telling) -> Verdict:
        """The score with its reasons."""
        found = [(reason, self.weights.get(reason, 0.0)) for reason in ("any pair", *reasons(a, b))]
        ranked = sorted(found, key=lambda pair: (-abs(pair[1]), pair[0]))
        return Verdict(max(VETO, sum(weight for _, weight in found)), tuple(ranked))


def read_scores(path: Path = FILE) -> Scores:
    """The weights of a file, reason -> log-odds, null for a veto; raises `PackError`."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Scores({reason: VETO if weight is None else float(weight) for reason, weight in data.items()})
    except (OSError, ValueError, TypeError, AttributeError) as error:
        cause = f"not a table of reasons and weights ({error}); training/resolution.py makes it"
        raise PackError(str(path), None, cause) from error


@lru_cache(maxsize=1)
def shipped() -> Scores:
    """The weights that come with the program."""
    return read_scores()


def reasons(a: Telling, b: Telling) -> Iterator[str]:
    """Everything that speaks for or against two tellings being one, in words."""
    if a.document == b.document and b.id not in a.same_as and a.id not in b.same_as:
        yield "two events of one report"
        return
    where = _where(a, b)
    yield where
    when = _when(a, b)
    yield when
    if where == "the places are missing" and when.startswith(("no dates", "a date")):
        yield "neither when nor where"
    if when == "the same day" and a.part_of_day and b.part_of_day:
        yield "the same part of the day" if a.part_of_day == b.part_of_day else "another part of the day"
    yield from _what(a, b)
    yield from _who(a, b)
    for field, ours, theirs in (("killed", a.killed, b.killed), ("wounded", a.wounded, b.wounded)):
        if ours is not None and theirs is not None:
            yield f"{field}: {_toll(ours, theirs)}"
    yield from _text(a, b)
    if a.main != b.main:
        yield "news in one report, told in passing in the other"
    elif not a.main:
        yield "told in passing in both reports"


def _where(a: Telling, b: Telling) -> str:
    sound = _sounds(a, b)
    if a.lat is not None and b.lat is not None and a.lon is not None and b.lon is not None:
        far = kilometres(a.lat, a.lon, b.lat, b.lon)
        if a.country and b.country and a.country != b.country and far > _BORDER_KM:
            return "other countries"
        reach = max(a.radius, b.radius)
        if reach > _WIDE_KM:
            if far > reach + _FAR_KM:
                return "places too far apart"
            return f"one place is wide and {'near' if far <= reach else 'by'} the other{sound}"
        if far <= 2:
            return f"at most 2 km apart{sound}"
        if far <= 10:
            return f"at most 10 km apart{sound}"
        if far <= 25:
            return f"at most 25 km apart{sound}"
        if far <= _FAR_KM:
            return f"at most 60 km apart{sound}"
        return "places of one name, far apart" if far <= _ASTRAY_KM and sound == _SAME_SOUND else "places too far apart"
    if a.country and b.country and a.country != b.country:
        return "other countries"
    if a.sounds and b.sounds:
        return f"a point is missing{sound}"
    return "the places are missing"


def _sounds(a: Telling, b: Telling) -> str:
    """How two place names compare, in any script."""
    if a.place_id and a.place_id == b.place_id:
        return _SAME_SOUND
    if not a.sounds or not b.sounds:
        return ""
    ours, theirs = a.sounds[0], b.sounds[0]
    if ours == theirs:
        return _SAME_SOUND
    if not set(a.sounds).isdisjoint(b.sounds):
        return ", a part of the names sounds the same"
    spelled = ours.startswith(SPELLED) or theirs.startswith(SPELLED)
    return "" if spelled and a.lang != b.lang else ", other names"


_SAME_SOUND = ", the names sound the same"


def _when(a: Telling, b: Telling) -> str:
    if a.first is not None and b.first is not None and a.last is not None and b.last is not None:
        if a.day is not None and b.day is not None:
            gap = abs(a.day - b.day)
            if gap > _NEAR_DAYS:
                return "the days are far apart"
            return ("the same day", "a day apart", "two days apart", "three days apart")[gap]
        gap = max(a.first, b.first) - min(a.last, b.last)
        return "the dates allow the same time" if gap <= 0 else "the dates exclude each other"
    if a.first is None and b.first is None:
        if a.published is None or b.published is None:
            return "no dates"
        gap = abs(a.published - b.published)
        return f"no dates, published {_span(gap)}"
    dated, undated = (a, b) if a.first is not None else (b, a)
    if undated.published is None or dated.first is None or dated.last is None:
        return "a date is missing"
    if undated.published < dated.first:
        return "published before the other happened"
    return f"a date is missing, published {_span(max(0, undated.published - dated.last))} after the other happened"


def _span(days: int) -> str:
    if days <= 3:
        return "within three days"
    return "within a month" if days <= 31 else "more than a month"


def _what(a: Telling, b: Telling) -> Iterator[str]:
    if a.subtype and a.subtype == b.subtype:
        yield "the same kind of event"
    elif a.type and b.type:
        yield "the same type of event" if a.type == b.type else "types of one family"
    if a.weapons and b.weapons:
        yield "a weapon in common" if set(a.weapons) & set(b.weapons) else "other weapons"


def _who(a: Telling, b: Telling) -> Iterator[str]:
    if a.actors and b.actors:
        yield "a perpetrator in common" if set(a.actors) & set(b.actors) else "other perpetrators"
    if a.target and b.target:
        if a.target & b.target:
            yield "a target in common"
        elif a.lang == b.lang:
            yield "other targets"


def _toll(ours: Bounds, theirs: Bounds) -> str:
    (a, a_high), (b, b_high) = ours, theirs
    if a == b and a_high == b_high and a_high is not None:
        if a == 0:
            return "none in both"
        return "the same number, five or more" if a >= _MANY else "the same small number"
    if min(a, b) == 0 and 0 in (a_high, b_high):
        return "none in one, some in the other"
    if a <= (b if b_high is None else b_high) and b <= (a if a_high is None else a_high):
        return "ranges that meet"
    if (a_high is None and b >= a) or (b_high is None and a >= b):
        return "ranges that meet"
    low, high = sorted((a, b))
    return "numbers as of a revision" if high - low <= 5 or high <= 2 * low else "numbers far apart"


def _text(a: Telling, b: Telling) -> Iterator[str]:
    ours, theirs = a.wording, b.wording
    if ours.aged or theirs.aged:
        both = len({*ours.aged}.intersection(theirs.named).union({*theirs.aged}.intersection(ours.named)))
        if both:
            yield "people named with their ages in common" if both > 1 else "a person named with an age in common"
        elif ours.aged and theirs.aged and a.lang == b.lang:
            yield "other people named with their ages"
    if a.lang != b.lang:
        return
    phrases = contained(a.wording.phrases, b.wording.phrases)
    if phrases >= _COPY:
        # Copies of one report say the same day: where they do not, these are two of the incidents that both tell.
        other_day = a.day is not None and b.day is not None and a.day != b.day
        yield "nearly the same text, of another day" if other_day else "nearly the same text"
    elif phrases >= 0.05:
        yield "whole phrases in common"
        if _told_alike_of_others(a, b):
            yield "phrases in common, of another day and another number"
    size = min(a.wording.words.size, b.wording.words.size)
    if size and phrases < _COPY:
        words = alike(a.wording.words, b.wording.words)
        # Of a line or two, other words say nothing: a post need not repeat what a report tells at length.
        if size >= _LINES or words >= _SOME:
            yield next(how for least, how in _WORDS if words >= least)
    if a.title and b.title:
        both, least = len(a.title & b.title), min(len(a.title), len(b.title))
        if both >= 3 and both >= 0.5 * least:
            yield "titles alike"


def _told_alike_of_others(a: Telling, b: Telling) -> bool:
    """Whether what differs between texts of one make is when it was and how many died: a list of incidents, not one."""
    if a.day is None or b.day is None or a.killed is None or b.killed is None or abs(a.day - b.day) < 2:
        return False
    return _toll(a.killed, b.killed) in ("numbers as of a revision", "numbers far apart")


_WORDS = (
    (0.3, "many words in common"),
    (0.2, "words in common"),
    (_SOME, "some words in common"),
    (0.06, "few words in common"),
    (0.0, "hardly a word in common"),
)
