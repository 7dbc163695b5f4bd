"""Which of several places of one name a report means, with the reasons against the others."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec

from constat.gazetteer.place import Place, km
from constat.gazetteer.prior import weight

# Weights set on the development gold: a named country outweighs any size of town, a neighbour outweighs most.
_COUNTRY, _NEAR, _PROVINCE, _SITE, _SIZE, _SPELLING = 4.0, 1.2, 0.8, 1.0, 0.35, 1.5
# Nearness to a place already resolved, by distance in km.
_STEPS = ((60, 1.0), (200, 0.6), (600, 0.2))
# UCDP's precision of a location: the point, within 25 km, a district, a province, a line or wide area, a country.
_PRECISION = {"site": 1, "town": 1, "village": 1, "area": 5, "district": 3, "province": 4, "country": 6}
_NEAR_KM = 5.0  # a radius above this makes a point an estimate
_WIDE = ("province", "country")


class Context(msgspec.Struct, frozen=True):
    """What a report says around a name: shares of the countries it points at, provinces, places already known, kind of
    site, and the ids of candidates found by sound rather than by spelling."""

    countries: Mapping[str, float]
    provinces: tuple[str, ...] = ()
    near: tuple[Place, ...] = ()
    site: str | None = None
    by_sound: frozenset[str] = frozenset()


class Choice(msgspec.Struct, frozen=True):
    """The place chosen (None for "not found") with its radius in km, kind, UCDP precision 1-6 and the confidence 0-1
    that it is this one; and those passed over with the reason in words."""

    place: Place | None
    radius_km: float
    passed_over: tuple[tuple[Place, str], ...] = ()
    kind: str = "not found"
    precision: int = 7
    confidence: float = 0.0


def choose(candidates: Sequence[Place], context: Context) -> Choice:
    """The candidate that fits the context best, and "not found" only where there is none."""
    if not candidates:
        return Choice(None, 0.0)
    scores = {p.id: _score(p, context) for p in candidates}
    ranked = sorted({p.id: p for p in candidates}.values(), key=lambda p: (-scores[p.id], p.id))
    best = ranked[0]
    share = 1 / sum(math.exp(scores[p.id] - scores[best.id]) for p in ranked)
    return Choice(
        place=best,
        radius_km=best.radius_km,
        passed_over=tuple((p, _reason(p, best, context)) for p in ranked[1:6]),
        kind=best.kind,
        precision=precision(best),
        confidence=round(share * (0.6 if best.id in context.by_sound else 1.0), 2),
    )


def precision(place: Place) -> int:
    """UCDP's code for how precisely a place is known: 1 point, 2 near, 3 district, 4 province, 5 area, 6 country."""
    code = _PRECISION.get(place.kind, 5)
    return (
        2 if code == 1 and (place.precision == "near" or place.radius_km > _NEAR_KM) and place.population == 0 else code
    )


def _score(place: Place, context: Context) -> float:
    score = _COUNTRY * min(1.0, 2 * context.countries.get(place.country, 0.0))
    score += _SIZE * math.log10(weight(place) + 10)
    score += _NEAR * _nearness(place, context)
    if context.provinces and place.admin1 in context.provinces:
        score += _PROVINCE
    if place.id in context.by_sound:
        score -= _SPELLING
    if context.site:
        score += _SITE if place.kind == context.site else -0.5 if context.site == "province" else 0.0
    elif place.kind == "site" and place.feature == "AIRP":
        score -= 0.5
    elif place.kind in ("province", "district"):
        # A province and its seat share a name: the town is meant unless a word for province stands by it.
        score -= 0.6
    return score


def _nearness(place: Place, context: Context) -> float:
    """1 beside a place already resolved, 0 far from all; a province or country is near to what lies within it."""
    if not context.near:
        return 0.0
    closest = min(km(place, other) - (place.radius_km if place.kind in _WIDE else 0.0) for other in context.near)
    return next((share for within, share in _STEPS if closest < within), 0.0)


def _reason(place: Place, best: Place, context: Context) -> str:
    here, there = context.countries.get(place.country, 0.0), context.countries.get(best.country, 0.0)
    if here < there:
        return f"the report points to {best.country} rather than {place.country}"
    if _nearness(place, context) < _nearness(best, context):
        return "farther from the report's other places"
    if context.site and best.kind == context.site != place.kind:
        return f"not a {context.site}"
    if place.id in context.by_sound and best.id not in context.by_sound:
        return "only sounds alike"
    if place.admin1 not in context.provinces and best.admin1 in context.provinces:
        return f"not in {best.admin1}"
    if weight(place) < weight(best):
        return "less populous"
    return "fits less well"
