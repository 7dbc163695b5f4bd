"""A reading against a coder's gold: precision, recall and F1 for every field, counted as MUC counted them.

Every filled slot of the gold is to be found and every filled slot of the reading is to be right; the slots of an event
that has no partner are missing or spurious. `docs/cli.md` says what each figure means.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from constat.agreement import FIELDS, GEO, SETS, TOLLS, Event, agreeing, align, slots
from constat.errors import InputError

EVIDENCED = ("type", "date", "place", "perpetrator", "target", "claimed_by", *TOLLS, *SETS, "sources")


class Figure(msgspec.Struct):
    """Counts behind one line of the table: right ones, those of the gold, those of the reading."""

    right: int = 0
    gold: int = 0
    read: int = 0

    def add(self, right: int, gold: int, read: int) -> None:
        """Count some more."""
        self.right += right
        self.gold += gold
        self.read += read

    def scores(self) -> dict[str, float]:
        """Precision, recall and F1, rounded to three places, with the counts."""
        return _scores(self.right / self.read if self.read else 0.0, self.right / self.gold if self.gold else 0.0) | {
            "gold": self.gold,
            "read": self.read,
        }


def _scores(p: float, r: float) -> dict[str, float]:
    f1 = 2 * p * r / (p + r) if p + r else 0.0
    return {"p": round(p, 3), "r": round(r, 3), "f1": round(f1, 3)}


class Evaluation:
    """Figures gathered report by report; `main_only` leaves background events out on both sides."""

    def __init__(self, main_only: bool = False) -> None:
        self.main_only = main_only
        self.figures = {name: Figure() for name in ("relevance", "event", *FIELDS)}
        self.misses: list[str] = []
        self.quotes = Figure()
        self.evidenced = Figure()
        self.unread = 0
        self._links: list[tuple[str, str]] = []

    def add(self, report: Mapping[str, Any], reading: Sequence[Event] | None) -> None:
        """Compare the gold of one report with the events read from it (None: it was not read)."""
        name, gold, read = report["id"], report["incidents"], reading or ()
        self.unread += reading is None
        self._relevance(name, bool(gold), bool(read))
        for event in read:
            self._evidence(report, event)
        pairs = align(gold, read)
        self._links += [(gold[i]["key"], read[j]["incident"]) for i, j in pairs if "incident" in read[j]]
        self._events(name, gold, read, pairs)

    def _relevance(self, name: str, gold: bool, read: bool) -> None:
        self.figures["relevance"].add(gold and read, gold, read)
        if gold != read:
            self.misses.append(f"{name} relevance {'missed' if gold else 'false alarm'}")

    def _evidence(self, report: Mapping[str, Any], event: Event) -> None:
        evidence = event.get("evidence") or {}
        for span in (span for spans in evidence.values() for span in spans):
            part = report.get(span.get("part", "text")) or ""
            stands = bool(span["quote"]) and part[span["start"] : span["end"]] == span["quote"]
            self.quotes.add(stands, 0, 1)
        for field in EVIDENCED:
            if event.get(field):
                self.evidenced.add(bool(evidence.get(field)), 0, 1)

    def _events(self, name: str, gold: Sequence[Event], read: Sequence[Event], pairs: list[tuple[int, int]]) -> None:
        partner = {j: i for i, j in pairs}
        gold_left = {i for i, event in enumerate(gold) if not self._passed_over(event)}
        # What matches a background event is neither right nor wrong when only main events count.
        read_left = {
            j
            for j, event in enumerate(read)
            if (partner[j] in gold_left if j in partner else not self._passed_over(event))
        }
        counted = [(i, j) for i, j in pairs if i in gold_left]
        self.figures["event"].add(len(counted), len(gold_left), len(read_left))
        for field in FIELDS:
            figure = self.figures[field]
            figure.gold += sum(slots(gold[i], field) for i in gold_left)
            for j in read_left:
                # A point is not held against a reading where the coder knew none.
                if field not in GEO or j not in partner or gold[partner[j]].get("lat") is not None:
                    figure.read += slots(read[j], field)
            for i, j in counted:
                right = agreeing(gold[i], read[j], field)
                figure.right += right
                if right < max(slots(gold[i], field), slots(read[j], field)) and field != "geo161":
                    ours, theirs = (json.dumps(e.get(field), ensure_ascii=False) for e in (gold[i], read[j]))
                    self.misses.append(f"{name} {field} gold {ours} read {theirs}")
        found = {i for i, _ in pairs}
        self.misses += [f"{name} event missed: {_told(gold[i])}" for i in sorted(gold_left - found)]
        self.misses += [f"{name} event spurious: {_told(read[j])}" for j in sorted(read_left - partner.keys())]

    def _passed_over(self, event: Event) -> bool:
        return self.main_only and event.get("role") == "background"

    def table(self) -> dict[str, dict[str, float] | str | int]:
        """All figures by name: lines with precision, recall and F1, then the counts of quotes."""
        out: dict[str, dict[str, float] | str | int] = {name: f.scores() for name, f in self.figures.items()}
        every = Figure()
        for field in FIELDS:
            if field != "geo161":
                figure = self.figures[field]
                every.add(figure.right, figure.gold, figure.read)
        out["ALL SLOTS"] = every.scores()
        if self._links:
            out |= _same_incident(self._links)
        out["quotes that stand at their offsets"] = f"{self.quotes.right} of {self.quotes.read}"
        out["filled fields with a quote"] = f"{self.evidenced.right} of {self.evidenced.read}"
        if self.unread:
            out["reports without a reading"] = self.unread
        return out


def _told(event: Event) -> str:
    return " | ".join(str(event.get(field)) for field in ("subtype", "place", "date"))


def _same_incident(links: Sequence[tuple[str, str]]) -> dict[str, dict[str, float] | str | int]:
    """Whether tellings of one incident were joined: B-cubed, and over pairs of tellings."""
    by_key, by_incident, both = defaultdict(int), defaultdict(int), defaultdict(int)  # type: ignore[var-annotated]
    for key, incident in links:
        by_key[key] += 1
        by_incident[incident] += 1
        both[key, incident] += 1
    p = sum(both[k, i] / by_incident[i] for k, i in links) / len(links)
    r = sum(both[k, i] / by_key[k] for k, i in links) / len(links)
    pairs = Figure(*(sum(n * (n - 1) // 2 for n in sizes.values()) for sizes in (both, by_key, by_incident)))
    return {
        "same incident (B3)": _scores(p, r) | {"gold": len(by_key), "read": len(by_incident)},
        "same incident (pairs)": pairs.scores(),
    }


def gold_reports(path: Path) -> list[dict[str, Any]]:
    """The reports of a gold file; raises `InputError` that names the line at fault."""
    out = []
    for number, row in _json_lines(path):
        if not isinstance(row.get("incidents"), list) or not isinstance(row.get("text"), str):
            raise InputError(str(path), number, "a gold report has `id`, `text` and a list of `incidents`")
        out.append(row)
    return out


def readings(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The events of a file of readings by report id; raises `InputError` that names the line at fault."""
    return {row["id"]: row.get("events") or row.get("incidents") or [] for _, row in _json_lines(path)}


def _json_lines(path: Path) -> Iterable[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise InputError(str(path), None, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(str(path), None, f"not UTF-8: {error.reason} at byte {error.start}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(str(path), number, f"not JSON: {error}") from error
        if not isinstance(row, dict) or not isinstance(row.get("id"), str):
            raise InputError(str(path), number, "a JSON object with a string `id` is wanted")
        yield number, row
