"""Places and days of quoted words, resolved by us: the model points, the gazetteer and the calendar answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from constat.claims.model.ground import Ground
from constat.claims.model.schema import ProposedEvent, When
from constat.facts import PlaceMention, SentenceFacts, TimeMention
from constat.gazetteer import Gazetteer, Place
from constat.gazetteer.choose import Context, choose, precision
from constat.gazetteer.prior import weight
from constat.records import DateValue, PlaceValue, Span

_LOOSE = 1.5  # how much wider a place is that is only known by another


def place(ground: Ground, span: Span, within: Span | None, countries: Mapping[str, float]) -> PlaceValue:
    """The place that words name: as the pack reads them in the light of the whole report, else by the gazetteer."""
    read = [p for f in ground.overlapping(span) for p in f.places if _overlap(f, p, span)]
    if read:
        return msgspec.structs.replace(min(read, key=lambda p: p.level).value, name=span.quote)
    inside = _around(ground.gazetteer, within.quote, countries) if within else None
    if inside is not None:
        countries = {inside.country: 1.0}
    found = _best(ground.gazetteer, span.quote, Context(countries, inside=(inside,) if inside else ()))
    if found is not None:
        return PlaceValue(
            name=span.quote, country=found.country, admin1=found.admin1 or None, lat=found.lat, lon=found.lon,
            kind=found.kind, radius_km=found.radius_km, gazetteer_id=found.id, precision=precision(found),
        )  # fmt: skip
    if inside is None:
        return PlaceValue(name=span.quote, country=next(iter(countries), None))
    if inside.kind == "country":
        return PlaceValue(name=span.quote, country=inside.country)
    return PlaceValue(
        name=span.quote, country=inside.country, admin1=inside.admin1 or None, lat=inside.lat, lon=inside.lon,
        radius_km=round(inside.radius_km * _LOOSE, 1), precision=max(2, precision(inside)), placed_by=inside.name,
    )  # fmt: skip


def _around(gazetteer: Gazetteer, name: str, countries: Mapping[str, float]) -> Place | None:
    """The wider place of a name; one that is spelled in no such way may be a country by its sound: Україна."""
    if gazetteer.lookup(name):
        return _best(gazetteer, name, Context(countries))
    country = next((p for p in gazetteer.propose(name) if p.kind == "country"), None)
    return country or _best(gazetteer, name, Context(countries))


def _best(gazetteer: Gazetteer, name: str, context: Context) -> Place | None:
    """The place of a name as it is spelled, or failing that as it sounds in a country that the report points to."""
    exact = gazetteer.lookup(name)
    if exact:
        return choose(exact, context).place
    alike = [p for country in list(context.countries)[:3] for p in gazetteer.propose(name, country)]
    by_sound = frozenset(p.id for p in alike)
    return choose(alike, msgspec.structs.replace(context, by_sound=by_sound, strict=True)).place


def countries_of(ground: Ground, events: Iterable[ProposedEvent]) -> dict[str, float]:
    """How strongly a report points at each country: by the places its pack reads, else by those that are quoted."""
    points: dict[str, float] = defaultdict(float)
    for facts in ground.report.facts:
        for mention in facts.places:
            if mention.value.country:
                points[mention.value.country] += 1.0
    if not points:
        names = {q for e in events if e.place for q in (e.place.quote, e.place.within) if q}
        for name in sorted(names):
            for country, share in _shares(ground.gazetteer.lookup(name)).items():
                points[country] += share
    total = sum(points.values())
    return {c: n / total for c, n in sorted(points.items(), key=lambda pair: (-pair[1], pair[0]))}


def _shares(places: Iterable[Place]) -> dict[str, float]:
    """A name of places in several countries points at each by the size of the largest, and at a country for sure."""
    largest: dict[str, float] = {}
    for p in places:
        if p.kind == "country":
            return {p.country: 3.0}
        largest[p.country] = max(largest.get(p.country, 0.0), (weight(p) + 10) ** 0.4)
    total = sum(largest.values())
    return {country: size / total for country, size in largest.items()}


def _overlap(facts: SentenceFacts, mention: PlaceMention, span: Span) -> bool:
    own = facts.quote(mention.first, mention.last)
    return own.start < span.end and span.start < own.end


def date(ground: Ground, when: When, span: Span, main: DateValue | None) -> tuple[DateValue | None, str]:
    """The date of quoted words, None where nothing reads them; and why a person should look at it, "" if nobody need.

    Where no pack reads the language the words are read as the model put them into English, numbers held to the quote.
    """
    if ground.pack:
        times = [t for f in ground.overlapping(span) for t in f.times if _within(f, t, span)]
        return _resolved(ground, times, main), ""
    english, words = ground.english(when.english)
    said = {n for f in english for n in words.numbers(f.quote(0, len(f.sentence.chunks)))}
    if not said <= set(ground.words.numbers(span)):
        return None, ""
    return _resolved(ground, [t for f in english for t in f.times], main), "the day is read from the model's English"


def _resolved(ground: Ground, times: list[TimeMention], main: DateValue | None) -> DateValue | None:
    dated = [t for t in times if t.dated]
    if not times:
        return None
    values = [ground.report.date(t, main) for t in dated or times]
    best = next((v for v in values if v.value is not None), values[0])
    part = best.part_of_day or next((t.part for t in times if t.part), None)
    if part == best.part_of_day:
        return best
    exact = "part of day" if best.precision == "day" else best.precision
    return msgspec.structs.replace(best, part_of_day=part, precision=exact)


def _within(facts: SentenceFacts, time: TimeMention, span: Span) -> bool:
    own = facts.quote(time.first, time.last)
    return own.start < span.end and span.start < own.end
