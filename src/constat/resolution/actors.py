"""Who a perpetrator's name means, so that tellings in several languages name the same actor."""

from __future__ import annotations

from functools import lru_cache

from constat.actors import ActorRegister
from constat.resolution.tellings import ActorOf

_SURE = 0.5


def actor_ids(register: ActorRegister) -> ActorOf:
    """A function from a name, a country and an ISO date to the id of the actor, None where the register is not sure."""

    @lru_cache(maxsize=200_000)
    def of(name: str, country: str | None, year: str | None) -> str | None:
        found = register.link(name, country, year)
        return found[0].actor.id if found and found[0].confidence >= _SURE else None

    return lambda name, country, date: of(name, country, date[:4] if date else None)
