"""The sub-event type of a telling, by the decision list of `ontology/subtypes.toml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec


class Evidence(msgspec.Struct, frozen=True):
    """What a telling states that bears on its type: event keys, weapons, groups of target and perpetrator, measures."""

    events: frozenset[str]
    weapons: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    perps: frozenset[str] = frozenset()
    measures: frozenset[str] = frozenset()


class Decisions(msgspec.Struct, frozen=True):
    """The decision list, compiled: rules in order, families of event keys, weapons and measures that they imply."""

    rules: tuple[tuple[str, Mapping[str, frozenset[str]]], ...]
    families: Mapping[str, str]
    implied_weapons: Mapping[str, str]
    implied_measures: Mapping[str, str]

    @classmethod
    def from_toml(cls, data: Mapping[str, Any]) -> Decisions:
        """Compile the table; `@name` in a condition stands for a group."""
        groups = data.get("groups", {})

        def members(items: Iterable[str]) -> frozenset[str]:
            return frozenset(m for item in items for m in (groups[item[1:]] if item.startswith("@") else (item,)))

        rules = tuple(
            (rule["is"], {name: members(items) for name, items in rule.items() if name != "is"})
            for rule in data["rule"]
        )
        return cls(rules, data["families"], data["implied_weapons"], data["implied_measures"])

    def decide(self, evidence: Evidence) -> str | None:
        """The key of the sub-event type, or None where no rule holds."""
        stated = {
            "event": evidence.events,
            "weapon": evidence.weapons,
            "target": evidence.targets,
            "perp": evidence.perps,
            "measure": evidence.measures,
            "toll_by": evidence.events,
        }
        for key, conditions in self.rules:
            if all(
                not (wanted & stated[name[3:]]) if name.startswith("no_") else bool(wanted & stated[name])
                for name, wanted in conditions.items()
            ):
                return key
        return None
