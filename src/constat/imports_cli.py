"""`constat import DATASET FILE`: other people's coded events beside one's own incidents. Thin, over `comparing.py`."""

from __future__ import annotations

import ast
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from constat.casebook_options import BookOption, JsonOption, open_book
from constat.console import orderly, print_json, say, writable
from constat.errors import StoreError
from constat.filters import Filters

if TYPE_CHECKING:
    from constat.comparing import Comparison, Match
    from constat.records import Incident

_DATASETS = Path(__file__).parent / "imports" / "datasets"
_SHOWN = 20  # lines of each list on a terminal; the file has all
_HELP = {"help_option_names": ["-h", "--help"]}

app = typer.Typer(
    name="import",
    help="Other people's coded events beside one's own incidents: who has which, and where they differ.",
    no_args_is_help=True,
    context_settings=_HELP,
)


def _command(name: str) -> Callable[..., None]:
    def compare(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or Excel, as the data set is handed out.")],
        casebook: BookOption = None,
        since: Annotated[str | None, typer.Option(metavar="DAY", help="Of ours, none before this day.")] = None,
        until: Annotated[str | None, typer.Option(metavar="DAY", help="None after it.")] = None,
        countries: Annotated[list[str] | None, typer.Option("--country", metavar="ISO", help="As SYR.")] = None,
        output: Annotated[
            Path | None, typer.Option("--output", "-o", metavar="FILE", help="The whole comparison as CSV.")
        ] = None,
        as_json: JsonOption = False,
    ) -> None:
        with orderly():
            import msgspec

            from constat import comparing

            filters = Filters(since=since, until=until, countries=tuple(countries or ()))
            with open_book(casebook) as book:
                found = comparing.compare(book, file, name, filters)
            if output is not None:
                _write(output, found)
            if as_json:
                print_json(msgspec.to_builtins(found))
            else:
                _print(found)

    text = (_DATASETS / f"{name}.py").read_text(encoding="utf-8")
    compare.__doc__ = (ast.get_docstring(ast.parse(text)) or name).split("\n")[0]
    return compare


for _found in sorted(module.name for module in pkgutil.iter_modules([str(_DATASETS)])):
    app.command(_found)(_command(_found))


def _write(output: Path, found: Comparison) -> None:
    from constat import comparing
    from constat.exports.cells import write_csv

    try:
        with output.open("wb") as out:
            write_csv(out, [comparing.COLUMNS], comparing.rows(found))
    except OSError as error:
        raise StoreError(f"{output}: cannot be written: {error.strerror}") from error
    say(f"the comparison: {output}")


def _print(found: Comparison) -> None:
    name = found.dataset
    both, theirs, ours = len(found.matches), len(found.only_theirs), len(found.only_ours)
    typer.echo(f"{found.rows:,} events of {name}: {both:,} are also in the casebook, {theirs:,} are not")
    typer.echo(f"{ours:,} incidents of the casebook, of the days and countries that it covers, are not in {name}")
    differing = [m for m in found.matches if any(f.apart for f in m.fields)]
    if found.matches:
        typer.echo(f"of the {both:,} in both, {both - len(differing):,} say the same")
    for match in differing[:_SHOWN]:
        typer.echo(writable(_line(match)))
    _more(len(differing))
    for label, several in (
        (f"only {name}", [f"{n}  {_about(one)}" for n, one in found.only_theirs]),
        ("only the casebook", [f"{one.id[:12]}  {_about(one)}" for one in found.only_ours]),
    ):
        if several:
            typer.echo(f"\n{label}:")
        for line in several[:_SHOWN]:
            typer.echo(writable(f"  {line}"))
        _more(len(several))


def _line(match: Match) -> str:
    apart = [f for f in match.fields if f.apart]
    lines = [f"\n{match.number} = {match.ours.id[:12]}  {_about(match.ours)}  ({match.probability:.0%} sure)"]
    return "\n".join([*lines, *(f"  {f.field:12}{f.theirs or '-'} | {f.ours or '-'}  {f.how}" for f in apart)])


def _about(one: Incident) -> str:
    from constat.exports import Dossier
    from constat.exports.words import headline

    return headline(Dossier(incident=one))


def _more(count: int) -> None:
    if count > _SHOWN:
        typer.echo(f"  and {count - _SHOWN:,} more; -o FILE writes all")
