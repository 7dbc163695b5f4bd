"""Time expressions, found by a pack's rules; `claims/dating.py` resolves them."""

from __future__ import annotations

from constat.facts import TimeMention
from constat.grammar import Match, Rules
from constat.mentions.quantities import amount, digits
from constat.text import Sentence

_EVENING = 17


def times(sentence: Sentence, rules: Rules) -> list[TimeMention]:
    """The time expressions of a sentence from left to right; where rules overlap the longest match stands."""
    found = [m for m in map(_read, rules.matches(sentence)) if m is not None]
    found.sort(key=lambda t: (t.first - t.last, t.first))
    kept: list[TimeMention] = []
    for time in found:
        if not any(time.first < k.last and k.first < time.last for k in kept):
            kept.append(time)
    return sorted(kept, key=lambda t: t.first)


def _read(match: Match) -> TimeMention | None:
    sets, sentence = match.rule.sets, match.sentence

    def number(name: str) -> int | None:
        part = match.parts.get(name)
        if part is None or part[0] == part[1]:
            return None
        chunk = sentence.chunks[part[0]]
        if chunk.tag == "NUM":
            return digits(chunk.key)
        if chunk.tag in ("MON", "WDAY", "REL", "RELEV") and chunk.key.lstrip("-").isdigit():
            return int(chunk.key)
        value = amount(sentence, *part)
        return value.low if value else None

    def key(name: str) -> str | None:
        chunk = match.chunk(name)
        return chunk.key if chunk else None

    hour = number("hour")
    # "The night of the 3rd to the 4th" is the 4th, unless an hour before midnight says otherwise.
    late = hour is not None and hour >= _EVENING

    def of_night(name: str) -> int | None:
        return number(name + "2") if name + "2" in match.parts and not late else number(name)

    day, month, year = of_night("day"), number("month"), number("year")
    feast = match.chunk("month")
    if feast is not None and "-" in feast.key:  # a feast of one day: Christmas Day 12-25
        month, day = map(int, feast.key.split("-"))
    if sets.get("kind") == "year" and year is None:
        return None
    if year is not None and year < 1000 and sets.get("kind") in ("year", "month"):
        return None
    if year is not None and year < 100:
        year += 2000 if year < 50 else 1900
    if day is not None and month is not None and month > 12:
        day, month = month, day  # 12/16/2008: no other order makes a day of it
    if (day is not None and not 1 <= day <= 31) or (month is not None and not 1 <= month <= 12):
        return None
    if year is not None and not 1900 <= year <= 2100:
        return None
    days = number("rel")
    return TimeMention(
        sentence=sentence.index,
        first=match.first,
        last=match.last,
        kind=sets.get("kind", "part"),
        year=year,
        month=month,
        day=day,
        weekday=of_night("weekday"),
        days=int(sets["days"]) if "days" in sets else days,
        unit=sets.get("unit") or key("unit"),
        count=int(sets["n"]) if "n" in sets else number("n"),
        part=sets.get("part") or key("part"),
        hour=hour,
        shift=sets.get("shift"),
    )
