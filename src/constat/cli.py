"""All commands under one name; `start.py` loads them only if a command is asked for that reads no reports."""

from __future__ import annotations

from typing import Annotated

import typer

from constat import __version__
from constat.alerts_cli import app as alerts_app
from constat.briefs_cli import app as briefs_app
from constat.casebook_cli import app as casebook_app
from constat.casebook_cli import export as export_group
from constat.desk_cli import app as desk_app
from constat.exports_cli import add_formats
from constat.gazetteer_cli import app as gazetteer_app
from constat.imports_cli import app as imports_app
from constat.incidents_cli import app as incidents_app
from constat.model_cli import packs as packs_app
from constat.plots_cli import app as plots_app
from constat.reading_cli import app as reading_app

app = typer.Typer(
    name="constat",
    help="Reads news reports of violent incidents; every value it gives points at the words that carry it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.registered_commands += reading_app.registered_commands
add_formats(export_group)
app.add_typer(gazetteer_app)
app.add_typer(alerts_app)
app.registered_commands += imports_app.registered_commands
app.registered_groups += imports_app.registered_groups
app.add_typer(plots_app)
app.add_typer(packs_app)
app.registered_commands += casebook_app.registered_commands + incidents_app.registered_commands
app.registered_groups += casebook_app.registered_groups + incidents_app.registered_groups
app.registered_commands += desk_app.registered_commands
app.registered_commands += briefs_app.registered_commands
app.registered_groups += desk_app.registered_groups


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"constat {__version__}")
        raise typer.Exit


@app.callback()
def constat(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Reads news reports of violent incidents; every value it gives points at the words that carry it."""
