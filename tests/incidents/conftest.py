"""A casebook in each database, filled with reports of the made-up form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from constat.casebook import Casebook
from constat.settings import Settings


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSTAT_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("CONSTAT_SETTINGS", raising=False)
    monkeypatch.delenv("CONSTAT_CASEBOOK", raising=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Casebook]:
    address = ""
    if request.param == "postgresql":
        address = request.getfixturevalue("postgres")
        if address is None:
            pytest.skip("NO POSTGRESQL HERE: incidents were checked with SQLite only")
        psycopg = pytest.importorskip("psycopg")
        with psycopg.connect(address, autocommit=True) as db:
            db.execute("DROP SCHEMA public CASCADE")
            db.execute("CREATE SCHEMA public")
    with Casebook.init(tmp_path / "book", Settings(store=address, state=tmp_path / "state", actor="Ada")) as made:
        yield made
