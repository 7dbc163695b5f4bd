"""Which of the places that a telling names is the place where it happened."""

from __future__ import annotations

from constat.claims.segments import Segment
from constat.facts import PlaceMention, SentenceFacts
from constat.records import PlaceValue, Span


def event_place(
    told: list[Segment], report: list[SentenceFacts], background: bool
) -> tuple[PlaceValue, Span, str] | None:
    """The place of an incident with its words, and how it was found: frame, near, or only the report's own setting."""
    scored: list[tuple[float, int, Segment, PlaceMention]] = []
    for n, segment in enumerate(told):
        for place in segment.places:
            scored.append((_score(n, segment, place), -len(scored), segment, place))
    if scored:
        best = max(scored, key=lambda s: (s[0], s[1]))
        if best[3].level <= 3:
            return best[3].value, best[2].facts.quote(best[3].first, best[3].last), "frame" if best[0] > 3 else "near"
    # An incident told in passing without a place of its own happened where the report's own news did.
    for facts in report:
        for place in facts.places:
            if place.level <= 3 and (place.cue == "dateline" or facts.sentence.part == "text"):
                return place.value, facts.quote(place.first, place.last), "document"
    if scored:
        best = max(scored, key=lambda s: (s[0], s[1]))
        return best[3].value, best[2].facts.quote(best[3].first, best[3].last), "near"
    return None


def _score(n: int, segment: Segment, place: PlaceMention) -> float:
    score = {0: 3.0, 1: 2.6, 2: 1.6, 3: 0.8, 4: 0.0, 5: -1.0}.get(place.level, 0.0)
    score += {"in": 1.0, "near": 0.8, "head": 0.6, "direction": 0.4, "list": 0.2, "dateline": -2.2}.get(place.cue, 0.0)
    if segment.strong:
        score += 1.2
    elif segment.events or segment.tolls:
        score += 0.5
    if any(
        event.roles.get("place") and event.roles["place"][0] <= place.first < event.roles["place"][1]
        for event in segment.events
    ):
        score += 1.0
    if segment.facts.sentence.part == "title":
        score -= 0.6
    if place.value.lat is None:
        score -= 0.4
    return score - 0.15 * n
