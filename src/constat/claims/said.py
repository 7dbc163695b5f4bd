"""Who says it and how: attribution and modality laid over every claim, and what a telling says of doubt and damage."""

from __future__ import annotations

from collections.abc import Iterator

from constat.claims.drafts import Draft, Gathering
from constat.claims.report import Candidate
from constat.claims.units import SAID_TO_HAVE_HAPPENED, Unit
from constat.records import UNATTRIBUTED, Attribution, Claim, Modality, Rank, Toll, Value

_DAMAGE = frozenset({"fire", "destruction"})


class Said:
    """Makes the claims of one incident: each with whoever its sentence cites and in the mood of its event word."""

    def __init__(self, state: Gathering, draft: Draft) -> None:
        self.state = state
        self.draft = draft

    def claim(self, field: str, value: Value, candidate: Candidate, share: float, rank: Rank) -> Claim:
        """One claim with its words, source and mood; `share` is how likely the reader holds it."""
        unit = self.state.report.units[candidate.unit]
        said = self.state.report.cited[candidate.unit]
        return Claim(
            field=field,
            value=value,
            spans=candidate.spans,
            attribution=said,
            modality=mood(unit, candidate, said),
            confidence=round(min(max(share, 0.01), 0.99), 2),
            rank=rank,
        )

    def parts(self) -> Iterator[Claim]:
        """Counts that are shares of a total: "twelve wounded, two of them children"."""
        for unit in self.draft.units:
            for toll in unit.tolls:
                if toll.role == "part" and toll.kind in ("killed", "wounded"):
                    value = Toll(toll.amount.low, toll.amount.high, "+".join(toll.groups) or None)
                    span = unit.facts.quote(toll.first, toll.last)
                    yield self.claim(toll.kind, value, Candidate(value, (), (span,), unit.index), 0.6, "part")

    def damage(self) -> Iterator[Claim]:
        """What burned or was destroyed, in the words of the report, once."""
        for unit in (*self.draft.units, *self.draft.attached):
            for event in unit.events:
                if event.key in _DAMAGE:
                    chunks = unit.facts.sentence.chunks
                    last = event.chunk + 1
                    longest = min(unit.last, event.chunk + 5)
                    while last < longest and chunks[last].tag in ("W", "SITE", "DE", "DET"):
                        last += 1
                    while last > event.chunk + 1 and chunks[last - 1].tag in ("DE", "DET"):
                        last -= 1
                    span = unit.facts.quote(event.chunk, last)
                    quoted = Candidate(span.quote, (), (span,), unit.index)
                    yield self.claim("damage", span.quote, quoted, 0.7, "preferred")
                    return

    def doubt(self) -> Iterator[Claim]:
        """The report itself calls the incident or its toll unconfirmed."""
        for unit in (*self.draft.units, *self.draft.attached):
            for i in range(unit.first, unit.last):
                chunk = unit.facts.sentence.chunks[i]
                if chunk.tag == "HEDGE" and chunk.key == "uncertain":
                    span = unit.facts.quote(i, i + 1)
                    yield self.claim("uncertain", True, Candidate(True, (), (span,), unit.index), 0.7, "preferred")
                    return


def mood(unit: Unit, candidate: Candidate, said: tuple[Attribution, ...]) -> Modality:
    """The modality of the event word nearest to a candidate's words; reported where somebody is cited."""
    start = candidate.spans[0].start if candidate.spans else unit.facts.sentence.start
    chunks = unit.facts.sentence.chunks
    near = min(unit.words, key=lambda e: abs(chunks[e.chunk].start - start), default=None)
    if near is not None and near.modality in SAID_TO_HAVE_HAPPENED and near.modality != "asserted":
        return near.modality  # type: ignore[return-value]
    return "asserted" if said == (UNATTRIBUTED,) else "reported"
