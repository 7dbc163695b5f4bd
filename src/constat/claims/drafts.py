"""Incidents while they are gathered from a report: which units tell of which, and how any unit stands to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from constat.claims.report import Block, Report
from constat.claims.units import Unit
from constat.records import DateValue

if TYPE_CHECKING:
    from constat.claims.entities import Entities

NONE, NEW = -1, -2


class Draft:
    """An incident being gathered from a report: the units that tell of it, in text order."""

    def __init__(self, unit: Unit, date: DateValue | None) -> None:
        self.units = [unit]
        self.attached: list[Unit] = []
        self.date = date
        self.confidence = 1.0
        self.told: tuple[int, Any] | None = None  # of how many units, and what they say together
        self.entities: Entities | None = None  # the actors as this incident sees them, once it is gathered
        self.stands: dict[int, Block] = {}  # unit -> how it stands to this incident, once all are gathered
        self.picked: dict[str, str] = {}  # what was taken for it so far, field -> name, "" for "not stated"

    @property
    def intro(self) -> Unit:
        """The unit that tells of it first."""
        return self.units[0]

    def pick(self, field: str, name: str | None) -> None:
        """Remember what was taken, by which later choices of the report go."""
        self.picked[field] = name or ""

    def join(self, unit: Unit, date: DateValue | None) -> None:
        """Another unit tells of it."""
        self.units.append(unit)
        if self.date is None:
            self.date = date


class Gathering:
    """The drafts of a report and which of them each unit tells of; `owner` maps a unit's index to a draft or `NONE`."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.drafts: list[Draft] = []
        self.owner: dict[int, int] = {}
        self._with: dict[int, Draft] = {}
        self.current = NONE

    def earlier(self, draft: Draft) -> list[Draft]:
        """The drafts that are told before one."""
        return self.drafts[: self.drafts.index(draft)] if draft in self.drafts else []

    def main(self, draft: Draft) -> Unit | None:
        """The unit that first tells of the report's main incident, None for that incident itself."""
        return None if draft is self.drafts[0] else self.drafts[0].intro

    def take(self, unit: Unit, choice: int, confidence: float = 1.0) -> None:
        """Give a unit to a draft, to a new one, or to none."""
        date = unit_date(self.report, unit, self.drafts[0].date if self.drafts else None)
        if choice == NEW:
            self.drafts.append(Draft(unit, date))
            self.drafts[-1].confidence = confidence
            choice = len(self.drafts) - 1
        elif choice >= 0:
            self.drafts[choice].join(unit, date)
        self.owner[unit.index] = choice
        if choice >= 0:
            self.current = choice

    def settle(self, unit: Unit, choice: int, confidence: float = 1.0) -> None:
        """Give a unit to what was chosen for it; one that names no event and tells of none goes with the last."""
        if unit.weak and choice == NONE:
            self.attach(unit)
        else:
            self.take(unit, choice, confidence)

    def attach(self, unit: Unit) -> None:
        """A unit that tells of nothing itself goes with what was told last."""
        if self.current >= 0:
            self._with[unit.index] = self.drafts[self.current]
            self.drafts[self.current].attached.append(unit)

    def relation(self, unit: Unit, draft: Draft) -> str:
        """How a unit stands to a draft: intro, own, with (tells of nothing itself), title, other or none."""
        if unit.title:
            return "title" if draft is self.drafts[0] else "title2"
        if unit is draft.intro:
            return "intro"
        owner = self.owner.get(unit.index)
        if owner is not None and owner >= 0:
            return "own" if self.drafts[owner] is draft else "other"
        if self._with.get(unit.index) is draft:
            return "with"
        return "none" if owner is not None else "free"


def unit_date(report: Report, unit: Unit, main: DateValue | None) -> DateValue | None:
    """The first day, month or year that a unit names, resolved."""
    for time in unit.times:
        if time.dated:
            value = report.date(time, main)
            if value.value is not None:
                return value
    return None
