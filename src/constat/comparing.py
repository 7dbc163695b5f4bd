"""Other people's coded events beside the incidents of a casebook: who has which, and where they differ.

Nothing of them enters the casebook. A data set is made from the same reports, so that counting it as a voice would let
it confirm what it was copied from.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from constat.actors import Actor, ActorRegister, load_register
from constat.casebook import Casebook
from constat.exports.days import bounds, date_of
from constat.exports.row import place_of, toll_words, total, word
from constat.filters import ALL, Filters
from constat.folding import fold
from constat.gazetteer import kilometres
from constat.imports import dataset, read
from constat.records import FusedToll, Incident, Reading, Voice
from constat.resolution.actors import actor_ids
from constat.resolution.cluster import LEAST
from constat.resolution.fuse import fuse
from constat.resolution.resolve import score_pairs
from constat.resolution.scores import probability, shipped
from constat.resolution.stated import Telling as Told
from constat.resolution.tellings import ActorOf, Telling, by_id, tellings

_YEARS = re.compile(r"\s*\(\d{4}-(?:\d{4})?\)")  # in which a government was in power, as ACLED writes it
_AROUND = dt.timedelta(days=3)  # beyond the days of a data set, in which its events are still looked for
FIELDS = ("date", "place", "type", "subtype", "killed", "wounded", "perpetrator")


UNCOUNTED = "not counted there"  # of a field that the data set does not have, such as the wounded in ACLED


class Differing(msgspec.Struct, frozen=True):
    """One field as they have it and as the casebook has it, and how the two compare."""

    field: str
    theirs: str
    ours: str
    how: str

    @property
    def apart(self) -> bool:
        """Whether the two are not the same."""
        return self.how not in ("same", UNCOUNTED)


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


def compare(book: Casebook, path: Path, name: str, filters: Filters = ALL) -> Comparison:
    """A file of coded events beside the incidents that are asked for; raises `InputError` or `UsageError`."""
    of = dataset(name)
    actor_of = _named_by_others(load_register(book.settings.overlays))
    coded = {r.events[0].id: r for r in read(path, of, book.settings.max_table_bytes)}
    theirs = {event: _fused(reading) for event, reading in coded.items()}
    numbers = {event: (r.document.title or "").removeprefix(f"{of.TITLE} ") for event, r in coded.items()}
    ours = {one.id: one for one in book.incidents(_window(filters, theirs.values()))}
    found = list(_pairs(coded.values(), _tellings(book, ours.values(), actor_of), actor_of))
    matches, taken, used = [], set(), set()
    for odds, event, incident, why in sorted(found, key=lambda p: (-p[0], p[1], p[2])):
        if event not in taken and incident not in used:
            taken.add(event)
            used.add(incident)
            fields = tuple(
                each if each.field in of.FIELDS else msgspec.structs.replace(each, how=UNCOUNTED)
                for each in _fields(theirs[event], ours[incident], actor_of)
            )
            likely = round(probability(odds), 3)
            matches.append(Match(numbers[event], theirs[event], ours[incident], likely, why, fields))
    covered = {place.country for one in theirs.values() if (place := place_of(one))}
    return Comparison(
        dataset=of.TITLE,
        rows=len(coded),
        matches=tuple(sorted(matches, key=lambda m: (_day(m.theirs), m.number))),
        only_theirs=tuple((numbers[e], theirs[e]) for e in theirs if e not in taken),
        only_ours=tuple(one for one in ours.values() if one.id not in used and _covered(one, covered)),
    )


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
        for telling in tellings(book.reading(document), actor_of):
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


def _fields(theirs: Incident, ours: Incident, actor_of: ActorOf) -> Iterator[Differing]:
    yield _dates(theirs, ours)
    yield _places(theirs, ours)
    for name in ("type", "subtype"):
        a, b = word(theirs, name) or "", word(ours, name) or ""
        yield Differing(name, a, b, _words(a, b, a.casefold() == b.casefold()))
    for name in ("killed", "wounded"):
        yield _tolls(name, total(theirs, name), total(ours, name))
    a, b = word(theirs, "perpetrator") or "", word(ours, "perpetrator") or ""
    place, day = place_of(theirs), _day(theirs) or None
    country = place.country if place else None
    known = [actor_of(name, country, day) or name.casefold() if name else "" for name in (a, b)]
    yield Differing("perpetrator", a, b, _words(a, b, known[0] == known[1]))


def _words(theirs: str, ours: str, same: bool) -> str:
    if not theirs or not ours:
        return "same" if theirs == ours else "only theirs" if theirs else "only ours"
    return "same" if same else "different"


def _dates(theirs: Incident, ours: Incident) -> Differing:
    a, b = bounds(date_of(theirs.field("date"))), bounds(date_of(ours.field("date")))
    shown = _span(a), _span(b)
    if a is None or b is None or a == b:
        return Differing("date", *shown, _words(*shown, True))
    gap = (max(a[0], b[0]) - min(a[1], b[1])).days
    return Differing("date", *shown, f"{gap} day{'s' if gap > 1 else ''} apart" if gap > 0 else "less precise")


def _span(days: tuple[dt.date, dt.date] | None) -> str:
    if days is None:
        return ""
    first, last = (day.isoformat() for day in days)
    return first if first == last else f"{first} to {last}"


def _places(theirs: Incident, ours: Incident) -> Differing:
    a, b = place_of(theirs), place_of(ours)
    shown = a.name if a else "", b.name if b else ""
    if a and b and a.lat is not None and a.lon is not None and b.lat is not None and b.lon is not None:
        far = kilometres(a.lat, a.lon, b.lat, b.lon)
        return Differing("place", *shown, "same" if far < 1 else f"{far:,.0f} km apart")
    return Differing("place", *shown, _words(*shown, shown[0].casefold() == shown[1].casefold()))


def _tolls(name: str, theirs: FusedToll | None, ours: FusedToll | None) -> Differing:
    """What they count beside our range. A toll that is not stated is neither none nor the same as none."""
    shown = toll_words(theirs) if theirs else "", toll_words(ours) if ours else ""
    if theirs is None or ours is None:
        return Differing(name, *shown, _words(*shown, True))
    figure = theirs.low if theirs.best is None else theirs.best
    if figure == ours.best and (theirs.low, theirs.high) == (ours.low, ours.high):
        return Differing(name, *shown, "same")
    if figure < ours.low:
        return Differing(name, *shown, f"theirs is lower by {ours.low - figure}")
    if ours.high is not None and figure > ours.high:
        return Differing(name, *shown, f"theirs is higher by {figure - ours.high}")
    return Differing(name, *shown, "inside our range")


def _day(one: Incident) -> str:
    days = bounds(date_of(one.field("date")))
    return days[0].isoformat() if days else ""


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
    values = (_day(one), place.name if place else None, word(one, "type"), word(one, "subtype"), *tolls)
    cells: list[str | None] = []
    for value in (*values, word(one, "perpetrator")):
        cells += [value, None] if side == 0 else [None, value]
    return cells
