"""The alerts of a casebook as a feed: what each watch tells, in threads, each user knowing what is read."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import msgspec

from constat import phrasing
from constat.alerts.alert import Alert, Kind, kept, named
from constat.alerts.raising import look as look_with_all
from constat.alerts.threads import whereabouts
from constat.casebook import Casebook
from constat.desk import seen
from constat.desk.desk import NoCasebookError
from constat.desk.endpoint import Call
from constat.errors import StoreError
from constat.interface import Words, words
from constat.store.alert_state import FILE, AlertRows, AlertState

_WAIT = 0.2  # seconds for another process that looks or sends; it does what this one would


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which threads, and in which language they are told."""

    lang: str = "en"
    unread: bool = False
    watch: str | None = None
    limit: int = 30
    offset: int = 0


class News(msgspec.Struct, frozen=True, kw_only=True):
    """One alert of a thread in sentences; `number` counts from 1 in its thread."""

    number: int
    kind: Kind
    at: str
    headline: str
    told: tuple[str, ...]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A thread: one incident as one watch follows it, its newest news first. `incident`: where its tellings are now."""

    id: str
    watch: str
    incident: str | None
    unread: int
    news: tuple[News, ...]
    reports: tuple[str, ...]


class Watching(msgspec.Struct, frozen=True, kw_only=True):
    """A watch of the settings: when it looked last, how many incidents it follows, how much it told."""

    name: str
    looked_at: str | None
    follows: int
    alerts: int


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """Threads, those with the newest news first. `newest`: the last alert that there was when this was asked."""

    threads: tuple[Told, ...]
    total: int
    unread: int
    newest: int
    next: int | None
    watches: tuple[Watching, ...]


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What a look came to: how many alerts were raised, how many threads hold something unread, how many watches."""

    raised: int
    unread: int
    watches: int


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """Threads by their id, each with the number of its last alert that is read; or all alerts up to one (`newest`)."""

    threads: Mapping[str, int] = {}
    up_to: int | None = None


class _Line(msgspec.Struct, frozen=True):
    """A thread as it is listed."""

    id: str
    watch: str
    root: str
    number: int
    last: int


def feed(call: Call) -> Feed:
    """The alerts that the watches have raised, in threads, the newest first."""
    asked: Asked = call.query
    said = words(asked.lang)
    with call.desk.casebook() as book:
        lines, watches = [], tuple(Watching(name=w.name, looked_at=None, follows=0, alerts=0) for w in _watches(call))
        if not _any(call):
            return Feed(threads=(), total=0, unread=0, newest=0, next=None, watches=watches)
        read = seen.read(call)
        with AlertRows(book.folder) as state:
            everything = _lines(state)
            unread = [one for one in everything if one.number > read.get(one.id, 0)]
            lines = [one for one in (unread if asked.unread else everything) if asked.watch in (None, one.watch)]
            start, end = max(asked.offset, 0), max(asked.offset, 0) + max(1, min(asked.limit, 200))
            return Feed(
                threads=tuple(_told(state, book, one, read.get(one.id, 0), said) for one in lines[start:end]),
                total=len(lines),
                unread=len(unread),
                newest=max((one.last for one in everything), default=0),
                next=end if end < len(lines) else None,
                watches=tuple(_watching(state, one.name) for one in watches),
            )


def look(call: Call) -> Looked:
    """Look with the watches, if the casebook is another one than at the last look; who is told is not told twice."""
    desk, watches, raised = call.desk, len(_watches(call)), 0
    if watches:
        with suppress(StoreError):  # another process writes; the next look is soon
            desk.settle()
        with desk.casebook() as book:
            revised = book.revised()
            if revised != desk.looked:
                with suppress(StoreError), AlertState(book.folder, _WAIT) as state:
                    raised = sum(len(one.alerts) for one in look_with_all(book, state))
                    desk.looked = revised
    return Looked(raised=raised, unread=_unread(call), watches=watches)


def mark(call: Call) -> Looked:
    """Note what has been read, or that it has not."""
    body: Read = call.body
    if call.desk.folder is None:
        raise NoCasebookError
    numbers = dict(body.threads)
    if body.up_to is not None and _any(call):
        with AlertRows(call.desk.folder) as state:
            query = "SELECT thread, COUNT(*) FROM alert WHERE seq <= ? GROUP BY thread"
            numbers |= {str(thread): int(count) for thread, count in state.rows(query, (body.up_to,))}
    seen.mark(call, numbers)
    return Looked(raised=0, unread=_unread(call), watches=len(_watches(call)))


def _watches(call: Call) -> tuple[Any, ...]:
    return call.desk.settings.watch


def _any(call: Call) -> bool:
    return call.desk.folder is not None and (call.desk.folder / FILE).is_file()


def _unread(call: Call) -> int:
    if call.desk.folder is None or not _any(call):
        return 0
    read = seen.read(call)
    with AlertRows(call.desk.folder) as state:
        return sum(one.number > read.get(one.id, 0) for one in _lines(state))


def _lines(state: AlertRows) -> list[_Line]:
    """Every thread of which something was told, the newest news first."""
    query = (
        "SELECT t.id, t.watch, t.root, t.number, MAX(a.seq) FROM thread t "
        "JOIN alert a ON a.thread = t.id AND a.body <> '' GROUP BY t.id ORDER BY MAX(a.seq) DESC"
    )
    return [_Line(*row) for row in state.rows(query)]


def _watching(state: AlertRows, name: str) -> Watching:
    looked = state.rows("SELECT looked_at FROM watch WHERE name = ?", (name,))
    follows = state.rows("SELECT COUNT(*) FROM thread WHERE watch = ? AND closed = 0", (name,))
    told = state.rows("SELECT COUNT(*) FROM alert WHERE watch = ?", (name,))
    return Watching(
        name=name, looked_at=str(looked[0][0]) if looked else None, follows=follows[0][0], alerts=told[0][0]
    )


def _told(state: AlertRows, book: Casebook, line: _Line, read: int, said: Words) -> Told:
    rows = state.rows("SELECT body FROM alert WHERE thread = ? ORDER BY seq DESC", (line.id,))
    alerts = [alert for (body,) in rows if (alert := kept(body)) is not None]
    return Told(
        id=line.id,
        watch=line.watch,
        incident=whereabouts(state, book, line.id, line.root),
        unread=max(0, line.number - read),
        news=tuple(_news(alert, said) for alert in alerts),
        reports=tuple(named(report, said) for report in alerts[0].reports) if alerts else (),
    )


def _news(alert: Alert, said: Words) -> News:
    told = [phrasing.change(one, said) for one in alert.changes] or phrasing.lines(alert.standing, said)
    if alert.why:
        told.insert(0, said(f"alert.{alert.why}"))
    if alert.into:
        told = [said("alert.merged_into", id=alert.into)]
    return News(
        number=alert.number,
        kind=alert.kind,
        at=alert.at,
        headline=phrasing.headline(alert.standing, said),
        told=tuple(told),
    )
