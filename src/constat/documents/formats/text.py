"""Plain text: one report."""

from __future__ import annotations

from collections.abc import Iterator

from constat.captures import Draft, Kept, Refused
from constat.documents.extract import Context
from constat.documents.reports import text_report


def score(kept: Kept, head: bytes) -> float:
    """Sure of a text file, and the last resort for what nobody else reads."""
    if kept.suffix in (".txt", ".text") or kept.media_type == "text/plain":
        return 0.5
    return 0.05


def drafts(kept: Kept, context: Context) -> Iterator[Draft | Refused]:
    """The whole text."""
    data = kept.read(context.settings.max_report_bytes, "max_report_bytes")
    document = text_report(data, kept.name, context.known, context.settings)
    yield Draft(document=document, given=document.id)
