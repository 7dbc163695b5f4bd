"""A row of a coded data set as a reading: its cells are the text, and every claim quotes one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Protocol

import msgspec

from constat import __version__
from constat.captures import Rows
from constat.plugins import chosen, modules
from constat.records import Claim, DateValue, Document, EventMention, Reading, Run, Span, Value, content_id

Cells = Mapping[str, str]
_CELL = re.compile(r"^(?P<column>.*?): (?P<cell>.*)$", re.MULTILINE)


class Said(msgspec.Struct, frozen=True):
    """A value of a field and the columns that say it; `rival` for another one stated beside it."""

    field: str
    value: Value
    columns: tuple[str, ...]
    rival: bool = False
    note: str = ""


class Dataset(Protocol):
    """What a module in `datasets/` offers."""

    TITLE: str
    NUMBER: tuple[str, ...]  # columns of which one holds the id of a row in the data set
    COLUMNS: tuple[str, ...]  # those that it cannot do without
    FIELDS: tuple[str, ...]  # those that it can state

    def said(self, cells: Cells) -> Iterable[Said]:
        """What a row states."""


@lru_cache(maxsize=1)
def known() -> Mapping[str, Dataset]:
    """All data sets by name."""
    from constat.imports import datasets

    return modules(datasets)


def dataset(name: str) -> Dataset:
    """A data set by its name; raises `UsageError`."""
    return chosen(known(), name, "data set")


def rows_of(name: str) -> Rows:
    """A data set as those know it who take its tables apart; raises `UsageError`."""
    of = dataset(name)
    return Rows(name=name.lower(), title=of.TITLE, number=of.NUMBER, columns=of.COLUMNS)


def reading(document: Document) -> Reading:
    """What a row states: its cells are the text of the document, and every claim quotes one."""
    of = dataset(document.coded or "")
    cells, places = {}, {}
    for found in _CELL.finditer(document.text):
        column = found["column"]
        cells[column] = found["cell"]
        places[column] = Span("text", *found.span("cell"), found["cell"])
    claims = tuple(
        Claim(
            field=said.field,
            value=said.value,
            spans=tuple(places[column].check(document) for column in said.columns if column in places),
            rank="rival" if said.rival else "preferred",
            reader=of.TITLE,
            note=said.note,
        )
        for said in of.said(cells)
        if any(column in places for column in said.columns)
    )
    event = EventMention(
        id=content_id([document.id, claims])[:16], document=document.id, role="main", claims=claims, confidence=1.0
    )
    run = Run(code=__version__, packs=(), gazetteer="", settings="", model=of.TITLE)
    return Reading(document=document, events=(event,), run=run)


def outcome(document: Document) -> tuple[Reading | None, str | None]:
    """What a row states, or why that is nothing: without a day, a month or a year it is compared with no incident."""
    found = reading(document)
    if any(isinstance(c.value, DateValue) and c.value.value for e in found.events for c in e.claims):
        return found, None
    return None, f"no date could be read in this row of {found.document.publisher}"


class RowReader:
    """Reads rows of data sets, and nothing else."""

    def read(self, document: Document) -> Reading:
        """What a row states."""
        return reading(document)


def count(cell: str | None) -> int | None:
    """A number of people; data sets write them as 3 or 3.0, and a minus for unknown."""
    try:
        number = float(cell or "")
    except ValueError:
        return None
    return int(number) if number >= 0 and number == int(number) else None


def degrees(lat: str | None, lon: str | None) -> tuple[float | None, float | None]:
    """A point, (None, None) where the cells hold none."""
    try:
        point = float(lat or ""), float(lon or "")
    except ValueError:
        return None, None
    return point if -90 <= point[0] <= 90 and -180 <= point[1] <= 180 else (None, None)
