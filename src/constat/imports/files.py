"""Tables of coded events: CSV in the encodings and with the separators in which they are handed around, or Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from constat.errors import InputError, MissingExtraError
from constat.imports.coded import Dataset, reading
from constat.records import Reading

_SEPARATORS = ",;\t|"


def read(path: Path, of: Dataset, most_bytes: int) -> Iterator[Reading]:
    """A reading a row; raises `InputError` if the file is not of the data set."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputError(str(path), None, f"cannot be read: {error.strerror}") from error
    if size > most_bytes:
        raise InputError(str(path), None, f"has {size:,} bytes, over {most_bytes:,}, the setting `max_table_bytes`")
    rows = _excel(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv(path)
    head = [name.strip().lstrip("\ufeff") for name in next(rows, [])]
    missing = [column for column in of.COLUMNS if column not in head]
    if missing:
        raise InputError(str(path), 1, f"is not {of.TITLE}: it has no column {', '.join(missing)}")
    found = False
    for row in rows:
        cells = {name: cell.strip() for name, cell in zip(head, row, strict=False) if name}
        if any(cells.values()):
            found = True
            yield reading(cells, of)
    if not found:
        raise InputError(str(path), None, "has no row under its head")


def _csv(path: Path) -> Iterator[Sequence[str]]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")  # older releases of GTD
    head = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=head.count)
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as error:
        raise InputError(str(path), None, f"is no CSV: {error}") from error


def _excel(path: Path) -> Iterator[Sequence[str]]:
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise MissingExtraError(str(path), "openpyxl", "excel") from error
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever the file makes it stumble over
        raise InputError(str(path), None, f"is no workbook: {error}") from error
    try:
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield ["" if cell is None else str(cell) for cell in row]
    finally:
        book.close()
