"""Which words of a report tell of the same incident: segments are gathered into drafts, one for each incident.

Two drafts are kept apart by what contradicts: another day, another place, another kind of act, or words that say so.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping

from constat.claims.dating import resolve
from constat.claims.segments import Segment, segments
from constat.facts import PlaceMention, SentenceFacts, TimeMention
from constat.records import DateValue, PlaceValue

NEAR_KM = 15.0


class Draft:
    """An incident being gathered from a report: its segments in text order, and whether it is told in passing."""

    def __init__(self, segment: Segment, date: DateValue | None, background: bool) -> None:
        self.segments = [segment]
        self.date = date
        self.background = background

    @property
    def places(self) -> list[PlaceMention]:
        """All places of its segments, in text order."""
        return [p for s in self.segments for p in s.places]

    @property
    def families(self) -> set[str]:
        """The kinds of act told of."""
        return {e.key for s in self.segments for e in s.strong}


class Gatherer:
    """Walks the segments of a report in order and decides for each which draft it belongs to."""

    def __init__(self, published: dt.date | None, families: Mapping[str, str]) -> None:
        self.published = published
        self.families = families
        self.drafts: list[Draft] = []
        self.current: Draft | None = None

    def gather(self, report: Iterable[SentenceFacts]) -> list[Draft]:
        """The drafts of a report, in the order in which it first tells of them."""
        for facts in report:
            if "other" in facts.flags:
                continue
            for segment in segments(facts):
                self._take(segment)
        return [d for d in self.drafts if any(s.events for s in d.segments)]

    def _take(self, segment: Segment) -> None:
        date = self._date(segment)
        telling = bool(segment.strong) or (bool(segment.events) and bool(segment.tolls or date or segment.places))
        if self.current is None:
            if telling or (segment.events and segment.facts.sentence.part == "title"):
                self.current = self._open(segment, date, False)
            return
        if not telling:
            self._join(self.current, segment, None)
            return
        reason = self._contradiction(self.current, segment, date)
        if not reason:
            self._join(self.current, segment, date)
            return
        for draft in self.drafts:
            if (
                draft is not self.current
                and not self._contradiction(draft, segment, date, returning=True)
                and self._same_place(draft, segment)
            ):
                self._join(draft, segment, date)
                self.current = draft
                return
        if any(p.level <= 3 for p in segment.places) or date is not None or segment.tolls:
            earlier = self._earlier(segment, date)
            opened = self._open(segment, date, earlier)
            if not earlier:
                self.current = opened
        # A passing mention without a place, a day or a toll of its own is no incident.

    def _open(self, segment: Segment, date: DateValue | None, background: bool) -> Draft:
        draft = Draft(segment, date, background)
        self.drafts.append(draft)
        return draft

    def _join(self, draft: Draft, segment: Segment, date: DateValue | None) -> None:
        draft.segments.append(segment)
        if draft.date is None and date is not None:
            draft.date = date

    def _date(self, segment: Segment) -> DateValue | None:
        main = self.drafts[0].date if self.drafts else None
        for time in segment.times:
            if time.dated:
                value = resolve(time, self.published, main)
                if value.value is not None:
                    return value
        return None

    def _earlier(self, segment: Segment, date: DateValue | None) -> bool:
        main = self.drafts[0].date if self.drafts else None
        if segment.back == "earlier" or any(t.kind in ("before",) for t in segment.times):
            return True
        if date and main and date.value and main.value and date.value < main.value[: len(date.value)]:
            return True
        return segment.past

    def _contradiction(self, draft: Draft, segment: Segment, date: DateValue | None, returning: bool = False) -> str:
        """Why a segment cannot tell of the draft's incident; "" if nothing speaks against it."""
        if not returning and segment.back in ("earlier", "another"):
            return "told as another incident"
        if date and draft.date and _days_differ(date, draft.date):
            return "another day"
        if any(t.kind == "before" for t in segment.times) and segment.strong:
            return "an earlier time"
        if segment.strong and self._elsewhere(draft, segment):
            return "another place"
        mine = {self.families.get(k, k) for k in draft.families} - {""}
        theirs = {self.families.get(e.key, e.key) for e in segment.strong} - {""}
        if mine and theirs and not mine & theirs and (date or any(p.level <= 2 for p in segment.places)):
            return "another kind of act"
        return ""

    def _elsewhere(self, draft: Draft, segment: Segment) -> bool:
        here = [p for p in draft.places if p.level <= 2 and p.cue != "dateline"]
        there = [p for p in segment.places if p.level <= 2 and p.cue in ("in", "near", "direction", "head", "list")]
        if not here or not there:
            return False
        return not any(_meet(a.value, b.value) for a in here for b in there)

    def _same_place(self, draft: Draft, segment: Segment) -> bool:
        here = [p for p in draft.places if p.level <= 2]
        return any(_meet(a.value, b.value) for a in here for b in segment.places if b.level <= 2)


def _days_differ(a: DateValue, b: DateValue) -> bool:
    if a.value is None or b.value is None:
        return False
    size = min(len(a.value), len(b.value))
    return a.value[:size] != b.value[:size]


def _meet(a: PlaceValue, b: PlaceValue) -> bool:
    """Two names may mean one place: the same words, or points closer than their radii allow to tell apart."""
    if a.name == b.name or (a.gazetteer_id is not None and a.gazetteer_id == b.gazetteer_id):
        return True
    if a.lat is None or b.lat is None or a.lon is None or b.lon is None:
        return a.country is None or b.country is None or a.country == b.country
    p, q = math.radians(a.lat), math.radians(b.lat)
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 12742 * math.asin(math.sqrt(h)) <= NEAR_KM + (a.radius_km or 0) + (b.radius_km or 0)


def dated(time: TimeMention) -> bool:
    """A time that can date an incident."""
    return time.dated
