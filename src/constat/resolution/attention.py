"""What of an incident a person should look at first, and why: doubts that a decision can settle, weightiest first."""

from __future__ import annotations

from collections.abc import Iterator

from constat.records import DateValue, Incident, PlaceValue

_LARGE = 10  # killed, from which one voice alone is not enough
_DISTRICT = 3  # precision of a place from which it is no town any more


def attention(incident: Incident) -> tuple[tuple[float, str], ...]:
    """The reasons with their weights; none once it is accepted or rejected."""
    if incident.status != "open":
        return ()
    return tuple(sorted(_reasons(incident), key=lambda reason: (-reason[0], reason[1])))


def score(incident: Incident) -> float:
    """The weight of all reasons together."""
    return round(sum(weight for weight, _ in attention(incident)), 3)


def _reasons(incident: Incident) -> Iterator[tuple[float, str]]:
    if incident.confidence < 0.95 and len(incident.events) > 1:
        yield round(3 * (1 - incident.confidence), 3), f"{incident.confidence:.0%} sure that its tellings are one"
    if incident.information >= 4:
        yield 1.5, incident.information_why
    killed = incident.toll("killed")
    if killed is not None:
        if killed.best is not None and killed.high is not None and killed.high > 2 * max(killed.low, 1):
            yield 2.0, f"the dead are told as {killed.low} to {killed.high}"
        if (killed.best or killed.low) >= _LARGE and len(incident.voices) == 1:
            yield 1.5, f"{killed.best or killed.low} dead by one voice alone"
    place, date = incident.field("place"), incident.field("date")
    where = place.value if place else None
    if not isinstance(where, PlaceValue) or where.lat is None:
        yield 1.0, "no place on the map"
    elif where.precision is not None and where.precision >= _DISTRICT:
        yield 0.5, "placed no nearer than a district"
    when = date.value if date else None
    if not isinstance(when, DateValue) or when.value is None or len(when.value) < len("2024-01-01"):
        yield 0.5, "no day is known"
    doubted = sum(claim.for_review for claim in incident.claims)
    if doubted:
        values = f"{doubted} values wait" if doubted > 1 else "1 value waits"
        yield 1.0, f"{values} for a person to check against the words"
    for fused in (place, date):
        if fused is not None and "contradict it" in fused.why:
            yield 1.0, f"sources contradict each other on the {fused.field}"
