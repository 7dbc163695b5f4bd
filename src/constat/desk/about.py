"""What the desk is: which version, which casebook, who asks, what it reads."""

from __future__ import annotations

import msgspec

from constat import __version__
from constat.desk.endpoint import RANK, Call, Role
from constat.ontology_tables import load_ontology


class About(msgspec.Struct, frozen=True, kw_only=True):
    """`casebook` None: nothing can be kept; `signed_in` false: most questions are answered after signing in only.

    `model`: of the language model that may translate, empty if none is set.
    """

    version: str
    casebook: str | None
    user: str
    role: Role
    signed_in: bool
    accounts: bool
    languages: tuple[str, ...]
    tiles: str
    model: str


def about(call: Call) -> About:
    """Which version this is, which casebook is open, who asks, and the languages that are read."""
    known = RANK[call.who.role] >= RANK["reader"]
    return About(
        version=__version__,
        casebook=call.desk.folder.resolve().name if call.desk.folder and known else None,
        user=call.who.name,
        role=call.who.role,
        signed_in=known,
        accounts=call.desk.accounts is not None and call.desk.accounts.any(),
        languages=call.desk.languages,
        tiles=call.desk.settings.desk_tiles if known else "",
        model=call.desk.translator.model if known else "",
    )


class Kinds(msgspec.Struct, frozen=True):
    """Event types, each with its sub-types; weapons; measures that are taken."""

    kinds: tuple[tuple[str, tuple[str, ...]], ...]
    weapons: tuple[str, ...]
    measures: tuple[str, ...]


def kinds(call: Call) -> Kinds:
    """The kinds of events, weapons and measures that the ontology has."""
    held = load_ontology(call.desk.settings.overlays)
    of: dict[str, list[str]] = {}
    for label, sub in held.events.values():
        of.setdefault(label, []).append(sub)
    return Kinds(
        tuple((label, tuple(sorted(set(subs)))) for label, subs in sorted(of.items())),
        tuple(sorted(set(held.weapons.values()))),
        tuple(sorted(set(held.measures.values()))),
    )
