"""The bytes of one report, before anything is made of them."""

from __future__ import annotations

from typing import Literal

import msgspec

PARQUET = ".parquet"
ARCHIVES = (PARQUET, ".warc", ".warc.gz")


def is_archive(name: str) -> bool:
    """Whether a file is read as an archive, by its name."""
    return name.lower().endswith(ARCHIVES)


class Raw(msgspec.Struct, frozen=True):
    """The path that the bytes came from, where they stood there (1-based, None for a whole file), and their form.

    Of a page also its address and what the server said with it.
    """

    path: str
    line: int | None
    data: bytes
    form: Literal["text", "json", "page"]
    address: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
