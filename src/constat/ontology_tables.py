"""The ontology labels of event types, weapons, measures; the decision list of sub-event types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from constat.packs import ONTOLOGY, read_toml


class Ontology(msgspec.Struct, frozen=True):
    """Event key -> (ACLED event type, sub-event type); weapon and measure keys -> their labels; the subtype rules."""

    events: Mapping[str, tuple[str, str]]
    weapons: Mapping[str, str]
    measures: Mapping[str, str]
    subtypes: Mapping[str, Any]


def load_ontology(overlays: Sequence[Path] = ()) -> Ontology:
    """The shipped ontology with a user's `ontology/` folders laid over it; raises `PackError`."""
    events: dict[str, tuple[str, str]] = {}
    weapons: dict[str, str] = {}
    measures: dict[str, str] = {}
    subtypes: dict[str, Any] = {}
    for folder in (ONTOLOGY, *(o / "ontology" for o in overlays)):
        for path in sorted((folder / "events").glob("*.toml")):
            data: Any = read_toml(path)
            for sub in data.get("subtype", ()):
                events[sub["key"]] = (data["label"], sub["label"])
        weapons |= _labels(folder / "weapons.toml", "weapon")
        measures |= _labels(folder / "measures.toml", "measure")
        if (folder / "subtypes.toml").exists():
            subtypes = read_toml(folder / "subtypes.toml")
    return Ontology(events, weapons, measures, subtypes)


def _labels(path: Path, name: str) -> dict[str, str]:
    if not path.exists():
        return {}
    data: Any = read_toml(path)
    return {item["key"]: item["label"] for item in data[name]}
