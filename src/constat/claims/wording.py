"""Wording that takes sides: flagged as the outlet's own, never taken over into a value."""

from __future__ import annotations

from collections.abc import Iterable

from constat.facts import SentenceFacts
from constat.records import Claim


def loaded_wording(report: Iterable[SentenceFacts]) -> list[Claim]:
    """One claim for each loaded word of a report; its value is the quote, its note what the word implies."""
    out = []
    for facts in report:
        for i, chunk in enumerate(facts.sentence.chunks):
            if chunk.tag == "LOADED":
                implied = chunk.key
            elif chunk.others:
                found = [key for tag, _, key in chunk.others if tag == "LOADED"]
                if not found:
                    continue
                implied = found[0]
            else:
                continue
            span = facts.quote(i, i + 1)
            out.append(Claim(field="wording", value=span.quote, spans=(span,), note=implied))
    return out
