"""Tables of coded events: a document a row, a line `column: value` for each cell; only where it is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from constat.captures import Draft, Kept, Refused, Rows
from constat.documents.columns import Row
from constat.documents.extract import Context
from constat.documents.formats import excel, table
from constat.errors import InputError
from constat.records import CODED, Document


def score(kept: Kept, head: bytes) -> float:
    """Nothing by itself is one: `Context.rows` says so."""
    return 0.0


def drafts(kept: Kept, context: Context) -> Iterator[Draft | Refused]:
    """Every row; raises `InputError` if no table in it has the columns of the data set."""
    assert context.rows is not None
    missing: list[str] = []
    found = False
    for held in _tables(kept, context):
        head: list[str] | None = None
        for row in held:
            if isinstance(row, Refused):
                yield row
            elif head is None:
                head = [shown(cell).lstrip("\ufeff").replace(": ", " ") for cell in row.cells]
                if lacking := [column for column in context.rows.columns if column not in head]:
                    missing = missing or lacking
                    break
                found = True
            else:
                yield _draft(context.rows, head, row)
    if not found:
        cause = f"it has no column {', '.join(missing)}" if missing else "there is no table in it"
        raise InputError(kept.name, 1, f"is not {context.rows.title}: {cause}")


def _tables(kept: Kept, context: Context) -> Iterator[Iterator[Row | Refused]]:
    if excel.score(kept, kept.head):
        for _, rows in excel.sheets(kept, context):
            yield rows
    else:
        yield table.rows(kept, context.settings.max_line_bytes)


def _draft(rows: Rows, head: Sequence[str], row: Row) -> Draft | Refused:
    cells = {name: shown(cell) for name, cell in zip(head, row.cells, strict=False) if name}
    number = next((cells[name] for name in rows.number if cells.get(name)), None)
    if number is None:
        return Refused(locator=row.where, cause=f"the row has no {' or '.join(rows.number)}, by which it is known")
    document = Document(
        id=row.where,
        text="".join(f"{name}: {cell}\n" for name, cell in cells.items() if cell),
        title=f"{rows.title} {number}",
        publisher=rows.title,
        url=f"{rows.name}:{number}",  # by which a row of a later edition is known as a newer version of this one
        flags=(f"{CODED}{rows.name}", *row.flags),
    )
    return Draft(document=document, locator=row.where, given=number)


def shown(cell: object) -> str:
    """A cell in one line, as it would stand in a CSV file; workbooks hold whole numbers as decimal ones."""
    match cell:
        case None:
            return ""
        case float() if cell.is_integer():
            return str(int(cell))
        case dt.datetime() if cell.time() == dt.time():
            return cell.date().isoformat()
    return " ".join(str(cell).split())
