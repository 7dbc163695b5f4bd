"""Dates of time expressions, from the day of publication or the day of another event; precision is kept."""

from __future__ import annotations

import calendar
import datetime as dt

from constat.facts import TimeMention
from constat.records import DateValue


def resolve(time: TimeMention, published: dt.date | None, event: DateValue | None) -> DateValue:
    """The date of an expression, as precise as its anchors allow; `event` is the date of the event it counts from."""
    base = _day(event) if time.from_event and event is not None else None if time.from_event else published
    part = time.part or _part_of(time.hour)
    value, precision = _value(time, base, published)
    if value is None:
        return DateValue(None, "unresolved", part)
    if precision == "day" and part:
        precision = "part of day"
    return DateValue(value, precision, part)


def _day(date: DateValue | None) -> dt.date | None:
    if date is None or date.value is None or len(date.value) != 10:
        return None
    return dt.date.fromisoformat(date.value)


def _part_of(hour: int | None) -> str | None:
    if hour is None or not 0 <= hour <= 24:
        return None
    for bound, name in ((5, "night"), (7, "dawn"), (12, "morning"), (13, "noon"), (18, "afternoon"), (22, "evening")):
        if hour < bound:
            return name
    return "night"


def _value(time: TimeMention, base: dt.date | None, published: dt.date | None) -> tuple[str | None, str]:
    match time.kind:
        case "date":
            return _calendar(time, base)
        case "month":
            return _month(time, base)
        case "year":
            return (str(time.year), "year") if time.year else (None, "")
        case "weekday" | "night":
            if time.day and base:
                return _calendar(time, base)
            if base is None or time.weekday is None:
                return None, ""
            back = (base.weekday() - time.weekday) % 7
            if time.shift == "last" and back == 0:
                back = 7
            return (base - dt.timedelta(days=back)).isoformat(), "day"
        case "rel" | "relev":
            return ((base + dt.timedelta(days=time.days or 0)).isoformat(), "day") if base else (None, "")
        case "this":
            return _this(time, base)
        case "last":
            return _counted(base, 1, time.unit, -1)
        case "ago" | "before":
            return _counted(base, time.count, time.unit, -1)
        case "after":
            return _counted(base, time.count, time.unit, 1)
        case "within":
            return (base.isoformat(), "day") if base and time.unit in ("hour", "minute", None) else (None, "")
    return None, ""


def _calendar(time: TimeMention, base: dt.date | None) -> tuple[str | None, str]:
    day, month, year = time.day, time.month, time.year
    if day is None:
        return _month(time, base)
    if month is None:
        if base is None:
            return None, ""
        month, year = (
            (base.month, base.year) if day <= base.day else ((base.month - 2) % 12 + 1, base.year - (base.month == 1))
        )
    if year is None:
        if base is None:
            return None, ""
        year = base.year + (1 if time.shift == "next" else 0)
        # A day up to two days ahead is a report published across midnight or time zones, not last year.
        if _safe(year, month, day) is not None and dt.date(year, month, day) > base + dt.timedelta(days=2):
            year -= 1
        if time.shift == "last" and year == base.year and month >= base.month:
            year -= 1
    date = _safe(year, month, day)
    return (date.isoformat(), "day") if date else (None, "")


def _safe(year: int, month: int, day: int) -> dt.date | None:
    return dt.date(year, month, day) if 1 <= day <= calendar.monthrange(year, month)[1] else None


def _month(time: TimeMention, base: dt.date | None) -> tuple[str | None, str]:
    if time.month is None:
        return None, ""
    year = time.year
    if year is None:
        if base is None:
            return None, ""
        year = base.year - 1 if time.shift == "last" and time.month >= base.month else base.year
        if time.shift == "lastyear" or time.month > base.month:
            year = base.year - 1
    return f"{year:04d}-{time.month:02d}", "month"


def _this(time: TimeMention, base: dt.date | None) -> tuple[str | None, str]:
    if base is None:
        return None, ""
    match time.unit:
        case "week" | "month":
            return f"{base.year:04d}-{base.month:02d}", "month"
        case "year":
            return f"{base.year:04d}", "year"
        case _:
            return base.isoformat(), "day"


def _counted(base: dt.date | None, count: int | None, unit: str | None, sign: int) -> tuple[str | None, str]:
    """So many units before or after a day: weeks and months are as precise as a month, years as a year."""
    if base is None:
        return None, ""
    if unit in ("hour", "minute"):
        if count is not None and count >= 24:
            return (base + dt.timedelta(days=sign * (count // 24))).isoformat(), "day"
        return base.isoformat(), "day"
    if unit == "day":
        return (
            ((base + dt.timedelta(days=sign * count)).isoformat(), "day")
            if count is not None
            else (base.isoformat()[:7], "month")
        )
    if unit == "week":
        day = base + dt.timedelta(weeks=sign * (count or 1))
        return day.isoformat()[:7], "month"
    if unit == "month":
        months = base.year * 12 + base.month - 1 + sign * (count or 1)
        return f"{months // 12:04d}-{months % 12 + 1:02d}", "month"
    if unit == "year":
        return f"{base.year + sign * (count or 1):04d}", "year"
    return None, ""
