"""Standings and values as people write them, in the words of a language; no sentence that the values do not hold."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from constat.countries import country as country_of
from constat.interface import Words
from constat.records import DateValue, FusedToll, PlaceValue, Toll
from constat.standing import Change, Figures, Standing, When

_ID = re.compile("[0-9a-f]{64}")


def headline(s: Standing, words: Words) -> str:
    """What, where and when in one line."""
    what = words.named("type", s.subtype or s.type) or words("say.incident")
    place, when = where(s, words), date(s.date, words) if s.date and s.date.value else ""
    if place and when:
        return words("say.what_where_when", what=what, where=place, when=when)
    return words("say.what_where", what=what, where=place or when) if place or when else what


def where(s: Standing, words: Words) -> str:
    """The place with its country."""
    country = country_name(s.country, words)
    if s.place and country:
        return words("say.place_of", place=s.place, country=country)
    return s.place or country


def country_name(code: str | None, words: Words) -> str:
    """A country in the language, where the library that knows is installed, else in English."""
    known = country_of(code)
    if known is None:
        return code or ""
    try:
        from babel import Locale
    except ImportError:
        return known.name
    return str(Locale(words.lang).territories.get(known.two, known.name))


def date(value: When | DateValue | None, words: Words) -> str:
    """A date as precise as it is known."""
    if value is None or not value.value:
        return words("say.undated")
    parts = value.value[:10].split("-")
    names = {"y": str(int(parts[0]))}
    if len(parts) > 1:
        names["month"] = words(f"month.{int(parts[1])}")
    if len(parts) > 2:
        names["d"] = str(int(parts[2]))
    said = words(f"date.{('year', 'month', 'day')[len(parts) - 1]}", **names)
    if value.precision == "week" and len(parts) > 2:
        said = words("date.week", day=said)
    part = value.part if isinstance(value, When) else value.part_of_day
    return words("date.part", day=said, part=words.named("part", part)) if part else said


def day(text: str, words: Words) -> str:
    """An ISO day or time as a day in words."""
    return date(When(text[:10], "day"), words)


def moment(at: dt.datetime, words: Words) -> str:
    """A time in words."""
    at = at.astimezone(dt.UTC)
    return words("date.time", day=day(at.date().isoformat(), words), clock=at.strftime("%H:%M"))


def figures(value: Figures | FusedToll | Toll, words: Words) -> str:
    """A toll: its best figure and its range."""
    low, high = value.low, value.high
    best = None if isinstance(value, Toll) else value.best
    if high is not None and low == high:
        return words("say.figure", n=low)
    if high is None:
        span = words("say.least", n=low) if low else words("say.some")
    else:
        span = words("say.range", low=low, high=high)
    return span if best is None else words("say.best", best=best, range=span)


def value(field: str, given: Any, words: Words) -> str:
    """Any value of a field or of a standing."""
    match given:
        case None | "" | ():
            return words("say.not_stated")
        case Figures() | Toll() | FusedToll():
            return figures(given, words)
        case When() | DateValue():
            return date(given, words)
        case PlaceValue():
            country = country_name(given.country, words)
            return words("say.place_of", place=given.name, country=country) if country else given.name
        case tuple() | list():
            return listed((voice(str(part), words) for part in given), words)
        case int() if field == "information":
            return words(f"information.{given}")
    return _named(field, str(given), words)


def _named(field: str, text: str, words: Words) -> str:
    section = {"type": "type", "subtype": "type", "status": "status", "perpetrator_certainty": "certainty"}.get(field)
    if section:
        return words.named(section, text)
    if field == "country":
        return country_name(text, words)
    if field in ("weapons", "responses", "sources"):
        table = {"weapons": "weapon", "responses": "measure"}.get(field)
        return listed((words.named(table, part) if table else part for part in text.split("|") if part), words)
    return text


def voice(name: str, words: Words) -> str:
    """A voice by its name; a report of nobody by the beginning of its id."""
    return words("say.report", id=name[:8]) if _ID.fullmatch(name) else name


def change(one: Change, words: Words) -> str:
    """What a field was and is."""
    name = words.named("field", one.field)
    before, after = value(one.field, one.before, words), value(one.field, one.after, words)
    kind = "change" if one.before and one.after else "change_new" if one.after else "change_gone"
    return words(f"say.{kind}", name=name, before=before, after=after)


def listed(parts: Iterable[str], words: Words) -> str:
    """Several words in a row."""
    return words("say.list").join(parts)


def lines(s: Standing, words: Words) -> list[str]:
    """All that is stated, a line each; that no dead are stated is said, for it is not zero."""
    told: list[tuple[str, Any]] = [
        ("killed", s.killed), ("wounded", s.wounded), ("perpetrator", s.perpetrator), ("claimed_by", s.claimed_by),
        ("target", s.target), ("voices", s.voices), ("denials", s.denials), ("information", s.information),
        ("status", s.status),
    ]  # fmt: skip
    shown = [(name, given) for name, given in told if given or name == "killed"]
    return [words("say.field", name=words.named("field", n), value=value(n, g, words)) for n, g in shown]
