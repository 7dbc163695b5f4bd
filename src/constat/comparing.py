"""Other people's coded events beside the incidents of a casebook: who has which, and where they differ.

A data set is made from the same reports: counting it as a voice would let it confirm what it was copied from. So rows
stand beside the incidents, unless the setting `counted_datasets` names their data set.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from constat.account import Said
from constat.actors import Actor, ActorRegister, load_register
from constat.captures import Kept, Refused
from constat.casebook import Casebook
from constat.differing import UNCOUNTED, Differing, differing, first_day
from constat.documents.reader import CaptureReader
from constat.errors import InputError
from constat.exports.days import bounds, date_of
from constat.exports.row import place_of, toll_words, total, word
from constat.filters import ALL, Filters
from constat.folding import fold
from constat.imports import dataset, known, outcome
from constat.records import Incident, Reading, Voice
from constat.resolution.actors import actor_ids
from constat.resolution.cluster import LEAST
from constat.resolution.fuse import fuse
from constat.resolution.resolve import score_pairs
from constat.resolution.scores import probability, shipped
from constat.resolution.stated import Telling as Told
from constat.resolution.tellings import ActorOf, Telling, by_id, tellings
from constat.settings import Settings
from constat.store import coded
from constat.store.tables import document_id

_YEARS = re.compile(r"\s*\(\d{4}-(?:\d{4})?\)")  # in which a government was in power, as ACLED writes it
_AROUND = dt.timedelta(days=3)  # beyond the days of a data set, in which its events are still looked for


class Match(msgspec.Struct, frozen=True):
    """A row of theirs and the incident of the casebook that it is: how likely, why, and each field of both."""

    number: str
    theirs: Incident
    ours: Incident
    probability: float
    why: str
    fields: tuple[Differing, ...]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Who has which incident. `only_ours` are those of the days and countries that the data set covers."""

    dataset: str
    rows: int
    matches: tuple[Match, ...]
    only_theirs: tuple[tuple[str, Incident], ...]
    only_ours: tuple[Incident, ...]


def rows_in(path: Path, name: str, settings: Settings, refuse: Callable[[Refused], None]) -> Iterator[Reading]:
    """What the rows of a file of coded events state; raises `InputError` if it is not of the data set."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputError(str(path), None, f"cannot be read: {error.strerror}") from error
    reader = CaptureReader()
    try:
        kept = Kept(path=path.absolute(), name=path.name, size=size)
        for found in reader.drafts(kept, Said(dataset=name).context(settings)):
            if isinstance(found, Refused):
                refuse(found)
                continue
            row = msgspec.structs.replace(found.document, id=document_id(found))
            read, why = outcome(row)
            if read is not None:
                yield read
            else:
                refuse(Refused(locator=found.locator, cause=why or ""))
    finally:
        reader.close()


def rows_held(book: Casebook, name: str, filters: Filters = ALL) -> Iterator[Reading]:
    """What the rows of a data set state that a casebook holds, the newest version of each."""
    if not coded.any_of(book.store, (name,)):
        return
    for document in coded.documents(book.store, name, filters.since, filters.until):
        reading = book.reading(document)
        place = place_of(_fused(reading)) if filters.countries else None
        if place is None or place.country is None or place.country in filters.countries:
            yield reading


def held(book: Casebook) -> dict[str, int]:
    """The data sets of which a casebook holds rows, and how many."""
    return coded.counts(book.store, known())


def beside(book: Casebook, one: Incident) -> list[tuple[str, Match]]:
    """The rows of data sets that an incident is, as far as the casebook holds any: title of the set, what differs."""
    days = bounds(date_of(one.field("date")))
    if days is None:
        return []
    around = Filters(since=(days[0] - _AROUND).isoformat(), until=(days[1] + _AROUND).isoformat())
    found = []
    for name in held(book):
        compared = compare(book, rows_held(book, name, around), name)
        found += [(compared.dataset, match) for match in compared.matches if match.ours.id == one.id]
    return found


def compare(book: Casebook, rows: Iterable[Reading], name: str, filters: Filters = ALL) -> Comparison:
    """Rows of coded events beside the incidents that are asked for."""
    of = dataset(name)
    actor_of = _named_by_others(load_register(book.settings.overlays))
    by_event = {r.events[0].id: r for r in rows}
    theirs = {event: _fused(reading) for event, reading in by_event.items()}
    numbers = {event: (r.document.url or "").partition(":")[2] for event, r in by_event.items()}
    ours = _ours(book, filters, theirs.values(), of.TITLE) if theirs else {}
    found = list(_pairs(by_event.values(), _tellings(book, ours.values(), actor_of), actor_of))
    matches, taken, used = [], set(), set()
    for odds, event, incident, why in sorted(found, key=lambda p: (-p[0], p[1], p[2])):
        if event not in taken and incident not in used:
            taken.add(event)
            used.add(incident)
            fields = tuple(
                each if each.field in of.FIELDS else msgspec.structs.replace(each, how=UNCOUNTED)
                for each in differing(theirs[event], ours[incident], actor_of)
            )
            likely = round(probability(odds), 3)
            matches.append(Match(numbers[event], theirs[event], ours[incident], likely, why, fields))
    covered = {place.country for one in theirs.values() if (place := place_of(one))}
    return Comparison(
        dataset=of.TITLE,
        rows=len(by_event),
        matches=tuple(sorted(matches, key=lambda m: (first_day(m.theirs), m.number))),
        only_theirs=tuple((numbers[e], theirs[e]) for e in theirs if e not in taken),
        only_ours=tuple(one for one in ours.values() if one.id not in used and _covered(one, covered)),
    )


def _ours(book: Casebook, filters: Filters, theirs: Iterable[Incident], title: str) -> dict[str, Incident]:
    """The incidents of the casebook by id, without those that rows of the data set alone tell of."""
    found = book.incidents(_window(filters, theirs))
    return {one.id: one for one in found if {voice.name for voice in one.voices} != {title}}


def _named_by_others(register: ActorRegister) -> ActorOf:
    """Ids of actors by their names in the register, or those that ACLED and UCDP give them, whatever the years."""
    by_reports = actor_ids(register)
    by_others: dict[str, list[Actor]] = {}
    for actor in register.actors:
        for name in (*actor.acled.split("/"), actor.ucdp):
            if key := fold(_YEARS.sub("", name)):
                by_others.setdefault(key, []).append(actor)

    def actor_of(name: str, country: str | None, date: str | None) -> str | None:
        known = by_others.get(fold(_YEARS.sub("", name)), [])
        here = [actor for actor in known if country in actor.countries] or known
        return here[0].id if here else by_reports(name, country, date)

    return actor_of


def _fused(reading: Reading) -> Incident:
    """A row as an incident of its own."""
    document = reading.document
    voice = Voice(document.publisher or "", "outlet", (document.id,))
    return fuse([Told(reading.events[0], document, voice)])


def _window(filters: Filters, theirs: Iterable[Incident]) -> Filters:
    """The filters, bounded by the days of the data set where they are not narrower."""
    days = [day for one in theirs if (day := bounds(date_of(one.field("date"))))]
    if not days:
        return filters
    first = (min(start for start, _ in days) - _AROUND).isoformat()
    last = (max(end for _, end in days) + _AROUND).isoformat()
    since = max(filters.since or first, first)
    return msgspec.structs.replace(filters, since=since, until=max(since, min(filters.until or last, last)))


def _tellings(book: Casebook, ours: Iterable[Incident], actor_of: ActorOf) -> dict[str, tuple[Telling, str]]:
    """The tellings of incidents by event, each with its incident."""
    incident_of = {event: one.id for one in ours for event in one.events}
    documents = sorted({d for one in ours for voice in one.voices for d in voice.documents})
    found = {}
    for document in documents:
        reading = book.reading(document)
        for telling in tellings(reading, actor_of) if reading.document.coded is None else ():
            if telling.id in incident_of:
                found[telling.id] = (telling, incident_of[telling.id])
    return found


def _pairs(
    coded: Iterable[Reading], ours: dict[str, tuple[Telling, str]], actor_of: ActorOf
) -> Iterator[tuple[float, str, str, str]]:
    """Log-odds of a row and an incident by their likeliest pair of tellings, with the reasons in words."""
    scores = shipped()
    theirs = {t.id: t for reading in coded for t in tellings(reading, actor_of)}
    every = by_id([*theirs.values(), *(t for t, _ in ours.values())])
    best: dict[tuple[str, str], tuple[float, str]] = {}
    for (a, b), odds in score_pairs(every, scores, LEAST).items():
        if (a in theirs) == (b in theirs):
            continue
        event, own = (a, b) if a in theirs else (b, a)
        key = event, ours[own][1]
        if key not in best or odds > best[key][0]:
            best[key] = (odds, own)
    for (event, incident), (odds, own) in best.items():
        yield odds, event, incident, scores.verdict(theirs[event], ours[own][0]).words()


def _covered(one: Incident, countries: set[str | None]) -> bool:
    place = place_of(one)
    return place is None or place.country is None or place.country in countries


COLUMNS = (
    *("who", "theirs", "ours", "date_theirs", "date_ours", "place_theirs", "place_ours", "type_theirs", "type_ours"),
    *("subtype_theirs", "subtype_ours", "killed_theirs", "killed_ours", "wounded_theirs", "wounded_ours"),
    *("perpetrator_theirs", "perpetrator_ours", "differs", "probability", "why"),
)


def rows(found: Comparison) -> Iterator[Sequence[object]]:
    """The comparison as a table with the columns of `COLUMNS`."""
    for match in found.matches:
        pairs = [value for each in match.fields for value in (each.theirs, each.ours)]
        differs = "; ".join(f"{d.field}: {d.how}" for d in match.fields if d.apart)
        yield ["both", match.number, match.ours.id, *pairs, differs, match.probability, match.why]
    for number, one in found.only_theirs:
        yield [f"only {found.dataset}", number, None, *_alone(one, 0), None, None, None]
    for one in found.only_ours:
        yield ["only the casebook", None, one.id, *_alone(one, 1), None, None, None]


def _alone(one: Incident, side: int) -> list[str | None]:
    place = place_of(one)
    tolls = [toll_words(toll) if (toll := total(one, name)) else None for name in ("killed", "wounded")]
    values = (first_day(one), place.name if place else None, word(one, "type"), word(one, "subtype"), *tolls)
    cells: list[str | None] = []
    for value in (*values, word(one, "perpetrator")):
        cells += [value, None] if side == 0 else [None, value]
    return cells
