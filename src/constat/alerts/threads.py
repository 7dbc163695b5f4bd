"""The threads of one watch: which incident each follows, by the tellings that it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from constat.alerts.alert import Alert
from constat.casebook import Casebook
from constat.records import content_id
from constat.standing import Standing, standing
from constat.store.alert_state import AlertRows, AlertState
from constat.store.incidents import get

_COLUMNS = "id, watch, root, incident, digest, standing, opened_at, closed, number"
Tellings = Sequence[tuple[str, str]]


class Thread(msgspec.Struct):
    """One incident as one watch follows it. `standing`: as last told, None where its words were forgotten."""

    id: str
    watch: str
    root: str
    incident: str
    digest: str
    standing: Standing | None
    opened_at: str
    closed: bool
    number: int


class Threads:
    """All threads of a watch."""

    def __init__(self, state: AlertState, book: Casebook, watch: str) -> None:
        self.state, self.book, self.watch = state, book, watch
        self._held = {
            str(i): str(d)
            for i, d in state.rows(
                "SELECT incident, digest FROM thread WHERE watch = ? AND closed = 0 AND standing <> ''", (watch,)
            )
        }

    def unchanged(self, incident: str, digest: str) -> bool:
        """Whether an incident is as it was when the watch last looked."""
        return self._held.get(incident) == digest

    def open(self) -> list[Thread]:
        """The threads that go on."""
        return self._some("WHERE watch = ? AND closed = 0 ORDER BY opened_at, id", (self.watch,))

    def of(self, incident: str) -> list[Thread]:
        """The threads that hold tellings of an incident; one read anew is known by its report and what it tells."""
        tellings = self.book.tellings(incident)
        ids: dict[str, None] = {}
        strange: list[str] = []
        for event, document in tellings:
            known = self.state.rows("SELECT thread FROM member WHERE watch = ? AND event = ?", (self.watch, event))
            if known:
                ids[str(known[0][0])] = None
            else:
                strange.append(document)
            # One that ended when its incident was joined with another goes on if they are taken apart.
            begun = self.state.rows("SELECT id FROM thread WHERE watch = ? AND root = ?", (self.watch, event))
            ids.update((str(id), None) for (id,) in begun)
        if not ids:
            ids.update(dict.fromkeys(self._read_anew(incident, strange)))
        marks = ", ".join("?" * len(ids))
        return self._some(f"WHERE id IN ({marks}) ORDER BY id", tuple(ids)) if ids else []

    def keeper(self, thread: str, incidents: Sequence[str]) -> str:
        """Which of the incidents that hold its tellings now a thread follows: that of its first one, else of most."""
        if len(incidents) == 1:
            return incidents[0]
        (root,) = self.state.rows("SELECT root FROM thread WHERE id = ?", (thread,))[0]
        first = self.book.telling_of(str(root))
        if first in incidents:
            return str(first)
        members = self.state.rows("SELECT event FROM member WHERE thread = ?", (thread,))
        held = Counter(self.book.telling_of(str(event)) for (event,) in members)
        before = self._some("WHERE id = ?", (thread,))[0].standing
        like = {id: _alike(before, self._standing(id)) for id in incidents}
        return min(incidents, key=lambda id: (-held[id], -like[id], id))

    def whereabouts(self, thread: Thread) -> str | None:
        """The incident that a thread's tellings are in now, None if there is none."""
        return whereabouts(self.state, self.book, thread.id, thread.root)

    def begin(self, incident: str, digest: str, tellings: Tellings, stands: Standing, at: str) -> Thread:
        """A new thread."""
        root = tellings[0][0]
        again = self.state.rows("SELECT COUNT(*) FROM thread WHERE watch = ? AND root = ?", (self.watch, root))
        number = content_id([self.book.id, self.watch, root, again[0][0]])[:24]
        thread = Thread(number, self.watch, root, incident, digest, stands, at, False, 0)
        self.state.run(
            f"INSERT INTO thread ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)",
            (number, self.watch, root, incident, digest, _json(stands), at),
        )
        self._members(thread, tellings)
        return thread

    def go_on(self, thread: Thread, incident: str, digest: str, tellings: Tellings, stands: Standing) -> None:
        """The thread follows this incident from now on."""
        self.state.run(
            "UPDATE thread SET incident = ?, digest = ?, standing = ?, closed = 0 WHERE id = ?",
            (incident, digest, _json(stands), thread.id),
        )
        self._members(thread, tellings)

    def told(self, thread: Thread, stands: Standing) -> None:
        """This is what was told last."""
        self.state.run("UPDATE thread SET standing = ? WHERE id = ?", (_json(stands), thread.id))

    def close(self, thread: Thread) -> None:
        """It ends, unless its incident meets the watch again."""
        self.state.run("UPDATE thread SET closed = 1 WHERE id = ?", (thread.id,))

    def alerts(self, thread: Thread) -> tuple[str, ...]:
        """The alerts of a thread so far, the first one first."""
        rows = self.state.rows("SELECT id FROM alert WHERE thread = ? ORDER BY seq", (thread.id,))
        return tuple(str(id) for (id,) in rows)

    def add(self, thread: Thread, alert: Alert, channels: Iterable[str]) -> None:
        """Keep an alert, to be sent through channels; their targets are known when they are opened."""
        body = msgspec.json.encode(alert).decode()
        self.state.run(
            "INSERT INTO alert (id, watch, thread, body) VALUES (?, ?, ?, ?)", (alert.id, self.watch, thread.id, body)
        )
        (seq,) = self.state.rows("SELECT seq FROM alert WHERE id = ?", (alert.id,))[0]
        for channel in dict.fromkeys(channels):
            self.state.run("INSERT INTO delivery VALUES (?, ?, '', 'waiting', 0, 0, '', NULL)", (seq, channel))
        thread.number = alert.number
        self.state.run("UPDATE thread SET number = ? WHERE id = ?", (alert.number, thread.id))

    def looked(self, digest: str, at: str) -> None:
        """Note that the watch has looked."""
        self.state.run("DELETE FROM watch WHERE name = ?", (self.watch,))
        self.state.run("INSERT INTO watch VALUES (?, ?, ?)", (self.watch, digest, at))

    def _members(self, thread: Thread, tellings: Tellings) -> None:
        for event, document in tellings:
            self.state.run("DELETE FROM member WHERE watch = ? AND event = ?", (self.watch, event))
            self.state.run("INSERT INTO member VALUES (?, ?, ?, ?)", (self.watch, event, document, thread.id))

    def _read_anew(self, incident: str, documents: Sequence[str]) -> list[str]:
        """The thread, of those with tellings of these reports that are no more, that is most like the incident."""
        lost: dict[str, None] = {}
        for document in documents:
            rows = self.state.rows(
                "SELECT event, thread FROM member WHERE watch = ? AND document = ?", (self.watch, document)
            )
            lost.update((str(thread), None) for event, thread in rows if self.book.telling_of(str(event)) is None)
        if not lost:
            return []
        now = self._standing(incident)
        marks = ", ".join("?" * len(lost))
        threads = self._some(f"WHERE id IN ({marks}) ORDER BY id", tuple(lost))
        best = max(threads, key=lambda t: _alike(t.standing, now))
        return [best.id] if len(threads) == 1 or _alike(best.standing, now) > 0 else []

    def _standing(self, incident: str) -> Standing:
        found = get(self.book.store, incident)
        return standing(found) if found else Standing()

    def _some(self, where: str, values: Sequence[str]) -> list[Thread]:
        query = f"SELECT {_COLUMNS} FROM thread {where}"
        return [
            Thread(i, w, r, n, d, msgspec.json.decode(s, type=Standing) if s else None, at, bool(closed), number)
            for i, w, r, n, d, s, at, closed, number in self.state.rows(query, values)
        ]


def whereabouts(state: AlertRows, book: Casebook, thread: str, root: str) -> str | None:
    """The incident that the tellings of a thread are in now, that of its first one before others."""
    members = state.rows("SELECT event FROM member WHERE thread = ? ORDER BY event", (thread,))
    events = (root, *(str(event) for (event,) in members))
    return next((found for event in events if (found := book.telling_of(event))), None)


def _alike(a: Standing | None, b: Standing) -> int:
    """In how many of what tells incidents apart two standings agree."""
    if a is None:
        return 0
    return sum(getattr(a, n) is not None and getattr(a, n) == getattr(b, n) for n in ("place", "date", "subtype"))


def _json(stands: Standing) -> str:
    return msgspec.json.encode(stands).decode()
