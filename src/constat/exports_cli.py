"""`constat export FORMAT`: thin, over `dossiers.py`. A command a format, found by listing."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from constat.casebook_options import BookOption, JsonOption, OutputOption, open_book, opened, progress
from constat.console import about, orderly, print_json, say
from constat.errors import UsageError
from constat.filter_options import ALL, filtered
from constat.filters import Filters

if TYPE_CHECKING:
    from constat.dossiers import Exported

_FORMATS = Path(__file__).parent / "exports" / "formats"


def _command(name: str) -> Callable[..., None]:
    def write(
        output: OutputOption = None,
        casebook: BookOption = None,
        filters: Filters = Filters(),  # noqa: B008 - frozen
        title: Annotated[str, typer.Option(metavar="TEXT", help="Of feeds, calendars, packages.")] = "",
        restricted: Annotated[
            bool, typer.Option("--restricted", help="With covered names, exact places and whole texts; is logged.")
        ] = False,
        as_json: JsonOption = False,
    ) -> None:
        with orderly():
            _write(name, filters, output, casebook, title, restricted, as_json)

    write.__doc__ = about(_FORMATS / f"{name}.py")
    return filtered(*ALL)(write)


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
