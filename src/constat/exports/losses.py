"""What an incident can state, fact by fact, and which of that a format cannot say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from constat.exports.dossier import Dossier
from constat.exports.listing import Format
from constat.exports.row import listed, place_of, total, word
from constat.records import UNATTRIBUTED, DateValue, FusedToll


def _date(part: str) -> Callable[[Dossier], Any]:
    def of(dossier: Dossier) -> Any:
        fused = dossier.incident.field("date")
        return getattr(fused.value, part) if fused and isinstance(fused.value, DateValue) else None

    return of


def _place(*parts: str) -> Callable[[Dossier], Any]:
    def of(dossier: Dossier) -> Any:
        place = place_of(dossier.incident)
        found = tuple(getattr(place, part) for part in parts) if place else ()
        return None if all(value is None for value in found) else found

    return of


def _word(name: str) -> Callable[[Dossier], Any]:
    return lambda dossier: word(dossier.incident, name)


def _list(name: str) -> Callable[[Dossier], Any]:
    return lambda dossier: listed(dossier.incident, name)


def _toll(name: str, get: Callable[[FusedToll], Any]) -> Callable[[Dossier], Any]:
    def of(dossier: Dossier) -> Any:
        toll = total(dossier.incident, name)
        return None if toll is None else get(toll)

    return of


def _groups(name: str) -> Callable[[Dossier], Any]:
    return lambda d: tuple((t.group, t.low, t.high) for t in d.incident.tolls if t.field == name and t.group)


def _range(toll: FusedToll) -> tuple[int, int | None] | None:
    return None if toll.low == toll.high else (toll.low, toll.high)


def _rivals(dossier: Dossier) -> Any:
    one = dossier.incident
    fields = [(f.field, s.value) for f in one.fields for s in f.stated if s.value != f.value]
    return [*fields, *((t.field, s.value) for t in one.tolls if len(t.stated) > 1 for s in t.stated)]


def _attributed(dossier: Dossier) -> Any:
    return [c.attribution for c in dossier.incident.claims if any(a != UNATTRIBUTED for a in c.attribution)]


# Every fact that an incident can state, in the order of a record; empty values mean that it states none.
FACTS: Mapping[str, Callable[[Dossier], Any]] = {
    "review status": lambda d: d.incident.status if d.incident.status != "open" else None,
    "type": _word("type"),
    "sub-type": _word("subtype"),
    "date": _date("value"),
    "date precision": _date("precision"),
    "part of day": _date("part_of_day"),
    "place name": _place("name"),
    "kind of place": _place("kind"),
    "precision of the place": _place("precision"),
    "radius": _place("radius_km"),
    "country": _place("country"),
    "first-level unit": _place("admin1"),
    "point": _place("lat", "lon"),
    "perpetrator": _word("perpetrator"),
    "certainty of the perpetrator": _word("perpetrator_certainty"),
    "target": _word("target"),
    "claimed by": _word("claimed_by"),
    "weapons": _list("weapons"),
    "killed": _toll("killed", lambda t: t.best),
    "range of killed": _toll("killed", _range),
    "killed by group": _groups("killed"),
    "wounded": _toll("wounded", lambda t: t.best),
    "range of wounded": _toll("wounded", _range),
    "wounded by group": _groups("wounded"),
    "damage": _word("damage"),
    "responses": _list("responses"),
    "doubt": lambda d: (f := d.incident.field("uncertain")) is not None and f.value is True,
    "cited sources": _list("sources"),
    "voices": lambda d: [v.name for v in d.incident.voices],
    "grades of voices": lambda d: [v.grade for v in d.incident.voices if v.grade != "F"],
    "titles of reports": lambda d: [r.title for r in d.documents if r.title],
    "addresses of reports": lambda d: [r.url for r in d.documents if r.url],
    "dates of reports": lambda d: [r.published for r in d.documents if r.published],
    "credibility": lambda d: d.incident.information,
    "confidence": lambda d: d.incident.confidence,
    "notes": lambda d: d.incident.notes,
    "ties": lambda d: d.incident.ties,
    "denials": lambda d: d.incident.denials,
    "rival values": _rivals,
    "reasons": lambda d: [*(f.why for f in d.incident.fields), *(t.why for t in d.incident.tolls)],
    "quotes": lambda d: [s.quote for c in d.incident.claims for s in c.spans],
    "offsets of quotes": lambda d: [(s.part, s.start) for c in d.incident.claims for s in c.spans],
    "attribution of claims": _attributed,
    "mood of claims": lambda d: [c.modality for c in d.incident.claims if c.modality != "asserted"],
    "reader and run": lambda d: [r.run for r in d.readings if r.run],
    "decisions": lambda d: d.decisions,
    "custody": lambda d: d.custody,
}
BEHIND = ("reader and run", "decisions", "custody")  # what stands behind the claims
CLAIMS = ("reasons", "offsets of quotes", "attribution of claims", "mood of claims")


def because(why: str, *facts: str) -> dict[str, str]:
    """The same reason for several facts."""
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise KeyError(f"no such facts: {', '.join(sorted(unknown))}")
    return dict.fromkeys(facts, why)


def all_but(why: str, *kept: str) -> dict[str, str]:
    """The same reason for all facts but some."""
    return because(why, *(fact for fact in FACTS if fact not in because(why, *kept)))


def flat_losses() -> tuple[dict[str, str], dict[str, str]]:
    """What every table with the columns of `row.py` loses, and what it keeps in part."""
    lost = because("a row holds values, not the claims behind them", *CLAIMS) | because("json-lines holds it", *BEHIND)
    parts = because("the first and the last day only", "dates of reports")
    parts |= because("as words in one cell, without its claims", "denials", "rival values", "quotes", "killed by group")
    return lost, parts | because("as words in one cell", "wounded by group")


class Loss(msgspec.Struct, frozen=True):
    """A fact that a format does not say, or says in part, why, and of how many of the incidents it is stated."""

    fact: str
    why: str
    whole: bool
    incidents: int


class Losses:
    """Counts what is lost of the incidents that pass through on their way to an exporter."""

    def __init__(self, format: Format) -> None:
        self.format = format
        self.incidents = 0
        self._stated: Counter[str] = Counter()

    def watch(self, dossiers: Iterable[Dossier]) -> Iterator[Dossier]:
        """The dossiers themselves, counted."""
        facts = [(fact, FACTS[fact]) for fact in (*self.format.lost, *self.format.blurred)]
        for dossier in dossiers:
            self.incidents += 1
            self._stated.update(fact for fact, get in facts if get(dossier))
            yield dossier

    def found(self) -> list[Loss]:
        """What was lost, whole facts first."""
        wholes = ((self.format.lost, True), (self.format.blurred, False))
        return [
            Loss(fact, why, whole, self._stated[fact])
            for reasons, whole in wholes
            for fact, why in reasons.items()
            if self._stated[fact]
        ]
