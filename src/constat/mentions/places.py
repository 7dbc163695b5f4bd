"""Place names in a report, resolved together: what the report names elsewhere decides between namesakes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

import msgspec

from constat.facts import PlaceMention
from constat.folding import fold
from constat.gazetteer import Gazetteer, Place
from constat.gazetteer.choose import Choice, Context, choose, precision
from constat.gazetteer.prior import hamlet, weight
from constat.gazetteer.sound import plain_key, sound_and_shape
from constat.mentions.place_hints import Hints
from constat.mentions.place_names import Named, names
from constat.mentions.place_relations import container, linked, placed
from constat.records import PlaceValue
from constat.text import Sentence

_LEVELS = {"site": 0, "town": 1, "village": 1, "area": 2, "district": 2, "province": 3, "country": 4, "continent": 5}
_HEAD_LEVELS = {
    "base": 0, "field": 0, "camp": 0, "crossing": 0, "quarter": 0, "street": 0, "airport": 0, "road": 2, "village": 1,
    "city": 1, "island": 1, "district": 2, "river": 2, "mountain": 2, "province": 3, "region": 3, "sea": 3, "border": 3,
    "country": 4,
}  # fmt: skip
_HEAD_KINDS = {
    "base": "site", "field": "site", "camp": "site", "crossing": "site", "airport": "site", "province": "province",
    "region": "province", "district": "district", "city": "town", "village": "village",
}  # fmt: skip
_SMALL = 15_000  # inhabitants under which a name in passing is no place of a country that nothing points to
_BIG = 100_000
_NAMESAKE = 5_000  # inhabitants from which a town may be meant by the name of a country
_OWN = 0.5  # of the leading country's share, from which another is one of the report's own
_PASSING = 0.1  # share under which a country is only mentioned in passing
_LIKENESS = 0.7
_PASSES = 2  # the second time all that was resolved the first time stands beside


_NOWHERE = choose((), Context({}))


class _Name(msgspec.Struct):
    """All mentions of one name with one kind of head word, and what they are resolved to."""

    key: str
    kind: str
    members: list[Named]
    exact: tuple[Place, ...] = ()
    firm: bool = False
    choice: Choice | None = None
    last: dict[int, int] = {}


def places(
    report: Sequence[Sentence],
    texts: dict[str, str],
    gazetteer: Gazetteer,
    named: Sequence[Named] | None = None,
    outlet: str = "",
) -> list[PlaceMention]:
    """Every place of a report in text order, each with the candidate that fits the whole report best.

    `named`: the names that are places, if that is known; else they are found in the text. `outlet`: the country that
    its publisher reports from, if that is known.
    """
    if named is None:
        named = [n for sentence in report for n in names(sentence, texts[sentence.part])]
    groups = _groups(named, gazetteer)
    hints = Hints(report, groups, outlet)
    of = {id(n): group for group in groups for n in group.members}
    by_sentence: dict[int, list[Named]] = defaultdict(list)
    for n in named:
        by_sentence[n.sentence.index].append(n)
    for turn in range(_PASSES):
        for group in sorted(groups, key=_order):
            group.choice = _choose(group, groups, of, by_sentence, hints, gazetteer, turn)
    return [m for n in named if (m := _mention(n, of, by_sentence, hints.countries, texts)) is not None]


def _groups(named: Sequence[Named], gazetteer: Gazetteer) -> list[_Name]:
    groups: dict[tuple[str, str], _Name] = {}
    for n in named:
        n.last, key, found = _exact(n, gazetteer)
        n.firm = n.firm and (bool(found) or not gazetteer.is_common(key))
        kind = n.head if n.head == "country" else _HEAD_KINDS.get(n.head, "")
        group = groups.setdefault((key, kind), _Name(key, kind, []))
        group.members.append(n)
        group.exact = tuple({p.id: p for p in (*group.exact, *found)}.values())
        group.firm = group.firm or n.firm
    for key in [key for key, kind in groups if kind == "village" and (key, "") in groups]:
        _join(groups[key, "village"], groups.pop((key, "")))
    return list(groups.values())


def _join(group: _Name, other: _Name) -> None:
    """What is once called a village is that village wherever the report names it."""
    group.members += other.members
    group.exact = tuple({p.id: p for p in (*group.exact, *other.exact)}.values())
    group.firm = group.firm or other.firm


def _exact(n: Named, gazetteer: Gazetteer) -> tuple[int, str, tuple[Place, ...]]:
    """The longest reading of a name that the gazetteer spells so; where there is none, the name as first read."""
    if n.country:
        found = _sovereign(n, gazetteer)
        return n.last, n.phrases[0][1] if [p.kind for p in found] == ["province"] else n.country, found
    sites = [(last, p) for last, phrase in n.phrases for p in gazetteer.lookup(phrase)]
    for last, key in n.options:
        found = () if gazetteer.is_common(key) and not n.known else gazetteer.lookup(key)
        of_phrase = [p for end, p in sites if end == last]
        if of_phrase:
            return last, key, tuple({p.id: p for p in (*of_phrase, *found)}.values())
        if found:
            # Only part of a longer name: "Wadi" of "Wadi al-Azib" says nothing, a city does.
            if last < n.last and max(map(weight, found)) < _BIG:
                continue
            return last, key, found
    return n.last, next(key for last, key in n.options if last == n.last), ()


def _sovereign(n: Named, gazetteer: Gazetteer) -> tuple[Place, ...]:
    """A country with the provinces and towns of its name: Georgia, Jordan, Lebanon; or the part of it that is meant."""
    country = gazetteer.country(n.country)
    namesakes = [p for _, phrase in n.phrases for p in gazetteer.lookup(phrase)]
    part = next((p for p in namesakes if p.kind == "province" and p.country == n.country), None)
    if part is not None and fold(part.name) == n.phrases[0][1]:
        return (part,)
    others = [
        p
        for p in namesakes
        if p.country != n.country and weight(p) >= _NAMESAKE and p.kind != "country" and fold(p.name) == n.phrases[0][1]
    ]
    return (country, *others) if country else ()


def _order(group: _Name) -> tuple[int, int, str]:
    rank = {"country": 0, "province": 1, "district": 2}.get(group.kind, 3)
    return (rank if group.exact else 9, len(group.exact), group.key)


def _choose(
    group: _Name,
    groups: Sequence[_Name],
    of: Mapping[int, _Name],
    by_sentence: Mapping[int, list[Named]],
    hints: Hints,
    gazetteer: Gazetteer,
    turn: int,
) -> Choice:
    """The place a name means in the light of those resolved so far."""
    sounded_out = turn > 0 and (group.firm or any(n.cue for n in group.members)) and not gazetteer.is_common(group.key)
    exact = group.exact if group.firm else tuple(p for p in group.exact if not hamlet(p))
    if not exact and not sounded_out:
        return _NOWHERE
    inside = _ranked(
        {
            p.id: p
            for n in group.members
            for other in linked(n, by_sentence[n.sentence.index])
            if of[id(other)] is not group and (p := _place(of[id(other)])) is not None
        }.values()
    )
    near = _ranked(p for other in groups if other is not group and (p := _place(other)) is not None)
    rest, regions = hints.without(group)
    context = Context(
        countries=hints.countries,
        rest=rest,
        regions=regions,
        provinces=tuple(p.admin1 for p in (*inside, *near) if p.kind == "province"),
        near=near,
        site=group.kind or None,
        inside=tuple(p for p in inside if p.kind != "country"),
        strict=True,
        name=group.key,
    )
    choice = choose(exact, context)
    if choice.place is not None or not sounded_out:
        return choice
    return _by_sound(group, context, gazetteer) or choice


def _ranked(found: Iterable[Place]) -> tuple[Place, ...]:
    """The places that others are placed by: hamlets, which may be mistaken themselves, only where there is no other."""
    every = tuple(found)
    sure = tuple(p for p in every if not hamlet(p))
    return sure if any(p.kind != "country" for p in sure) else every


def _by_sound(group: _Name, context: Context, gazetteer: Gazetteer) -> Choice | None:
    """The place of the report's own countries whose name sounds like one that no table spells so."""
    n = group.members[0]
    readings = [(n.last, group.key), *(o for o in n.options if o[0] != n.last)]
    for _, key in readings if len(n.options) > 1 and n.last < n.options[0][0] else readings[:1]:
        lead = max(context.countries.values(), default=0.0)
        own = [c for c, share in context.countries.items() if share >= _OWN * lead]
        found = tuple(p for country in own for p in gazetteer.propose(key, country) if _alike(key, p, group.firm))
        if found:
            choice = choose(found, msgspec.structs.replace(context, by_sound=frozenset(p.id for p in found)))
            if choice.place is not None:
                return choice
    return None


def _alike(key: str, place: Place, firm: bool) -> bool:
    """Names in one script that sound alike are also written alike; a hamlet's are alike down to the long vowels."""
    name = fold(place.name)
    if hamlet(place) and not (firm and sound_and_shape(key) == sound_and_shape(name)):
        return False
    if not key[:1].isascii() or not name[:1].isascii():
        return True
    return SequenceMatcher(None, plain_key(key), plain_key(name)).ratio() >= _LIKENESS


def _place(group: _Name) -> Place | None:
    return group.choice.place if group.choice else None


def _anchor(group: _Name, countries: Mapping[str, float]) -> Place | None:
    """The place of a name, if it lies in one of the report's own countries."""
    place, lead = _place(group), max(countries.values(), default=0.0)
    if place is not None and hamlet(place) and group.kind not in ("village", "town"):
        return None
    return place if place is not None and countries.get(place.country, 0.0) >= max(_PASSING, _OWN * lead) else None


def _mention(
    n: Named,
    of: Mapping[int, _Name],
    by_sentence: Mapping[int, list[Named]],
    countries: Mapping[str, float],
    texts: Mapping[str, str],
) -> PlaceMention | None:
    group = of[id(n)]
    choice = group.choice
    span = n.sentence.span(texts[n.sentence.part], n.first, n.last)
    others = list(choice.passed_over[:5]) if choice else []
    if choice is not None and choice.place is not None and choice.doubt:
        others = [(choice.place, choice.doubt), *others[:4]]
    passed_over = tuple(f"{p.name} ({p.country}): {why}" for p, why in others)
    if choice is not None and choice.place is not None and not choice.doubt:
        place = choice.place
        if not n.firm and not n.cue and weight(place) < _SMALL and countries.get(place.country, 0.0) < _PASSING:
            return None
        value = placed(n, by_sentence[n.sentence.index], place, span.quote, passed_over)
        level = _LEVELS.get(place.kind, 1)
        if n.head and place.kind in ("town", "village", "site"):
            level = min(level, _HEAD_LEVELS.get(n.head, 1))
    elif n.firm or (n.known and not group.exact):
        doubted = choice is not None and bool(choice.doubt)
        around = container(n, by_sentence, lambda other: _anchor(of[id(other)], countries), only_stated=doubted)
        lead = None if doubted else next(iter(countries), None)
        value = PlaceValue(name=span.quote, country=lead, passed_over=passed_over)
        if around is not None:
            by, radius = around
            value = PlaceValue(
                name=span.quote,
                country=by.country or None,
                admin1=by.admin1 or None,
                lat=by.lat,
                lon=by.lon,
                radius_km=radius,
                passed_over=passed_over,
                precision=max(2, precision(by)),
                placed_by=by.name,
            )
        level = _HEAD_LEVELS.get(n.head, 1)
    else:
        return None
    cue = "dateline" if _dateline(n) else n.cue
    before, after = n.called
    heads = after and n.last < len(n.sentence.chunks) and n.sentence.chunks[n.last].tag in ("PLK", "SITE")
    return PlaceMention(
        sentence=n.sentence.index,
        first=n.first,
        last=n.last,
        value=value,
        cue=cue,
        level=level,
        called=(n.first - before, n.last + after if heads else n.last),
    )


def _dateline(n: Named) -> bool:
    """A place at the head of the text, a dash or colon within a few words: where the report was filed."""
    if n.sentence.part != "text" or n.sentence.paragraph != 0 or n.first:
        return False
    after = n.sentence.chunks[n.last : n.last + 7]
    return any(c.tag in ("DASH", "SC") for c in after) and after[0].tag in ("DASH", "SC", "PA", "CM", "STOP")
