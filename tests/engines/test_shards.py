"""Shards: together they hold what one machine reads, in its order and with its names and numbers."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constat.engines.shards import plan, read_shard
from constat.engines.work import Job, Work
from constat.errors import InputError
from constat.settings import Settings
from constat.sources.files import raw_reports
from constat.sources.raw import Raw

SETTINGS = Settings(max_line_bytes=60)
Key = tuple[str, int | None, bytes, str]


def key(found: Raw | InputError) -> Key:
    if isinstance(found, InputError):
        return found.path, found.line, found.cause.encode(), "error"
    return found.path, found.line, found.data, found.form


def alone(*paths: Path) -> list[Key]:
    return [key(found) for found in raw_reports(map(str, paths), SETTINGS)]


def sharded(*paths: Path | str, size: int) -> list[Key]:
    shards = plan(map(str, paths), size=size)
    assert [shard.number for shard in shards] == list(range(len(shards)))
    return [key(found) for shard in shards for found in read_shard(shard, SETTINGS)]


@given(
    st.lists(st.sampled_from([b"", b"{}", b'{"text": "a"}', b"x" * 59, b"y" * 61, b"z" * 150, b" "]), max_size=12),
    st.booleans(),
    st.integers(1, 70),
)
def test_ranges_of_lines_hold_every_line_once_with_its_number(rows: list[bytes], ended: bool, size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "wires.jsonl")
        path.write_bytes(b"\n".join(rows) + (b"\n" if ended else b""))
        assert sharded(path, size=size) == alone(path)


def test_folders_texts_and_what_is_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / ".hidden").mkdir(parents=True)
    (folder / ".hidden" / "no.txt").write_text("no")
    (folder / "sub").mkdir()
    for name in ("b.txt", "a.txt", "sub/c.text", "notes.md"):
        (folder / name).write_text(f"report {name}")
    (folder / "w.jsonl").write_text('{"text": "one"}\n{"text": "two"}\n')
    (tmp_path / "one.json").write_text('{"text": "three"}')
    (tmp_path / "empty").mkdir()
    paths = (folder, tmp_path / "one.json", tmp_path / "gone.txt", tmp_path / "gone.jsonl", tmp_path / "empty")
    assert sharded(*paths, size=20) == alone(*paths)
    assert len(alone(*paths)) == 9


def test_single_texts_share_a_shard(tmp_path: Path) -> None:
    for n in range(7):
        (tmp_path / f"{n}.txt").write_text(str(n))
    (shard,) = plan([str(tmp_path)])
    assert len(shard.parts) == 7


def test_addresses_are_read_like_files(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "w.jsonl").write_text('{"text": "one"}\n\n{"text": "two"}\n')
    (tmp_path / "in" / "t.txt").write_text("three")
    there = sharded(f"file://{tmp_path}/in", size=10)
    assert [(line, data, form) for _, line, data, form in there] == [k[1:] for k in alone(tmp_path / "in")]
    assert all(path.startswith("file:///") for path, *_ in there)


def test_rows_of_parquet_are_reports(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "wires.parquet"
    told, nothing = "Two soldiers were killed near Gao.", "Nothing happened in the town, and the market was open."
    rows = f"('w1', '{told}', DATE '2024-03-12'), (NULL, '{nothing}', NULL)"
    duckdb.sql(f"COPY (SELECT * FROM (VALUES {rows}) t(id, text, published)) TO '{path}'")
    work = Work(Job(settings=Settings()))
    read = [json.loads(work.raw(raw).line) for raw in raw_reports([str(path)], Settings())]
    assert [row["id"] for row in read] == ["w1", "wires.parquet:2"]
    assert read[0]["document"]["published"] == "2024-03-12"
    assert read[0]["events"][0]["killed"] == {"low": 2, "high": 2}
    assert sharded(path, size=10) == alone(path)


def test_a_file_that_is_no_parquet_says_so(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    path = tmp_path / "wires.parquet"
    path.write_bytes(b"no table")
    (error,) = raw_reports([str(path)], Settings())
    assert isinstance(error, InputError) and "cannot be read as Parquet" in error.cause


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # warcio leaves temporary files open
def test_pages_of_a_web_archive_are_reports(tmp_path: Path) -> None:
    warcio = pytest.importorskip("warcio.warcwriter")
    from io import BytesIO

    from warcio.statusandheaders import StatusAndHeaders

    body = "<p>Two soldiers were killed by a mine near Gao on Monday, a local source said.</p>" * 3
    page = f"<html><head><title>Mine near Gao</title></head><body><article>{body}</article></body></html>"
    path = tmp_path / "crawl.warc.gz"
    with path.open("wb") as file:
        writer = warcio.WARCWriter(file, gzip=True)
        for address, kind, data in (
            ("https://wire.example/mine", "text/html; charset=utf-8", page),
            ("https://wire.example/logo", "image/png", "no text"),
            ("https://wire.example/empty", "text/html", "<html></html>"),
        ):
            headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
            payload = BytesIO(data.encode())
            writer.write_record(writer.create_warc_record(address, "response", payload=payload, http_headers=headers))
    work = Work(Job(settings=Settings(), form="reading"))
    first, second = (work.raw(raw) for raw in raw_reports([str(path)], Settings()))
    assert first.reading is not None and first.reading.document.id == "crawl.warc.gz:1"
    assert first.reading.document.url == "https://wire.example/mine" and first.reading.events
    assert second.error.startswith(f"{path}:3: the page holds no")
    assert sharded(path, size=10) == alone(path)
