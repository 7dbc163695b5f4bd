"""The codes of CAMEO, PLOVER and UCDP for a sub-event type, and what each crossing loses, from the ontology."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from constat.tables import ONTOLOGY, read_toml


class Codes(msgspec.Struct, frozen=True):
    """Codes of one sub-event type; `ucdp` the types of violence that it may be; `lost` in words."""

    cameo: str = ""
    plover: str = ""
    ucdp: tuple[int, ...] = ()
    lost: str = ""


@lru_cache(maxsize=4)
def crosswalk(overlays: tuple[Path, ...] = ()) -> Mapping[str, Codes]:
    """Codes by the label of the sub-event type; those of a user's `ontology/` folders win."""
    found: dict[str, Codes] = {}
    for folder in (ONTOLOGY, *(o / "ontology" for o in overlays)):
        for path in sorted((folder / "events").glob("*.toml")):
            data: Any = read_toml(path)
            for sub in data.get("subtype", ()):
                ucdp = tuple(sub.get("ucdp", ()))
                found[sub["label"]] = Codes(sub.get("cameo", ""), sub.get("plover", ""), ucdp, sub.get("lost", ""))
    return found


@lru_cache(maxsize=4)
def weapon_codes(overlays: tuple[Path, ...] = ()) -> Mapping[str, str]:
    """CAMEO codes that a weapon implies, by its label."""
    found: dict[str, str] = {}
    for folder in (ONTOLOGY, *(o / "ontology" for o in overlays)):
        path = folder / "weapons.toml"
        if path.exists():
            data: Any = read_toml(path)
            found |= {w["label"]: w["cameo"] for w in data["weapon"] if w.get("cameo")}
    return found
