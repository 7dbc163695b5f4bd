"""Excel workbooks: a report a row, of each sheet whose first row names a column that holds the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

from constat.captures import Draft, Kept, Refused
from constat.documents.columns import Columns, row_draft
from constat.documents.extract import Context
from constat.documents.zipped import members
from constat.errors import InputError, MissingExtraError

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def score(kept: Kept, head: bytes) -> float:
    """By name or media type, if it is a ZIP archive at all."""
    named = kept.suffix in (".xlsx", ".xlsm") or kept.media_type == _TYPE
    return 0.9 if head.startswith(b"PK") and named else 0.0


def drafts(kept: Kept, context: Context) -> Iterator[Draft | Refused]:
    """Every row of every sheet, in their order; formulas by the value that they last had."""
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise MissingExtraError(kept.name, "openpyxl", "excel") from error
    kept.read(context.settings.max_table_bytes, "max_table_bytes")
    members(kept, ("xl/sharedStrings.xml", "xl/styles.xml"), context.settings)  # within limits, or refused
    unread: list[InputError] = []
    with ExitStack() as stack:
        yield from _rows(kept, context, unread, load_workbook, stack)
    for sheet_error in unread:
        yield Refused(locator=sheet_error.path.rpartition(", ")[2], cause=sheet_error.cause)


def _rows(
    kept: Kept, context: Context, unread: list[InputError], load: Callable[..., Any], stack: ExitStack
) -> Iterator[Draft | Refused]:
    try:
        book = load(kept.path, read_only=True, data_only=True)
        stack.callback(book.close)
        for sheet in book.worksheets:
            rows = sheet.iter_rows(values_only=True)
            stack.callback(rows.close)
            head = next(rows, None)
            if head is None:
                continue
            try:
                columns = Columns.of(head, context.columns, f"{kept.name}, sheet {sheet.title}")
            except InputError as error:
                unread.append(error)
                continue
            for number, row in enumerate(rows, 2):
                if any(cell not in (None, "") for cell in row):
                    yield row_draft(columns, row, f"sheet {sheet.title}, row {number}", kept.name, (), context)
    except InputError:
        raise
    except Exception as error:  # the parser meets every kind of damage
        raise InputError(kept.name, None, f"a broken workbook: {type(error).__name__}: {str(error)[:100]}") from error
