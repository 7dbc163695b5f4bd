"""Where an incident happened: which of the places of its report, or none of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from constat.claims.choose.common import beside, near_event, roles_of, stands_of
from constat.claims.drafts import Draft, Gathering
from constat.claims.report import Candidate, bucket, same_place
from constat.claims.units import Unit
from constat.facts import PlaceMention


def places(state: Gathering, draft: Draft) -> list[Candidate]:
    """Every place of the report as a candidate, and "not stated"."""
    report = state.report
    mentions = [(u, p) for u in report.units for p in u.facts.places if u.holds(p.first)]
    counts = Counter(_name(p) for _, p in mentions)
    finest = min((p.level for u, p in mentions if state.relation(u, draft) in ("intro", "own")), default=9)
    out = [Candidate(None, tuple(_none(state, draft, mentions)))]
    seen: set[str] = set()
    for unit, place in mentions:
        name = _name(place)
        rel = state.relation(unit, draft)
        shared = (
            stands_of(state, draft, unit),
            report.block(("where", unit.index, place.first, rel), _of, place, unit, rel),
        )
        features = [
            *_main_has(place, rel, state, draft),
            f"count={bucket(counts[name], 1, 2, 3)}",
            f"first_mention={name not in seen}",
            *(f"told={'main' if k == 0 else 'other'}" for k in _told(state, draft, name)),
            f"finest={place.level - finest if finest < 9 else 'none'}",
        ]
        seen.add(name)
        span = unit.facts.quote(place.first, place.last)
        out.append(Candidate(place.value, tuple(features), (span,), unit.index, name, place, shared))
    return out


def _told(state: Gathering, draft: Draft, name: str) -> list[int]:
    return [k for k, other in enumerate(state.earlier(draft)) if other.picked.get("place") == name]


def _name(place: PlaceMention) -> str:
    return place.value.gazetteer_id or place.value.name.casefold()


def _main_has(place: PlaceMention, rel: str, state: Gathering, draft: Draft) -> Iterator[str]:
    if draft is not state.drafts[0]:
        taken = any(same_place(p.value, place.value) for u in state.drafts[0].units for p in u.places)
        yield f"main_has_it={taken}/{rel}"


def _of(place: PlaceMention, unit: Unit, rel: str) -> Iterator[str]:
    yield f"level={place.level}"
    yield f"cue={place.cue}"
    yield f"level+cue={place.level}/{place.cue}"
    yield f"level+rel={place.level}/{rel}"
    yield f"cue+rel={place.cue}/{rel}"
    yield f"kind={place.value.kind}"
    yield f"found={place.value.lat is not None}/{place.level}"
    event, side = near_event(unit, place.first, place.last)
    yield f"side={side}"
    yield f"side+rel={side}/{rel}"
    if event is not None:
        yield f"mood={event.modality}"
        yield f"near_strong={bool(event in unit.strong)}/{rel}"
    for role, _ in roles_of(unit, place.first, place.last):
        yield f"role={role}"
        yield f"role+rel={role}/{rel}"
    if any(s.first <= place.first < s.last for s in unit.facts.sources):
        yield "in_source"
    # A place told together with a wider one that holds it ("Hombori, in the region of Douentza") is where it happened.
    others = [p for p in unit.facts.places if p is not place]
    if any(p.level > place.level and p.value.country == place.value.country for p in others):
        yield "narrower_beside"
    if any(p.level < place.level for p in others):
        yield f"wider_beside/{place.level}"
    rank = sum(1 for p in unit.facts.places if p.first < place.first and p.level == place.level)
    yield f"rank={min(rank, 2)}/{rel}"
    yield from beside(unit, place.first, place.last)


def _none(state: Gathering, draft: Draft, mentions: list[tuple[Unit, PlaceMention]]) -> Iterator[str]:
    yield "none"
    own = [p for u, p in mentions if state.relation(u, draft) in ("intro", "own")]
    yield f"none/own={bucket(len(own), 0, 1, 2)}"
    yield f"none/all={bucket(len(mentions), 0, 1, 2)}"
