"""Excel: incidents on one sheet; their fields with reasons, the claims with their words, reports and ties on others."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from constat.exports.cells import neutral
from constat.exports.dossier import About, Dossier
from constat.exports.listing import Format, missing
from constat.exports.losses import BEHIND, because
from constat.exports.row import COLUMNS, Column, row
from constat.exports.tables import BESIDE, Once
from constat.exports.zipped import rezip

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST = 32_767  # characters that Excel keeps in a cell
_FIRST = 1900  # year: it has no day before
FORMAT = Format(
    title="Excel",
    suffix=".xlsx",
    media_type=_SHEET,
    lost=because("json-lines holds it", *BEHIND),
    blurred=because("as words in one cell, without its claims", "denials"),
    extra="excel",
)


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """Five sheets with frozen heads; numbers and days are numbers and days, all else is text."""
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font
    except ImportError as error:
        raise missing("Excel", "openpyxl", "excel") from error
    book, once = Workbook(write_only=True), Once()

    def sheet(name: str, columns: Sequence[Column]) -> Any:
        made = book.create_sheet(name)
        made.freeze_panes = "B2"
        cells = [WriteOnlyCell(made, value=column.name) for column in columns]
        for cell in cells:
            cell.font = Font(bold=True)
        made.append(cells)
        return made

    incidents = sheet("incidents", COLUMNS)
    beside = {name: (sheet(name, columns), rows) for name, (columns, rows) in BESIDE.items()}
    days = [column.kind == "date" for column in COLUMNS]
    for dossier in dossiers:
        incidents.append([_cell(v, day) for v, day in zip(row(dossier).values(), days, strict=True)])
        for name, (made, rows) in beside.items():
            for cells in rows(dossier):
                if once.new(name, cells):
                    made.append([_cell(value) for value in cells])
    book.properties.creator, book.properties.title = f"Constat {about.version}", about.title
    book.properties.created = about.time.replace(tzinfo=None)
    made = io.BytesIO()
    book.save(made)

    def steady(name: str, data: bytes) -> bytes:
        """Without the moment of writing, which openpyxl puts in."""
        said = rb"\g<1>" + about.at.encode() + rb"\g<2>"
        modified = rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)"
        return re.sub(modified, said, data) if name == "docProps/core.xml" else data

    rezip(made, out, steady)
    return {}


def _cell(value: Any, day: bool = False) -> Any:
    if day and isinstance(value, str) and int(value[:4]) >= _FIRST:
        return dt.date.fromisoformat(value)
    return neutral(value)[:_LONGEST] if isinstance(value, str) else value
