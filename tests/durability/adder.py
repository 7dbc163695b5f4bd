"""Adds sources to a casebook and prints, flushed, how many are acknowledged. Run by the tests."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TextIO

from constat.casebook import Casebook
from constat.errors import StoreError
from constat.records import Document, Reading


class Plain:
    """Reads nothing in a report."""

    def read(self, document: Document) -> Reading:
        return Reading(document=document, events=())


def main(folder: str, sources: list[str], out: TextIO) -> int:
    """Add the sources; the exit status."""
    try:
        with Casebook.open(Path(folder), writable=True) as book:
            print("open", file=out, flush=True)
            account = book.add(
                sources, reader=Plain, tell=lambda account, name, cause: print(account.stored, file=out, flush=True)
            )
            print(account, file=out, flush=True)
    except StoreError as error:
        print(error, file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:], sys.stdout))
