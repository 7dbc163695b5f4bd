"""Looks at a casebook with a watch: what meets it for the first time, what changed, what meets it no more.

An incident's id changes with its tellings, so a thread follows the tellings: one that joins, leaves or is read anew
does not make a second alert.
"""

from __future__ import annotations

from collections import defaultdict

import msgspec

from constat.account import now
from constat.alerts.alert import Alert, Kind, Report
from constat.alerts.threads import Thread, Threads
from constat.casebook import Casebook
from constat.dossiers import dossiers_of, shown
from constat.errors import StoreError
from constat.records import Incident
from constat.standing import Standing, changes, standing
from constat.store.alert_state import AlertState
from constat.store.incidents import get
from constat.watching import Watch

_REPORTS = 10  # named in an alert, the newest first


class Raised(msgspec.Struct, frozen=True):
    """What came of one look: alerts, and how many incidents were noted without one because they were there before."""

    watch: str
    alerts: tuple[Alert, ...]
    noted: int


class Look:
    """One look of one watch; inside a transaction of the state."""

    def __init__(self, book: Casebook, state: AlertState, watch: Watch, at: str, *, everything: bool = False) -> None:
        self.book, self.watch, self.at = book, watch, at
        self.threads = Threads(state, book, watch.name)
        known = state.rows("SELECT digest FROM watch WHERE name = ?", (watch.name,))
        # What is there before a watch, or before it was changed, is no news.
        self.silent = not everything and (not known or known[0][0] != watch.digest)
        self.shown = shown(book)
        self.alerts: list[Alert] = []
        self.noted = 0

    def run(self) -> Raised:
        """Look, and note what was seen."""
        met = self._asked()
        owners: dict[str, str] = {}
        unseen = [id for id, digest in met.items() if not self.threads.unchanged(id, digest)]
        found = {id: self.threads.of(id) for id in unseen}
        for number, ids in _claimed(found).items():
            owners[number] = self.threads.keeper(number, ids)
        following = {t.incident for t in self.threads.open() if t.incident in met}
        for id in sorted(unseen):
            mine = [t for t in found[id] if owners[t.id] == id]
            self._follow(id, met[id], mine)
        kept = following | set(unseen)
        for thread in self.threads.open():
            if thread.incident not in kept and thread.id not in owners:
                self._withdraw(thread)
        self.threads.looked(self.watch.digest, self.at)
        return Raised(self.watch.name, tuple(self.alerts), self.noted)

    def _asked(self) -> dict[str, str]:
        met = self.book.states(self.watch.filters)
        if self.watch.area:
            inside = {m.id for m in self.book.marks(self.watch.filters) if self.watch.holds(m.lat, m.lon)}
            met = {id: digest for id, digest in met.items() if id in inside}
        return met

    def _follow(self, id: str, digest: str, mine: list[Thread]) -> None:
        incident = get(self.book.store, id)
        if incident is None:
            raise StoreError(f"incident {id[:12]} went away while it was looked at; look again")
        stands = standing(self.shown(incident))
        tellings = self.book.tellings(id)
        if not mine:
            thread = self.threads.begin(id, digest, tellings, stands, self.at)
            if self.silent or stands.status == "rejected":
                self.noted += self.silent
            else:
                self._raise(thread, "new", incident, stands)
            return
        first, *others = sorted(mine, key=lambda t: (t.closed, not t.number, t.opened_at, t.id))
        self.threads.go_on(first, id, digest, tellings, stands)
        for other in others:
            if other.number and not other.closed:
                self._raise(other, "merged", incident, stands, into=first.id)
            self.threads.close(other)
        before = first.standing
        if before is None:
            if first.number:
                self._raise(first, "update", incident, stands, why="forgotten")
        elif changes(before, stands):
            self._raise(first, "update", incident, stands, before=before)
        elif first.closed and first.number:
            self._raise(first, "update", incident, stands)

    def _withdraw(self, thread: Thread) -> None:
        """Close a thread whose incident is gone or meets the watch no more."""
        self.threads.close(thread)
        if not thread.number or self.silent:
            return
        current = self.threads.whereabouts(thread)
        incident = get(self.book.store, current) if current else None
        if incident is None:
            self._raise(thread, "withdrawn", None, thread.standing or Standing(), why="gone")
            return
        stands = standing(self.shown(incident))
        self.threads.told(thread, stands)
        self._raise(thread, "withdrawn", incident, stands, before=thread.standing, why="outside")

    def _raise(
        self,
        thread: Thread,
        kind: Kind,
        incident: Incident | None,
        stands: Standing,
        *,
        before: Standing | None = None,
        into: str | None = None,
        why: str | None = None,
    ) -> None:
        alert = Alert(
            casebook=self.book.id,
            watch=self.watch.name,
            thread=thread.id,
            number=thread.number + 1,
            kind=kind,
            at=self.at,
            lang=self.watch.write_in,
            incident=incident.id if incident else thread.incident,
            standing=stands,
            changes=changes(before, stands) if before else (),
            reports=self._reports(incident) if incident else (),
            earlier=self.threads.alerts(thread),
            into=into,
            why=why,
        )
        self.threads.add(thread, alert, self.watch.channels)
        self.alerts.append(alert)

    def _reports(self, incident: Incident) -> tuple[Report, ...]:
        dossier = next(dossiers_of(self.book, [incident]))
        newest = sorted(dossier.documents, key=lambda d: (d.published or "", d.id), reverse=True)[:_REPORTS]
        return tuple(
            Report(id=d.id[:8], publisher=d.publisher, title=d.title, published=d.published, url=d.url) for d in newest
        )


def look(book: Casebook, state: AlertState, *, everything: bool = False, keep: bool = True) -> list[Raised]:
    """One look with each watch of the settings; nothing is noted without `keep`."""
    raised = []
    for watch in book.settings.watch:
        with state.transaction(keep=keep):
            raised.append(Look(book, state, watch, now(), everything=everything).run())
    return raised


def _claimed(found: dict[str, list[Thread]]) -> dict[str, list[str]]:
    """The incidents that hold tellings of each thread."""
    claimed: dict[str, list[str]] = defaultdict(list)
    for id, threads in sorted(found.items()):
        for thread in threads:
            claimed[thread.id].append(id)
    return claimed
