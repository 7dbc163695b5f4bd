"""Tables with commas, semicolons or tabs: a report a row, by the names of the columns or by a mapping."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from constat.captures import Draft, Kept, Refused
from constat.documents.columns import Columns, Row, row_draft
from constat.documents.decode import decode
from constat.documents.extract import Context

_SAMPLE = 65_536  # bytes: by them encoding and delimiter are told
_TYPES = ("text/csv", "text/tab-separated-values", "application/csv")


def score(kept: Kept, head: bytes) -> float:
    """By name or media type."""
    return 0.8 if kept.suffix in (".csv", ".tsv", ".tab") or kept.media_type in _TYPES else 0.0


def drafts(kept: Kept, context: Context) -> Iterator[Draft | Refused]:
    """Every row by itself; an encoding or a delimiter that had to be guessed is a flag of each document."""
    columns: Columns | None = None
    for found in rows(kept, context.settings.max_line_bytes):
        if isinstance(found, Refused):
            yield found
        elif columns is None:
            columns = Columns.of(found.cells, context.columns, kept.name)
        else:
            yield row_draft(columns, found.cells, found.where, kept.name, found.flags, context)


def rows(kept: Kept, limit: int) -> Iterator[Row | Refused]:
    """The rows of a table that hold anything, its head first."""
    csv.field_size_limit(limit)
    with kept.open() as file:
        sample = file.read(_SAMPLE)
        encoding, flags = _encoding(sample, kept.name)
        delimiter = _delimiter(sample.decode(encoding, errors="replace"), kept.suffix)
        file.seek(0)
        text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
        held = csv.reader(_bounded(text, limit), delimiter=delimiter)
        for number in range(1, 1 << 62):
            try:
                cells = next(held, None)
            except csv.Error as error:
                yield Refused(locator=f"row {number}", cause=f"no row of a table: {error}")
                continue
            if cells is None:
                return
            if number == 1 or any(cell.strip() for cell in cells):
                yield Row(cells, f"row {number}", flags)


def _encoding(sample: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    if sample.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig", ()
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", ()
    # A letter that the sample cuts in two is no sign of another encoding.
    whole = sample if len(sample) < _SAMPLE else sample[: sample.rfind(b"\n") + 1] or sample
    _, flags = decode(whole, name)
    guessed = next((f.split(": ")[1] for f in flags if f.startswith("encoding guessed")), "utf-8")
    return guessed, flags


def _delimiter(sample: str, suffix: str) -> str:
    if suffix in (".tsv", ".tab"):
        return "\t"
    first = sample.split("\n", 1)[0]
    return max(",;\t|", key=lambda sign: (first.count(sign), sign == ","))


def _bounded(text: io.TextIOWrapper, limit: int) -> Iterator[str]:
    """Lines of which none is longer than the limit; a longer one ends in pieces that are no rows."""
    while line := text.readline(limit):
        yield line
