"""Every pattern that Constat compiles takes time that grows with its input and no faster, whatever that is made of.

The packs hold words and rules of a grammar of their own, no patterns. All sizes of the research with CONSTAT_FULL=1.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import constat

FULL = os.environ.get("CONSTAT_FULL") == "1"
SIZES = (1_000, 10_000, 60_000) if FULL else (10_000,)
LEAST = 0.02  # seconds, below which a clock says nothing of growth
ATTACKS = (
    "x", "0", " ", "\t\n", "a1", "1 ", "A.", "Ab ", "-", "'", "x'", "A-b'", "<a", "{a:", "(?", "[1/1/2024, 1:00",
    "é\u0301", "ال", "font-size:0" + "9." * 9, "1, 2 @ ", "\u200e[1",
    "display : none", "12.345.", "https://a", "0" * 30 + "x",
)  # fmt: skip
BEGINNINGS = ("exports.cells._FORMULA",)  # tried at the beginning of a cell only
# Tried as a whole against one value that a user typed or a cell of a table, never searched for in a text.
VALUES = ("incidents.values.", "comparing._YEARS", "watching._HOURS", "imports.datasets.ucdp._ISO", "exports.row._ID")


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    seen = set()
    for module in pkgutil.walk_packages(constat.__path__, "constat."):
        if module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            found = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
            for one in found:
                if isinstance(one, re.Pattern) and one not in seen and not module.name.endswith("worker"):
                    seen.add(one)
                    yield f"{module.name.removeprefix('constat.')}.{name}", one


ALL = dict(patterns())


def spent(name: str, pattern: re.Pattern[str], attack: str, size: int) -> float:
    """Processor time of searching a text for it, or of holding it against a value; the least of two."""
    text: str | bytes = (attack * (size // len(attack) + 1))[:size] + "\n!"
    if isinstance(pattern.pattern, bytes):
        text = str(text).encode()
    times = []
    for _ in range(2):
        start = time.process_time()
        if name.startswith(VALUES):
            pattern.fullmatch(text)  # type: ignore[arg-type]
        elif name in BEGINNINGS:
            pattern.match(text)  # type: ignore[arg-type]
        else:
            sum(1 for _ in pattern.finditer(text))  # type: ignore[arg-type]
        times.append(time.process_time() - start)
        if times[0] < LEAST:
            break
    return min(times)


def test_there_are_patterns_and_attacks() -> None:
    assert len(ALL) > 30 and len(ATTACKS) >= 20


@pytest.mark.parametrize("name", ALL)
def test_eight_times_the_input_takes_no_more_than_eight_times_the_time(name: str) -> None:
    for attack in ATTACKS:
        for size in SIZES:
            once = spent(name, ALL[name], attack, size)
            # A search that grows with the square takes 64 times as long; a busy machine may double any one time.
            assert spent(name, ALL[name], attack, 8 * size) < 24 * max(once, LEAST / 4), (attack, size, once)
