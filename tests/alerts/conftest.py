"""A casebook filled with reports of the made-up form of the tests of incidents, and looks at it with a watch."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "incidents"))

from constat.casebook import Casebook
from constat.settings import Settings


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSTAT_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("CONSTAT_SETTINGS", raising=False)
    monkeypatch.delenv("CONSTAT_CASEBOOK", raising=False)
    from looking import HereReader

    monkeypatch.setattr("constat.adding.CaptureReader", HereReader)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Casebook]:
    with Casebook.init(tmp_path / "book", Settings(state=tmp_path / "state", actor="Ada")) as made:
        yield made
