"""Reports of archives that are read as they are, without a casebook: pages of WARC files, rows of Parquet files."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from constat.captures import Kept, Received
from constat.errors import InputError, MissingExtraError
from constat.settings import Settings
from constat.sources.containers import warc
from constat.sources.fetch import Fetcher
from constat.sources.raw import PARQUET, Raw
from constat.sources.receive import Budget, Way

_PAGES = ("text/html", "application/xhtml+xml")
_BATCH = 500  # rows taken from a table at a time


def archived(path: Path, name: str, settings: Settings) -> Iterator[Raw | InputError]:
    """The reports of an archive; `name` is what it is called in messages."""
    yield from _rows(path, name) if name.lower().endswith(PARQUET) else _pages(path, name, settings)


def _pages(path: Path, name: str, settings: Settings) -> Iterator[Raw | InputError]:
    """Pages that a server gave, each by the number of its record; what is no page is passed over."""
    kept = Kept(path=path, name=name, size=path.stat().st_size)
    way = Way(settings, Fetcher(settings), lambda _: None, Budget(settings))
    try:
        for found in warc.members(kept, way):
            number = int("".join(c for c in found.locator.split(",")[0] if c.isdigit()) or 0) or None
            if not isinstance(found, Received):
                yield InputError(name, number, found.cause)
            elif found.media_type in _PAGES:
                data = found.stream.read(settings.max_page_bytes + 1)
                if len(data) > settings.max_page_bytes:
                    limit = f"{settings.max_page_bytes:,} bytes, the setting `max_page_bytes`"
                    yield InputError(name, number, f"a page longer than {limit}")
                else:
                    yield Raw(name, number, data, "page", found.address, found.headers)
    except InputError as error:
        yield error


def _rows(path: Path, name: str) -> Iterator[Raw | InputError]:
    """Rows as JSON objects, with the columns that a line of JSON Lines may have."""
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtraError(name, "duckdb", "parquet") from error
    try:
        with duckdb.connect() as db:
            found: Any = db.execute("SELECT * FROM read_parquet(?)", [str(path)])
            columns = [column[0] for column in found.description]
            number = 0
            while rows := found.fetchmany(_BATCH):
                for row in rows:
                    number += 1
                    data = json.dumps(dict(zip(columns, row, strict=True)), default=_plain).encode()
                    yield Raw(name, number, data, "json")
    except duckdb.Error as error:
        yield InputError(name, None, f"cannot be read as Parquet: {str(error).splitlines()[0]}")


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else str(value)
