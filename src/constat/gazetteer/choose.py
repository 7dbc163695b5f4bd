"""Which of several places of one name a report means, with the reasons against the others; or that none fits."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from constat.folding import fold
from constat.gazetteer.place import Place, km
from constat.gazetteer.prior import famous, hamlet, weight

# Weights set on the development gold: a named country outweighs any size of town, a neighbour outweighs most.
_COUNTRY, _NEAR, _INSIDE, _PROVINCE, _SITE, _SIZE, _SPELLING = 4.0, 1.2, 2.0, 0.8, 1.0, 0.35, 1.5
_SOVEREIGN = 3  # a name of a country means the country, if nothing speaks against it
_REGION = 1.6  # what it weighs that other names of the report lie in the same province
_OWN_NAME = 0.5  # a name that a place goes by weighs more than one it had, or bears elsewhere
_PROVINCE_OVER = 1.0  # by which a province is meant rather than a town of its name too small to be its seat
_SEAT = 0.02  # of a province's inhabitants, from which a town of its name may be its seat
# Nearness to a place already resolved, by distance in km.
_STEPS = ((60, 1.0), (200, 0.6), (600, 0.2))
# UCDP's precision of a location: the point, within 25 km, a district, a province, a line or wide area, a country.
_PRECISION = {"site": 1, "town": 1, "village": 1, "area": 5, "district": 3, "province": 4, "country": 6, "continent": 7}
# ACLED's: the place itself, its part of a district, a wider region.
_ACLED = {1: 1, 2: 1, 3: 2, 4: 3, 5: 3, 6: 3}
_NEAR_KM = 5.0  # a radius above this makes a point an estimate
_WIDE = ("province", "country")
_KNOWN = 15_000
_POINTED = 0.35  # share from which a report has a country of its own
_PASSING = 0.1  # share under which a country is only mentioned in passing
_OWN = 0.2  # share from which a country is one of the report's own, where names are taken by their sound
_BESIDE = 150.0  # km from a place of the report within which a name may be taken by its sound alone
_SLACK = 60.0  # km beyond its radius that a place still counts as being by another
_FAR = 80.0  # km beyond which nothing lies by a town
_ALONE = 60.0  # km beyond twice a wide place's reach that its country's only listed place of the name may still lie
_ASTRAY = 80.0  # km from all else that a report names beyond which a hamlet is not the one it means
_EDGE = 25.0  # km by which the reach of an area is rough
_OVERSHADOWED = 1.2  # what it weighs against a small place that its country has a great city of the name
_ECLIPSED = 2.0  # the same where it is a city of world rank, in whatever country
_GREAT = 300_000  # inhabitants of such cities
_TIMES, _RANKED_TIMES = 50, 100  # and how many times those of the small place they are


# Under these a town may lie in a wrong country: chosen on LGL and GeoVirus.
_SURE, _SURE_OF_FAMOUS = 0.55, 0.4  # share of all likelihood that its country's places of the name must hold
_LED = 0.7  # of the leading country's share, from which a report is about a country enough for any town of it


class Context(msgspec.Struct, frozen=True):
    """What a report says around a name: shares of the countries that it points at, and of the countries (`rest`) and
    provinces that it points at elsewhere than by this name, provinces named, places already known, places that the
    words put it in or by, kind of site, ids of candidates found by sound rather than by spelling, the folded name."""

    countries: Mapping[str, float]
    rest: Mapping[str, float] | None = None
    regions: Mapping[tuple[str, str], float] = {}
    provinces: tuple[str, ...] = ()
    near: tuple[Place, ...] = ()
    site: str | None = None
    by_sound: frozenset[str] = frozenset()
    inside: tuple[Place, ...] = ()
    strict: bool = False
    name: str = ""


class Choice(msgspec.Struct, frozen=True):
    """The place chosen (None for "not found") with its radius in km, kind, UCDP precision 1-6 and the confidence 0-1
    that it is this one; those passed over with the reason in words; and why it should not be pinned even so, if at all.
    """

    place: Place | None
    radius_km: float
    passed_over: tuple[tuple[Place, str], ...] = ()
    kind: str = "not found"
    precision: int = 7
    confidence: float = 0.0
    doubt: str = ""


def choose(candidates: Sequence[Place], context: Context) -> Choice:
    """The candidate that fits the context best; "not found" where there is none, or with `strict` none that fits."""
    every = {p.id: p for p in candidates}
    in_country = Counter(p.country for p in every.values())
    unfit = {p.id: _unfit(p, context, in_country) if context.strict else "" for p in every.values()}
    fit = [p for p in every.values() if not unfit[p.id]]
    if context.site != "village" and any(weight(p) >= _KNOWN and p.kind != "country" for p in fit):
        hidden = [p for p in fit if hamlet(p) and not any(_beside(p, c) for c in context.inside if not _wide(c))]
        unfit.update((p.id, "a hamlet of the name of a known place") for p in hidden)
        fit = [p for p in fit if not unfit[p.id]]
    if not fit:
        return Choice(None, 0.0, tuple((p, unfit[p.id]) for p in list(every.values())[:5]))
    towns: dict[str, int] = {}
    for p in fit:
        if p.kind in ("town", "village"):
            towns[p.country] = max(towns.get(p.country, 0), weight(p))
    greatest = max((weight(p) for p in fit if famous(p) and p.kind == "town"), default=0)
    scores = {p.id: _score(p, context, towns.get(p.country, 0), greatest) for p in fit}
    ranked = sorted(fit, key=lambda p: (-scores[p.id], p.id))
    best = ranked[0]
    share = 1 / sum(math.exp(min(0.0, scores[p.id] - scores[best.id])) for p in ranked)
    others = [*ranked[1:], *(p for p in every.values() if p.id not in scores)]
    return Choice(
        place=best,
        radius_km=best.radius_km,
        passed_over=tuple((p, _reason(p, best, context)) for p in others[:5]),
        kind=best.kind,
        precision=precision(best),
        confidence=round(share * (0.6 if best.id in context.by_sound else 1.0), 2),
        doubt=_doubt(best, scores, fit, context) if context.strict else "",
    )


def _doubt(best: Place, scores: Mapping[str, float], fit: Sequence[Place], context: Context) -> str:
    """Why even the town that fits best may lie in a wrong country, "" where enough speaks for its own."""
    if best.kind not in ("town", "village"):
        return ""
    likely = {p.id: math.exp(scores[p.id] - scores[best.id]) for p in fit}
    own = sum(likely[p.id] for p in fit if p.country == best.country) / sum(likely.values())
    if own < (_SURE_OF_FAMOUS if famous(best) else _SURE):
        return "places of the name in other countries are as likely"
    share, lead = context.countries.get(best.country, 0.0), max(context.countries.values(), default=0.0)
    if not famous(best) and (
        share < _LED * lead or (share < lead and 0 == _nearness(best, context) < len(context.near))
    ):
        return "the report is about another country, and names nothing near it"
    return ""


def precision(place: Place) -> int:
    """UCDP's code for how precisely a place is known: 1 point, 2 near, 3 district, 4 province, 5 area, 6 country."""
    code = _PRECISION.get(place.kind, 5)
    return (
        2 if code == 1 and (place.precision == "near" or place.radius_km > _NEAR_KM) and place.population == 0 else code
    )


def acled_precision(code: int) -> int:
    """ACLED's geo_precision (1 the place, 2 its part of a region, 3 a wider region) for UCDP's code."""
    return _ACLED.get(code, 3)


def within(place: Place, container: Place) -> bool:
    """A place lies in another, or by it where the other is no area."""
    # A town may stand for the province that is named after it.
    province = {"province": container.admin1, "town": container.name}.get(container.kind)
    if province and place.country == container.country and fold(place.admin1).startswith(fold(province)):
        return True
    return km(place, container) <= container.radius_km * (1.5 if container.kind in _WIDE else 1.0) + _SLACK


def _wide(place: Place) -> bool:
    return place.kind in ("province", "district", "area")


def _unfit(place: Place, context: Context, in_country: Mapping[str, int]) -> str:
    """Why a place cannot be the one a report means, "" if it can; `in_country`: how many of the name countries have."""
    if place.kind in ("country", "continent") or (place.kind == "area" and not place.country):
        return ""
    share = context.countries.get(place.country, 0.0)
    lead = max(context.countries.values(), default=0.0)
    if hamlet(place) and (astray := _astray(place, context)):
        return astray
    if place.id in context.by_sound:
        if share < min(_OWN, lead) or not share:
            return "only sounds alike, and the report is about another country"
        anchors = [p for p in context.near if p.country == place.country and p.kind != "country"]
        if anchors and min(km(place, p) - p.radius_km for p in anchors) > _BESIDE:
            return "only sounds alike, and lies far from the report's places"
        if any(not within(place, p) for p in context.inside):
            return "only sounds alike, and does not lie where the text puts it"
        return ""
    if any(within(place, p) for p in context.inside):
        return ""
    rest = context.countries if context.rest is None else context.rest
    known = (
        rest.get(place.country, 0.0) == max(rest.values(), default=0.0)
        and weight(place) >= _KNOWN
        and context.site != "village"
        and not any(map(_wide, context.inside))
    )  # a town of the report's country may be told of by any other
    alone = (
        place.source.startswith("own table")
        and in_country[place.country] == 1
        and any(
            _wide(c) and c.country == place.country and km(place, c) <= 2 * c.radius_km + _ALONE for c in context.inside
        )
    )  # the middle and reach of a province are rough
    if (
        context.inside
        and not known
        and not alone
        and not famous(place)
        and all(_wide(c) or km(place, c) > _FAR for c in context.inside)
    ):
        return f"does not lie in or by {context.inside[0].name}"
    if lead >= _POINTED and share < _PASSING and (not famous(place) or place.kind == "site"):
        return "nothing in the report points to its country"
    return ""


def _astray(place: Place, context: Context) -> str:
    """Why a hamlet is none that the report would name: its country or its neighbourhood is not the report's."""
    rest = context.countries if context.rest is None else context.rest
    if rest.get(place.country, 0.0) < _OWN:
        return "a hamlet of a country that the rest of the report does not point to"
    if context.site == "district":
        return "a hamlet, and no district"
    if not all(_beside(place, p) for p in context.inside):
        return f"a hamlet that does not lie in or by {context.inside[0].name}"
    anchors = [p for p in context.near if p.kind not in ("country", "continent")]
    if anchors and not any(_beside(place, p) for p in anchors):
        return "a hamlet far from all else that the report names"
    return ""


def _beside(place: Place, other: Place) -> bool:
    """A hamlet in a province or area, or so near to a town that a report would tell it by that town."""
    if other.kind == "province" and place.country == other.country and place.admin1:
        return fold(place.admin1).startswith(fold(other.admin1)) or km(place, other) <= other.radius_km / 2
    if _wide(other):
        return km(place, other) <= other.radius_km + _EDGE
    return km(place, other) <= _ASTRAY


def _score(place: Place, context: Context, town: int, greatest: int) -> float:
    """How well a place fits; `town` is the population of the largest town of the name in its country, `greatest` that
    of the largest anywhere."""
    countries = context.countries if context.rest is None else context.rest
    score = _COUNTRY * min(1.0, 2 * countries.get(place.country, 0.0))
    score += _SIZE * math.log10(weight(place) + 10)
    score += _REGION * min(1.0, 2 * context.regions.get((place.country, place.admin1), 0.0)) if place.admin1 else 0.0
    score += _NEAR * _nearness(place, context)
    score += sum(_INSIDE if within(place, p) else 0.0 for p in context.inside)
    if context.provinces and place.admin1 in context.provinces:
        score += _PROVINCE
    if place.id in context.by_sound:
        score -= _SPELLING
    elif context.name and context.site != "site" and fold(place.name) == context.name:
        score += _OWN_NAME
    if context.site in ("province", "district"):
        score += _SITE if place.kind == context.site else -0.5
    elif context.site == "site" and place.kind == "site":
        score += _SITE
    elif place.kind == "site" and place.feature == "AIRP":
        score -= 0.5
    elif place.kind == "country" or (place.kind in ("area", "continent") and not place.country):
        score += _SOVEREIGN
    elif place.kind in ("province", "district") and town >= _SEAT * weight(place):
        # A province and its seat share a name: the town is meant unless a word for province stands by it.
        score -= 1.5 if context.site in ("town", "village", "site") else 0.9
    elif place.kind == "province" and town:
        score += _PROVINCE_OVER
    elif place.kind in ("town", "village"):
        if town >= max(_GREAT, _TIMES * weight(place)):
            score -= _OVERSHADOWED
        if greatest >= _RANKED_TIMES * weight(place):
            score -= _ECLIPSED
    return score


def _nearness(place: Place, context: Context) -> float:
    """1 beside a place already resolved, 0 far from all; a province or country is near to what lies within it."""
    if not context.near:
        return 0.0
    closest = min(km(place, other) - (other.radius_km if other.kind in _WIDE else 0.0) for other in context.near)
    return next((share for reach, share in _STEPS if closest < reach), 0.0)


def _reason(place: Place, best: Place, context: Context) -> str:
    here, there = context.countries.get(place.country, 0.0), context.countries.get(best.country, 0.0)
    if here < there:
        return f"the report points to {best.country} rather than {place.country}"
    if context.inside and within(best, context.inside[0]) and not within(place, context.inside[0]):
        return f"not in or by {context.inside[0].name}"
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
