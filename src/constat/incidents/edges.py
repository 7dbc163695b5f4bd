"""The scored pairs of a casebook, kept in the database, and brought up to date where tellings came or went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from constat.incidents.compared import Compared
from constat.incidents.rows import insert, select
from constat.resolution.cluster import Pair, pair
from constat.resolution.denials import best, concern, fits
from constat.resolution.resolve import Resolution, weakest
from constat.resolution.scores import Scores
from constat.resolution.tellings import Telling
from constat.store.protocol import Store

SAID = 1e6  # in place of log-odds: the report itself calls the two one incident
_COLUMNS = "a, b, denies, odds"
Edge = tuple[int, float]  # whether one denies the other, and the log-odds or how well the denial fits


class Edges:
    """Pairs of tellings with their log-odds, and of denials with the tellings that they fit."""

    def __init__(self, store: Store, compared: Compared, scores: Scores) -> None:
        self.store, self.compared, self.scores = store, compared, scores
        self._weakest = weakest(scores)

    def update(self, added: Mapping[str, Telling], gone: Mapping[str, Telling]) -> set[str]:
        """Bring the pairs up to date; all events that gained or lost one, or are new. Inside a transaction."""
        renewed = self.compared.get(self.compared.shaken(added, gone)) | dict(added)
        old = self._of({*renewed, *gone})
        new: dict[Pair, Edge] = {}
        for one in renewed.values():
            self._pairs_of(one, new)
        new |= {p: edge for p, edge in old.items() if edge[1] >= SAID and self._still_said(*p)}
        lost = [p for p, edge in old.items() if new.get(p) != edge]
        found = {p: edge for p, edge in new.items() if old.get(p) != edge}
        for a, b in lost:
            self.store.execute("DELETE FROM edge WHERE a = ? AND b = ?", (a, b))
        insert(self.store, "edge", [(*p, *edge) for p, edge in sorted(found.items())])
        touched = {event for p in (*lost, *found) for event in p} | set(added) | set(gone)
        # A denial that fits another telling better now is about the former one no more.
        denials = {e for e in self.compared.get(touched) if self.compared.is_denial(e)}
        return touched | {event for p in self._of(denials) for event in p}

    def replace(self, resolution: Resolution, tellings: Mapping[str, Telling], denials: Iterable[Telling]) -> None:
        """Hold the pairs of a resolution of everything; inside a transaction."""
        self.store.execute("DELETE FROM edge")
        rows: dict[Pair, Edge] = {p: (0, odds) for p, odds in resolution.weak.items()}
        for denial, fitting in fits(denials, list(tellings.values())).items():
            rows |= {pair(denial, event): (1, fit) for event, fit in fitting.items()}
        rows |= {pair(t.id, other): (0, SAID) for t in tellings.values() for other in t.same_as if other in tellings}
        insert(self.store, "edge", [(*p, *edge) for p, edge in sorted(rows.items())])

    def among(self, events: Iterable[str]) -> dict[Pair, float]:
        """The pairs of tellings that have an end among events, without what reports say themselves."""
        return {p: odds for p, (denies, odds) in self._of(set(events)).items() if not denies and odds < SAID}

    def neighbours(self, events: Iterable[str]) -> dict[str, dict[str, float]]:
        """Event -> the tellings that it has a pair with, with the log-odds."""
        wanted = set(events)
        out: dict[str, dict[str, float]] = defaultdict(dict)
        for (a, b), (denies, odds) in self._of(wanted).items():
            if not denies:
                out[a][b] = out[b][a] = odds
        return out

    def denials_of(self, events: Iterable[str]) -> list[str]:
        """The denials that are about one of these tellings rather than about any other."""
        wanted = set(events)
        denials = {e for p, (denies, _) in self._of(wanted).items() if denies for e in p if e not in wanted}
        fitting: dict[str, dict[str, float]] = defaultdict(dict)
        for (a, b), (denies, fit) in self._of(denials).items():
            if denies:
                denial, event = (a, b) if a in denials else (b, a)
                fitting[denial][event] = fit
        return sorted(denial for denial, held in fitting.items() if best(held) in wanted)

    def _pairs_of(self, one: Telling, new: dict[Pair, Edge]) -> None:
        denial = self.compared.is_denial(one.id)
        met = self.compared.get(self.compared.partners(one, denial))
        for other in met.values():
            p = pair(one.id, other.id)
            if p in new:
                continue
            if denial or self.compared.is_denial(other.id):
                fit = concern(one, other) if denial else concern(other, one)
                if fit is not None:
                    new[p] = (1, fit)
            elif one.document != other.document:
                first, second = (one, other) if one.id < other.id else (other, one)
                odds = self.scores.score(first, second)
                if odds >= self._weakest:
                    new[p] = (0, odds)
        for said in self.compared.get(one.same_as):
            new[pair(one.id, said)] = (0, SAID)

    def _still_said(self, a: str, b: str) -> bool:
        held = self.compared.get((a, b))
        return len(held) == 2 and (b in held[a].same_as or a in held[b].same_as)

    def _of(self, events: Iterable[str]) -> dict[Pair, Edge]:
        wanted = list(events)
        found: dict[Pair, Edge] = {}
        for end in ("a", "b"):
            for a, b, denies, odds in select(self.store, f"SELECT {_COLUMNS} FROM edge WHERE {end} IN ({{}})", wanted):
                found[str(a), str(b)] = (int(denies or 0), float(odds or 0.0))
        return found


def drop_all(store: Store) -> None:
    """Hold nothing of what is compared any more; inside a transaction."""
    for table in ("telling", "block", "edge", "ruling", "incident", "incident_body", "incident_gist", "member"):
        store.execute(f"DELETE FROM {table}")
