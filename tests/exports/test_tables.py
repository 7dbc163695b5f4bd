"""CSV, JSON Lines and Excel read back, and no cell of theirs can run."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from dossiers import FIELDS, TEXT, dossier, with_document, with_field
from hypothesis import given
from hypothesis import strategies as st
from test_every_format import written
from tools import run, tool

from constat.exports import exporter
from constat.exports.cells import neutral, plain, read_csv
from constat.exports.formats import json_lines
from constat.exports.row import NAMES, row

HOSTILE = ("=cmd|'/c calc'!A0", "+1", "-2+3", "@SUM(1)", "\t=1", "'=1", "  =1", "＝1", "\r\n=1")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"])) | st.sampled_from(HOSTILE))
def test_a_neutral_cell_is_no_formula_and_can_be_taken_back(text: str) -> None:
    cell = neutral(text)
    assert cell.lstrip()[:1] not in ("=", "+", "-", "@", "＝", "＋", "－", "＠")
    assert plain(cell) == text or not text.isprintable()


def test_csv_reads_back() -> None:
    found = list(read_csv(written("csv", [dossier(1), with_field(dossier(2), "damage", None)])))
    assert [r["id"] for r in found] == [dossier(1).incident.id, dossier(2).incident.id]
    first, second = found
    assert tuple(first) == NAMES
    assert (first["killed_low"], first["killed_best"], first["killed_high"]) == ("3", "4", "6")
    assert first["damage"] == FIELDS["damage"] and second["damage"] == ""
    assert first["killed_groups"] == "soldiers 4" and first["uncertain"] == "true"
    assert first["date_start"] == first["date_end"] == "2024-03-06"
    assert "“four soldiers”" in first["quotes"] and "3–6 (Atbara Wire)" in first["rivals"]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["csv", "excel"])
def test_no_cell_is_a_formula(name: str, text: str) -> None:
    data = written(name, [with_document(with_field(dossier(), "target", text), title=text)])
    if name == "csv":
        assert next(iter(read_csv(data)))["target"] == text
        return
    for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets:
        for cells in sheet.iter_rows():
            for cell in cells:
                assert cell.data_type != "f"
                assert not str(cell.value).lstrip().startswith(("=", "+", "@", "＝")), cell.coordinate


def test_json_lines_holds_everything() -> None:
    told = [dossier(1), dossier(2)]
    back = list(json_lines.read(io.BytesIO(written("json_lines", told))))
    assert back == told
    document, event = back[0].events[0]
    assert document.text == TEXT
    for claim in event.claims:
        for span in claim.spans:
            span.check(document)


def test_excel_has_all_tables() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written("excel", [dossier(1), dossier(1)])))
    assert book.sheetnames == ["incidents", "fields", "claims", "reports", "ties"]
    head, first, *_ = book["incidents"].iter_rows(values_only=True)
    cells = dict(zip(head, first, strict=True))
    assert cells["date_start"] == dt.datetime(2024, 3, 6) and cells["killed_high"] == 6 and cells["lat"] == 15.45
    assert book["reports"].max_row == 2  # a report is told once
    quotes = {r[12] for r in book["claims"].iter_rows(min_row=2, values_only=True)}
    assert quotes == {"four soldiers", "Kassala"}


def test_what_is_not_stated_stays_empty() -> None:
    bare = dossier(fields=(), tolls=(), voices=(), notes=(), ties=(), claims=())
    cells = row(bare)
    assert cells["killed_low"] is None and cells["killed_best"] is None and cells["lat"] is None
    assert next(iter(read_csv(written("csv", [bare]))))["killed_low"] == ""


def test_libreoffice_opens_them(tmp_path: Path) -> None:
    office = tool("soffice", "libreoffice-calc-nogui")
    names = ("csv", "hxl", "acled", "ucdp", "excel")
    told = [with_field(dossier(1), "target", "=1+1"), dossier(2)]
    paths = [tmp_path / f"{name}{exporter(name).FORMAT.suffix}" for name in names]
    for name, path in zip(names, paths, strict=True):
        path.write_bytes(written(name, told))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    run(office, home, "--headless", "--convert-to", "ods", "--outdir", tmp_path, *paths, warns=True)
    for name in names:
        with zipfile.ZipFile(tmp_path / f"{name}.ods") as packed:
            content = packed.read("content.xml").decode()
        formulas = set(re.findall(r'table:formula="([^"]*)"', content))
        assert formulas <= {"of:=TRUE()", "of:=FALSE()"} and "=1+1" in content
        assert content.count("<table:table ") == (5 if name == "excel" else 1)
        assert 'office:value="15.45"' in content


def test_hxl_has_its_tags_in_the_second_row() -> None:
    names, tags, *rows = csv.reader(io.StringIO(written("hxl", [dossier()]).decode()))
    assert tuple(names) == NAMES and len(rows) == 1
    pattern = re.compile(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*")
    assert all(pattern.fullmatch(tag) for tag in tags) and len(set(tags)) == len(tags)
    assert dict(zip(names, tags, strict=True))["killed_best"] == "#affected+killed"
