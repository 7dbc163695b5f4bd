"""What commands on a casebook share: how it is named and opened, and a bar that shows how far they are."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from constat.errors import StoreError, UsageError

if TYPE_CHECKING:
    from constat.casebook import Casebook

BookOption = Annotated[
    Path | None,
    typer.Option(
        "--casebook", "-C", metavar="DIR", envvar="CONSTAT_CASEBOOK",
        help="The casebook; the one around the current folder if not given.",
    ),
]  # fmt: skip
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers", metavar="N", min=1, help="How many processes read; all cores, once there is much to read."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of lines for people.")]

OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="The file; standard output if not given.")
]


def open_book(folder: Path | None, *, writable: bool = False) -> Casebook:
    """The casebook that is named, or the one around the current folder."""
    from constat.casebook import SETTINGS, Casebook

    if folder is None:
        around = (p for p in (Path.cwd(), *Path.cwd().parents) if (p / SETTINGS).is_file())
        folder = next(around, None)
        if folder is None:
            raise UsageError("no casebook here; name one with --casebook, or make one with `constat init DIR`")
    return Casebook.open(folder, writable=writable)


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Any]:
    """A bar with rate and time left on a terminal, once a second has passed; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    started = time.monotonic()
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(what, total=total, rate="")
    shown = False

    def advance(name: str) -> None:
        nonlocal shown
        past = time.monotonic() - started
        if past > 1 and not shown:
            bar.start()
            shown = True
        done = bar.tasks[0].completed + 1
        bar.update(task, advance=1, rate=f"{done / max(past, 0.001):.1f}/s", total=max(total or 0, done) or None)

    try:
        yield advance
    finally:
        bar.stop()


@contextmanager
def opened(output: Path | None) -> Iterator[IO[bytes]]:
    """The file, which takes its name once it is whole; or standard output."""
    if output is None or str(output) == "-":
        if sys.stdout.isatty() and output is None:
            raise UsageError("name a file with -o, or - for the terminal")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    aside = output.with_name(f"{output.name}.{os.getpid()}.part")
    try:
        with aside.open("wb") as out:
            yield out
        aside.replace(output)
    except OSError as error:
        raise StoreError(f"{output}: cannot be written: {error.strerror}") from error
    finally:
        aside.unlink(missing_ok=True)
