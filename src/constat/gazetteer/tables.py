"""The gazetteer's own tables, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from constat.errors import GazetteerError

DATA = Path(__file__).parent / "data"


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a tab-separated table by column name; `#` starts a comment line. Raises `GazetteerError`."""
    path = DATA / name
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise GazetteerError(f"{path}: cannot be read ({error}); install Constat again") from error
    columns: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if not columns:
            columns = cells
            continue
        if len(cells) != len(columns):
            raise GazetteerError(
                f"{path}:{number}: {len(cells)} cells, the header has {len(columns)}; separate cells by tabs"
            )
        yield {"line": str(number), **dict(zip(columns, cells, strict=True))}
