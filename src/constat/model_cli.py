"""What the commands need of a language model: `--reader`, what a run took, and `constat packs suggest`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from constat.console import FAILED, orderly, print_json, say, writable
from constat.errors import InputError, UsageError
from constat.model_options import Which, asking_none, took

if TYPE_CHECKING:
    from constat.pipeline import Reader
    from constat.readers import ModelReader
    from constat.records import Document, Reading
    from constat.settings import Settings


ReaderOption = Annotated[
    Which, typer.Option("--reader", help="Who reads: the rules, a language model, or both side by side.")
]
DifferencesOption = Annotated[
    Path | None,
    typer.Option(
        "--differences", metavar="FILE", help="Write where rules and model differ: JSON Lines, or a page (.md)."
    ),
]


class How(msgspec.Struct):
    """Who reads in this run, and what it leaves: the model's reader once it is open, failures, seconds."""

    which: Which = Which.rules
    offline: bool = False
    differences: Path | None = None
    reader: Any = None
    documents: int = 0
    for_review: int = 0
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.which is Which.rules and (self.offline or self.differences):
            raise UsageError("--offline and --differences go with --reader model or --reader both")

    @property
    def any_language(self) -> bool:
        """Documents in languages that no pack reads are read too."""
        return self.which is not Which.rules

    def settings(self, settings: Settings) -> Settings:
        """The settings with what the command line says of the model."""
        return asking_none(settings, self.offline)


def readings(found: Iterator[Document | InputError], rules: Reader, how: How) -> Iterator[Reading | str]:
    """The readings of a model, in the order of the documents, with a line for each that failed."""
    from constat.readers import ModelReader
    from constat.records import Reading

    _write(how.differences, b"")  # what cannot be written is told before anything is spent
    reader = ModelReader(rules, "model" if how.which is Which.model else "both")
    how.reader = reader
    aside: list[str | Reading] = []

    def documents() -> Iterator[Document]:
        for document in found:
            if isinstance(document, InputError):
                aside.append(str(document))
            elif not document.text.strip() and not document.title:
                aside.append(Reading(document=document, events=()))
            else:
                yield document

    start = time.monotonic()
    try:
        for _, reading, error in reader.read_all(documents()):
            how.documents += 1
            if error is not None:
                yield f"{error}{'; read by the rules alone' if reading is not None else ''}"
            if reading is not None:
                how.for_review += _for_review(reading)
                yield reading
            yield from aside
            aside.clear()
        yield from aside
    finally:
        how.seconds += time.monotonic() - start
        reader.close()


def _for_review(reading: Reading) -> int:
    return sum(c.for_review for e in (*reading.events, *reading.denials) for c in e.claims)


def tell(how: How, settings: Settings) -> None:
    """One line on what the model took and what became of its proposals; and the differences, if they were asked for."""
    reader: ModelReader | None = how.reader
    if reader is None:
        return
    noted = reader.noted
    say(
        f"{took(settings.model, noted.usage)}; "
        f"{noted.values} quotes, {len(noted.refused)} refused; {how.for_review} claims for review, "
        f"{len(noted.differences)} differences from the rules"
    )
    if how.differences is not None and how.differences.suffix.lower() == ".md":
        from constat.claims.model.differing import page

        _write(how.differences, writable(page(noted.differences, noted.refused)).encode())
        return
    from constat.store.tables import encode

    rows: list[dict[str, Any]] = [{"kind": "difference", **msgspec.to_builtins(d)} for d in noted.differences]
    rows += [{"kind": "refused", **msgspec.to_builtins(r)} for r in noted.refused]
    _write(how.differences, "".join(f"{encode(row)}\n" for row in rows).encode())


def _write(path: Path | None, data: bytes) -> None:
    if path is None:
        return
    try:
        path.write_bytes(data)
    except OSError as error:
        raise UsageError(f"--differences {path}: cannot be written: {error.strerror}") from error


def figures(how: How, settings: Settings, seconds: float, reports: int) -> dict[str, Any]:
    """What a run took, for `constat evaluate`."""
    out: dict[str, Any] = {"seconds": round(seconds, 1), "seconds a report": round(seconds / max(reports, 1), 3)}
    reader: ModelReader | None = how.reader
    if reader is None:
        return out
    noted, used, model = reader.noted, reader.noted.usage, settings.model
    whole = used.cost(model) + used.spared(model)  # as if nothing had been kept from before, to compare readers by
    return out | {
        "model": settings.model.name,
        "answers": used.answers,
        "answers kept from before": used.from_cache,
        "requests": used.requests,
        "tokens in": used.tokens_in,
        "tokens out": used.tokens_out,
        "cost": f"{used.cost(settings.model):.4f} {settings.model.currency}".rstrip(),
        "cost spared by the cache": f"{used.spared(settings.model):.4f} {settings.model.currency}".rstrip(),
        "cost a report, cache or not": f"{whole / max(reports, 1):.5f} {model.currency}".rstrip(),
        "seconds of an answer": round((used.seconds + used.kept_seconds) / max(used.answers, 1), 3),
        "quotes proposed": noted.values,
        "quotes refused": len(noted.refused),
        "claims for review": how.for_review,
        "differences from the rules": len(noted.differences),
    }


def print_side_by_side(tables: dict[str, dict[str, Any]]) -> None:
    """F1 of several readers field by field, then what each took."""
    print(f"{'F1':28}" + "".join(f"{name:>16}" for name in tables))
    for name in dict.fromkeys(name for table in tables.values() for name in table):
        cells = []
        for table in tables.values():
            value = table.get(name, "")
            cells.append(f"{value['f1']:.3f}" if isinstance(value, dict) else str(value))
        print(f"{name:28}" + "".join(f"{cell:>16}" for cell in cells))


def _rows_of_book(folder: Path) -> Iterator[dict[str, Any]]:
    """The readings of a casebook as lines of `constat read --json`."""
    from constat.casebook import Casebook
    from constat.fields import reading_json

    with Casebook.open(folder) as book:
        for reading in book.readings():
            yield reading_json(reading)


packs = typer.Typer(name="packs", help="The tables of the languages.", no_args_is_help=True)


@packs.callback()
def _packs() -> None:
    """The tables of the languages."""


@packs.command("suggest")
def suggest(
    readings_file: Annotated[
        Path,
        typer.Argument(
            metavar="READINGS",
            help="What `constat read --json --reader both` printed, or a casebook.",
        ),
    ],
    least: Annotated[int, typer.Option(min=1, help="In how many reports the words must stand.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of lines for the tables.")] = False,
    overlays: Annotated[
        list[Path] | None, typer.Option("--packs", metavar="DIR", help="As for `read`; may be repeated.")
    ] = None,
) -> None:
    """Words that the model quoted and no entry of the pack knows, as lines for its tables. A person decides."""
    with orderly():
        from constat.ontology_tables import load_ontology
        from constat.pack_cache import cached_pack
        from constat.packs import codes
        from constat.settings import Settings
        from constat.suggestions import rows_of_file, suggestions

        settings = Settings.load()
        folders = (*settings.overlays, *(overlays or ()))
        known = frozenset(codes(folders))
        try:
            rows = _rows_of_book(readings_file) if readings_file.is_dir() else rows_of_file(readings_file)
            found = suggestions(
                rows,
                lambda code: cached_pack(code, folders, settings.cache) if code in known else None,
                load_ontology(folders),
            )
        except InputError as error:
            say(str(error))
            raise typer.Exit(FAILED) from error
        kept = [s for s in found if s.reports >= least]
        if as_json:
            print_json([msgspec.to_builtins(s) for s in kept])
            return
        table = None
        for s in kept:
            if (s.lang, s.table) != table:
                table = (s.lang, s.table)
                print(f"# {s.lang}/{s.table}: phrase, inflect, tag, key, example")
            sys.stdout.write(writable(f"{s.phrase}\t\t{s.tag}\t{s.key}\t{s.example}\n"))
        with suppress(BrokenPipeError):
            sys.stdout.flush()
        if not kept:
            say("no word that a model quoted is missing in the packs")
