"""The commands of a casebook, from `constat init` to `constat erase`: thin, over `casebook.py`."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from constat.casebook_options import BookOption, JsonOption, WorkersOption, open_book, progress
from constat.console import FAILED, orderly, print_json, say, writable
from constat.errors import BusyError, UsageError
from constat.model_options import BookReader, BookReaderOption, OfflineOption

if TYPE_CHECKING:
    from constat.account import Account
    from constat.casebook import Casebook

_SHOWN = 20  # failures printed, of any number
_HELP = {"help_option_names": ["-h", "--help"]}

app = typer.Typer(context_settings=_HELP)
export = typer.Typer(name="export", help="Files made of a casebook.", no_args_is_help=True, context_settings=_HELP)
app.add_typer(export)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    store: Annotated[
        str, typer.Option(metavar="ADDRESS", help="postgresql://… instead of a SQLite file in the folder.")
    ] = "",
) -> None:
    """Make a casebook: a folder that keeps evidence, what was read in it, and a log of every change."""
    with orderly():
        import msgspec

        from constat.casebook import Casebook
        from constat.settings import Settings

        settings = Settings.load()
        settings = msgspec.structs.replace(settings, store=store or settings.store)
        with Casebook.init(folder, settings) as casebook:
            typer.echo(f"casebook {casebook.id} in {folder}, kept in {casebook.store.name}")
            for warning in casebook.store.warnings:
                say(warning)


@app.command()
def add(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]...", help="Files, folders, archives, web addresses, - for standard input."),
    ] = None,
    casebook: BookOption = None,
    retry: Annotated[bool, typer.Option("--retry", help="Try again what waits in quarantine or was not read.")] = False,
    published: Annotated[str | None, typer.Option(metavar="DATE", help="When the reports were published.")] = None,
    lang: Annotated[
        str | None, typer.Option(metavar="CODE", help="Their language; told from them if not given.")
    ] = None,
    publisher: Annotated[str | None, typer.Option(metavar="NAME", help="Who published them.")] = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="Where they were published.")] = None,
    columns: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="Which column of a table is which field.")
    ] = None,
    no_read: Annotated[
        bool, typer.Option("--no-read", help="Keep them now, read them with `--retry` or `rebuild`.")
    ] = False,
    reader: BookReaderOption = None,
    offline: OfflineOption = False,
    workers: WorkersOption = None,
) -> None:
    """Take in anything; every report is kept, read and accounted for. What is known already is a duplicate."""
    with orderly():
        from constat.documents.reports import Known, day

        if not sources and not retry:
            raise UsageError("name what to add: files, folders or addresses; or --retry")
        try:
            date = day(published) if published is not None else None
        except ValueError:
            raise UsageError(f"--published {published!r} should be a date such as 2024-03-12") from None
        known = Known(published=date, lang=lang, publisher=publisher, url=url)
        with open_book(casebook, writable=True) as book:
            who = None if no_read else BookReader(book.settings, reader, offline, workers)
            account = _add(book, sources or [], known, _columns(columns), retry, who)
    if account.quarantined or (who is not None and who.failed):
        raise typer.Exit(FAILED)


@app.command()
def watch(
    feeds: Annotated[list[str], typer.Argument(metavar="ADDRESS...", help="Feeds or pages.")],
    casebook: BookOption = None,
    every: Annotated[float, typer.Option(metavar="MINUTES", help="How often to look.")] = 30.0,
    times: Annotated[int | None, typer.Option(metavar="N", help="How often in all; for ever if not given.")] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Also fetch the pages that entries point at.")] = False,
    reader: BookReaderOption = None,
    offline: OfflineOption = False,
) -> None:
    """Look at feeds again and again, and take in what is new. Ctrl-C ends it; another process may write in between."""
    with orderly():
        from constat.account import now
        from constat.documents.reports import Known

        looked, who = 0, None
        while times is None or looked < times:
            if looked:
                time.sleep(max(1.0, every * 60))
            started = now()
            try:
                with open_book(casebook, writable=True) as book:
                    who = who or BookReader(book.settings, reader, offline)
                    _add(book, feeds, Known(), {}, retry=False, who=who)
                    if follow and (pages := book.links(started)):
                        _add(book, pages, Known(), {}, retry=False, who=who)
            except BusyError as error:
                say(f"{error}; looking again the next time")
            looked += 1


@app.command()
def status(casebook: BookOption = None, as_json: JsonOption = False) -> None:
    """How much the casebook holds, and what waits in quarantine and why."""
    with orderly():
        import msgspec

        with open_book(casebook) as book:
            s = book.status()
            if as_json:
                print_json(msgspec.to_builtins(s))
                return
            asides = ((s.unread, "not read"), (s.partly, "to be read again"))
            unread = ", ".join(f"{count:,} {what}" for count, what in asides if count)
            unread = f" ({unread})" if unread else ""
            typer.echo(f"casebook {book.id} in {book.folder}, kept in {s.store}")
            typer.echo(f"{s.captures:,} captures, {s.documents:,} documents{unread}, {s.events:,} events")
            if s.rows:
                held = ", ".join(f"{count:,} of {name}" for name, count in s.rows.items())
                typer.echo(f"beside them rows of data sets: {held}")
            typer.echo(f"{s.decisions:,} decisions, {s.entries:,} entries in the log, anchored up to {s.anchored:,}")
            typer.echo(
                f"{s.quarantined:,} in quarantine" + ("; `constat add --retry` tries them again" if s.waiting else "")
            )
            for item in s.waiting[:_SHOWN]:
                place = f"{item.name}, {item.locator}" if item.locator else item.name
                typer.echo(writable(f"  {place}: {item.cause} (since {item.since}, tried {item.tries} times)"))
            if len(s.waiting) > _SHOWN:
                typer.echo(f"  and {len(s.waiting) - _SHOWN:,} more; --json lists them all")
            if s.causes:
                typer.echo(f"{s.unread + s.partly:,} to be read; `constat add --retry` reads them")
            for cause, count in s.causes[:_SHOWN]:
                typer.echo(writable(f"  {count:,}: {cause}"))
            for warning in s.warnings:
                say(warning)


@app.command()
def verify(
    casebook: BookOption = None,
    anchor: Annotated[
        str | None, typer.Option(metavar="SEQ:HASH", help="An anchor that you noted elsewhere, to check against.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check every file, row, quote and link of the log against what it was when it was written."""
    with orderly():
        import msgspec

        with open_book(casebook) as book:
            findings = book.verify(anchor)
        if as_json:
            print_json(msgspec.to_builtins(findings))
        else:
            f = findings
            typer.echo(f"{f.captures:,} captures, {f.documents:,} documents, {f.entries:,} entries in the log")
            typer.echo(f"anchored: entries 1 to {f.anchored:,}" if f.anchored else "anchored: nothing")
            if f.entries > f.anchored:
                typer.echo(f"not anchored: entries {f.anchored + 1:,} to {f.entries:,}; a cut there would not show")
            for note in f.notes:
                typer.echo(f"note: {note}")
            for fault in f.faults:
                typer.echo(writable(f"FAULT {fault}"))
            typer.echo(f"{len(f.faults)} faults" if f.faults else "no fault")
    if findings.faults:
        raise typer.Exit(FAILED)


@app.command()
def rebuild(
    casebook: BookOption = None,
    reader: BookReaderOption = None,
    offline: OfflineOption = False,
    workers: WorkersOption = None,
) -> None:
    """Extract and read everything anew: documents, readings and index follow from evidence, packs and decisions."""
    with orderly(), open_book(casebook, writable=True) as book:
        who = BookReader(book.settings, reader, offline, workers)
        held = book.status()
        try:
            with progress("rebuilding", held.captures + held.documents) as advance:
                done = book.rebuild(who(), tell=lambda: advance(""))
        finally:
            who.tell()
        unread = f", {done.unread:,} could not be read" if done.unread else ""
        if done.replaced or done.found:
            typer.echo(f"{done.replaced:,} documents replaced by what their captures give now, {done.found:,} are new")
        if done.kept:
            say(f"{done.kept:,} captures cannot be read again; what they gave stays as it was")
        partly = f", {done.partly:,} to be read again" if done.partly else ""
        typer.echo(f"{done.documents:,} documents read, {done.changed:,} readings changed{unread}{partly}")
        typer.echo(f"digest {done.digest}")
    if who.failed:
        raise typer.Exit(FAILED)


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORD...", help="All must occur; `word*` is a beginning.")],
    casebook: BookOption = None,
    limit: Annotated[int, typer.Option(metavar="N", help="How many documents at most.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Find documents by their words, in any case, with or without accents, Arabic particles or letter variants."""
    with orderly():
        import msgspec

        with open_book(casebook) as book:
            hits = book.search(" ".join(words), limit)
        for hit in hits:
            if as_json:
                print_json(msgspec.to_builtins(hit))
                continue
            about = " · ".join(p for p in (hit.published, hit.publisher, hit.title) if p)
            typer.echo(writable(f"{hit.document[:12]}  {about}\n    {hit.snippet}"))
    if not hits:
        say("nothing found")
        raise typer.Exit(FAILED)


@export.command("evidence")
def export_evidence(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
    casebook: BookOption = None,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="With the pages and texts themselves, which name people.")
    ] = False,
) -> None:
    """Write captures, their provenance, the log and its anchors as a BagIt bag that can be checked without Constat."""
    with orderly(), open_book(casebook, writable=True) as book:
        with progress("writing", book.status().captures) as advance:
            count = book.export_evidence(target, restricted=restricted, tell=lambda: advance(""))
        typer.echo(f"{count:,} captures: {target}")
        if not restricted:
            say("pages, texts and names are left out; --restricted takes them along")


@app.command()
def restrict(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Names of victims, witnesses, minors.")],
    casebook: BookOption = None,
) -> None:
    """Cover names in whatever is shown by default."""
    with orderly(), open_book(casebook, writable=True) as book:
        typer.echo(f"{book.restrict(names):,} names more are covered")


@app.command()
def erase(
    document: Annotated[str, typer.Argument(metavar="DOCUMENT", help="The id of a document, or its beginning.")],
    casebook: BookOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without this it only says what would be erased.")] = False,
) -> None:
    """Take a document and its evidence out for good; the log keeps that it was done, and stays valid."""
    with orderly(), open_book(casebook, writable=True) as book:
        plan = book.erase(document) if yes else book.erasure(document)
        said = "erased" if yes else "would be erased"
        typer.echo(f"{said}: document {plan.document[:12]} and {len(plan.captures)} captures that hold it")
        if plan.others:
            typer.echo(f"{len(plan.others):,} other documents stay without their evidence: it is in the same captures")
        if not yes:
            typer.echo("--yes does it; copies of the casebook that were made before keep what they have")


def _add(
    book: Casebook,
    sources: list[str],
    known: Any,
    columns: dict[str, str],
    retry: bool,
    who: BookReader | None,
) -> Account:
    """Add with progress and reasons; the account is printed whatever ends the run."""
    failures = 0
    last: list[Account] = []

    with progress("adding", _expected(sources)) as advance:

        def tell(account: Account, name: str, cause: str | None) -> None:
            nonlocal failures
            last[:] = [account]
            advance(name)
            if cause is not None:
                failures += 1
                if failures <= _SHOWN:
                    say(f"quarantined  {name}: {cause}")

        try:
            account = book.add(sources, known=known, columns=columns, reader=who, retry=retry, tell=tell)
        except BaseException:
            if last:
                say(f"stopped: {last[0]}; adding the same again goes on from here")
            raise
        finally:
            if who is not None:
                who.tell()
    if failures > _SHOWN:
        say(f"and {failures - _SHOWN:,} more in quarantine; `constat status` lists them")
    typer.echo(str(account))
    return account


def _columns(pairs: list[str] | None) -> dict[str, str]:
    from constat.documents.reports import FIELDS

    found = {}
    for pair in pairs or ():
        field, _, column = pair.partition("=")
        if field not in FIELDS or not column:
            raise UsageError(
                f"--map {pair}: a field and a column are wanted, such as text=Notes; fields are {', '.join(FIELDS)}"
            )
        found[field] = column
    return found


def _expected(sources: list[str]) -> int | None:
    """How many reports may come of files and folders, by a quick look; None if nothing tells."""
    count = 0
    for source in sources:
        path = Path(source)
        if source == "-" or "://" in source or not path.exists():
            continue
        paths = [Path(where, f) for where, _, files in os.walk(path) for f in files] if path.is_dir() else [path]
        for file in paths:
            if file.suffix.lower() in (".jsonl", ".ndjson", ".csv", ".tsv") and file.is_file():
                with file.open("rb") as stream:
                    count += sum(piece.count(b"\n") for piece in iter(lambda: stream.read(1 << 20), b""))
            else:
                count += 1
    return count or None
