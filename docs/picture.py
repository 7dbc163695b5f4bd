"""Draws docs/picture.svg, the picture in README.md: what the program prints for one of the example reports."""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI

from constat.documents.reports import Known
from constat.errors import InputError
from constat.intake import documents
from constat.pipeline import Reader
from constat.settings import Settings
from constat.show import show

HERE = Path(__file__).parent
SOURCE = HERE.parent / "examples" / "01-kassala-depot.fr.txt"
PICTURE = HERE / "picture.svg"
TITLE = f"constat read examples/{SOURCE.name}"
WIDTH = 110  # columns


def draw() -> str:
    """The picture as SVG; without the web fonts that rich would have a browser fetch."""
    settings = Settings()
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    for document in documents([str(SOURCE)], Known(), settings):
        if isinstance(document, InputError):
            raise document
        show(Reader.open(settings).read(document), console)
    svg = console.export_svg(title=TITLE, theme=DIMMED_MONOKAI, unique_id="constat")
    return re.sub(r"@font-face\s*\{.*?\}\s*", "", svg, flags=re.DOTALL)


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
