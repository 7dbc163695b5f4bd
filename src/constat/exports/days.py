"""Dates of incidents as first and last day, and as the date codes of other data sets."""

from __future__ import annotations

import calendar
import datetime as dt

from constat.records import DateValue, Fused

_WEEK = 6  # days after the first of a week


def bounds(date: DateValue | None) -> tuple[dt.date, dt.date] | None:
    """The first and the last day on which it may have been, None while nothing anchors it."""
    if date is None or not date.value:
        return None
    try:
        parts = [int(part) for part in date.value[:10].split("-")]
        if len(parts) == 1:
            return dt.date(parts[0], 1, 1), dt.date(parts[0], 12, 31)
        if len(parts) == 2:
            year, month = parts
            return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
        first = dt.date(parts[0], parts[1], parts[2])
        return first, first + dt.timedelta(_WEEK if date.precision == "week" else 0)
    except (ValueError, IndexError, OverflowError):
        return None


def date_of(fused: Fused | None) -> DateValue | None:
    """The date of a field."""
    return fused.value if fused and isinstance(fused.value, DateValue) else None
