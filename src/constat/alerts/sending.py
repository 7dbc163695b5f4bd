"""Sends what waits: in order, until it has arrived, never one that is marked as sent.

A mark is on the disk right after each message. A power cut between the two sends it once more, under the same id.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from constat.alerts.alert import Alert, kept
from constat.alerts.channels import Channel, Context, NotSentError
from constat.errors import SettingsError
from constat.store.alert_state import AlertState
from constat.watching import Watch

_FIRST_PAUSE, _LONGEST_PAUSE = 30.0, 3_600.0  # seconds; doubled with each try
_SENT = 1_000  # alerts that a channel is shown of those it has sent


class Sent(msgspec.Struct, kw_only=True):
    """What came of sending: how many went out, failed, wait for the end of quiet hours; why, by channel; when next."""

    sent: int = 0
    failed: int = 0
    quiet: int = 0
    causes: dict[str, str] = {}
    due: float | None = None


class _Row(msgspec.Struct, frozen=True):
    """A delivery that waits."""

    alert: int
    channel: str
    target: str
    tries: int
    due: float
    thread: str
    watch: str
    body: str

    @property
    def lane(self) -> tuple[str, str, str]:
        """What must arrive in its order."""
        return self.channel, self.target, self.thread


class Sender:
    """Sends through the channels of the settings; the watches say when not to."""

    def __init__(
        self,
        state: AlertState,
        folder: Path,
        channels: Mapping[str, Channel],
        watches: Sequence[Watch],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.state, self.folder, self.channels = state, folder, channels
        self.watches = {watch.name: watch for watch in watches}
        self.clock = clock

    def run(self, *, anyway: bool = False) -> Sent:
        """Send all that is due; `anyway`: what failed before is tried now, due or not."""
        done, start = Sent(), self.clock()
        self._spread()
        self._renew()
        waiting = self._waiting()
        urgent = {row.lane for row, alert in waiting if self._is_urgent(row, alert)}
        held: set[tuple[str, str, str]] = set()
        for row, alert in waiting:
            due = 0.0 if anyway else max(row.due, self._shut(row.channel, start))
            if self._shut(row.channel, start) > start and (not anyway or row.channel in done.causes):
                done.due = min(done.due or due, due)
            elif row.lane in held:
                continue
            elif due > start:
                held.add(row.lane)
                done.due = min(done.due or due, due)
            elif row.lane not in urgent and self._is_quiet(row):
                held.add(row.lane)
                done.quiet += 1
            elif not self._try(row, alert, done):
                held.add(row.lane)
        return done

    def waiting(self) -> int:
        """How many deliveries wait."""
        return int(self.state.rows("SELECT COUNT(*) FROM delivery WHERE state = 'waiting'")[0][0])

    def outages(self) -> list[tuple[str, int, str]]:
        """Channels that take nothing: name, how often tried, why."""
        return [(str(c), int(n), str(e)) for c, n, e in self.state.rows("SELECT channel, tries, error FROM outage")]

    def _try(self, row: _Row, alert: Alert, done: Sent) -> bool:
        try:
            self._send(row, alert)
        except NotSentError as error:
            due = self._put_off(row, error)
            done.failed += 1
            done.causes[row.channel] = str(error)
            done.due = min(done.due or due, due)
            return False
        done.sent += 1
        return True

    def _send(self, row: _Row, alert: Alert) -> None:
        context = Context(folder=self.folder, sent=self._sent(row.channel))
        try:
            self.channels[row.channel].send(alert, row.target, context)
        except SettingsError as error:
            raise NotSentError(str(error)) from error
        with self.state.transaction():
            self._mark(row, "sent")
            self.state.run("DELETE FROM outage WHERE channel = ?", (row.channel,))

    def _put_off(self, row: _Row, error: NotSentError) -> float:
        """When it is tried again: the channel as a whole, or this alert alone."""
        known = self.state.rows("SELECT tries FROM outage WHERE channel = ?", (row.channel,)) if error.whole else []
        tries = int(known[0][0]) if known else 0 if error.whole else row.tries
        due: float = self.clock() + max(min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(tries, 20)), error.wait or 0.0)
        with self.state.transaction():
            if error.whole:
                self.state.run("DELETE FROM outage WHERE channel = ?", (row.channel,))
                self.state.run("INSERT INTO outage VALUES (?, ?, ?, ?)", (row.channel, tries + 1, due, str(error)))
                return due
            self.state.run(
                "UPDATE delivery SET tries = tries + 1, due = ?, error = ? "
                "WHERE alert = ? AND channel = ? AND target = ?",
                (due, str(error), row.alert, row.channel, row.target),
            )
        return due

    def _shut(self, channel: str, start: float) -> float:
        """Until when a channel is left alone; 0 if it is not."""
        known = self.state.rows("SELECT due FROM outage WHERE channel = ?", (channel,))
        return float(known[0][0]) if known and known[0][0] > start else 0.0

    def _is_urgent(self, row: _Row, alert: Alert) -> bool:
        watch = self.watches.get(row.watch)
        return bool(watch and watch.urgent_killed is not None and (alert.killed or 0) >= watch.urgent_killed)

    def _is_quiet(self, row: _Row) -> bool:
        watch = self.watches.get(row.watch)
        return watch is not None and watch.is_quiet(dt.datetime.fromtimestamp(self.clock(), dt.UTC))

    def _spread(self) -> None:
        """A delivery for each target of a channel in place of one for the channel; none for what is no target now."""
        with self.state.transaction():
            rows = self.state.rows("SELECT alert, channel, target FROM delivery WHERE state = 'waiting'")
            for alert, name, target in rows:
                if name not in self.channels:
                    continue
                targets = self.channels[name].targets()
                if target in targets:
                    continue
                self.state.run(
                    "DELETE FROM delivery WHERE alert = ? AND channel = ? AND target = ?", (alert, name, target)
                )
                for new in targets if target == "" else ():
                    values = (alert, name, new)
                    self.state.run("INSERT INTO delivery VALUES (?, ?, ?, 'waiting', 0, 0, '', NULL)", values)

    def _waiting(self) -> list[tuple[_Row, Alert]]:
        """What waits for a channel that there is, in the order in which it was raised."""
        query = (
            "SELECT d.alert, d.channel, d.target, d.tries, d.due, a.thread, a.watch, a.body FROM delivery d "
            "JOIN alert a ON a.seq = d.alert WHERE d.state = 'waiting' ORDER BY d.alert, d.channel, d.target"
        )
        rows = [_Row(*row) for row in self.state.rows(query)]
        return [(row, alert) for row in rows if row.channel in self.channels and (alert := kept(row.body)) is not None]

    def _sent(self, channel: str) -> list[Alert]:
        rows = self.state.rows(
            "SELECT DISTINCT a.seq, a.body FROM alert a JOIN delivery d ON d.alert = a.seq "
            "WHERE d.channel = ? AND d.state = 'sent' AND a.body <> '' ORDER BY a.seq DESC LIMIT ?",
            (channel, _SENT),
        )
        return [alert for _, body in reversed(rows) if (alert := kept(body)) is not None]

    def _renew(self) -> None:
        """Let channels show no words any more that were forgotten since the last time."""
        forgotten = "SELECT seq FROM alert WHERE body = ''"
        query = f"SELECT DISTINCT channel FROM delivery WHERE state = 'sent' AND alert IN ({forgotten})"
        for (name,) in self.state.rows(query):
            if name in self.channels:
                self.channels[name].renew(Context(folder=self.folder, sent=self._sent(name)))
                with self.state.transaction():
                    mark = "UPDATE delivery SET state = 'forgotten' WHERE channel = ? AND state = 'sent'"
                    self.state.run(f"{mark} AND alert IN ({forgotten})", (name,))

    def _mark(self, row: _Row, state: str) -> None:
        at = dt.datetime.fromtimestamp(self.clock(), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.state.run(
            "UPDATE delivery SET state = ?, sent_at = ?, error = '' WHERE alert = ? AND channel = ? AND target = ?",
            (state, at, row.alert, row.channel, row.target),
        )
