"""A country's dump is fetched whole, also when the line breaks halfway; what is no zip file is refused."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from constat.errors import GazetteerError
from constat.gazetteer.download import dump

BUFFER = io.BytesIO()
with zipfile.ZipFile(BUFFER, "w") as archive:
    archive.writestr("XY.txt", "1\tQasrabad\n" * 5000)
WHOLE = BUFFER.getvalue()


class Line(BaseHTTPRequestHandler):
    """Sends half of what is asked for at first, and from then on what the range asks for."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        self.asked.append(asked)
        begin = int(asked[6:-1]) if asked else 0
        data = WHOLE if self.path != "/none.zip" else b"no such country"
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(data) - begin))
        self.end_headers()
        self.wfile.write(data[begin : len(data) // 2] if self.path == "/broken.zip" and not asked else data[begin:])

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture
def server() -> Iterator[str]:
    Line.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Line) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


def test_goes_on_where_it_stopped(server: str, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with pytest.raises(GazetteerError, match="run it again to go on"):
        dump("XY", tmp_path, lambda have, whole: told.append((have, whole)), server + "/broken.zip")
    assert (tmp_path / "XY.zip.part").stat().st_size == len(WHOLE) // 2
    path = dump("XY", tmp_path, lambda have, whole: told.append((have, whole)), server + "/broken.zip")
    assert path.read_bytes() == WHOLE and told[-1] == (len(WHOLE), len(WHOLE))
    assert Line.asked == ["", f"bytes={len(WHOLE) // 2}-"]


def test_is_fetched_once(server: str, tmp_path: Path) -> None:
    first = dump("XY", tmp_path, lambda have, whole: None, server + "/{code}.zip")
    assert dump("XY", tmp_path, lambda have, whole: None, server + "/{code}.zip") == first
    assert Line.asked == [""]


def test_what_is_no_zip_file_is_refused(server: str, tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match="no zip file"):
        dump("XY", tmp_path, lambda have, whole: None, server + "/none.zip")
    assert not list(tmp_path.iterdir())
