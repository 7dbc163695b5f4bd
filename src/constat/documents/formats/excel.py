"""Excel workbooks: a report a row, of each sheet whose first row names a column that holds the text."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from constat.captures import Draft, Kept, Refused
from constat.documents.columns import Columns, Row, row_draft
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
    unread: list[InputError] = []
    for title, rows in sheets(kept, context):
        try:
            columns = Columns.of(next(rows).cells, context.columns, f"{kept.name}, sheet {title}")
        except InputError as error:
            unread.append(error)
            continue
        for row in rows:
            yield row_draft(columns, row.cells, row.where, kept.name, (), context)
    for sheet_error in unread:
        yield Refused(locator=sheet_error.path.rpartition(", ")[2], cause=sheet_error.cause)


def sheets(kept: Kept, context: Context) -> Iterator[tuple[str, Iterator[Row]]]:
    """The sheets of a workbook that hold anything, each with its rows, the head first."""
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise MissingExtraError(kept.name, "openpyxl", "excel") from error
    data = io.BytesIO(kept.read(context.settings.max_table_bytes, "max_table_bytes"))
    members(kept, ("xl/sharedStrings.xml", "xl/styles.xml"), context.settings)  # within limits, or refused
    with ExitStack() as stack, _whole(kept.name):
        # Its path is one of evidence, without the ending by which openpyxl tells a workbook.
        book = load_workbook(data, read_only=True, data_only=True)
        stack.callback(book.close)
        for sheet in book.worksheets:
            cells = sheet.iter_rows(values_only=True)
            stack.callback(cells.close)
            if (head := next(cells, None)) is not None:
                yield sheet.title, _rows(kept.name, head, cells, sheet.title)


def _rows(name: str, head: Sequence[object], rest: Iterator[Sequence[object]], title: str) -> Iterator[Row]:
    yield Row(head, f"sheet {title}, row 1")
    with _whole(name):
        for number, cells in enumerate(rest, 2):
            if any(cell not in (None, "") for cell in cells):
                yield Row(cells, f"sheet {title}, row {number}")


@contextmanager
def _whole(name: str) -> Iterator[None]:
    """Says that a workbook is broken, for the parser meets every kind of damage."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        raise InputError(name, None, f"a broken workbook: {type(error).__name__}: {str(error)[:100]}") from error
