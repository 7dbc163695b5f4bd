"""Which database a casebook is kept in."""

from __future__ import annotations

from pathlib import Path

from constat.errors import StoreError
from constat.settings import Settings
from constat.store.protocol import Store
from constat.store.sqlite import SqliteStore

DATABASE = "casebook.sqlite"


def open_store(folder: Path, settings: Settings, writable: bool) -> Store:
    """PostgreSQL where the setting `store` names one, else the SQLite file in the folder; raises `StoreError`."""
    if settings.store.startswith(("postgresql://", "postgres://")):
        from constat.store.postgres import PostgresStore

        return PostgresStore(settings.store, writable=writable)
    if settings.store:
        raise StoreError(f"the setting `store` is {settings.store[:20]!r}…; it should be postgresql://… or empty")
    return SqliteStore(folder / DATABASE, writable=writable, wait_seconds=settings.writer_wait_seconds)
