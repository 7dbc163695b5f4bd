"""Whom the words of a claim mean in the register of actors; words that name nobody in it keep their words alone."""

from __future__ import annotations

from constat.actors import ActorRegister, Candidate
from constat.records import DateValue, EventMention, PlaceValue

LINKED = ("perpetrator", "target", "claimed_by")  # the fields that name somebody


def links(event: EventMention, register: ActorRegister) -> dict[str, tuple[Candidate, ...]]:
    """By field, the rows of the register that its value may mean, surest first; fields that mean none are left out.

    Where the incident happened and in which year make rows of elsewhere or of other years less sure.
    """
    stated = {claim.field: claim.value for claim in event.claims if claim.rank == "preferred"}
    place, date, country = stated.get("place"), stated.get("date"), stated.get("country")
    where = country if isinstance(country, str) else place.country if isinstance(place, PlaceValue) else None
    when = date.value if isinstance(date, DateValue) else None
    named = {field: value for field in LINKED if isinstance(value := stated.get(field), str)}
    found = {field: register.link(name, where, when) for field, name in named.items()}
    return {field: rows for field, rows in found.items() if rows}
