"""The two sides of an incident: their rows of the register, the kind of violence that makes, whose the dead are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from constat.actors import Actor
from constat.exports.crosswalk import crosswalk
from constat.exports.dossier import About, Dossier
from constat.exports.people import actor
from constat.exports.row import word
from constat.records import Incident
from constat.tables import ONTOLOGY, read_toml

STATE = ("government", "military", "police", "intelligence", "prison_guards")
STATE_BASED, NON_STATE, ONE_SIDED = 1, 2, 3
_CIVILIANS = "Violence against civilians"


class Sides(msgspec.Struct, frozen=True):
    """Names as told and their rows of the register; `violence` is UCDP's type, None where the sides do not tell."""

    a: str | None
    b: str | None
    first: Actor | None
    second: Actor | None
    violence: int | None


def sides(dossier: Dossier, code: str | None, date: str | None, about: About) -> Sides:
    """Perpetrator and target of an incident as the two sides of it."""
    one = dossier.incident
    a, b = word(one, "perpetrator"), word(one, "target")
    first, second = (actor(name, code, date, about.overlays) if name else None for name in (a, b))
    return Sides(a, b, first, second, _violence(one, first, second, about))


def _violence(one: Incident, first: Actor | None, second: Actor | None, about: About) -> int | None:
    possible = crosswalk(about.overlays).get(word(one, "subtype") or "")
    types = possible.ucdp if possible else ()
    if not types or len(types) == 1:
        return types[0] if types else None
    if word(one, "type") == _CIVILIANS:
        return ONE_SIDED
    if first is None or second is None:
        civilian = ONE_SIDED in types and second is None and _only_civilians(one)
        return ONE_SIDED if civilian else None
    found = STATE_BASED if first.kind in STATE or second.kind in STATE else NON_STATE
    return found if found in types else None


def _only_civilians(one: Incident) -> bool:
    groups = {toll.group for toll in one.tolls if toll.field == "killed" and toll.group}
    return bool(groups) and groups <= set(_people()["civilian"]["groups"])


def deaths(one: Incident, found: Sides, best: int) -> dict[str, int]:
    """The dead by side, as far as reports tell of groups; the rest is unknown, or civilian in one-sided violence.

    Where groups of different reports add up to more than the total, nobody's side is told.
    """
    counted = {"deaths_a": 0, "deaths_b": 0, "deaths_civilians": 0}
    for toll in one.tolls:
        if toll.field == "killed" and toll.group and (column := _column(toll.group, found)):
            counted[column] = max(counted[column], toll.low if toll.best is None else toll.best)
    rest = best - sum(counted.values())
    if rest < 0:
        counted, rest = dict.fromkeys(counted, 0), best
    if found.violence == ONE_SIDED:
        counted["deaths_civilians"] += rest
        rest = 0
    return {**counted, "deaths_unknown": rest}


def _column(group: str, found: Sides) -> str | None:
    people = _people()
    if group in people["civilian"]["groups"]:
        return "deaths_civilians"
    if group in people["attacker"]["groups"]:
        return "deaths_a"
    state = group in STATE or group in people["state"]["groups"] or group == "soldiers"
    fighting = state or group in people["combatant"]["groups"] or group in ("armed_group", "militia")
    if not fighting:
        return None
    a, b = (bool(side and side.kind in STATE) for side in (found.first, found.second))
    if found.first and found.second and a != b:
        return "deaths_a" if a == state else "deaths_b"
    return None


@lru_cache(maxsize=1)
def _people() -> Mapping[str, Any]:
    return read_toml(ONTOLOGY / "people.toml")
