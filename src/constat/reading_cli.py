"""Thin commands: `constat read`, `constat evaluate`, `constat languages`. Their contract is `docs/cli.md`.

What a command needs is imported inside it, so that `--help` and a wrong argument answer at once.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Annotated, Any

import typer

from constat.casebook_options import progress
from constat.console import FAILED, orderly, print_json, say, writable
from constat.errors import InputError, UsageError
from constat.model_cli import (
    DifferencesOption,
    How,
    ReaderOption,
    figures,
    print_side_by_side,
    tell,
)
from constat.model_cli import readings as model_readings
from constat.model_options import OfflineOption, Which

if TYPE_CHECKING:
    from rich.console import Console

    from constat.engines.work import Form, Job, Outcome
    from constat.pipeline import Reader
    from constat.records import Reading
    from constat.resolution.held import Held
    from constat.settings import Settings
    from constat.sources.files import Raw

_SLOW_START = 1.5  # seconds after which a start is explained

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]}
)


class Engine(StrEnum):
    """Where reports are read."""

    local = "local"
    dask = "dask"


PacksOption = Annotated[
    list[Path] | None,
    typer.Option("--packs", metavar="DIR", help="A folder laid over the shipped packs and ontology; may be repeated."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a page for people.")]


@app.command()
def read(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="[PATH | -]...", help="Text files, JSON Lines, folders of these, or - for standard input."
        ),
    ],
    as_json: JsonOption = False,
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="When the reports were published, as 2024-03-12.")
    ] = None,
    lang: Annotated[
        str | None, typer.Option(metavar="CODE", help="Their language; told from the text if not given.")
    ] = None,
    publisher: Annotated[str | None, typer.Option(metavar="NAME", help="Who published them.")] = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="Where they were published.")] = None,
    resolve: Annotated[
        bool, typer.Option("--resolve", help="Add the id of the incident that each event is a telling of.")
    ] = False,
    actors: Annotated[
        bool, typer.Option("--actors", help="Say whom perpetrators, targets and claimants may mean in the register.")
    ] = False,
    reader: ReaderOption = Which.rules,
    offline: OfflineOption = False,
    differences: DifferencesOption = None,
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="How many processes read; all cores, once there is much to read."),
    ] = None,
    engine: Annotated[
        Engine, typer.Option(help="Where it is done: on this machine, or on a cluster with a Dask scheduler.")
    ] = Engine.local,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", envvar="CONSTAT_SCHEDULER", help="The Dask scheduler.")
    ] = None,
    out: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Where a cluster leaves finished shards, to go on from there.")
    ] = None,
    packs: PacksOption = None,
) -> None:
    """Read reports and print what they hold. What a report says of itself wins over the options."""
    with orderly():
        from constat.documents.reports import Known, day
        from constat.engines.work import Job
        from constat.sources.files import raw_reports

        how = How(reader, offline, differences)
        settings = how.settings(_settings(packs))
        try:
            date = day(published) if published is not None else None
        except ValueError:
            raise UsageError(f"--published {published!r} should be a date such as 2024-03-12") from None
        known = Known(
            published=date,
            lang=lang if how.any_language else _known_language(lang, settings),
            publisher=publisher,
            url=url,
        )
        form: Form = "held" if resolve else "line" if as_json else "reading"
        job = Job(settings=settings, known=known, form=form, actors=actors)
        if engine is Engine.dask:
            failed = _print_all(_on_cluster(paths, job, how, as_json, scheduler, out), job)
        else:
            outcomes = _outcomes(raw_reports(paths, settings), job, how, workers)
            failed = _print_resolved(outcomes, job, as_json, workers) if resolve else _print_all(outcomes, job)
        tell(how, settings)
    if failed:
        raise typer.Exit(FAILED)


def _on_cluster(
    paths: list[str], job: Job, how: How, as_json: bool, scheduler: str | None, out: str | None
) -> Iterator[Outcome]:
    """What comes of each report, read by the machines of a cluster."""
    if scheduler is None or out is None or not as_json or how.which is not Which.rules:
        raise UsageError("--engine dask needs --scheduler ADDRESS, --out FOLDER and --json, and reads with the rules")
    from constat.engines.cluster import read_on_cluster

    with progress("reading shards", None) as advance:
        yield from read_on_cluster(paths, job, scheduler, out, lambda done, of: advance(""))


def _outcomes(raws: Iterator[Raw | InputError], job: Job, how: How, workers: int | None) -> Iterator[Outcome]:
    """What comes of each report, in input order; the reader is opened once it is needed."""
    if how.which is Which.rules:
        from constat.engines.reading import read_all

        yield from read_all(raws, job, workers, _open_reader)
        return
    from constat.engines.work import Outcome, Work
    from constat.intake import as_documents

    work = Work(job)
    found = as_documents(raws, job.known, job.settings, how.any_language)
    for reading in model_readings(found, _open_reader(job.settings), how):
        yield Outcome(error=reading) if isinstance(reading, str) else work.of(reading)


def _print_all(outcomes: Iterator[Outcome], job: Job) -> int:
    """Print what comes of all reports, and say what failed; the number of failures."""
    failed = 0
    for outcome in outcomes:
        if outcome.error:
            failed += 1
            say(outcome.error)
        elif outcome.reading is not None:
            _show(outcome.reading, job)
        else:
            _write(outcome.line)
    return failed


def _print_resolved(outcomes: Iterator[Outcome], job: Job, as_json: bool, workers: int | None) -> int:
    """The same once all are read, each event with its incident."""
    from constat.pipeline import held

    with held(job.settings) as all_read:
        failed = _hold(outcomes, all_read)
        resolution = all_read.resolve()
        incidents = resolution.incidents()
        if as_json:
            from constat.engines.reading import lines

            for line in lines(all_read, incidents, job, workers):
                _write(line)
            return failed
        for reading in all_read.readings():
            _show(reading, job)
        _print_incidents(all_read.readings(), incidents)
    several, total = sum(len(group) > 1 for group in resolution.groups), len(resolution.groups)
    once = f"{several} {'is' if several == 1 else 'are'} told more than once"
    say(f"{len(incidents)} tellings of {total} incident{'' if total == 1 else 's'}; {once}")
    return failed


def _print_incidents(readings: Iterable[Reading], incidents: Mapping[str, str]) -> None:
    """Each incident with the reports that tell of it, after the pages of these."""
    told: dict[str, list[str]] = {}
    for reading in readings:
        for number, event in enumerate(reading.events, 1):
            where = reading.document.title or reading.document.id
            told.setdefault(incidents[event.id], []).append(f"{where}, {number}" if len(reading.events) > 1 else where)
    for incident, reports in told.items():
        typer.echo(writable(f"incident {incident[:8]}: {len(reports)} telling{'' if len(reports) == 1 else 's'}"))
        for report in reports:
            typer.echo(writable(f"  {report}"))


def _hold(outcomes: Iterator[Outcome], held: Held) -> int:
    """Hold all readings, and say what failed; the number of failures."""
    failed = 0
    for outcome in outcomes:
        if outcome.error:
            failed += 1
            say(outcome.error)
        else:
            held.add_kept(outcome.kept, outcome.tellings)
    return failed


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _show(reading: Reading, job: Job) -> None:
    from constat.actors import load_register
    from constat.show import show

    show(reading, _console(), load_register(job.settings.overlays) if job.actors else None)


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD.jsonl", help="Reports with the readings a coder gave them.")],
    readings: Annotated[
        Path | None,
        typer.Argument(
            metavar="[READINGS.jsonl]", help="What `constat read --json` printed; read afresh if not given."
        ),
    ] = None,
    main_only: Annotated[bool, typer.Option("--main", help="Leave background events out on both sides.")] = False,
    list_misses: Annotated[bool, typer.Option("--list", help="Print every miss before the figures.")] = False,
    as_json: JsonOption = False,
    reader: Annotated[
        list[Which] | None,
        typer.Option("--reader", help="Who reads, with cost and time; repeated, the readers are set side by side."),
    ] = None,
    offline: OfflineOption = False,
    packs: PacksOption = None,
) -> None:
    """Compare readings with a coder's gold, field by field: precision, recall and F1."""
    with orderly():
        from constat import evaluate as scores

        if readings and reader:
            raise UsageError(f"{readings} was read before: --reader goes without it")
        try:
            reports = scores.gold_reports(gold)
            read = scores.readings(readings) if readings else None
        except InputError as error:
            say(str(error))
            raise typer.Exit(FAILED) from error
        failed = 0
        tables: dict[str, dict[str, Any]] = {}
        if reader:
            _open_reader(_settings(packs))  # the place index, if it has to be built, is no time of the first reader
        for which in reader or [Which.rules]:
            took: dict[str, Any] = {}
            how = How(which, offline and which is not Which.rules)
            settings = how.settings(_settings(packs))
            if readings is None:
                start = time.monotonic()
                read, missed = _read_gold(gold, settings, how)
                failed += missed
                took = figures(how, settings, time.monotonic() - start, len(reports)) if reader else {}
            evaluation = scores.Evaluation(main_only)
            for report in reports:
                evaluation.add(report, (read or {}).get(report["id"]))
            if list_misses:
                for miss in evaluation.misses:
                    typer.echo(writable(miss), err=as_json)
            tables[which] = evaluation.table() | took
        if len(tables) > 1:
            print_json(tables) if as_json else print_side_by_side(tables)
        else:
            table = next(iter(tables.values()))
            print_json(table) if as_json else _print_figures(table)
    if failed:
        raise typer.Exit(FAILED)


def _read_gold(gold: Path, settings: Settings, how: How) -> tuple[dict[str, list[dict[str, Any]]], int]:
    """The events of a gold file's own texts, read now, each with the incident that it tells of."""
    from constat.engines.work import Job
    from constat.fields import reading_json
    from constat.pipeline import held
    from constat.sources.files import raw_lines

    with held(settings) as all_read:
        job = Job(settings=settings, form="held")
        failed = _hold(_outcomes(raw_lines(gold, settings), job, how, None), all_read)
        incidents = all_read.resolve().incidents()
        events = {r.document.id: reading_json(r, incidents)["events"] for r in all_read.readings()}
    return events, failed


def _print_figures(table: dict[str, Any]) -> None:
    print(f"{'':24}{'P':>7}{'R':>7}{'F1':>7}{'gold':>7}{'read':>7}")
    for name, figure in table.items():
        if isinstance(figure, dict):
            scores = "".join(f"{figure[key]:7.3f}" for key in ("p", "r", "f1"))
            print(f"{name:24}{scores}{figure['gold']:7}{figure['read']:7}")
        else:
            print(f"{name}: {figure}")


@app.command()
def languages(
    as_json: JsonOption = False,
    failing: Annotated[
        bool, typer.Option("--failing", help="Also print every example that is not read as it says.")
    ] = False,
    packs: PacksOption = None,
) -> None:
    """Which language packs there are, how large they are, and how many of their examples are read as they should be."""
    with orderly():
        from constat.languages_page import describe, print_page

        settings = _settings(packs)
        described = describe(_open_reader(settings).gazetteer, settings)
        if as_json:
            print_json([pack.summary() for pack in described])
        else:
            print_page(described, failing, _console())


def _settings(packs: list[Path] | None) -> Settings:
    import msgspec

    from constat.settings import Settings

    settings = Settings.load()
    for folder in packs or ():
        if not folder.is_dir():
            raise UsageError(f"--packs {folder}: there is no such folder")
    return msgspec.structs.replace(settings, overlays=(*settings.overlays, *(packs or ())))


def _known_language(lang: str | None, settings: Settings) -> str | None:
    from constat.packs import codes

    there_are = codes(settings.overlays)
    if lang is not None and lang.lower().replace("_", "-").split("-")[0] not in there_are:
        raise UsageError(f"--lang {lang}: no pack reads it; there are packs for {', '.join(there_are)}")
    return lang


def _open_reader(settings: Settings) -> Reader:
    """The reader; where opening takes long, because the place index is built for the first time, it says so."""
    note = Timer(_SLOW_START, say, ["building the place index, which is done once and takes less than a minute …"])
    note.daemon = True
    note.start()
    try:
        from constat.pipeline import Reader

        return Reader.open(settings)
    finally:
        note.cancel()


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, emoji=False, markup=False)
