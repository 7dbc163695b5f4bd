"""The options by which commands choose incidents, each declared once; `filtered` gives a command some of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated, Any, get_type_hints

import typer

from constat.filters import Filters

_OPTIONS: Mapping[str, Any] = {
    "since": Annotated[str | None, typer.Option(metavar="DAY", help="Not before this day.")],
    "until": Annotated[str | None, typer.Option(metavar="DAY", help="Not after it.")],
    "near": Annotated[str | None, typer.Option(metavar="PLACE", help="A place, or degrees as 12.65,-8.")],
    "km": Annotated[float, typer.Option(metavar="KM", help="How near.")],
    "types": Annotated[list[str] | None, typer.Option("--type", metavar="TYPE", help="Type or sub-type.")],
    "countries": Annotated[list[str] | None, typer.Option("--country", metavar="ISO", help="As SYR.")],
    "actor": Annotated[str | None, typer.Option(metavar="NAME", help="Perpetrator or claimant.")],
    "source": Annotated[str | None, typer.Option(metavar="NAME", help="A voice, publisher or source.")],
    "lang": Annotated[str | None, typer.Option(metavar="CODE", help="Told in this language.")],
    "text": Annotated[str | None, typer.Option(metavar="WORDS", help="A report holds these words.")],
    "min_killed": Annotated[int | None, typer.Option(metavar="N", help="So many killed at least.")],
    "min_confidence": Annotated[float | None, typer.Option(metavar="0-1", help="So sure at least.")],
    "status": Annotated[str | None, typer.Option(metavar="STATUS", help="open, accepted or rejected.")],
    "unreviewed": Annotated[bool, typer.Option("--unreviewed", help="Not judged by a person yet.")],
}
_DEFAULTS = {"km": 50.0, "unreviewed": False}
_SEVERAL = ("types", "countries")
ALL = tuple(_OPTIONS)

Command = Callable[..., None]


def filtered(*names: str) -> Callable[[Command], Command]:
    """Gives a command the options of these names in the place of its parameter `filters`, which holds them all."""

    def give(command: Command) -> Command:
        hints = get_type_hints(command, include_extras=True)
        parameters: list[inspect.Parameter] = []
        for own in inspect.signature(command).parameters.values():
            if own.name == "filters":
                parameters += [_parameter(name) for name in names]
            else:
                parameters.append(own.replace(annotation=hints[own.name], kind=inspect.Parameter.KEYWORD_ONLY))

        @wraps(command)
        def run(**given: Any) -> None:
            chosen = {name: given.pop(name) for name in names}
            several = {name: tuple(chosen[name] or ()) for name in names if name in _SEVERAL}
            command(filters=Filters(**(chosen | several)), **given)

        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        del run.__wrapped__
        return run

    return give


def _parameter(name: str) -> inspect.Parameter:
    default = _DEFAULTS.get(name)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=_OPTIONS[name])
