"""`constat alerts`: looks with the watches of a casebook, and sends. Thin, over `alerts/`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from constat.casebook_options import BookOption, JsonOption, open_book
from constat.console import FAILED, orderly, print_json, say, writable
from constat.errors import SettingsError, StoreError

if TYPE_CHECKING:
    from constat.alerts.channels import Channel
    from constat.alerts.raising import Raised
    from constat.alerts.sending import Sent
    from constat.casebook import Casebook
    from constat.settings import Settings

_LEAST_PAUSE = 1.0  # seconds between two looks
app = typer.Typer(
    name="alerts",
    help="Tells of new and changed incidents that meet a watch of the settings.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command()
def run(
    casebook: BookOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be sent; send and note nothing.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="A watch that looks for the first time also raises what is there already.")
    ] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Try what failed now, not when it is due.")] = False,
    every: Annotated[
        float | None, typer.Option(metavar="MINUTES", help="Look again and again, so often; once if not given.")
    ] = None,
    times: Annotated[int | None, typer.Option(metavar="N", help="How often in all; for ever if not given.")] = None,
) -> None:
    """Look with each watch, raise alerts, send what waits. Ctrl-C ends it; others may add reports meanwhile."""
    with orderly():
        looked, waiting = 0, 0
        while True:
            next_look = time.monotonic() + (every or 0) * 60
            waiting, due = _round(casebook, dry_run, everything, retry)
            looked += 1
            if every is None or dry_run or (times is not None and looked >= times):
                break
            while (left := next_look - time.monotonic()) > 0:
                time.sleep(max(_LEAST_PAUSE, min(left, due - time.time() if due else left)))
                if due and due <= time.time():
                    waiting, due = _round(casebook, dry_run, everything, retry, send_only=True)
    if waiting:
        raise typer.Exit(FAILED)


@app.command()
def status(casebook: BookOption = None, as_json: JsonOption = False) -> None:
    """The watches and channels, how many alerts were raised, and what waits and why."""
    with orderly(), open_book(casebook) as book:
        from constat.alerts.status import status as asked
        from constat.store.alert_state import AlertState

        channels = _channels(book.settings)
        with AlertState(book.folder, book.settings.writer_wait_seconds) as state:
            told = asked(state, book.settings.watch, channels)
        if as_json:
            print_json(told)
            return
        for watch in told["watches"]:
            looked = watch["looked_at"] or "never looked"
            typer.echo(
                writable(
                    f"watch {watch['name']}: {watch['threads']} incidents followed, {watch['alerts']} alerts ({looked})"
                )
            )
        for channel in told["channels"]:
            line = f"channel {channel['name']}: {channel['sent']} sent, {channel['waiting']} wait"
            typer.echo(writable(f"{line}{': ' + channel['error'] if channel['error'] else ''}"))


@app.command("try")
def try_channel(
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="Its name in the settings.")],
    casebook: BookOption = None,
) -> None:
    """Send a test through a channel, to see that it works."""
    with orderly(), open_book(casebook) as book:
        from constat.account import now
        from constat.alerts.alert import Alert
        from constat.alerts.channels import Context, NotSentError

        channels = _channels(book.settings)
        if channel not in channels:
            raise SettingsError(f"no channel {channel!r}; there are {', '.join(channels)}")
        at = now()
        test = Alert(
            casebook=book.id, watch="test", thread=f"test {at}", number=1, kind="new", at=at, lang="en", incident="",
            why="test",
        )  # fmt: skip
        failed = False
        for target in channels[channel].targets():
            try:
                channels[channel].send(test, target, Context(folder=book.folder))
                typer.echo(writable(f"sent{': ' + target if target else ''}"))
            except NotSentError as error:
                failed = True
                say(str(error))
    if failed:
        raise typer.Exit(FAILED)


def _round(
    casebook: Path | None, dry_run: bool, everything: bool, retry: bool, send_only: bool = False
) -> tuple[int, float | None]:
    """Look and send once; how many deliveries wait because of failures, and when the next one is due."""
    from constat.alerts.raising import look
    from constat.alerts.sending import Sender
    from constat.store.alert_state import AlertState

    with open_book(casebook) as book:
        watches, channels = book.settings.watch, _channels(book.settings)
        if not watches:
            raise SettingsError(f"{book.folder}: no [[watch]] in its settings; docs/alerts.md shows how one is written")
        for watch in watches:
            for name in watch.channels:
                if name not in channels:
                    raise SettingsError(f"watch {watch.name!r}: no channel {name!r}; there are {', '.join(channels)}")
        if not send_only:
            _catch_up(book)
        with AlertState(book.folder, book.settings.writer_wait_seconds) as state:
            if not send_only:
                raised = look(book, state, everything=everything, keep=not dry_run)
                _tell_raised(raised, dry_run, {w.name: w.channels for w in watches})
            sender = Sender(state, book.folder, channels, watches)
            if dry_run:
                say(f"{sender.waiting()} deliveries of earlier looks wait; nothing was sent or noted")
                return 0, None
            done = sender.run(anyway=retry)
            _tell_sent(done, sender.waiting())
            return sender.waiting() - done.quiet if done.causes or sender.outages() else 0, done.due


def _catch_up(book: Casebook) -> None:
    """Bring the incidents up to date, if nobody is writing; whoever is does it at the end."""
    if not book.behind():
        return
    try:
        with open_book(book.folder, writable=True) as writer:
            writer.settle()
    except StoreError as error:
        say(f"some reports are not joined to incidents yet, and are told next time: {error}")


def _channels(settings: Settings) -> dict[str, Channel]:
    from constat.alerts.channels import opened

    return opened(settings.channel)


def _tell_raised(raised: list[Raised], dry_run: bool, channels: dict[str, tuple[str, ...]]) -> None:
    for one in raised:
        if one.noted:
            say(f"watch {one.watch}: {one.noted:,} incidents that were there before are noted; --all raises them too")
        if dry_run:
            for alert in one.alerts:
                where = ", ".join(channels[one.watch])
                typer.echo(writable(f"would go to {where}: {alert.subject}\n\n{alert.text(headed=False)}"))
        elif one.alerts:
            say(f"watch {one.watch}: {len(one.alerts):,} alerts raised")


def _tell_sent(done: Sent, waiting: int) -> None:
    told: list[tuple[int, Any]] = [(done.sent, "sent"), (done.quiet, "held until the quiet hours end")]
    for count, what in told:
        if count:
            say(f"{count:,} {what}")
    for channel, cause in done.causes.items():
        say(f"channel {channel}: {cause}; it is tried again, nothing is lost")
    if waiting > done.quiet:
        say(f"{waiting - done.quiet:,} wait")
