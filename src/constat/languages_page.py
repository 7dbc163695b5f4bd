"""What `constat languages` prints: the packs there are, their size, and how many of their examples pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from constat.gazetteer import Gazetteer
from constat.packs import ExampleResult, check_examples, codes, compile_pack, read_tables
from constat.settings import Settings


class Described(msgspec.Struct, frozen=True):
    """A pack in figures: dictionary lines and rules by table, spellings in all, and how its examples fared."""

    code: str
    name: str
    native: str
    lines: dict[str, int]
    rules: dict[str, int]
    spellings: int
    examples: tuple[ExampleResult, ...]
    digest: str

    @property
    def passed(self) -> int:
        """Examples that were read as their line says."""
        return sum(example.ok for example in self.examples)

    def summary(self) -> dict[str, Any]:
        """The figures as JSON."""
        figures = {"examples": len(self.examples), "passed": self.passed, "digest": self.digest}
        size = {"lines": self.lines, "rules": self.rules, "spellings": self.spellings}
        return {"code": self.code, "name": self.name, "native": self.native, **size, **figures}


def describe(gazetteer: Gazetteer, settings: Settings) -> list[Described]:
    """All packs in figures, their examples run."""
    return [_described(code, gazetteer, settings.overlays) for code in codes(settings.overlays)]


def _described(code: str, gazetteer: Gazetteer, overlays: Sequence[Path]) -> Described:
    tables = read_tables(code, overlays)
    pack = compile_pack(tables, overlays)
    return Described(
        code=pack.code,
        name=pack.name,
        native=pack.native,
        lines=dict(sorted(Counter(table for table, _ in {(e.table, e.line) for e in tables.entries}).items())),
        rules={name: len(rules) for name, rules in sorted(pack.rules.items())},
        spellings=len(tables.entries),
        examples=tuple(check_examples(pack, tables, gazetteer)),
        digest=pack.digest,
    )


def print_page(packs: Sequence[Described], failing: bool, console: Console) -> None:
    """A table of all packs, a line or a rule table each, and the examples that fail if they are asked for."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", footer_style="bold")
    table.add_column("")
    for pack in packs:
        table.add_column(f"{pack.name} ({pack.code})", justify="right")
    for name in sorted({name for pack in packs for name in pack.lines}):
        table.add_row(name, *(f"{pack.lines.get(name, 0):,}" for pack in packs))
    for name in sorted({name for pack in packs for name in pack.rules}):
        table.add_row(f"{name} rules", *(f"{pack.rules.get(name, 0):,}" for pack in packs))
    table.add_section()
    table.add_row(Text("lines in all", "bold"), *(f"{sum(pack.lines.values()):,}" for pack in packs))
    table.add_row(Text("spellings in all", "bold"), *(f"{pack.spellings:,}" for pack in packs))
    marks = [f"{pack.passed:,} of {len(pack.examples):,}" for pack in packs]
    styles = ["green" if pack.passed == len(pack.examples) else "yellow" for pack in packs]
    table.add_row(Text("examples that pass", "bold"), *map(Text, marks, styles))
    console.print(table)
    for pack in packs if failing else ():
        for example in (e for e in pack.examples if not e.ok):
            where = f"{pack.code}/{example.table}.tsv:{example.line}"
            console.print(Text.assemble((where, "yellow"), f" {example.example}\n    {example.why}"), soft_wrap=True)
