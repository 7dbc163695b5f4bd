"""The words in which briefs and alerts speak: a table a language beside this file, nothing of them in Python."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from constat.errors import UsageError
from constat.tables import read_toml

FOLDER = Path(__file__).parent


class Words(msgspec.Struct, frozen=True):
    """The words of one language by section and key; `direction` is `ltr` or `rtl`."""

    lang: str
    direction: str
    table: Mapping[str, Mapping[str, str]]

    def __call__(self, key: str, /, **values: object) -> str:
        """The words of `section.key` with values in their places; raises `KeyError` if there are none."""
        section, _, name = key.partition(".")
        return self.table[section][name].format(**values)

    def named(self, section: str, name: str | None) -> str:
        """The word for something that tables elsewhere name; its own name where this language has none."""
        return self.table[section].get(name or "", name or "")


def languages() -> list[str]:
    """Codes of the languages that there are words in."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@lru_cache(maxsize=8)
def words(lang: str) -> Words:
    """The words of a language; raises `UsageError` if there are none."""
    if lang not in languages():
        raise UsageError(f"no words for the language {lang!r}; there are some for {', '.join(languages())}")
    table: dict[str, Any] = read_toml(FOLDER / f"{lang}.toml")
    return Words(lang, table.pop("direction"), table)
