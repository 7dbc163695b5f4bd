"""`constat export FORMAT`: thin, over `dossiers.py`. A command a format, found by listing."""

from __future__ import annotations

import ast
import os
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from constat.casebook_options import BookOption, JsonOption, open_book, progress
from constat.console import orderly, print_json, say
from constat.errors import StoreError, UsageError
from constat.filters import Filters

if TYPE_CHECKING:
    from constat.dossiers import Exported

_FORMATS = Path(__file__).parent / "exports" / "formats"
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="The file; standard output if not given.")
]


def _about(name: str) -> str:
    """The first line of a format's file, without importing what it needs."""
    text = (_FORMATS / f"{name}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(text)) or name).split("\n")[0]


def _command(name: str) -> Callable[..., None]:
    def write(
        output: OutputOption = None,
        casebook: BookOption = None,
        since: Annotated[str | None, typer.Option(metavar="DAY", help="Not before this day.")] = None,
        until: Annotated[str | None, typer.Option(metavar="DAY", help="Not after it.")] = None,
        near: Annotated[str | None, typer.Option(metavar="PLACE", help="A place, or degrees as 12.65,-8.")] = None,
        km: Annotated[float, typer.Option(metavar="KM", help="How near.")] = 50.0,
        types: Annotated[list[str] | None, typer.Option("--type", metavar="TYPE", help="Type or sub-type.")] = None,
        countries: Annotated[list[str] | None, typer.Option("--country", metavar="ISO", help="As SYR.")] = None,
        actor: Annotated[str | None, typer.Option(metavar="NAME", help="Perpetrator or claimant.")] = None,
        source: Annotated[str | None, typer.Option(metavar="NAME", help="A voice, publisher or source.")] = None,
        lang: Annotated[str | None, typer.Option(metavar="CODE", help="Told in this language.")] = None,
        text: Annotated[str | None, typer.Option(metavar="WORDS", help="A report holds these words.")] = None,
        min_killed: Annotated[int | None, typer.Option(metavar="N", help="So many killed at least.")] = None,
        min_confidence: Annotated[float | None, typer.Option(metavar="0-1", help="So sure at least.")] = None,
        status: Annotated[str | None, typer.Option(metavar="STATUS", help="open, accepted or rejected.")] = None,
        unreviewed: Annotated[bool, typer.Option("--unreviewed", help="Not judged by a person yet.")] = False,
        title: Annotated[str, typer.Option(metavar="TEXT", help="Of feeds, calendars, packages.")] = "",
        restricted: Annotated[
            bool, typer.Option("--restricted", help="With covered names, exact places and whole texts; is logged.")
        ] = False,
        as_json: JsonOption = False,
    ) -> None:
        with orderly():
            filters = Filters(
                since=since, until=until, near=near, km=km, types=tuple(types or ()), countries=tuple(countries or ()),
                actor=actor, source=source, lang=lang, text=text, min_killed=min_killed,
                min_confidence=min_confidence, status=status, unreviewed=unreviewed,
            )  # fmt: skip
            _write(name, filters, output, casebook, title, restricted, as_json)

    write.__doc__ = _about(name)
    return write


def add_formats(group: typer.Typer) -> None:
    """Add a command to a group for each format."""
    for name in sorted(found.name for found in pkgutil.iter_modules([str(_FORMATS)])):
        group.command(name.replace("_", "-"))(_command(name))


def _write(
    name: str, filters: Filters, output: Path | None, casebook: Path | None, title: str, restricted: bool, as_json: bool
) -> None:
    import msgspec

    from constat.dossiers import export as write_all

    if output is None and as_json:
        raise UsageError("--json prints what was lost; name a file for the export with -o")
    with open_book(casebook, writable=restricted) as book:
        total = book.count_incidents(filters)
        with opened(output) as out, progress("writing", total) as advance:
            done = write_all(book, name, out, filters, restricted=restricted, title=title, tell=lambda: advance(""))
        if not restricted and book.restricted():
            say("restricted names are covered; --restricted takes them along")
    if as_json:
        print_json(msgspec.to_builtins(done))
    else:
        _tell(done, output)


def _tell(done: Exported, output: Path | None) -> None:
    """What was written, and what the format could not say, in lines on standard error."""
    say(f"{done.incidents:,} incidents as {done.format}" + (f": {output}" if output else ""))
    for why, count in sorted(done.left_out.items()):
        say(f"left out {count:,}: {why}")
    for whole, label in ((True, "lost"), (False, "in part")):
        reasons: dict[str, list[str]] = {}
        for loss in done.losses:
            if loss.whole is whole:
                reasons.setdefault(loss.why, []).append(f"{loss.fact} in {loss.incidents:,}")
        for why, facts in reasons.items():
            say(f"{label}: {', '.join(facts)} ({why})")
    if done.empty and done.incidents:
        say(f"columns that stay empty: {', '.join(done.empty)}")


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
