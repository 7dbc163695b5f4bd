"""Dates of publication as formats write them: by a machine, in no language."""

from __future__ import annotations

import datetime as dt
import email.utils
import re

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")


def iso_day(said: str) -> str | None:
    """The day of an ISO date, of a mail date, or of day, month and year where only one order is possible."""
    said = said.strip()
    if match := _ISO.match(said):
        return _day(*map(int, match.groups()))
    if match := _DAY_FIRST.match(said):
        first, second, year = map(int, match.groups())
        if first > 12 or first == second:
            return _day(year, second, first)
        return _day(year, first, second) if second > 12 else None
    try:
        return email.utils.parsedate_to_datetime(said[:100]).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None
