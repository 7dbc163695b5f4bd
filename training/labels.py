"""From a coder's gold to training groups: which candidate of a choice is right, which units tell of what."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from softmax import Group

from constat.agreement import alike, kilometres
from constat.claims.choose.kind import kinds
from constat.claims.choose.sources import sources
from constat.claims.choose.things import measures, weapons
from constat.claims.choose.tolls import counts
from constat.claims.choose.when import dates
from constat.claims.choose.where import places
from constat.claims.choose.who import actors, certainties, claimants, targets
from constat.claims.drafts import NEW, NONE, Gathering
from constat.claims.gather import options, telling_body
from constat.claims.report import Candidate, Report
from constat.claims.rules import RulesReader
from constat.claims.telling import role_features
from constat.claims.units import Unit
from constat.claims.weights import NOTHING, Weights
from constat.facts import SentenceFacts
from constat.pipeline import Reader
from constat.records import DateValue, Document, PlaceValue

Row = dict[str, Any]
# What an evidence quote of a field says of the unit in which it stands.
TELLS = {
    "type": 4,
    "told": 2,
    "killed": 2,
    "wounded": 2,
    "target": 1,
    "weapons": 1,
    "perpetrator": 1,
    "place": 1,
    "date": 1,
}
NEAR_KM = 10.0


class Case(msgspec.Struct):
    """A coded report with its facts."""

    row: Row
    document: Document
    facts: list[SentenceFacts]
    published: dt.date | None
    often: int = 1  # how many times it counts

    @property
    def lang(self) -> str:
        """The language of the report."""
        return self.document.lang or ""


def cases(paths: Sequence[Path], reader: Reader) -> list[Case]:
    """The coded reports of files, read up to stage 3."""
    out = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.strip():
                continue
            row = json.loads(line)
            names = ("id", "text", "title", "published", "lang", "publisher")
            document = Document(**{n: row.get(n) for n in names})
            day = dt.date.fromisoformat(row["published"][:10]) if row.get("published") else None
            out.append(Case(row, document, reader.facts(document), day))
    return out


def told_where(case: Case, report: Report) -> dict[int, Counter[int]]:
    """For each unit which gold incidents' evidence stands in it, and how much that says."""
    out: dict[int, Counter[int]] = defaultdict(Counter)
    text = case.document.text
    bounds = [(u, u.facts.sentence.chunks[u.first].start, u.facts.sentence.chunks[u.last - 1].end) for u in report.body]
    for k, gold in enumerate(case.row["incidents"]):
        for field, quotes in (gold.get("evidence") or {}).items():
            for quote in [quotes] if isinstance(quotes, str) else quotes:
                at = text.find(quote)
                if at < 0 or field not in TELLS or text.count(quote) > 2:
                    continue
                for unit, start, end in bounds:
                    if start < at + len(quote) and at < end:
                        out[unit.index][k] += TELLS[field]
                        break
    return out


def _likeliest(stands: Counter[int]) -> int:
    return max(stands, key=lambda g: (stands[g], -g))


def right_units(case: Case, unit: Unit, told: dict[int, Counter[int]], of: dict[int, int]) -> set[int]:
    """The right choices for a unit, given which gold incident each draft is (`of`)."""
    golds = case.row["incidents"]
    if not golds:
        return {NONE}
    stands = told.get(unit.index)
    if stands:
        k = _likeliest(stands)
        drafts = {d for d, g in of.items() if g == k}
        if drafts:
            return drafts
        return {NEW} if stands[k] >= 2 or len(golds) == 1 else {NONE, NEW}
    if any("told" in gold["evidence"] for gold in golds):
        return {NONE}  # the coder quoted every sentence that tells of an incident
    if len(golds) == 1 and not of and unit.telling:
        return {NONE, NEW}
    return {NONE, *of}


class Asked(msgspec.Struct):
    """One choice of a report: what may be taken, the unit that tells of it, and which are right.

    For what a unit may be, `options` and `told` hold the features of each and the last unit of the incident it names.
    """

    choice: str
    candidates: Sequence[Candidate]
    unit: Unit
    right: Sequence[bool]
    told: Sequence[Unit | None] = ()

    def group(self, case: Case) -> Group:
        """The same for a log-linear choice of a report."""
        return Group(case.lang, [c.every for c in self.candidates], self.right, case.often)


def learn_units(case: Case, report: Report, weights: Weights | None) -> tuple[Gathering, list[Asked]]:
    """The choices of one report's units; `weights` decide where the gold leaves it open."""
    state = Gathering(report)
    asked: list[Asked] = []
    told = told_where(case, report)
    of: dict[int, int] = {}
    for unit in telling_body(report):
        if not (unit.telling or unit.weak):
            state.attach(unit)
            continue
        choices = list(options(state, unit))
        right = right_units(case, unit, told, of) & {c for c, _ in choices} or {NONE}
        last = [state.drafts[c].units[-1] if c >= 0 else None for c, _ in choices]
        may = [Candidate(None, tuple(f)) for _, f in choices]
        asked.append(Asked("unit", may, unit, [c in right for c, _ in choices], last))
        allowed = [n for n, (c, _) in enumerate(choices) if c in right]
        shares = weights.shares("unit", [f for _, f in choices]) if weights else [0.0] * len(choices)
        choice = choices[max(allowed, key=lambda n: shares[n])][0]
        if choice == NEW:
            stands = told.get(unit.index)
            rest = [g for g in range(len(case.row["incidents"])) if g not in of.values()]
            of[len(state.drafts)] = _likeliest(stands) if stands else rest[0] if rest else 0
        state.settle(unit, choice)
    return state, asked


def gold_of(case: Case, state: Gathering) -> dict[int, Row]:
    """Which gold incident each draft tells of, by the evidence in its units."""
    told = told_where(case, state.report)
    golds = case.row["incidents"]
    scores: list[tuple[int, int, int]] = []
    for d, draft in enumerate(state.drafts):
        votes: Counter[int] = Counter()
        for unit in draft.units:
            votes.update(told.get(unit.index, Counter()))
        if not votes and len(golds) == 1 and len(state.drafts) == 1:
            votes[0] = 1
        scores += [(n, d, g) for g, n in votes.items()]
    out: dict[int, Row] = {}
    used: set[int] = set()
    for _, d, g in sorted(scores, key=lambda s: (-s[0], s[1], s[2])):
        if d not in out and g not in used:
            out[d] = golds[g]
            used.add(g)
    return out


_PICKED = {"claimant": "claimed_by", "perp": "perpetrator", "target": "target"}


def remember_gold(state: Gathering, golds: dict[int, Row]) -> None:
    """What the gold says of the drafts stands for what was taken for them."""
    for d, gold in golds.items():
        draft = state.drafts[d]
        for name, field in _PICKED.items():
            draft.pick(name, gold[field])
        for field in ("killed", "wounded"):
            toll = gold[field]
            draft.pick(field, f"{toll['low']}-{toll['high']}" if toll else None)
        right = (c for c in places(state, draft) if c.value and alike(c.value.name, gold["place"]))
        draft.pick("place", next((c.name for c in right), None))


class Fields:
    """Turns drafts with their gold into choices; `only` learns a single field."""

    def __init__(self, reader: RulesReader, only: str = "") -> None:
        self.reader = reader
        self.only = only

    def learn(self, state: Gathering, d: int, gold: Row, kind: str, main: DateValue | None) -> Iterator[Asked]:
        """The choices of every field of one draft."""
        for choice, labelled in LABELS.items():
            if self.only in ("", choice):
                for candidates, right in labelled(self.reader, state, d, gold, kind, main):
                    if any(right):
                        yield Asked(choice, candidates, state.drafts[d].intro, right)


Labelled = Iterator[tuple[Sequence[Candidate], list[bool]]]
Label = Callable[[RulesReader, Gathering, int, Row, str, DateValue | None], Labelled]


def _group(candidates: Sequence[Candidate], right: Callable[[Candidate], bool]) -> Labelled:
    yield candidates, [right(c) for c in candidates]


def _each(candidates: Sequence[Candidate], right: Callable[[Candidate], bool]) -> Labelled:
    for c in candidates:
        ok = right(c)
        yield [c, NOTHING], [ok, not ok]


def _kind(reader: RulesReader, state: Gathering, d: int, gold: Row, kind: str, main: DateValue | None) -> Labelled:
    wanted = (gold["type"], gold["subtype"])
    found = kinds(state, state.drafts[d], reader.labels.events, reader.decisions)
    yield from _group(found, lambda c: reader.labels.events[c.value] == wanted)


def _date(reader: RulesReader, state: Gathering, d: int, gold: Row, kind: str, main: DateValue | None) -> Labelled:
    found = dates(state, state.drafts[d], main)
    yield from _group(found, lambda c: (c.value.value if c.value else None) == gold["date"])


def _place(reader: RulesReader, state: Gathering, d: int, gold: Row, kind: str, main: DateValue | None) -> Labelled:
    found = places(state, state.drafts[d])
    if not gold["place"]:
        yield from _group(found, lambda c: c.value is None)
    elif any(c.value is not None and alike(c.value.name, gold["place"]) for c in found):
        yield from _group(found, lambda c: c.value is not None and alike(c.value.name, gold["place"]))
    elif gold.get("lat") is not None:
        yield from _group(found, lambda c: c.value is not None and _close(c.value, gold))


def _close(place: PlaceValue, gold: Row) -> bool:
    km = kilometres(gold, {"lat": place.lat, "lon": place.lon})
    return km is not None and km <= NEAR_KM


def _toll(field: str) -> Label:
    def label(reader: RulesReader, state: Gathering, d: int, gold: Row, kind: str, main: DateValue | None) -> Labelled:
        toll = gold[field]
        wanted = (toll["low"], toll["high"]) if toll else None
        found = counts(state, state.drafts[d], field)
        yield from _group(found, lambda c: ((c.value.low, c.value.high) if c.value else None) == wanted)

    return label


def _perp_is(candidate: Candidate, name: str | None) -> bool:
    if name is None:
        return candidate.value is None or candidate.extra.tag == "UNID"
    return candidate.value is not None and alike(candidate.value, name)


def _perp(reader: RulesReader, state: Gathering, d: int, gold: Row, kind: str, main: DateValue | None) -> Labelled:
    yield from _group(actors(state, state.drafts[d], kind), lambda c: _perp_is(c, gold["perpetrator"]))


def _certainty(reader: RulesReader, state: Gathering, d: int, gold: Row, kind: str, main: DateValue | None) -> Labelled:
    name = gold["perpetrator"]
    right = [c for c in actors(state, state.drafts[d], kind) if name and _perp_is(c, name) and c.extra.tag != "UNID"]
    if right:
        claimed = gold.get("claimed_by")
        sure = certainties(state, state.drafts[d], right[0], claimed.casefold() if claimed else None)
        yield from _group(sure, lambda c: c.value == gold["perpetrator_certainty"])


def _named(field: str, find: Callable[[Gathering, Any, str], list[Candidate]]) -> Label:
    def label(reader: RulesReader, state: Gathering, d: int, gold: Row, kind: str, main: DateValue | None) -> Labelled:
        wanted = gold[field]

        def right(c: Candidate) -> bool:
            return c.value is None if wanted is None else c.value is not None and alike(c.value, wanted)

        yield from _group(find(state, state.drafts[d], kind), right)

    return label


def _weapon(reader: RulesReader, state: Gathering, d: int, gold: Row, kind: str, main: DateValue | None) -> Labelled:
    found = weapons(state, state.drafts[d], kind, reader.decisions.implied_weapons)
    yield from _each(found, lambda c: reader.labels.weapons.get(c.value, c.value) in gold["weapons"])


def _measure(reader: RulesReader, state: Gathering, d: int, gold: Row, kind: str, main: DateValue | None) -> Labelled:
    found = measures(state, state.drafts[d], kind, reader.decisions.implied_measures)
    yield from _each(found, lambda c: reader.labels.measures.get(c.value, c.value) in gold["responses"])


def _source(reader: RulesReader, state: Gathering, d: int, gold: Row, kind: str, main: DateValue | None) -> Labelled:
    yield from _each(sources(state, state.drafts[d], kind), lambda c: any(alike(c.value, s) for s in gold["sources"]))


def _role(reader: RulesReader, state: Gathering, d: int, gold: Row, kind: str, main: DateValue | None) -> Labelled:
    background = gold["role"] == "background"
    yield [Candidate(None, tuple(role_features(state, state.drafts[d]))), NOTHING], [background, not background]


LABELS: dict[str, Label] = {
    "kind": _kind,
    "date": _date,
    "place": _place,
    "killed": _toll("killed"),
    "wounded": _toll("wounded"),
    "perp": _perp,
    "certainty": _certainty,
    "target": _named("target", targets),
    "claimant": _named("claimed_by", claimants),
    "weapon": _weapon,
    "measure": _measure,
    "source": _source,
    "role": _role,
}
