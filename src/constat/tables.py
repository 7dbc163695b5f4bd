"""The tables and TOML files of the packs and the ontology: where they are, how they are read, what is refused."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from constat.errors import PackError
from constat.folding import fold_word
from constat.text import tokens

ROOT = Path(__file__).parent
LANGUAGES = ROOT / "languages"
ONTOLOGY = ROOT / "ontology"
# Letters only, one border between words: what the tokenizer cuts nowhere else. Most phrases are so.
_BORDER = re.compile("[ '\u2019-]")
_PLAIN = re.compile("[^\\W\\d_]+(?:[ '\u2019-][^\\W\\d_]+)*")


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file; raises `PackError` that names file and line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise PackError(str(path), None, "the file is missing; a pack needs it") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = re.search(r"line (\d+)", str(error))
        raise PackError(str(path), int(line[1]) if line else None, f"not valid TOML: {error}") from error


def rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The lines of a table as (line number, cells); raises `PackError` on a wrong header or cell count."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise PackError(str(path), None, f"not UTF-8: {error}; save the table as UTF-8") from error
    header = False
    for number, line in enumerate(lines, 1):
        line = line.rstrip("\r")
        if not line.strip() or line.startswith("#"):
            continue
        cells = [c.strip() for c in line.split("\t")]
        if not header:
            if tuple(cells[: len(columns)]) != tuple(columns):
                raise PackError(
                    str(path), number, f"the header is {cells}; it should be {', '.join(columns)}, tab-separated"
                )
            header = True
            continue
        if len(cells) > len(columns):
            raise PackError(
                str(path), number, f"{len(cells)} cells; there are {len(columns)} columns: {', '.join(columns)}"
            )
        yield number, cells + [""] * (len(columns) - len(cells))


def fold_phrase(phrase: str) -> str:
    """A phrase as the trie holds it: the folded words that the tokenizer makes of it."""
    if _PLAIN.fullmatch(phrase):
        return " ".join(map(fold_word, _BORDER.split(phrase)))
    return " ".join(t.fold for t in tokens(phrase) if t.shape != "p")
