"""Whether what was gathered as one more incident is one: not what was told before again, nor a mere background."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from constat.claims.drafts import Gathering
from constat.claims.report import bucket, kilometres, same_place
from constat.claims.taking import Choice
from constat.claims.telling import role_features, tagged
from constat.claims.weights import Weights
from constat.records import DateValue, PlaceValue, Toll

# Chosen by cross-validation, flat between 0.15 and 0.6.
_KEEP = 0.4


class Picks(msgspec.Struct, frozen=True):
    """What an incident of a report is read to be: its sub-event type, day, place and tolls, None where not stated."""

    kind: Choice
    date: Choice | None
    place: Choice | None
    killed: Choice | None
    wounded: Choice | None
    claimant: Choice | None
    perp: Choice | None
    target: Choice | None

    @property
    def day(self) -> DateValue | None:
        """The date taken."""
        return self.date.candidate.value if self.date else None


class _Read(msgspec.Struct, frozen=True):
    """The bare values of picks."""

    kind: str
    share: float
    place: PlaceValue | None
    date: DateValue | None
    killed: Toll | None
    wounded: Toll | None


def _read(picks: Picks) -> _Read:
    place, date, killed, wounded = (
        c.candidate.value if c else None for c in (picks.place, picks.date, picks.killed, picks.wounded)
    )
    return _Read(picks.kind.candidate.value, picks.kind.share, place, date, killed, wounded)


def keep(state: Gathering, picks: Sequence[Picks], weights: Weights) -> list[int]:
    """The drafts that are incidents of their own; the likeliest is one in any case."""
    if not picks:
        return []
    shares = [
        weights.by_unit(
            "keep", state.report, [keep_features(state, k, picks), ()], draft.intro, [state.main(draft), None]
        )[0]
        for k, draft in enumerate(state.drafts[: len(picks)])
    ]
    best = max(range(len(picks)), key=lambda k: shares[k])
    return [k for k, share in enumerate(shares) if k == best or share >= _KEEP]


def keep_features(state: Gathering, k: int, picks: Sequence[Picks]) -> list[str]:
    """What speaks for draft `k` being an incident of its own, in the light of what all drafts were read to be."""
    read = [_read(p) for p in picks]
    draft, mine = state.drafts[k], read[k]
    first = k == 0
    out = [
        "bias",
        f"first={first}",
        f"kind={mine.kind}",
        f"sure={bucket(draft.confidence, 0.4, 0.55, 0.7, 0.85)}/{first}",
    ]
    out.append(f"kind_sure={bucket(mine.share, 0.3, 0.5, 0.7, 0.9)}")
    out.append(f"has={bool(mine.place)}{bool(mine.date)}{bool(mine.killed)}{bool(mine.wounded)}")
    out.append(f"place={_level(mine.place)}/{first}")
    out.append(f"date={mine.date.precision if mine.date else 'no'}/{first}")
    out.append(f"tolls={mine.killed is not None}/{mine.wounded is not None}")
    roles = {name for u in draft.units for e in u.events for name in e.roles}
    out += [f"role={name}" for name in roles]
    out += [f"r:{f}" for f in role_features(state, draft)]
    for event in draft.intro.strong or draft.intro.events:
        out += [f"ev={event.key}/{event.form}", f"back={event.back}", f"def={event.definite}", f"mood={event.modality}"]
    out += [f"flag={f}" for f in draft.intro.facts.flags]
    out += tagged(draft.intro.facts.sentence.chunks[draft.intro.first : draft.intro.last])
    best: tuple[int, list[str]] = (-1, [])
    for j, other in enumerate(read):
        if j != k:
            said = list(_beside(state, mine, other))
            out += [f"{'before' if j < k else 'after'}:{f}" for f in said if f.startswith("all=")]
            alike = sum(f.endswith("=same") for f in said)
            if j < k and alike > best[0]:
                best = (alike, said)
    out += [f"best:{f}" for f in best[1]]
    if best[0] >= 0:
        out.append(f"best={best[0]}")
    return out


def _level(place: PlaceValue | None) -> str:
    return "no" if place is None else f"{place.kind}/{place.precision}"


def _beside(state: Gathering, mine: _Read, other: _Read) -> Iterator[str]:
    families = state.report.families
    kind = (
        "same"
        if mine.kind == other.kind
        else "family"
        if families.get(mine.kind) == families.get(other.kind)
        else "differ"
    )
    place = _places(mine.place, other.place)
    date = _dates(mine.date, other.date)
    toll = _tolls(mine, other)
    yield f"kind={kind}"
    yield f"place={place}"
    yield f"date={date}"
    yield f"toll={toll}"
    yield f"kind+place={kind}/{place}"
    yield f"place+date={place}/{date}"
    yield f"place+toll={place}/{toll}"
    yield f"all={kind}/{place}/{date}/{toll}"


def _places(a: PlaceValue | None, b: PlaceValue | None) -> str:
    if a is None or b is None:
        return "open"
    if same_place(a, b):
        return "same"
    km = kilometres(a, b)
    return "unknown" if km is None else "near" if km <= max(a.radius_km or 0, b.radius_km or 0, 15) else "differ"


def _dates(a: DateValue | None, b: DateValue | None) -> str:
    if a is None or b is None or a.value is None or b.value is None:
        return "open"
    size = min(len(a.value), len(b.value))
    return "same" if a.value[:size] == b.value[:size] else "earlier" if a.value < b.value else "later"


def _tolls(mine: _Read, other: _Read) -> str:
    pairs = [(mine.killed, other.killed), (mine.wounded, other.wounded)]
    both = [(a, b) for a, b in pairs if a is not None and b is not None]
    if not both:
        return "open"
    return "same" if any((a.low, a.high) == (b.low, b.high) for a, b in both) else "differ"
