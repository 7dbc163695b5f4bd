"""The Python API: reading, tables, records that show themselves, and the page that tells of them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from casebooks import casebook
from dossiers import TEXT, dossier, with_document, with_field, with_place
from lxml import html

import constat
from constat import notebook
from constat.errors import UsageError
from constat.exports.row import NAMES
from constat.records import Document, Reading

PAGE = Path(__file__).parent.parent.parent / "docs" / "python.md"
HOSTILE = "<script>alert(1)</script>\u202e & “خان”"
TOLD = [dossier(1), with_place(dossier(2, tolls=()), lat=None, lon=None)]


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSTAT_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("CONSTAT_SETTINGS", raising=False)


def test_public_names_are_there_and_loaded_when_asked_for() -> None:
    assert {name for name in constat.__all__ if getattr(constat, name, None) is None} == set()
    with pytest.raises(AttributeError):
        _ = constat.nothing
    code = "import sys, constat; print([m for m in sys.modules if m.startswith('constat.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


class Opened:
    """A reader that finds nothing; counts how often one is opened."""

    count = 0

    @classmethod
    def open(cls, settings: object) -> Opened:
        cls.count += 1
        return cls()

    def read(self, document: Document) -> Reading:
        return Reading(document=document, events=())


def test_a_text_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "Reader", Opened)
    notebook._reader.cache_clear()
    for _ in range(2):
        found = constat.read(TEXT, published="2024-03-07T10:00:00Z", publisher="Gash Courier")
        assert (found.document.lang, found.document.published) == ("en", "2024-03-07")
    assert Opened.count == 1
    assert constat.read("  ").events == ()
    with pytest.raises(UsageError, match="2024-03-12"):
        constat.read(TEXT, published="soon")
    notebook._reader.cache_clear()


@pytest.mark.parametrize("name", ["pandas", "polars", "geopandas"])
def test_a_table_says_what_is_not_stated(name: str) -> None:
    pytest.importorskip(name, reason=f"NOT CHECKED: pip install {name}")
    frame: Any = getattr(constat, f"to_{name}")(TOLD)
    assert list(frame.columns)[: len(NAMES)] == list(NAMES) and len(frame) == 2
    best = list(frame["killed_best"])
    assert best[0] == 4 and (best[1] is None or best[1] is not best[1] or str(best[1]) == "<NA>")
    assert str(frame["date_start"][0])[:10] == "2024-03-06" and frame["killed_best"].sum() == 4
    assert bool(frame["uncertain"][0]) is True and frame["titles"][0] == "Depot hit in Kassala"
    assert len(getattr(constat, f"to_{name}")([])) == 0
    if name == "geopandas":
        assert (frame.geometry[0].x, frame.geometry[0].y) == (36.4, 15.45) and frame.geometry[1] is None
        assert frame.crs.to_epsg() == 4326
    else:
        assert len(getattr(constat, f"to_{name}")(d.incident for d in TOLD)) == 2


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(UsageError, match="pip install polars"):
        constat.to_polars(TOLD)


def test_a_reading_shows_itself() -> None:
    reading = dossier().readings[0]
    page = html.fromstring(reading._repr_html_())
    assert [m.text for m in page.findall(".//mark")] == ["Kassala", "four soldiers"]
    assert page.xpath("string(.//p[last()])") == TEXT
    assert "four soldiers" in page.xpath("string(.//table)")
    empty = Reading(document=Document(id="x", text=""), events=())
    assert "no incident" in empty._repr_html_()


def test_an_incident_shows_rivals_and_reasons() -> None:
    shown = html.fromstring(dossier().incident._repr_html_()).text_content()
    assert "4 (3–6)" in shown and "also: 3–6 (Atbara Wire)" in shown and "the latest figure" in shown


def test_nothing_of_a_report_runs() -> None:
    hostile = with_document(with_field(dossier(), "target", HOSTILE), title=HOSTILE, text=HOSTILE + TEXT)
    for record in (hostile.readings[0], hostile.incident):
        shown = record._repr_html_()
        assert "<script" not in shown and "&lt;script&gt;" in shown and "\u202e" not in shown


def test_what_the_page_says_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first block reads with the shipped reader, the casebook is that of the export tests."""
    (tmp_path / "cases").mkdir()
    with casebook(tmp_path / "cases" / "north") as book:
        book.settle()
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 4
    space: dict[str, Any] = {}
    for block in blocks:
        if "to_pandas" in block:
            pytest.importorskip("pandas", reason="NOT CHECKED: pip install pandas")
        exec(compile(block, str(PAGE), "exec"), space)
    out = capsys.readouterr().out
    assert "Kassala'" in out and "four soldiers" in out
    assert (tmp_path / "north.geojson").stat().st_size > 100 and (tmp_path / "north.svg").read_text().startswith(
        "<?xml"
    )
