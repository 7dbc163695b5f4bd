"""`constat desk`: opens the desk. Thin, over `desk/serve.py`."""

from __future__ import annotations

import os
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from constat.console import orderly, say
from constat.errors import UsageError

if TYPE_CHECKING:
    from constat.desk.accounts import Accounts

_HELP = {"help_option_names": ["-h", "--help"]}

app = typer.Typer(context_settings=_HELP)
account = typer.Typer(
    name="account", help="Accounts of a desk that others reach.", no_args_is_help=True, context_settings=_HELP
)
app.add_typer(account)

BookOption = Annotated[
    Path | None,
    typer.Option("--casebook", "-C", metavar="DIR", envvar="CONSTAT_CASEBOOK", help="The casebook of the desk."),
]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The name with which one signs in.")]


@app.command()
def desk(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="The casebook; the one around the current folder if not given."),
    ] = None,
    port: Annotated[int, typer.Option(metavar="N", help="The port; 0 takes any that is free.")] = 8787,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen at.")] = "127.0.0.1",
    name: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="NAME", help="A name by which people call it; may be repeated."),
    ] = None,
    tls_certificate: Annotated[
        Path | None,
        typer.Option("--tls-certificate", metavar="FILE", help="The certificate chain, PEM.", exists=True),
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option("--tls-key", metavar="FILE", help="Its key, PEM.", exists=True)
    ] = None,
    proxy: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="The address of a proxy before it that ends TLS.")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
) -> None:
    """Open the casebook in a browser: read, check, decide and see. Without a casebook, texts are read and not kept."""
    with orderly():
        try:
            from constat.desk.serve import Door, serve
        except ImportError as error:
            raise UsageError(f"the desk needs {error.name}: pip install 'constat[desk]'") from error
        from constat.desk.desk import Desk, build_index
        from constat.gazetteer import Gazetteer
        from constat.packs import codes
        from constat.pipeline import Reader
        from constat.settings import Settings

        book = _casebook(folder)
        settings = Settings.load(over=book / "casebook.toml") if book else Settings.load()
        made = Desk(settings, book, reader=lambda: Reader.open(settings), languages=tuple(codes(settings.overlays)))
        door = Door(
            host=host, port=port, names=tuple(name or ()), certificate=tls_certificate, key=tls_key, proxy=proxy
        )

        def ready(address: str) -> None:
            typer.echo(f"the desk is at {address}  (Ctrl-C ends it)")
            if book is None:
                say("no casebook here: texts are read, and not kept; `constat init DIR` makes one")
            if not no_browser and door.local:
                webbrowser.open(address)

        if not Gazetteer.is_built():
            say("the place index is built first, once; it takes less than a minute")
            build_index()
        serve(made, door, ready)


def _casebook(folder: Path | None) -> Path | None:
    """The casebook that is named, or the one around the current folder, or none."""
    from constat.casebook import SETTINGS, Casebook

    if folder is None and (named := os.environ.get("CONSTAT_CASEBOOK")):
        folder = Path(named)
    if folder is None:
        around = (p for p in (Path.cwd(), *Path.cwd().parents) if (p / SETTINGS).is_file())
        return next(around, None)
    Casebook.open(folder).close()  # says at once what is wrong with it
    return folder


@account.command()
def add(
    name: NameArgument,
    casebook: BookOption = None,
    role: Annotated[str, typer.Option(metavar="ROLE", help="reader, reviewer or admin.")] = "reviewer",
) -> None:
    """Make an account, or give one a new role and password. The password is asked for, or read from standard input."""
    with orderly():
        made = _accounts(casebook).add(name, role, _password())
        typer.echo(f"{made.name}: {made.role}")


@account.command("list")
def list_accounts(casebook: BookOption = None) -> None:
    """All accounts with their roles."""
    with orderly():
        for one in _accounts(casebook).every():
            typer.echo(f"{one.name}: {one.role}")


@account.command()
def remove(name: NameArgument, casebook: BookOption = None) -> None:
    """Take an account away, with its sessions and tokens."""
    with orderly():
        _accounts(casebook).remove(name)
        typer.echo(f"{name}: removed")


@account.command()
def token(
    name: NameArgument,
    casebook: BookOption = None,
    label: Annotated[str, typer.Option(metavar="TEXT", help="What it is for.")] = "",
) -> None:
    """Print a token with which a program asks in the name of an account; it is shown this once."""
    with orderly():
        typer.echo(_accounts(casebook).token(name, label))


def _accounts(folder: Path | None) -> Accounts:
    try:
        from constat.desk.accounts import Accounts
    except ImportError as error:
        raise UsageError(f"the desk needs {error.name}: pip install 'constat[desk]'") from error
    book = _casebook(folder)
    if book is None:
        raise UsageError("no casebook here; name one with --casebook, or make one with `constat init DIR`")
    return Accounts(book)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
