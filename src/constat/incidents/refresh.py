"""Keeps the table of incidents as readings and decisions say: after any changes, in any order, to the same bytes.

A few changes are brought through what they can touch; many at once, or another register or weights, through everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from constat import __version__
from constat.actors import ActorRegister, load_register
from constat.incidents import coded, ruled
from constat.incidents.compared import Compared
from constat.incidents.edges import Edges, drop_all
from constat.incidents.lines import line
from constat.incidents.regroup import Regrouped, Regrouping, note_first_groups
from constat.incidents.rows import insert, select
from constat.incidents.states import state_of
from constat.records import Decision, Grade, Reading, content_id
from constat.resolution.actors import actor_ids
from constat.resolution.decisions import Refused, Rulings
from constat.resolution.grades import source_grades
from constat.resolution.origins import credits
from constat.resolution.resolve import Group, incident_id, resolve
from constat.resolution.scores import Scores, shipped
from constat.resolution.tellings import Telling
from constat.resolution.view import whole
from constat.store import incidents as table
from constat.store import tables
from constat.store.protocol import Store

GRADES = "sources.toml"  # in the folder of the casebook: the user's own grades of sources
_FEW = 500  # changed tellings that are always brought through what they touch
_SHARE = 4  # of so many tellings one, from which joining everything anew costs less
_READINGS = 2_000  # kept in memory while incidents are made


class Refreshed(msgspec.Struct, frozen=True):
    """How many incidents were made or changed, how many are no more, and the decisions that could not be applied."""

    changed: int = 0
    gone: int = 0
    refused: tuple[Refused, ...] = ()


def grades_of(folder: Path) -> Mapping[str, Grade]:
    """The user's grades of sources in the folder of a casebook, none if there is no such file."""
    path = folder / GRADES
    return source_grades(path) if path.is_file() else {}


def pending(
    store: Store, overlays: tuple[Path, ...], grades: Mapping[str, Grade], counted: tuple[str, ...] = ()
) -> bool:
    """Whether something was read, taken out, graded or registered that the incidents do not know of yet."""
    if next(store.rows("SELECT 1 FROM pending LIMIT 1"), None) is not None:
        return True
    made = _made_with(store)
    return made is not None and made != _making(overlays, shipped(), grades, counted)


def forget(store: Store) -> None:
    """Have the next refreshing make everything anew; inside a transaction."""
    store.execute("DELETE FROM meta WHERE name = 'incidents'")


class Refresh:
    """One refreshing; inside a transaction. `counted`: data sets of coded events whose rows are tellings too."""

    def __init__(
        self,
        store: Store,
        overlays: tuple[Path, ...],
        grades: Mapping[str, Grade],
        counted: tuple[str, ...] = (),
    ) -> None:
        self.store, self.grades, self.counted = store, grades, frozenset(counted)
        self.scores = shipped()
        self.making = _making(overlays, self.scores, grades, counted)
        register = load_register(overlays)
        self.actor_of, self.credit_of = actor_ids(register), credits(register)
        self.compared = Compared(store)
        self.edges = Edges(store, self.compared, self.scores)
        self._readings: dict[str, Reading] = {}

    def run(self) -> Refreshed:
        """Bring the table up to date."""
        if _made_with(self.store) != self.making:
            self._begin_anew()
        added: dict[str, Telling] = {}
        gone: dict[str, Telling] = {}
        seen: set[str] = set()
        changed_documents = [str(d) for (d,) in self.store.rows("SELECT document FROM pending ORDER BY document")]
        for document in (*changed_documents, *sorted(coded.older(self.store, changed_documents))):
            taken = coded.among(self.store, document, self._reading(document), self.counted)
            changed = self.compared.change(document, taken, self.actor_of)
            added |= changed.added
            gone |= changed.gone
            seen |= changed.seen
        self.store.execute("DELETE FROM pending")
        rules = ruled.ruled(self.store)
        seen |= ruled.note(self.store, rules)
        if not seen:
            return Refreshed(refused=rules.refused)
        (held,) = next(self.store.rows("SELECT COUNT(*) FROM telling"))
        if len(added) + len(gone) > max(_FEW, int(held or 0) // _SHARE):
            regrouped = self._everything(rules)
        else:
            seeds = seen | self.edges.update(added, gone)
            regrouped = Regrouping(self.store, self.compared, self.edges, rules.constraints, self.scores).run(seeds)
        done = self._write(regrouped, rules, seen, gone)
        there = {str(d) for (d,) in select(self.store, "SELECT id FROM document WHERE id IN ({})", changed_documents)}
        if len(there) < len(changed_documents):
            self.store.execute("DELETE FROM outdated")  # what was erased stands in no former state either
        return done

    def _begin_anew(self) -> None:
        """Forget what was made otherwise."""
        drop_all(self.store)
        documents = [str(d) for (d,) in self.store.rows("SELECT document FROM reading")]
        insert(self.store, "pending", [(d,) for d in documents])
        forget(self.store)
        self.store.execute("INSERT INTO meta VALUES ('incidents', ?)", (self.making,))

    def _everything(self, rules: Rulings) -> Regrouped:
        ordered = self.compared.all(denial=False)
        found = resolve(ordered, rules.constraints, self.scores)
        tellings = {one.id: one for one in ordered}
        self.edges.replace(found, tellings, self.compared.all(denial=True))
        note_first_groups(self.store, found.first)
        return Regrouped(found.groups, dict(found.edges), frozenset(tellings))

    def _write(self, new: Regrouped, rules: Rulings, seen: Iterable[str], gone: Iterable[str]) -> Refreshed:
        """Put the incidents of groups into the table, and take out those whose tellings are in others now."""
        touched = new.touched | set(seen)
        of_group = {event: number for number, group in enumerate(new.groups) for event in group}
        edges: dict[int, dict[tuple[str, str], float]] = {}
        for (a, b), odds in new.edges.items():
            if of_group[a] == of_group[b]:
                edges.setdefault(of_group[a], {})[a, b] = odds
        before = self._incidents_of({*of_group, *gone})
        current = {incident_id(group): number for number, group in enumerate(new.groups)}
        lost = sorted(before - set(current))
        for id in lost:
            self._forget(id)
        changed = 0
        decided = ruled.on_events(rules)
        for id, number in sorted(current.items()):
            group = new.groups[number]
            if id in before and touched.isdisjoint(group):
                continue
            changed += self._put(group, edges.get(number, {}), [d for event in group for d in decided.get(event, ())])
        return Refreshed(changed, len(lost), rules.refused)

    def _put(self, group: Group, edges: Mapping[tuple[str, str], float], decided: Iterable[Decision]) -> bool:
        """Make and hold the incident of a group; whether that is another one than was held."""
        denials = self.edges.denials_of(group)
        report_of = self._reports((*group, *denials))
        readings = {report: self._reading(report) for report in sorted(set(report_of.values()))}
        held = {report: reading for report, reading in readings.items() if reading is not None}
        events = {e.id: (e, r) for r in held.values() for e in (*r.events, *r.denials)}
        bodies = self.compared.get(group)
        phrases = {report_of[event]: one.wording.phrases for event, one in bodies.items()}
        told, against = [events[event] for event in group], [events[denial] for denial in denials]
        made = whole(told, edges, decided, against, self.credit_of, self.grades, phrases)
        new = line(made, {event: held[report_of[event]].document for event in group}, self.actor_of)
        old = table.digest_of(self.store, made.id)
        if old == new.digest:
            table.place(self.store, new)
            return False
        if old is not None:
            self._outdate(made.id)
        table.put(self.store, new)
        return True

    def _forget(self, id: str) -> None:
        self._outdate(id)
        table.drop(self.store, id)

    def _outdate(self, id: str) -> None:
        """Keep in a line what an incident was, for those who looked at it."""
        if (old := table.get(self.store, id)) is not None:
            insert(self.store, "outdated", [(old.revision, old.id, state_of(old))])

    def _incidents_of(self, events: Iterable[str]) -> set[str]:
        """The incidents that hold these events, or held them until their reports were taken out."""
        query = "SELECT DISTINCT incident FROM member WHERE event IN ({})"
        return {str(id) for (id,) in select(self.store, query, sorted(events))}

    def _reports(self, events: Iterable[str]) -> dict[str, str]:
        query = "SELECT event, document FROM telling WHERE event IN ({})"
        return {str(event): str(document) for event, document in select(self.store, query, sorted(events))}

    def _reading(self, document: str) -> Reading | None:
        if document not in self._readings:
            if len(self._readings) > _READINGS:
                self._readings.clear()
            stored = next(tables.documents(self.store, "WHERE id = ?", (document,)), None)
            reading = tables.get_reading(self.store, stored.document) if stored else None
            if reading is None:
                return None
            self._readings[document] = reading
        return self._readings[document]


def _made_with(store: Store) -> str | None:
    row = next(store.rows("SELECT value FROM meta WHERE name = 'incidents'"), None)
    return str(row[0]) if row else None


def _making(overlays: tuple[Path, ...], scores: Scores, grades: Mapping[str, Grade], counted: tuple[str, ...]) -> str:
    """What incidents depend on beside readings and decisions."""
    register = _register_digest(load_register(overlays))
    return content_id([__version__, table.SHAPE, scores.digest, register, dict(grades), *sorted(counted)])


@lru_cache(maxsize=4)
def _register_digest(register: ActorRegister) -> str:
    return content_id([msgspec.structs.replace(actor, table="", line=0) for actor in register.actors])
