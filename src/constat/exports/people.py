"""Who a name means in the register of actors."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from constat.actors import Actor, load_register

DATA = Path(__file__).parent / "data"
_LEAST = 0.5  # how sure a link to the register must be to be handed on as that actor
_ALONE = 0.2  # where the name means no other row: that it is not known in the country then tells little


@lru_cache(maxsize=4_096)
def actor(name: str, country: str | None, date: str | None, overlays: tuple[Path, ...]) -> Actor | None:
    """The row of the register that a name most surely means, None if none is sure enough."""
    year = int(date[:4]) if date and date[:4].isdigit() else None
    found = load_register(overlays).find(name, country, year)
    return found[0].actor if found and found[0].confidence >= (_LEAST if found[1:] else _ALONE) else None
