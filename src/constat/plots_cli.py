"""`constat plot KIND`: pictures of incidents as SVG. Thin, over `dossiers.py`."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from constat.casebook_options import BookOption, OutputOption, open_book, opened
from constat.console import about, orderly, say
from constat.filter_options import ALL, filtered
from constat.filters import Filters

_PLOTS = Path(__file__).parent / "exports" / "plots"

app = typer.Typer(
    name="plot",
    help="Pictures of incidents, as SVG.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _command(name: str) -> Callable[..., None]:
    def draw(
        output: OutputOption = None,
        casebook: BookOption = None,
        filters: Filters = Filters(),  # noqa: B008 - frozen
        title: Annotated[str, typer.Option(metavar="TEXT", help="Above the picture.")] = "",
    ) -> None:
        with orderly():
            from constat import dossiers

            with open_book(casebook) as book, opened(output) as out:
                out.write(dossiers.draw(book, name, filters, title=title).encode())
            if output is not None:
                say(f"{name}: {output}")

    draw.__doc__ = about(_PLOTS / f"{name}.py")
    return filtered(*ALL)(draw)


for _found in sorted(module.name for module in pkgutil.iter_modules([str(_PLOTS)])):
    app.command(_found)(_command(_found))
