"""`constat brief`: a situation report. Thin, over `briefs/`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from constat.casebook_options import BookOption, open_book, opened
from constat.console import orderly, say
from constat.errors import UsageError
from constat.filter_options import filtered
from constat.filters import Filters

app = typer.Typer(context_settings={"help_option_names": ["-h", "--help"]})
_SUFFIXES = (".html", ".pdf", ".md")


@app.command()
@filtered("near", "km", "types", "countries", "actor", "source", "text", "min_killed", "status")
def brief(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="x.html, x.pdf or x.md.")],
    casebook: BookOption = None,
    since: Annotated[
        str, typer.Option(metavar="TIME", help="What came in since: 24h, 7d, 2w, a day or a moment.")
    ] = "24h",
    lang: Annotated[str, typer.Option(metavar="CODE", help="en, fr or ar.")] = "en",
    title: Annotated[str, typer.Option(metavar="TEXT", help="In place of the usual one.")] = "",
    filters: Filters = Filters(),  # noqa: B008 - frozen
    limit: Annotated[
        int, typer.Option(metavar="N", help="New and changed incidents told of, the gravest first.")
    ] = 100,
) -> None:
    """Write what is new, what changed and what is contested, every sentence with its sources as footnotes."""
    with orderly():
        import datetime as dt

        from constat.briefs.brief import Maker
        from constat.briefs.html import html
        from constat.briefs.markdown import markdown
        from constat.briefs.pdf import pdf
        from constat.briefs.period import start
        from constat.interface import words

        if output.suffix.lower() not in _SUFFIXES:
            raise UsageError(f"{output}: a brief is a file that ends in {', '.join(_SUFFIXES)}")
        now = dt.datetime.now(dt.UTC)
        with open_book(casebook) as book:
            made = Maker(book, words(lang), limit=limit).make(start(since, now), now, filters, title)
            if book.behind():
                say("some reports are not joined to incidents yet and are left out; an intake is under way")
        match output.suffix.lower():
            case ".pdf":
                data = pdf(made)
            case ".html":
                data = html(made).encode()
            case _:
                data = markdown(made).encode()
        with opened(output) as out:
            out.write(data)
        say(f"{len(made.new):,} new, {len(made.changed):,} changed, {len(made.contested):,} contested: {output}")
