"""`constat import DATASET FILE`, `constat compare`: other people's coded events, kept beside one's own incidents."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from constat.casebook_options import BookOption, JsonOption, open_book, opened, progress
from constat.console import FAILED, about, orderly, print_json, say, writable
from constat.errors import UsageError
from constat.filter_options import filtered
from constat.filters import Filters

if TYPE_CHECKING:
    from constat.account import Account
    from constat.casebook import Casebook
    from constat.comparing import Comparison
    from constat.records import Incident

_DATASETS = Path(__file__).parent / "imports" / "datasets"
_SHOWN = 20  # lines of each list on a terminal; the file has all
_HELP = {"help_option_names": ["-h", "--help"]}
TableOption = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="All of it as CSV.")]

app = typer.Typer(context_settings=_HELP)
datasets = typer.Typer(
    name="import",
    help="Other people's coded events, kept beside one's own incidents: who has which, and where they differ.",
    no_args_is_help=True,
    context_settings=_HELP,
)
app.add_typer(datasets)


def _command(name: str) -> Callable[..., None]:
    def take_in(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or Excel, as the data set is handed out.")],
        casebook: BookOption = None,
        filters: Filters = Filters(),  # noqa: B008 - frozen
        output: TableOption = None,
        no_keep: Annotated[bool, typer.Option("--no-keep", help="Compare only; keep nothing of it.")] = False,
        as_json: JsonOption = False,
    ) -> None:
        failed = False
        with orderly(), open_book(casebook, writable=not no_keep) as book:
            from constat import comparing

            account = None if no_keep else _keep(book, file, name)
            refused: list[str] = []
            rows = comparing.rows_in(
                file, name, book.settings, lambda one: refused.append(f"{one.locator}: {one.cause}")
            )
            _tell(comparing.compare(book, rows, name, filters), output, as_json, account)
            failed = account.quarantined > 0 if account else bool(refused)
            for line in refused if no_keep else ():
                say(f"{file.name}, {line}")
        if failed:
            raise typer.Exit(FAILED)

    take_in.__doc__ = about(_DATASETS / f"{name}.py")
    return filtered("since", "until", "countries")(take_in)


for _found in sorted(module.name for module in pkgutil.iter_modules([str(_DATASETS)])):
    datasets.command(_found)(_command(_found))


@app.command()
@filtered("since", "until", "countries")
def compare(
    dataset: Annotated[
        str | None, typer.Argument(metavar="DATASET", help="acled, gtd or ucdp; the one that there is if not given.")
    ] = None,
    casebook: BookOption = None,
    filters: Filters = Filters(),  # noqa: B008 - frozen
    output: TableOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare once more with coded events that were imported before, as the incidents stand now."""
    with orderly(), open_book(casebook) as book:
        from constat import comparing
        from constat.imports import dataset as known

        held = comparing.held(book)
        if dataset is not None:
            known(dataset)
        elif len(held) > 1:
            raise UsageError(f"name one of the data sets that were imported: {', '.join(held)}")
        name = dataset.lower() if dataset else next(iter(held), "")
        if name not in held:
            raise UsageError(f"no rows of {name or 'a data set'} are here; `constat import` takes some in")
        _tell(comparing.compare(book, comparing.rows_held(book, name, filters), name, filters), output, as_json)


def _keep(book: Casebook, file: Path, name: str) -> Account:
    """Take the rows of a file in, as `constat add` takes in reports."""
    if not file.is_file():
        raise UsageError(f"{file}: is no file")
    with progress("keeping", None) as advance:

        def tell(_: Account, what: str, cause: str | None) -> None:
            advance(what)
            if cause:
                say(f"quarantined: {what}: {cause}")

        return book.add([str(file)], dataset=name, tell=tell)


def _tell(found: Comparison, output: Path | None, as_json: bool, account: Account | None = None) -> None:
    import msgspec

    if output is not None:
        _write(output, found)
    if as_json:
        kept = {"account": msgspec.to_builtins(account)} if account else {}
        print_json(msgspec.to_builtins(found) | kept)
        return
    if account:
        typer.echo(str(account))
    _print(found)


def _write(output: Path, found: Comparison) -> None:
    from constat import comparing
    from constat.exports.cells import write_csv

    with opened(output) as out:
        write_csv(out, [comparing.COLUMNS], comparing.rows(found))
    say(f"the comparison: {output}")


def _print(found: Comparison) -> None:
    from constat.differing import side_by_side

    name = found.dataset
    both, theirs, ours = len(found.matches), len(found.only_theirs), len(found.only_ours)
    typer.echo(f"{found.rows:,} events of {name}: {both:,} are also in the casebook, {theirs:,} are not")
    typer.echo(f"{ours:,} incidents of the casebook, of the days and countries that it covers, are not in {name}")
    differing = [m for m in found.matches if any(f.apart for f in m.fields)]
    if found.matches:
        typer.echo(f"of the {both:,} in both, {both - len(differing):,} say the same")
    for match in differing[:_SHOWN]:
        head = f"\n{match.number} = {match.ours.id[:12]}  {_about(match.ours)}  ({match.probability:.0%} sure)"
        typer.echo(writable("\n".join([head, *side_by_side(match.fields, name)])))
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


def _about(one: Incident) -> str:
    from constat.exports import Dossier
    from constat.exports.words import headline

    return headline(Dossier(incident=one))


def _more(count: int) -> None:
    if count > _SHOWN:
        typer.echo(f"  and {count - _SHOWN:,} more; -o FILE writes all")
