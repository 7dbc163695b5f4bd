"""Cells that a spreadsheet cannot take for a formula, and CSV made of them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

# What a spreadsheet may run: signs of a formula, also in full width, behind blanks too; apostrophes before them.
_FORMULA = re.compile("'*[\\s\u00a0\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def neutral(text: str) -> str:
    """Text as a cell that stays text: an apostrophe before what may be a formula, no control signs."""
    shown = clean(text)
    return f"'{shown}" if _FORMULA.match(shown) else shown


def clean(text: str) -> str:
    """Text without control signs and lone surrogates, which tables and databases do not take."""
    return _CONTROLS.sub("\ufffd", text)


def plain(cell: str) -> str:
    """The text of a cell that `neutral` made."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def cell(value: Any) -> Any:
    """A value as a cell: numbers as they are, truth as `true` and `false`, text neutral, nothing empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return neutral(value) if isinstance(value, str) else value


def cell_text(value: Any) -> str:
    """A value as text of a format that no spreadsheet opens."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def write_csv(out: IO[bytes], heads: Sequence[Sequence[str]], rows: Iterable[Sequence[Any]]) -> None:
    """CSV in UTF-8 with the line ends of RFC 4180; `heads` are its first lines."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    writer = csv.writer(text)
    writer.writerows(heads)
    writer.writerows(map(cell, found) for found in rows)
    text.flush()
    text.detach()


def read_csv(data: bytes) -> Iterator[dict[str, str]]:
    """The rows of such a CSV by column, cells as they were before they were made neutral."""
    for found in csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")):
        yield {name: plain(value) for name, value in found.items()}
