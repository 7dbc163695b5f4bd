"""The incidents' part of a casebook: `Casebook` inherits it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from constat.actors import load_register
from constat.errors import UsageError
from constat.filters import ALL, Filters, called, point_of, seat_of
from constat.gazetteer import Gazetteer, Place
from constat.incidents import judge as judging
from constat.incidents.bonds import Bond, bonds
from constat.incidents.near import series, ties_of
from constat.incidents.refresh import Refresh, Refreshed, forget, grades_of, pending
from constat.incidents.ruled import ruled
from constat.incidents.trail import Change, trail
from constat.incidents.values import parse
from constat.records import DecisionKind, EventMention, Incident, Reading, Value
from constat.resolution.decisions import Refused
from constat.resolution.links import Series
from constat.settings import Settings
from constat.store import decisions, tables
from constat.store import incidents as table
from constat.store.protocol import Store
from constat.store.searching import Words


class IncidentBook:
    """Lists, shows and judges incidents. What it needs of the casebook is declared here."""

    folder: Path
    settings: Settings
    store: Store
    words: Words
    writable: bool
    refused: tuple[Refused, ...] = ()  # decisions that could not be applied when the incidents were last refreshed

    @property
    def actor(self) -> str:
        """Who judges."""
        raise NotImplementedError

    def incidents(
        self, filters: Filters = ALL, *, sort: str = "date", limit: int | None = None, offset: int = 0
    ) -> Iterator[Incident]:
        """The incidents that are asked for: newest first, or as `sort` says (`filters.SORTS`). Their ties are left out:
        `incident` finds them."""
        asked = self._asked(filters)
        self.settle()
        return table.find(self.store, asked, sort, limit, offset)

    def count_incidents(self, filters: Filters = ALL) -> int:
        """How many incidents are asked for."""
        asked = self._asked(filters)
        self.settle()
        return table.count(self.store, asked)

    def states(self, filters: Filters = ALL) -> dict[str, str]:
        """The incidents that are asked for by id, each with a digest that is another one after any change of it."""
        asked = self._asked(filters)
        self.settle()
        return table.digests(self.store, asked)

    def tellings(self, incident: str) -> list[tuple[str, str]]:
        """The events of an incident, each with its document."""
        return table.tellings(self.store, incident)

    def telling_of(self, event: str) -> str | None:
        """The id of the incident that an event is a telling of, None if there is no such event any more."""
        return table.of_event(self.store, event)

    def incident(self, beginning: str, *, ties: bool = True) -> Incident:
        """The incident whose id, or one of whose events' ids, begins so, with its ties; raises `UsageError`."""
        self.settle()
        found = table.get(self.store, table.beginning_with(self.store, beginning))
        if found is None:
            raise UsageError(f"{beginning}: no incident begins so")
        return msgspec.structs.replace(found, ties=ties_of(self.store, found)) if ties else found

    def holding(self, event: str) -> Incident | None:
        """The incident that an event is a telling of, without its ties; None if the event is no more."""
        self.settle()
        number = table.of_event(self.store, event)
        return table.get(self.store, number) if number else None

    def trail(self, incident: Incident) -> list[Change]:
        """How its figures came about, report by report and decision by decision: what moved, when and by whom."""
        denied = {denial.document for denial in incident.denials}
        reports = sorted({d for voice in incident.voices for d in voice.documents} | denied)
        readings = [self.reading(document) for document in reports]
        made = [d.decision for d in decisions.about(self.store, list(incident.events))]
        return trail(incident, readings, made, load_register(self.settings.overlays), grades_of(self.folder))

    def series(self, incident: Incident) -> Series | None:
        """The series that an incident is of, with the days between its incidents; None if it is of none."""
        return series(self.store, incident)

    def why_one(self, incident: Incident) -> list[Bond]:
        """Why its tellings are one: the reasons of the pairs that joined them, the weakest link last."""
        self.settle()
        return bonds(self.store, incident)

    def reading(self, document: str) -> Reading:
        """What was read in a document; raises `UsageError` if it is not known or was not read."""
        stored = next(tables.documents(self.store, "WHERE id = ?", (document,)), None)
        reading = tables.get_reading(self.store, stored.document) if stored else None
        if reading is None:
            raise UsageError(f"document {document[:12]}: {'was not read' if stored else 'is not in the casebook'}")
        return reading

    def judge(
        self,
        kind: DecisionKind,
        about: str | Incident | Sequence[str | Incident],
        *,
        field: str | None = None,
        value: Value | str | None = None,
        reason: str = "",
        seen: str | Sequence[str] | None = None,
        events: Sequence[str] = (),
        author: str | None = None,
    ) -> decisions.Decided:
        """Write down what a person says of incidents, through the audit log, and bring the incidents up to date.

        `about`: incidents or the beginnings of their ids; of `undo`, of a decision's. `seen`: the `revision` of each as
        it was looked at; raises `ConflictError` if one has changed since. `events`: those that `split` takes out.
        """
        if kind not in judging.KINDS:
            raise UsageError(f"{kind!r}: a decision is one of {', '.join(judging.KINDS)}")
        several = (about,) if isinstance(about, str | Incident) else tuple(about)
        self.settle()
        with self.store.transaction():
            last = decisions.newest(self.store)
            at, who = judging.moment(last.decision.decided_at if last else None), author or self.actor
            if kind == "undo":
                undone = decisions.beginning_with(self.store, str(several[0]) if len(several) == 1 else "")
                made = judging.undoing(undone, who, at, reason)
            else:
                now = self._now(several)
                if seen is not None:
                    self._check_seen((seen,) if isinstance(seen, str) else seen, now)
                if isinstance(value, str) and field is not None:
                    value = parse(field, value, _lookup)
                said = judging.Judgement(
                    kind=kind, about=now, events=tuple(events), field=field, value=value, reason=reason
                )
                made = judging.decision(said, self._events(now), who, at)
            done = decisions.put(self.store, made, decisions.revision(self.store, decisions.subject_of(made)))
            self.refresh_inside()
        return done

    def lost(self) -> tuple[Refused, ...]:
        """The decisions in force that cannot be applied, because no event stands any more where theirs stood."""
        return ruled(self.store).refused

    def behind(self) -> bool:
        """Whether something was read or graded that the incidents do not know of yet; `settle` tells them."""
        settings = self.settings
        return pending(self.store, settings.overlays, grades_of(self.folder), settings.counted_datasets)

    def settle(self, *, anew: bool = False) -> Refreshed:
        """Bring the incidents up to date with what was read since, mostly nothing; `anew`: make all of them again."""
        if not self.writable or not (anew or self.behind()):
            return Refreshed()
        with self.store.transaction():
            if anew:
                forget(self.store)
            return self.refresh_inside()

    def refresh_inside(self) -> Refreshed:
        """Bring the incidents up to date; inside a transaction."""
        settings = self.settings
        done = Refresh(self.store, settings.overlays, grades_of(self.folder), settings.counted_datasets).run()
        self.refused = done.refused
        return done

    def _asked(self, f: Filters) -> table.Asked:
        f.check()
        point = point_of(f.near, _find) if f.near is not None else None
        actors = load_register(self.settings.overlays).find(f.actor) if f.actor else ()
        documents = self.store.matching(self.words.query(f.text)) if f.text is not None else None
        ids = tuple(candidate.actor.id for candidate in actors)
        return table.Asked(filters=f, point=point, actors=ids, documents=documents)

    def _now(self, about: Sequence[str | Incident]) -> tuple[Incident, ...]:
        """The incidents as they are, each once."""
        found = {}
        for one in about:
            number = one.id if isinstance(one, Incident) else table.beginning_with(self.store, one)
            held = table.get(self.store, number)
            if held is None:
                raise UsageError(f"incident {number[:12]}: is no more; its tellings are in another one now")
            found[held.id] = held
        return tuple(found.values())

    def _check_seen(self, seen: Sequence[str], now: Sequence[Incident]) -> None:
        before = {
            str(revision): str(said)
            for beginning in seen
            for revision, said in self.store.rows(
                "SELECT revision, said FROM outdated WHERE revision >= ? AND revision < ?", (beginning, beginning + "g")
            )
        }
        judging.check_seen(seen, now, before)

    def _events(self, about: Sequence[Incident]) -> dict[str, EventMention]:
        """The events of incidents with their claims."""
        documents = sorted({d for one in about for voice in one.voices for d in voice.documents})
        return {e.id: e for d in documents for e in self.reading(d).events}


def _find(name: str) -> tuple[float, float] | None:
    found = seat_of(name, Gazetteer.open().lookup(name))
    return (found.lat, found.lon) if found else None


def _lookup(name: str) -> Place | None:
    return next(iter(called(name, Gazetteer.open().lookup(name))), None)
