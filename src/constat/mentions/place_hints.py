"""What a report points at: the countries and provinces that its names, nationalities and outlet speak for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Protocol, TypeVar

from constat.gazetteer import Place
from constat.gazetteer.prior import hamlet, weight
from constat.mentions.place_names import Named
from constat.text import Sentence

_SMALL = 15_000  # inhabitants under which a lone place says little about the report's country
_FLATTER = 0.4  # power of the inhabitants by which namesakes in several countries share what a name says of the country
_NATIONALITY = 0.3  # of what a firm name says
_OUTLET = 0.25  # the country that an outlet reports from, where it is known
_EARLY = 1.5  # what the title and the first paragraph count for
_ITSELF = 0.7  # how much of what a name says is left out where the name itself is judged
_COUNTRIES, _REGIONS = 8, 12  # kept, the strongest first

Region = tuple[str, str]  # a country and its province
Thing = TypeVar("Thing", bound=Hashable)


class Group(Protocol):
    """What is asked of the mentions of one name: whether it is a country's, its namesakes, how firmly it is a place."""

    key: str
    kind: str
    members: list[Named]
    exact: tuple[Place, ...]
    firm: bool


class Hints:
    """Shares of the countries and provinces that a report points at, with or without what one of its names says."""

    def __init__(self, report: Sequence[Sentence], groups: Sequence[Group], outlet: str = "") -> None:
        self._countries: dict[str, float] = defaultdict(float)
        self._regions: dict[Region, float] = defaultdict(float)
        self._without: dict[int, tuple[dict[str, float], dict[Region, float]]] = {}
        self._own = {id(group): _said(group) for group in groups}
        # A name with a head word here and without there is one name, and no evidence for itself.
        self._named: dict[str, list[int]] = defaultdict(list)
        for group in groups:
            self._named[group.key].append(id(group))
        if outlet:
            self._countries[outlet] += _OUTLET
        for sentence in report:
            for chunk in sentence.chunks:
                if chunk.tag == "NAT":
                    self._countries[chunk.key] += _NATIONALITY * (_EARLY if _early(sentence) else 1.0)
        for countries, regions in self._own.values():
            _add(self._countries, countries)
            _add(self._regions, regions)
        self.countries = _shares(self._countries, {}, _COUNTRIES)

    def without(self, group: Group) -> tuple[dict[str, float], dict[Region, float]]:
        """The shares that mostly the rest of the report gives: what a name says of itself is weak evidence for it."""
        shares = self._without.get(id(group))
        if shares is None:
            countries: dict[str, float] = defaultdict(float)
            regions: dict[Region, float] = defaultdict(float)
            for one in self._named[group.key]:
                _add(countries, self._own[one][0])
                _add(regions, self._own[one][1])
            shares = _shares(self._countries, countries, _COUNTRIES), _shares(self._regions, regions, _REGIONS)
            self._without[id(group)] = shares
        return shares


def _said(group: Group) -> tuple[dict[str, float], dict[Region, float]]:
    """How much one name speaks for each country and province: much where it is known in one alone."""
    if not group.exact or not (group.firm or any(n.known for n in group.members)):
        return {}, {}
    if all(map(hamlet, group.exact)):
        return {}, {}  # that a list of all hamlets has the name says nothing of where the report is
    countries: dict[str, float] = {}
    regions: dict[Region, float] = {}
    for p in group.exact:
        if not p.country:
            continue
        flat = weight(p) ** _FLATTER
        countries[p.country] = max(countries.get(p.country, 0.0), flat)
        if p.admin1:
            regions[p.country, p.admin1] = max(regions.get((p.country, p.admin1), 0.0), flat)
    telling = " " in group.key or max(map(weight, group.exact)) >= _SMALL
    sure = (1.0 if telling else 0.6) if group.firm else (0.5 if telling else 0.1)
    if group.kind == "country":
        named = sum(_EARLY if _early(n.sentence) else 1.0 for n in group.members)
        sure = named if len(countries) == 1 else min(named, _EARLY)
    return _scaled(countries, sure), _scaled(regions, sure)


def _scaled(sizes: Mapping[Thing, float], sure: float) -> dict[Thing, float]:
    whole = sum(sizes.values()) or 1.0
    return {thing: sure * size / whole for thing, size in sizes.items()}


def _add(points: dict[Thing, float], more: Mapping[Thing, float]) -> None:
    for thing, p in more.items():
        points[thing] += p


def _shares(points: Mapping[Thing, float], less: Mapping[Thing, float], most: int) -> dict[Thing, float]:
    left = {thing: p - _ITSELF * less.get(thing, 0.0) for thing, p in points.items()}
    whole = sum(left.values()) or 1.0
    ranked = sorted(left.items(), key=lambda pair: (-round(pair[1], 9), str(pair[0])))
    return {thing: p / whole for thing, p in ranked[:most] if p > 1e-9}


def _early(sentence: Sentence) -> bool:
    return sentence.part == "title" or sentence.paragraph == 0
