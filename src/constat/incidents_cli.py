"""`constat incidents`, `constat show`, `constat decide`: thin, over the incidents of `casebook.py`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from constat.casebook_options import BookOption, JsonOption, open_book
from constat.console import FAILED, orderly, print_json, say, writable

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from constat.casebook import Casebook
    from constat.filters import Filters
    from constat.records import Decision, DecisionKind, Incident

_LOST = 5  # decisions that are not applied which are told one by one
_WHOLE = ("theirs", "ours")  # of a row of a data set: its fields say enough
_HELP = {"help_option_names": ["-h", "--help"]}
app = typer.Typer(context_settings=_HELP)
decide = typer.Typer(
    name="decide", help="What you judge of incidents, written into the log.", no_args_is_help=True,
    context_settings=_HELP,
)  # fmt: skip
app.add_typer(decide)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The id of an incident, or its beginning.")]
IdsArgument = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of incidents, or their beginnings.")]
ReasonOption = Annotated[str, typer.Option("--reason", "-r", metavar="TEXT", help="Why; kept with the decision.")]
AuthorOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="Who decides; the `actor` of the settings if not given.")
]
SeenOption = Annotated[
    list[str] | None,
    typer.Option(metavar="REVISION", help="As which revision you saw it; refused if it has changed since."),
]
CoverOption = Annotated[bool, typer.Option("--restricted", help="Also names that are covered by default.")]


@app.command()
def incidents(
    casebook: BookOption = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Happened on this day or later.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Happened on this day or earlier.")] = None,
    near: Annotated[str | None, typer.Option(metavar="PLACE", help="A place name, or degrees: 12.65,-8.")] = None,
    km: Annotated[float, typer.Option(metavar="N", help="How near.")] = 50.0,
    types: Annotated[
        list[str] | None, typer.Option("--type", metavar="NAME", help="A type or sub-type; may be repeated.")
    ] = None,
    countries: Annotated[
        list[str] | None, typer.Option("--country", metavar="CODE", help="Three letters; may be repeated.")
    ] = None,
    actor: Annotated[str | None, typer.Option(metavar="NAME", help="Who did it or claims it, by any name.")] = None,
    source: Annotated[str | None, typer.Option(metavar="NAME", help="An outlet, agency or cited source.")] = None,
    lang: Annotated[str | None, typer.Option(metavar="CODE", help="Told in this language.")] = None,
    text: Annotated[str | None, typer.Option(metavar="WORDS", help="Words of a report that tells of it.")] = None,
    min_killed: Annotated[int | None, typer.Option("--min-killed", metavar="N", help="So many dead, or more.")] = None,
    status: Annotated[str | None, typer.Option(metavar="STATUS", help="open, accepted or rejected.")] = None,
    unreviewed: Annotated[bool, typer.Option("--unreviewed", help="Neither accepted nor rejected.")] = False,
    sort: Annotated[
        str, typer.Option(metavar="ORDER", help="date, oldest, attention, killed, voices or unsure.")
    ] = "date",
    limit: Annotated[int, typer.Option(metavar="N", help="How many at most; 0 for all.")] = 50,
    as_json: JsonOption = False,
    restricted: CoverOption = False,
) -> None:
    """What happened: incidents with when, where, how many, by how many voices, and what to look at."""
    with orderly():
        from constat.filters import Filters

        asked = Filters(
            since=since, until=until, near=near, km=km, types=tuple(types or ()), countries=tuple(countries or ()),
            actor=actor, source=source, lang=lang, text=text, min_killed=min_killed, status=status,
            unreviewed=unreviewed,
        )  # fmt: skip
        with open_book(casebook) as book:
            found = _list(book, asked, sort, limit or None, as_json, restricted)
    if not found:
        say("no incident is like that")
        raise typer.Exit(FAILED)


def _list(book: Casebook, asked: Filters, sort: str, limit: int | None, as_json: bool, restricted: bool) -> int:
    import msgspec

    from constat.incidents.listing import listing

    if book.behind():
        say("reports were read that the incidents do not know of yet; `constat add` or `constat rebuild` tells them")
    lost = book.lost()
    for refused in lost[:_LOST]:
        say(f"decision {refused.decision.id[:8]}, {_said(refused.decision)}, is not applied: {refused.why}")
    if len(lost) > _LOST:
        say(f"nor are {len(lost) - _LOST} more; undo those that are of no use any more")
    found = book.incidents(asked, sort=sort, limit=limit)
    if as_json:
        shown = 0
        for one in found:
            print_json(_json(book, one, restricted))
            shown += 1
        return shown
    total = book.count_incidents(asked)
    open_ = book.count_incidents(msgspec.structs.replace(asked, unreviewed=True)) if asked.status is None else 0
    if total:
        listing(list(found), total, open_, _console(), _cover(book, restricted))
    return total


@app.command()
def show(
    number: IdArgument, casebook: BookOption = None, as_json: JsonOption = False, restricted: CoverOption = False
) -> None:  # fmt: skip
    """One incident: values and rivals, who says so in which words, why it is one, how it came about, its ties."""
    with orderly(), open_book(casebook) as book:
        one = book.incident(number)
        if as_json:
            print_json(_json(book, one, restricted, whole=True))
        else:
            from constat.incidents.gather import gathered
            from constat.incidents.page import page

            page(gathered(book, one), _console(), _cover(book, restricted))
            _others(book, one, restricted)


def _said(decision: Decision) -> str:
    from constat.incidents.words import of_kind

    return writable(f"{of_kind(decision.kind)} by {decision.author}")


def _judge(kind: DecisionKind, about: list[str], casebook: Path | None, seen: list[str] | None, **said: Any) -> None:
    """Decide, and say under which id it is written down and what is held now."""
    with orderly():
        from constat.incidents.states import state_of

        with open_book(casebook, writable=True) as book:
            made = book.judge(kind, about, seen=tuple(seen) if seen else None, **said)
            typer.echo(f"decided {made.decision.id[:8]}: {_said(made.decision)}")
            events = (*made.decision.subject, *(stood.event for stood in made.decision.footing))
            now = {one.id: one for event in events if (one := book.holding(event)) is not None}
            for one in now.values():
                typer.echo(writable(f"  {one.id[:8]} at revision {one.revision[:8]}: {state_of(one)}"))
            for refused in book.refused:
                if refused.decision.id == made.decision.id:
                    say(f"not applied: {refused.why}")


@decide.command("accept")
def accept(
    number: IdArgument, reason: ReasonOption = "", seen: SeenOption = None, author: AuthorOption = None,
    casebook: BookOption = None,
) -> None:  # fmt: skip
    """The incident is as told here."""
    _judge("accept", [number], casebook, seen, reason=reason, author=author)


@decide.command("reject")
def reject(
    number: IdArgument, reason: ReasonOption = "", seen: SeenOption = None, author: AuthorOption = None,
    casebook: BookOption = None,
) -> None:  # fmt: skip
    """It is no incident, or is not to be counted."""
    _judge("reject", [number], casebook, seen, reason=reason, author=author)


@decide.command("value")
def value(
    number: IdArgument,
    field: Annotated[str, typer.Argument(metavar="FIELD", help="killed, date, place, target …")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="3, 3-5, 3+; 2024-03-12; a place, or Name@12.6,-8.")],
    reason: ReasonOption = "", seen: SeenOption = None, author: AuthorOption = None, casebook: BookOption = None,
) -> None:  # fmt: skip
    """A field has another value; what reports state stays beside it."""
    _judge("value", [number], casebook, seen, field=field, value=value, reason=reason, author=author)


@decide.command("same")
def same(
    numbers: IdsArgument, reason: ReasonOption = "", seen: SeenOption = None, author: AuthorOption = None,
    casebook: BookOption = None,
) -> None:  # fmt: skip
    """Two incidents are one."""
    _judge("positive", numbers, casebook, seen, reason=reason, author=author)


@decide.command("merge")
def merge(
    numbers: IdsArgument, reason: ReasonOption = "", seen: SeenOption = None, author: AuthorOption = None,
    casebook: BookOption = None,
) -> None:  # fmt: skip
    """Several incidents are one."""
    _judge("merge", numbers, casebook, seen, reason=reason, author=author)


@decide.command("not-same")
def not_same(
    numbers: IdsArgument, reason: ReasonOption = "", seen: SeenOption = None, author: AuthorOption = None,
    casebook: BookOption = None,
) -> None:  # fmt: skip
    """Two incidents are not one, whatever else is read; neither is any telling of the one with any of the other."""
    _judge("negative", numbers, casebook, seen, reason=reason, author=author)


@decide.command("split")
def split(
    number: IdArgument,
    events: Annotated[list[str], typer.Argument(metavar="EVENT...", help="Tellings that are of another incident.")],
    reason: ReasonOption = "", seen: SeenOption = None, author: AuthorOption = None, casebook: BookOption = None,
) -> None:  # fmt: skip
    """Some of its tellings are of another incident."""
    _judge("split", [number], casebook, seen, events=events, reason=reason, author=author)


@decide.command("note")
def note(
    number: IdArgument,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is to be remembered.")],
    author: AuthorOption = None,
    casebook: BookOption = None,
) -> None:
    """Words that stay with the incident."""
    _judge("note", [number], casebook, None, reason=text, author=author)


@decide.command("undo")
def undo(
    number: Annotated[str, typer.Argument(metavar="DECISION", help="The id of a decision, as `show` prints it.")],
    reason: ReasonOption = "", author: AuthorOption = None, casebook: BookOption = None,
) -> None:  # fmt: skip
    """A decision holds no more; undoing the undoing brings it back."""
    _judge("undo", [number], casebook, None, reason=reason, author=author)


def _others(book: Casebook, one: Incident, restricted: bool) -> None:
    """The rows of data sets that an incident is, where the casebook holds any, with what they have otherwise."""
    from constat.comparing import beside
    from constat.differing import side_by_side

    for title, match in beside(book, one):
        same = "" if any(f.apart for f in match.fields) else ", and says the same"
        lines = [f"{title} {match.number} is this incident ({match.probability:.0%} sure){same}"]
        typer.echo(writable(_cover(book, restricted)("\n".join([*lines, *side_by_side(match.fields, title), ""]))))


def _json(book: Casebook, one: Incident, restricted: bool, whole: bool = False) -> Any:
    import msgspec

    from constat.comparing import beside
    from constat.incidents.gather import covered, more
    from constat.resolution.attention import attention

    out = msgspec.to_builtins(one) | {"revision": one.revision}
    out["attention"] = [{"weight": weight, "why": why} for weight, why in attention(one)]
    if whole:
        others = [{"dataset": title} | msgspec.to_builtins(match) for title, match in beside(book, one)]
        out |= more(book, one) | {"others": [{k: v for k, v in m.items() if k not in _WHOLE} for m in others]}
    return covered(out, _cover(book, restricted)) if book.restricted() and not restricted else out


def _cover(book: Casebook, restricted: bool) -> Callable[[str], str]:
    return book.words.cover([] if restricted else book.restricted())


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, emoji=False, markup=False)
