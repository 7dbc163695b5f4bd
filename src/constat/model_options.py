"""Who reads: the options that say it, and what commands on a casebook need of it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
import typer

from constat.console import say
from constat.errors import UsageError

if TYPE_CHECKING:
    from constat.ahead import Ahead
    from constat.asking import Asking
    from constat.claims.model.budget import Budget, Usage
    from constat.settings import ModelSettings, Settings

_CAUSES = 5  # of missing answers that are told


class Which(StrEnum):
    """Who reads."""

    rules = "rules"
    model = "model"
    both = "both"


OfflineOption = Annotated[
    bool, typer.Option("--offline", help="Ask no model: take its answers from the cache or not at all.")
]
BookReaderOption = Annotated[
    Which | None,
    typer.Option("--reader", help="Who reads: rules, model or both; what the setting `reader` says if not given."),
]


def asking_none(settings: Settings, offline: bool) -> Settings:
    """The settings, under which no model is asked if `offline` says so."""
    if not offline:
        return settings
    return msgspec.structs.replace(settings, model=msgspec.structs.replace(settings.model, offline=True))


def took(settings: ModelSettings, used: Usage) -> str:
    """In words what was asked of a model, and what that cost."""
    money = f", {used.cost(settings):.4f} {settings.currency}".rstrip() if settings.price_out else ""
    return (
        f"{settings.name}: {used.answers} answers, {used.from_cache} of them kept from before; "
        f"{used.requests} requests, {used.tokens_in:,} + {used.tokens_out:,} tokens{money}, {used.seconds:.1f} s"
    )


class BookReader:
    """Who reads in one command on a casebook; opened when there is something to read, with one budget for all."""

    def __init__(self, settings: Settings, which: Which | None, offline: bool, workers: int | None = None) -> None:
        self.which = which or Which(settings.reader)
        if self.which is Which.rules and offline:
            raise UsageError("--offline goes with --reader model or --reader both")
        self.settings, self.workers = asking_none(settings, offline), workers
        self.failed = 0
        self._opened: list[Asking] = []
        self._budget: Budget | None = None
        if self.which is not Which.rules:
            from constat.readers import check

            check(self.settings)  # what cannot be asked is told before anything is taken in

    def __call__(self) -> Ahead:
        """What begins to read."""
        from constat.ahead import Ahead
        from constat.pipeline import Reader

        rules = Reader.open(self.settings)
        if self.which is Which.rules:
            return Ahead(rules, self.settings, self.workers)
        from constat.asking import Asking
        from constat.claims.model.budget import Budget
        from constat.readers import ModelReader

        self._budget = self._budget or Budget(self.settings.model)
        which: Literal["model", "both"] = "model" if self.which is Which.model else "both"
        self._opened.append(Asking(ModelReader(rules, which, budget=self._budget)))
        return self._opened[-1]

    def tell(self) -> None:
        """What the model took since this was last told, why it gave no answer, and what becomes of such reports."""
        if not self._opened or self._budget is None:
            return
        some, self._opened = self._opened, []
        review, apart, refused = (
            sum(getattr(a, name) for a in some) for name in ("for_review", "differences", "refused")
        )
        say(
            f"{took(self.settings.model, self._budget.used)}; {refused} quotes refused, {review} claims for review, "
            f"{apart} differences from the rules"
        )
        causes = sum((a.failed for a in some), start=type(some[0].failed)())
        self.failed += causes.total()
        for cause, count in causes.most_common(_CAUSES):
            say(f"{count:,} reports without the model: {cause}")
        if causes:
            say("they are kept, with what the rules read or what was read before; `constat add --retry` asks again")
