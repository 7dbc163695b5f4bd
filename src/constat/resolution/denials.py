"""Which incident a denial is about: of its family, at its place, shortly before the denial was printed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from constat.gazetteer import kilometres
from constat.records import UNATTRIBUTED, Denied, EventMention, Reading
from constat.resolution.candidates import Blocks
from constat.resolution.shingles import NOTHING, Wording
from constat.resolution.tellings import ActorOf, Telling, flat, telling

_NEAR_KM = 15.0  # beyond the radii of both places
_WITHIN_DAYS = 14  # before its denial was printed that an incident happened
_OWN = 1000.0  # that the report itself tells what it says is denied


def denied(reading: Reading, actor_of: ActorOf) -> list[Telling]:
    """What a report says did not happen, in the form in which it is compared; wording says nothing here."""
    found = (telling(e.id, reading.document, flat(e), actor_of, Wording(NOTHING, NOTHING)) for e in reading.denials)
    return [one for one in found if one.sounds or one.lat is not None]


def concern(denial: Telling, told: Telling) -> float | None:
    """How well a denial fits a telling, None if it is of something else."""
    if denial.family != told.family or not _same_place(denial, told):
        return None
    gap = _days_between(denial, told)
    if gap is None:
        return None
    own = _OWN if denial.document == told.document else 0.0
    kind = 0.5 if denial.subtype and denial.subtype == told.subtype else 0.0
    return own + kind - gap


def _days_between(denial: Telling, told: Telling) -> int | None:
    """Days from what is told to its denial, None if the denial is of another time."""
    if denial.first is not None and denial.last is not None and told.first is not None and told.last is not None:
        gap = max(0, max(denial.first, told.first) - min(denial.last, told.last))
        return gap if gap <= 1 else None
    when = told.first if told.first is not None else told.published
    if denial.published is None or when is None:
        return None
    gap = denial.published - when
    return gap if 0 <= gap <= _WITHIN_DAYS else None


def _same_place(denial: Telling, told: Telling) -> bool:
    if denial.country and told.country and denial.country != told.country:
        return False
    if denial.lat is not None and denial.lon is not None and told.lat is not None and told.lon is not None:
        far = kilometres(denial.lat, denial.lon, told.lat, told.lon)
        return far <= _NEAR_KM + min(denial.radius, told.radius)
    return bool(denial.sounds and told.sounds and denial.sounds[0] == told.sounds[0])


def best(concerned: Mapping[str, float]) -> str | None:
    """The telling that a denial is about, of those it fits."""
    return min(concerned, key=lambda event: (-concerned[event], event), default=None)


def fits(denials: Iterable[Telling], ordered: Sequence[Telling]) -> dict[str, dict[str, float]]:
    """Denial -> the tellings that it may be about, with how well it fits them. The tellings are sorted by id."""
    found = list(denials)
    if not found:
        return {}
    blocks = Blocks()
    for index, one in enumerate(ordered):
        blocks.lie(index, one)
    ids = [one.id for one in ordered]
    out: dict[str, dict[str, float]] = {}
    for denial in found:
        met = (ordered[n] for n in blocks.met(denial, bisect_left(ids, denial.id)))
        out[denial.id] = {one.id: fit for one in met if (fit := concern(denial, one)) is not None}
    return out


def as_denied(event: EventMention, reading: Reading, voice: str) -> Denied:
    """A denial as an incident keeps it: who denies, in whose report, in which words."""
    said = [a.source for c in event.claims for a in c.attribution if a.source != UNATTRIBUTED.source]
    return Denied(
        event.id, reading.document.id, voice, said[0] if said else None, reading.document.published, event.claims
    )
