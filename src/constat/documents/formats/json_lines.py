"""JSON Lines, a report a line, and one report as one JSON object."""

from __future__ import annotations

from collections.abc import Iterator

from constat.captures import Draft, Kept, Refused
from constat.documents.extract import Context
from constat.documents.reports import json_report
from constat.errors import InputError

_MARK = b"\xef\xbb\xbf"


def score(kept: Kept, head: bytes) -> float:
    """By name or media type; else by a line that begins as an object with a text."""
    if kept.suffix in (".jsonl", ".ndjson") or kept.media_type in ("application/jsonl", "application/x-ndjson"):
        return 0.8
    begins = head.removeprefix(_MARK).lstrip()
    if kept.suffix == ".json" or kept.media_type == "application/json":
        return 0.4
    return 0.3 if begins.startswith(b"{") and b'"text"' in begins else 0.0


def drafts(kept: Kept, context: Context) -> Iterator[Draft | Refused]:
    """Every line by itself, so that one that is broken or endless harms no other; `.json` is one object."""
    if kept.suffix == ".json" or kept.media_type == "application/json":
        data = kept.read(context.settings.max_report_bytes, "max_report_bytes")
        document = json_report(data, kept.name, None, context.known, context.settings)
        yield Draft(document=document, given=document.id)
        return
    limit, number = context.settings.max_line_bytes, 0
    with kept.open() as file:
        while line := file.readline(limit + 1):
            number += 1
            where = f"line {number}"
            if len(line) > limit and not line.endswith(b"\n"):
                size = len(line)
                while line and not line.endswith(b"\n"):
                    line = file.readline(limit)
                    size += len(line)
                yield Refused(locator=where, cause=f"a line of {size:,} bytes, more than {limit:,}: `max_line_bytes`")
            elif line.strip():
                yield _read(line, kept.name, number, context)


def _read(line: bytes, name: str, number: int, context: Context) -> Draft | Refused:
    try:
        document = json_report(line, name, number, context.known, context.settings)
    except InputError as error:
        return Refused(locator=f"line {number}", cause=error.cause)
    return Draft(document=document, locator=f"line {number}", given=document.id)
