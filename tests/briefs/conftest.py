"""A casebook with older reports and newer ones: one incident is new, one changed, one was judged, one is as it was."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "incidents"))
sys.path.insert(0, str(Path(__file__).parent.parent / "alerts"))

from constat.casebook import Casebook
from constat.settings import Settings


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from looking import HereReader

    monkeypatch.setenv("CONSTAT_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("CONSTAT_SETTINGS", raising=False)
    monkeypatch.delenv("CONSTAT_CASEBOOK", raising=False)
    monkeypatch.setattr("constat.adding.CaptureReader", HereReader)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the casebook, made once."""
    from looking import GEDAREF, KASSALA, HereReader, report
    from made import add, denied

    folder = tmp_path_factory.mktemp("briefs")
    sennar = {"place": "Sennar", "lat": 13.55, "lon": 33.6, "date": "2024-05-02", "wounded": "4+"}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("constat.adding.CaptureReader", HereReader)
        with Casebook.init(folder / "book", Settings(state=folder / "state", actor="Ada")) as made:
            report(made, folder, "Eastern Post", killed=2, target="a depot", **KASSALA)
            report(made, folder, "Gedaref Daily", killed=3, **GEDAREF)
            report(made, folder, "Nile Gazette", killed=8, place="Atbara", lat=17.7, lon=33.97, date="2024-04-12")
            with made.store.transaction():
                made.store.execute("UPDATE document SET added_at = '2024-05-01T00:00:00Z'")
            report(made, folder, "Red Sea Radio", killed=6, target="a depot", **KASSALA)
            report(made, folder, "Blue Nile Wire", perpetrator="Northern Brigade", **sennar)
            report(made, folder, "Blue Nile Voice", perpetrator="Unknown men", **sennar)
            denial = denied(place="Kassala", lat=15.45, lon=36.4, date="2024-03-06", by="the army")
            add(made, folder, {"text": denial, "publisher": "State News", "published": "2024-05-03"})
            (gedaref,) = (i for i in made.incidents() if (p := i.field("place")) and "Gedaref" in str(p.value))
            made.judge("accept", gedaref.id, reason="two calls to the hospital")
    return folder / "book"


@pytest.fixture
def book(built: Path, tmp_path: Path) -> Iterator[Casebook]:
    """A copy of it."""
    shutil.copytree(built, tmp_path / "book")
    settings = Settings(state=tmp_path / "state", actor="Ada")
    with Casebook.open(tmp_path / "book", writable=True, settings=settings) as opened:
        yield opened
