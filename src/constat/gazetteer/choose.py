"""Which of several places of one name a report means, with the reasons against the others."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec

from constat.gazetteer.place import Place, kilometres

# Weights set on the development gold: a named country outweighs any size of town, a neighbour outweighs most.
_COUNTRY, _NEAR, _SITE, _SIZE = 4.0, 1.2, 1.0, 0.35


class Context(msgspec.Struct, frozen=True):
    """What a report says around a name: shares of the countries it points at, provinces, places already known, kind of site."""

    countries: Mapping[str, float]
    provinces: tuple[str, ...] = ()
    near: tuple[Place, ...] = ()
    site: str | None = None


class Choice(msgspec.Struct, frozen=True):
    """The place chosen (None for "not found") with its radius in km, and those passed over with the reason in words."""

    place: Place | None
    radius_km: float
    passed_over: tuple[tuple[Place, str], ...] = ()


def choose(candidates: Sequence[Place], context: Context) -> Choice:
    """The candidate that fits the context best; none where the report points at countries and no candidate lies in one."""
    if not candidates:
        return Choice(None, 0.0)
    ranked = sorted(candidates, key=lambda p: (-_score(p, context), p.id))
    best = ranked[0]
    return Choice(best, best.radius_km, tuple((p, _reason(p, best, context)) for p in ranked[1:6]))


def _score(place: Place, context: Context) -> float:
    score = _COUNTRY * min(1.0, 2 * context.countries.get(place.country, 0.0))
    score += _SIZE * math.log10(place.population + 10)
    if context.near:
        closest = min(kilometres(place.lat, place.lon, n.lat, n.lon) for n in context.near)
        score += _NEAR * (1.0 if closest < 60 else 0.6 if closest < 200 else 0.2 if closest < 600 else 0.0)
    if context.provinces and place.admin1 in context.provinces:
        score += 0.8
    if context.site:
        score += _SITE if place.kind == context.site else -0.5 if context.site == "province" else 0.0
    elif place.kind == "site" and place.feature == "AIRP":
        score -= 0.5
    elif place.kind == "province":
        # A province and its seat share a name: the town is meant unless a word for province stands by it.
        score -= 0.6
    return score


def _reason(place: Place, best: Place, context: Context) -> str:
    here, there = context.countries.get(place.country, 0.0), context.countries.get(best.country, 0.0)
    if here < there:
        return f"the report points to {best.country} rather than {place.country}"
    if place.population < best.population:
        return "smaller"
    return "farther from the report's other places"
