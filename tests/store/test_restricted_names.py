"""Restricted names leave through no door: not in any export, not in lists, pages for people, counts or faults."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest
from test_privacy import planted
from typer.testing import CliRunner

from constat.casebook import Casebook
from constat.cli import app
from constat.dossiers import export
from constat.exports import exporters
from constat.records import Claim, DateValue, Document, EventMention, PlaceValue, Reading, Span, content_id
from constat.settings import Settings

FULL = os.environ.get("CONSTAT_FULL") == "1"
FORMATS = exporters() if FULL else ("acled", "csv", "excel", "geojson", "json-lines")


class Named:
    """Reads an event whose target is the person named behind `house of`."""

    def read(self, document: Document) -> Reading:
        start = document.text.index("house of ") + 9
        end = document.text.index(" was hit")
        name = document.text[start:end]
        spans = (Span("text", start, end, name).check(document),)
        number = len(document.text) + int(name[-2] if name[-2].isdigit() else 0)
        place = PlaceValue(name="Tal Namuna", country="SYR", lat=10.0 + number / 10, lon=40.0, precision=1)
        values = (
            ("type", "Battles"), ("date", DateValue(f"2024-03-{1 + number % 28:02}", "day")), ("place", place),
            ("target", name), ("sources", name), ("perpetrator", name),
        )  # fmt: skip
        claims = tuple(Claim(field=field, value=value, spans=spans) for field, value in values)
        made = content_id([document.id, "main", claims])[:16]
        event = EventMention(id=made, document=document.id, role="main", claims=claims, confidence=0.5)
        return Reading(document=document, events=(event,))


def plain(data: bytes) -> str:
    """What a file says, whatever it is packed in."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "".join(plain(archive.read(name)) for name in archive.namelist())
    return unquote(data.decode("utf-8", "replace"))


def test_two_hundred_names_leave_through_no_door(tmp_path: Path) -> None:
    names, folder, source = planted(), tmp_path / "book", tmp_path / "wires.jsonl"
    rows = [
        {"text": f"The house of {n} was hit on Tuesday.", "title": f"{n} mourned", "publisher": f"Diary of {n}",
         "url": f"https://diary.example/{n.replace(' ', '%20')}"}
        for n in names
    ]  # fmt: skip
    source.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    with Casebook.init(folder, Settings(actor="tester")) as book:
        assert book.add([str(source)], reader=Named).stored == len(names) == 200
        assert book.restrict(names) == 200
        shown = ""
        for form in FORMATS:
            out = io.BytesIO()
            export(book, form, out)
            assert out.getvalue(), form
            shown += plain(out.getvalue())
        open_ = io.BytesIO()
        export(book, "json-lines", open_, restricted=True)
        assert all(name in open_.getvalue().decode() for name in names), "they are there to be covered"
        book.export_evidence(tmp_path / "bag")
        first = next(book.incidents()).id
    run = CliRunner()
    for command in (["status"], ["verify"], ["search", "house"], ["incidents"], ["show", first]):
        result = run.invoke(app, [*command, "-C", str(folder)])
        assert result.exit_code == 0, (command, result.output)
        shown += result.stdout + result.stderr
    shown += "".join(p.read_text("utf-8") for p in (tmp_path / "bag").rglob("*") if p.is_file())
    with Casebook.open(folder) as book:
        log = "".join(" ".join(map(str, row)) for row in book.store.rows("SELECT action, subject, digest FROM audit"))
    leaks = [n for n in names for word in n.split() if word.lower() in (shown + log).lower()]
    assert not leaks, f"{len(leaks)} leaked, such as {leaks[0]}"
    print(f"\n200 names, {len(FORMATS)} formats and {len(shown):,} signs of output: 0 leaks")


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONSTAT_CASEBOOK", raising=False)
