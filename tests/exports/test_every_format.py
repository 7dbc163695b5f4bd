"""What every format must do: say what it does not list as lost, and nothing that it lists; the same bytes each time."""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from collections.abc import Iterable

import pytest
from dossiers import ABOUT, CHANGES, dossier, with_document, with_field, with_place
from lxml import etree

from constat.errors import UsageError
from constat.exports import Dossier, exporter, exporters
from constat.exports.losses import FACTS, Losses

NAMES = sorted(exporters())


def written(name: str, dossiers: Iterable[Dossier]) -> bytes:
    """The bytes of an export."""
    out = io.BytesIO()
    exporter(name).write(dossiers, out, ABOUT)
    return out.getvalue()


def test_every_fact_can_be_changed_alone() -> None:
    assert set(CHANGES) == set(FACTS)
    whole = dossier()
    for fact, change in CHANGES.items():
        differ = {f for f, get in FACTS.items() if get(change(whole)) != get(whole)}
        assert fact in differ, fact


@pytest.mark.parametrize("name", NAMES)
def test_what_is_lost_leaves_no_trace_and_all_else_does(name: str) -> None:
    form = exporter(name).FORMAT
    assert set(form.lost) | set(form.blurred) <= set(FACTS) and not set(form.lost) & set(form.blurred)
    before = written(name, [dossier()])
    traced = {fact for fact, change in CHANGES.items() if written(name, [change(dossier())]) != before}
    assert set(FACTS) - traced == set(form.lost)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_incidents_give_the_same_bytes(name: str) -> None:
    told = [dossier(1), dossier(2)]
    assert written(name, told) == written(name, iter(told))


@pytest.mark.parametrize("name", NAMES)
def test_no_incident_is_a_file_too(name: str) -> None:
    assert written(name, []) or name == "json_lines"


HOSTILE = "=1+1 <b>&\"' \x00\x1f\ud800\ufffe ]]> \u202e\r\n;,| خان " + "x" * 40_000


@pytest.mark.parametrize("name", NAMES)
def test_hostile_words_are_written_and_never_as_they_are(name: str) -> None:
    told = with_document(with_field(with_place(dossier(), name=HOSTILE), "target", HOSTILE), title=HOSTILE, url=HOSTILE)
    data = written(name, [with_field(with_field(told, "perpetrator", HOSTILE), "subtype", HOSTILE)])
    assert b"\xed\xa0\x80" not in data  # a lone surrogate is no UTF-8
    texts = [data]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            texts = [packed.read(member) for member in packed.namelist()]
    for text in texts:
        if text.startswith(b"<?xml"):
            etree.fromstring(text, etree.XMLParser(huge_tree=True))
    if exporter(name).FORMAT.media_type == "text/csv":
        csv.field_size_limit(10_000_000)
        for cells in csv.reader(io.StringIO(data.decode(), newline="")):
            assert not any(cell.lstrip().startswith(("=", "+", "@")) for cell in cells)


@pytest.mark.parametrize(("name", "package"), [("parquet", "duckdb"), ("excel", "openpyxl")])
def test_a_missing_package_is_named(name: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(UsageError, match=rf"needs {package}: pip install 'constat\[{name}\]'"):
        written(name, [dossier()])
    assert exporter(name).FORMAT.extra == name


def test_losses_are_counted_where_they_are_stated() -> None:
    form = exporter("csv").FORMAT
    losses = Losses(form)
    bare = with_field(dossier(2), "damage", None)
    told = list(losses.watch([dossier(1), bare]))
    assert len(told) == losses.incidents == 2
    found = {loss.fact: loss for loss in losses.found()}
    assert found["decisions"].incidents == 2 and found["decisions"].whole
    assert not found["quotes"].whole
