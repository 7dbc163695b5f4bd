"""`constat plot KIND`: pictures of incidents as SVG. Thin, over `dossiers.py`."""

from __future__ import annotations

import ast
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from constat.casebook_options import BookOption, open_book
from constat.console import orderly, say
from constat.exports_cli import OutputOption, opened
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
        since: Annotated[str | None, typer.Option(metavar="DAY", help="Not before this day.")] = None,
        until: Annotated[str | None, typer.Option(metavar="DAY", help="Not after it.")] = None,
        near: Annotated[str | None, typer.Option(metavar="PLACE", help="A place, or degrees as 12.65,-8.")] = None,
        km: Annotated[float, typer.Option(metavar="KM", help="How near.")] = 50.0,
        types: Annotated[list[str] | None, typer.Option("--type", metavar="TYPE", help="Type or sub-type.")] = None,
        countries: Annotated[list[str] | None, typer.Option("--country", metavar="ISO", help="As SYR.")] = None,
        actor: Annotated[str | None, typer.Option(metavar="NAME", help="Perpetrator or claimant.")] = None,
        status: Annotated[str | None, typer.Option(metavar="STATUS", help="open, accepted or rejected.")] = None,
        title: Annotated[str, typer.Option(metavar="TEXT", help="Above the picture.")] = "",
    ) -> None:
        with orderly():
            from constat import dossiers

            filters = Filters(
                since=since, until=until, near=near, km=km, types=tuple(types or ()), countries=tuple(countries or ()),
                actor=actor, status=status,
            )  # fmt: skip
            with open_book(casebook) as book, opened(output) as out:
                out.write(dossiers.draw(book, name, filters, title=title).encode())
            if output is not None:
                say(f"{name}: {output}")

    text = (_PLOTS / f"{name}.py").read_text(encoding="utf-8")
    draw.__doc__ = (ast.get_docstring(ast.parse(text)) or name).split("\n")[0]
    return draw


for _found in sorted(module.name for module in pkgutil.iter_modules([str(_PLOTS)])):
    app.command(_found)(_command(_found))
