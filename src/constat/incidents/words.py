"""Values of an incident in words, for people."""

from __future__ import annotations

from constat.records import DateValue, FusedToll, PlaceValue, Toll, Value

_SAID = {"positive": "same", "negative": "not-same"}  # kinds of decisions that a person knows by another word


def of_kind(kind: str) -> str:
    """A kind of decision, as the command calls it."""
    return _SAID.get(kind, kind)


def of_value(value: Value | None) -> str:
    """A value as a person would write it."""
    match value:
        case None:
            return "not stated"
        case Toll(low=low, high=high):
            return range_words(low, high)
        case DateValue(value=day, part_of_day=part):
            return f"{day or 'no calendar date'}{f', {part}' if part else ''}"
        case PlaceValue(name=name):
            return name
        case bool():
            return "yes" if value else "no"
        case str():
            return value.replace("|", ", ")


def toll_words(toll: FusedToll) -> str:
    """The best figure with its range: `4 (3 to 5)`."""
    span = range_words(toll.low, toll.high)
    if toll.best is None:
        return span
    return str(toll.best) if toll.low == toll.high else f"{toll.best} ({span})"


def range_words(low: int, high: int | None) -> str:
    """A range as a person would write it."""
    if high is None:
        return f"{low} or more"
    return str(low) if low == high else f"{low} to {high}"


def span_words(low: int, high: int | None) -> str:
    """A range in the least signs: `3+`, `3–5`, `3`."""
    if high is None:
        return f"{low}+"
    return str(low) if low == high else f"{low}–{high}"
