"""Many tellings to one incident: every field keeps all that is stated of it, and says why its value is what it is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

import msgspec

from constat.agreement import content_words
from constat.gazetteer import kilometres
from constat.records import (
    Claim,
    DateValue,
    Decision,
    Denied,
    Fused,
    FusedToll,
    Incident,
    PlaceValue,
    Toll,
    Value,
    Voice,
)
from constat.resolution.grades import information
from constat.resolution.resolve import incident_id
from constat.resolution.scores import probability
from constat.resolution.stated import Said, Telling, best_grade, by_value, rank, said, stated, voices
from constat.resolution.tellings import days
from constat.resolution.tolls import TOLLS, tolls

_SLACK_KM = 25.0  # beyond both radii, within which two places do not contradict each other
_SETS = ("weapons", "responses", "sources")
_PRECISE = {"hour": 0, "part of day": 1, "day": 2, "week": 3, "month": 4, "year": 5}


def fuse(
    tellings: Iterable[Telling],
    edges: Mapping[tuple[str, str], float] | None = None,
    decided: Sequence[Decision] = (),
    denials: Sequence[Denied] = (),
) -> Incident:
    """The incident of these tellings: the same for the same tellings in any order.

    `edges` are the log-odds of its pairs, `decided` the decisions about it (oldest first), `denials` what is said
    against it.
    """
    told = sorted(tellings, key=lambda t: t.event.id)
    found = said(told)
    names = tuple(t.event.id for t in told)
    fields = {f.field: f for f in _fields(found)}
    counted = tolls(found)
    for decision in decided:
        if decision.kind == "value" and decision.field and decision.value is not None:
            fields, counted = _set(decision, fields, counted)
    own = _voices(told)
    grade, why = information(own, fields.values(), counted, denials)
    claims: dict[str, Claim] = {claim.id: claim for t in told for claim in t.event.claims}
    judged = [d.kind for d in decided if d.kind in ("accept", "reject")]
    return Incident(
        id=incident_id(names),
        events=names,
        claims=tuple(claim for _, claim in sorted(claims.items())),
        fields=tuple(fields[name] for name in sorted(fields)),
        tolls=counted,
        voices=own,
        information=grade,
        information_why=why,
        confidence=confidence(names, edges or {}),
        status="open" if not judged else "accepted" if judged[-1] == "accept" else "rejected",
        notes=tuple(d.reason for d in decided if d.kind == "note"),
        denials=tuple(sorted(denials, key=lambda d: (d.published or "", d.voice, d.event))),
    )


def _voices(told: Sequence[Telling]) -> tuple[Voice, ...]:
    """The voices of an incident, each with those of its reports that tell of it."""
    held: dict[tuple[str, str], set[str]] = {}
    of_name: dict[tuple[str, str], Voice] = {}
    for one in told:
        key = (one.voice.name, one.voice.kind)
        of_name[key] = one.voice
        held.setdefault(key, set()).add(one.document.id)
    return tuple(msgspec.structs.replace(of_name[key], documents=tuple(sorted(held[key]))) for key in sorted(held))


def confidence(events: Sequence[str], edges: Mapping[tuple[str, str], float]) -> float:
    """How sure it is that all these are one: the probability of the weakest of each telling's strongest ties."""
    if len(events) < 2:
        return 1.0
    strongest = dict.fromkeys(events, 0.0)
    for (a, b), odds in edges.items():
        if a in strongest and b in strongest:
            score = probability(odds)
            strongest[a], strongest[b] = max(strongest[a], score), max(strongest[b], score)
    return round(min(strongest.values()), 3)


def _fields(found: Sequence[Said]) -> Iterable[Fused]:
    by_field: dict[str, list[Said]] = {}
    for one in found:
        if one.claim.field not in TOLLS and one.claim.rank != "part":
            by_field.setdefault(one.claim.field, []).append(one)
    for name, claims in by_field.items():
        values = [one.value for one in claims]
        if name in _SETS:
            yield _member(name, claims)
        elif all(isinstance(value, PlaceValue) for value in values):
            yield _most_precise(name, claims, _place_key, _place_rank, _places_clash, "place")
        elif all(isinstance(value, DateValue) for value in values):
            yield _most_precise(name, claims, lambda s: s.value, _date_rank, _dates_clash, "date")
        else:
            yield _most_voices(name, claims)


def _member(name: str, claims: Sequence[Said]) -> Fused:
    """A field with several values: all that anyone states; there is no rival to another member."""
    entries = [stated(same) for same in by_value(claims, lambda s: s.value)]
    ordered = sorted(entries, key=lambda e: (-len(e.voices), str(e.value)))
    listed = "|".join(str(e.value) for e in ordered)
    return Fused(name, listed, "all that are stated, those of most voices first", tuple(ordered))


def _most_voices(name: str, claims: Sequence[Said]) -> Fused:
    """The value of the best-graded source, then of most voices, then the one stated first. Who says more in the same
    words, as "market of Kassala" does than "market", speaks for the value too."""
    groups = by_value(claims, _word_key)

    def support(group: Sequence[Said]) -> int:
        words = _word_key(group[0])
        if not isinstance(words, frozenset):
            return voices(group)
        more = (other for other in groups if isinstance(key := _word_key(other[0]), frozenset) and key >= words)
        return voices(one for other in more for one in other)

    ranked = sorted(
        groups, key=lambda g: (_only_rival(g), rank(best_grade(g)), -support(g), -voices(g), _first(g), str(g[0].value))
    )
    best, total = ranked[0], voices(claims)
    why = "the only value" if len(ranked) == 1 else f"the value of {support(best)} of {total} voices"
    if len(ranked) > 1 and rank(best_grade(best)) < rank(best_grade(ranked[1])):
        why = f"the value of the best source, of grade {best_grade(best)}"
    return Fused(name, best[0].value, why, tuple(stated(group) for group in ranked))


def _most_precise(
    name: str,
    claims: Sequence[Said],
    key: Callable[[Said], Hashable],
    precision: Callable[[Value], tuple[float, ...]],
    clash: Callable[[Value, Value], bool],
    noun: str,
) -> Fused:
    """The most precise value that no better source contradicts; better is of a better grade, then of more voices."""
    groups = by_value(claims, key)

    def weight(group: Sequence[Said]) -> tuple[int, int]:
        agreeing = [s for other in groups if not clash(group[0].value, other[0].value) for s in other]
        return -rank(best_grade(group)), voices(agreeing)

    ranked = sorted(
        groups, key=lambda g: (_only_rival(g), precision(g[0].value), -voices(g), _first(g), str(g[0].value))
    )
    chosen = ranked[0]
    for group in ranked:
        rivals = [other for other in ranked if clash(group[0].value, other[0].value)]
        if not any(weight(other) > weight(group) for other in rivals):
            chosen = group
            break
    against = sum(clash(chosen[0].value, other[0].value) for other in ranked)
    why = f"the only {noun}" if len(ranked) == 1 else f"the most precise {noun} that no better source contradicts"
    if against:
        why += f"; {against} other{'s' if against > 1 else ''} of fewer voices or a lesser source contradict it"
    rest = [group for group in ranked if group is not chosen]
    return Fused(name, chosen[0].value, why, tuple(stated(group) for group in (chosen, *rest)))


def _only_rival(group: Sequence[Said]) -> bool:
    return all(one.claim.rank == "rival" for one in group)


def _first(group: Sequence[Said]) -> str:
    return min((one.published for one in group if one.published), default="9999")


def _word_key(one: Said) -> Hashable:
    value = one.value
    return (content_words(value) or value) if isinstance(value, str) else value


def _place_key(one: Said) -> Hashable:
    value = one.value
    if isinstance(value, PlaceValue) and value.gazetteer_id:
        return value.gazetteer_id
    return content_words(value.name) if isinstance(value, PlaceValue) else value


def _place_rank(value: Value) -> tuple[float, ...]:
    if not isinstance(value, PlaceValue):
        return (9.0, 0.0)
    unknown = value.lat is None
    return (float(unknown), float(value.precision or 7), value.radius_km if value.radius_km is not None else 1e6)


def _places_clash(a: Value, b: Value) -> bool:
    if not isinstance(a, PlaceValue) or not isinstance(b, PlaceValue):
        return False
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return bool(a.country and b.country and a.country != b.country)
    return kilometres(a.lat, a.lon, b.lat, b.lon) > (a.radius_km or 0) + (b.radius_km or 0) + _SLACK_KM


def _date_rank(value: Value) -> tuple[float, ...]:
    if not isinstance(value, DateValue):
        return (9.0,)
    return (float(value.value is None), float(_PRECISE.get(value.precision, 6)), float(value.part_of_day is None))


def _dates_clash(a: Value, b: Value) -> bool:
    if not isinstance(a, DateValue) or not isinstance(b, DateValue):
        return False
    (first, last), (start, end) = days(a.value, a.precision), days(b.value, b.precision)
    if first is None or last is None or start is None or end is None:
        return False
    return max(first, start) > min(last, end)


def _set(
    decision: Decision, fields: Mapping[str, Fused], counted: Sequence[FusedToll]
) -> tuple[dict[str, Fused], tuple[FusedToll, ...]]:
    """A value that a person has set, the others beside it."""
    name, value, why = decision.field or "", decision.value, f"set by {decision.author} on {decision.decided_at}"
    why += f": {decision.reason}" if decision.reason else ""
    if name in TOLLS and isinstance(value, Toll):
        old = next((t for t in counted if (t.field, t.group) == (name, value.group)), None)
        best = value.low if value.low == value.high else None
        new = FusedToll(name, value.group, value.low, best, value.high, why, old.stated if old else ())
        kept = [t for t in counted if t is not old]
        return dict(fields), tuple(sorted([*kept, new], key=lambda t: (t.field, t.group or "")))
    before = fields.get(name)
    return {**fields, name: Fused(name, value, why, before.stated if before else ())}, tuple(counted)
