"""A situation report out of a casebook: entries with their sentences, each with the numbers of its sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import msgspec

from constat import phrasing
from constat.briefs.notes import Note, Notes, Sentence, Sources
from constat.briefs.period import Came, came
from constat.briefs.telling import Telling
from constat.casebook import Casebook
from constat.dossiers import dossiers_of
from constat.exports.dossier import Dossier
from constat.filters import ALL, Filters
from constat.interface import Words
from constat.standing import Figures, Standing, standing


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An incident in a brief, under its number: its headline and what is said of it."""

    number: int
    incident: str
    standing: Standing
    headline: Sentence
    lines: tuple[Sentence, ...]


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """A situation report. An incident that is contested stands under its number in `contested` once more."""

    lang: str
    direction: str
    title: str
    period: str
    summary: tuple[Sentence, ...]
    new: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    contested: tuple[Entry, ...]
    notes: tuple[Note, ...]
    method: tuple[str, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every incident of it once, by number."""
        return (*self.new, *self.changed)


class Maker:
    """Makes one brief."""

    def __init__(self, book: Casebook, words: Words, *, limit: int = 100) -> None:
        self.book, self.words, self.limit = book, words, limit
        self.notes = Notes()
        self.contested: list[Entry] = []

    def make(self, since: dt.datetime, now: dt.datetime, filters: Filters = ALL, title: str = "") -> Brief:
        """The report of what came in between two times."""
        found = [one for one in came(self.book, filters, since) if one.before or one.incident.status != "rejected"]
        new = sorted((one for one in found if one.before is None), key=_gravest)
        changed = sorted((one for one in found if one.before is not None), key=_gravest)
        shown_new, shown_changed = new[: self.limit], changed[: self.limit]
        first = len(shown_new) + 1
        entries_new = tuple(self._entries(shown_new, 1))
        entries_changed = tuple(self._entries(shown_changed, first))
        left = len(found) - len(shown_new) - len(shown_changed)
        counts = {"new": len(new), "changed": len(changed), "contested": len(self.contested)}
        summary = [Sentence(self.words("brief.numbers", total=self.book.count_incidents(filters), **counts))]
        summary += self._deaths((*entries_new, *entries_changed))
        if left:
            summary.append(Sentence(self.words("brief.left", n=left)))
        return Brief(
            lang=self.words.lang,
            direction=self.words.direction,
            title=title or self.words("brief.title"),
            period=self.words(
                "brief.since", since=phrasing.moment(since, self.words), until=phrasing.moment(now, self.words)
            ),
            summary=tuple(summary),
            new=entries_new,
            changed=entries_changed,
            contested=tuple(self.contested),
            notes=self.notes.all(),
            method=tuple(self._method()),
        )

    def _entries(self, found: list[Came], first: int) -> Iterator[Entry]:
        by_id = {one.incident.id: one for one in found}
        incidents = [one.incident for one in found]
        for number, dossier in enumerate(dossiers_of(self.book, incidents, behind=("decisions",)), first):
            yield self._entry(number, dossier, by_id[dossier.incident.id])

    def _entry(self, number: int, dossier: Dossier, one: Came) -> Entry:
        stands, rests = standing(dossier.incident), Sources(dossier)
        telling = Telling(dossier, stands, rests, self.notes, self.words)
        headline = telling.headline()
        lines = tuple(telling.all() if one.before is None else telling.changed(one.before, one.reports))
        rivals = tuple(telling.rivals())
        lines += tuple(telling.disputed(rivals))
        if rivals:
            self.contested.append(
                Entry(number=number, incident=dossier.incident.id, standing=stands, headline=headline, lines=rivals)
            )
        return Entry(number=number, incident=dossier.incident.id, standing=stands, headline=headline, lines=lines)

    def _deaths(self, entries: Iterable[Entry]) -> Iterator[Sentence]:
        """All dead of the report, low to high; those of whom nothing is stated are counted, not taken for none."""
        alive = [e.standing for e in entries if e.standing.status != "rejected"]
        tolls = [s.killed for s in alive if s.killed is not None]
        if tolls:
            highs = [t.high for t in tolls]
            total = Figures(
                sum(t.low for t in tolls),
                sum(t.low if t.best is None else t.best for t in tolls),
                None if None in highs else sum(h for h in highs if h is not None),
            )
            yield Sentence(self.words("brief.deaths", range=phrasing.figures(total, self.words)))
            if None in highs:
                yield Sentence(self.words("brief.deaths_open", n=highs.count(None)))
        elif alive:
            yield Sentence(self.words("brief.deaths_none"))
        if len(tolls) < len(alive):
            yield Sentence(self.words("brief.deaths_silent", n=len(alive) - len(tolls)))

    def _method(self) -> Iterator[str]:
        from constat import __version__

        documents = sum(note.document is not None for note in self.notes.all())
        yield self.words("brief.method", version=__version__, documents=documents, casebook=self.book.id)
        if self.book.restricted():
            yield self.words("brief.covered")


def _gravest(one: Came) -> tuple[int, str]:
    killed = standing(one.incident).killed
    dead = -1 if killed is None else killed.low if killed.best is None else killed.best
    return -dead, one.incident.id
