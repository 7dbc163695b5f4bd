"""Passages of a report that speak to a program: data all the same, but what rests on them a person should look at."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from constat.folding import fold
from constat.records import Document, Part, Span
from constat.tables import rows

FLAG = "speaks to a program"


def spoken_to(document: Document) -> tuple[Span, ...]:
    """The paragraphs, and the title, that hold a phrase of `spoken_to.tsv`."""
    out = []
    parts: tuple[Part, ...] = ("title", "text")
    for part in parts:
        start = 0
        for line in document.part(part).split("\n"):
            folded = f" {fold(line)} "
            if any(phrase in folded for phrase in _phrases()):
                out.append(Span(part, start, start + len(line), line))
            start += len(line) + 1
    return tuple(out)


@lru_cache(maxsize=1)
def _phrases() -> tuple[str, ...]:
    table = Path(__file__).with_suffix(".tsv")
    found = {(fold(phrase), lang) for _, (phrase, lang) in rows(table, ("phrase", "lang"))}
    # Where words have spaces between them a phrase is whole words at least at its head; `zh` has none.
    return tuple(sorted(phrase if lang == "zh" else f" {phrase}" for phrase, lang in found))
