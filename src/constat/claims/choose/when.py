"""When an incident happened: which of the time expressions of its report, or none of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from constat.claims.choose.common import beside, near_event, stands_of
from constat.claims.drafts import Draft, Gathering
from constat.claims.report import Candidate, bucket
from constat.claims.units import Unit
from constat.facts import TimeMention
from constat.records import DateValue


def dates(state: Gathering, draft: Draft, main: DateValue | None) -> list[Candidate]:
    """Every time expression that says a day or more as a candidate, and "not stated"; `main` anchors "hours before"."""
    report = state.report
    mentions = [(u, t) for u in report.units for t in u.times if t.dated]
    out = [Candidate(None, tuple(_none(state, draft, mentions)))]
    for n, (unit, time) in enumerate(mentions):
        value = report.date(time, main)
        span = unit.facts.quote(time.first, time.last)
        features = [*_of(time, unit, value, state, draft), f"nth={min(n, 3)}"]
        name = value.value or f"unresolved {unit.index} {time.first}"
        out.append(Candidate(value, tuple(features), (span,), unit.index, name, time, (stands_of(state, draft, unit),)))
    return out


def _of(time: TimeMention, unit: Unit, value: DateValue, state: Gathering, draft: Draft) -> Iterator[str]:
    rel = state.relation(unit, draft)
    yield f"kind={time.kind}"
    yield f"kind+rel={time.kind}/{rel}"
    yield f"precision={value.precision}"
    yield f"precision+rel={value.precision}/{rel}"
    event, side = near_event(unit, time.first, time.last)
    yield f"side={side}"
    yield f"side+rel={side}/{rel}"
    if event is not None:
        yield f"ev={event.key}"
        yield f"mood={event.modality}"
        yield f"strong={event in unit.strong}"
    if unit.facts.sources:
        gap = min(min(abs(s.first - time.last), abs(time.first - s.last)) for s in unit.facts.sources)
        yield f"source_gap={bucket(gap, 1, 2, 4, 8)}"
    yield f"past={unit.past}/{rel}"
    published = state.report.published
    if published is None:
        yield f"unpublished/{time.kind}"
    elif value.value and len(value.value) == 10:
        days = (published - dt.date.fromisoformat(value.value)).days
        yield f"age={bucket(days, -1, 0, 1, 2, 7, 31, 366)}"
    elif value.value:
        yield f"age={published.year - int(value.value[:4])}/{value.precision}"
    rank = sum(1 for t in unit.times if t.dated and t.first < time.first)
    yield f"rank={min(rank, 2)}/{rel}"
    yield f"sentence_start={time.first <= 1}"
    yield from beside(unit, time.first, time.last)


def _none(state: Gathering, draft: Draft, mentions: list[tuple[Unit, TimeMention]]) -> Iterator[str]:
    yield "none"
    own = [t for u, t in mentions if state.relation(u, draft) in ("intro", "own")]
    yield f"none/own={bucket(len(own), 0, 1)}"
    yield f"none/all={bucket(len(mentions), 0, 1, 2)}"
    yield f"none/published={state.report.published is not None}"
    if draft is not state.drafts[0]:
        yield "none/later"
