"""Incidents of a casebook with all that tells of them, covered as the casebook demands, into a file of any format.

The command line, the desk and Python programs export through `export`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import IO

import msgspec

from constat import __version__
from constat.casebook import Casebook
from constat.errors import UsageError
from constat.exports import About, Custody, Dossier, Step, exporter, plotter
from constat.exports.covers import covered, lowered
from constat.exports.losses import Loss, Losses
from constat.filters import ALL, Filters
from constat.incidents.near import ties_of
from constat.records import Incident, Reading
from constat.store import tables
from constat.store.protocol import Store

BEHIND = ("custody", "decisions", "ties")
_KEPT = 512  # readings kept in memory, for reports that tell of several incidents


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an export: how many incidents went in, which were left out and why, what the format cannot say."""

    format: str
    incidents: int
    left_out: Mapping[str, int]
    losses: tuple[Loss, ...]
    empty: tuple[str, ...]


def export(
    book: Casebook,
    format: str,
    out: IO[bytes],
    filters: Filters = ALL,
    *,
    restricted: bool = False,
    title: str = "",
    tell: Callable[[], None] = lambda: None,
) -> Exported:
    """Write the incidents that are asked for; raises `UsageError` for a format that there is not.

    With `restricted` nothing is covered: names, exact places and whole texts leave, and the log says so.
    """
    made = exporter(format)
    losses = Losses(made.FORMAT)
    behind = {fact for fact in BEHIND if fact not in made.FORMAT.lost}

    def passing() -> Iterator[Dossier]:
        for dossier in dossiers(book, filters, restricted=restricted, behind=behind):
            yield dossier
            tell()

    if restricted and not book.writable:
        raise UsageError("with restricted names an export is written into the log; open the casebook for writing")
    left = made.write(losses.watch(passing()), out, about(book, title, book.actor if restricted else ""))
    if restricted:
        book.note(f"exported {made.FORMAT.title}: {losses.incidents} incidents, with restricted names")
    return Exported(
        format=made.FORMAT.title,
        incidents=losses.incidents,
        left_out=dict(left),
        losses=tuple(losses.found()),
        empty=made.FORMAT.empty,
    )


def draw(book: Casebook, kind: str, filters: Filters = ALL, *, title: str = "") -> str:
    """A picture (SVG) of the incidents that are asked for, covered as every export is; raises `UsageError`."""
    return plotter(kind).draw(dossiers(book, filters, behind=()), about(book, title))


def dossiers(
    book: Casebook,
    filters: Filters = ALL,
    *,
    restricted: bool = False,
    behind: Iterable[str] = ("custody", "decisions"),
) -> Iterator[Dossier]:
    """The incidents that are asked for with their readings, and with `behind` their custody, decisions and ties."""
    yield from dossiers_of(book, book.incidents(filters), restricted=restricted, behind=behind)


def dossiers_of(
    book: Casebook, incidents: Iterable[Incident], *, restricted: bool = False, behind: Iterable[str] = ()
) -> Iterator[Dossier]:
    """As `dossiers`, of these incidents."""
    wanted = set(behind)
    cover = book.words.cover
    names = book.restricted()
    hide = cover(names) if names else None

    @lru_cache(maxsize=_KEPT)
    def reading(document: str) -> Reading:
        return book.reading(document)

    for one in incidents:
        dossier = _dossier(book, one, reading, wanted)
        if not restricted:
            dossier = covered(lowered(_without_paths(dossier), book.settings.lowered, cover), hide)
        yield dossier


def shown(book: Casebook) -> Callable[[Incident], Incident]:
    """Makes of incidents what may leave: restricted names covered, places told as the settings demand."""
    cover = book.words.cover
    hide = cover(book.restricted())

    def one(incident: Incident) -> Incident:
        return covered(lowered(Dossier(incident=incident), book.settings.lowered, cover), hide).incident

    return one


def about(book: Casebook, title: str = "", by: str = "") -> About:
    """The casebook as an export names it; its time is that of the last change, so that bytes can be compared."""
    row = next(book.store.rows("SELECT MAX(at) FROM audit WHERE action IN ('read', 'decided', 'added')"), (None,))
    return About(
        title=title or f"Incidents of {book.folder.resolve().name}",
        casebook=book.id,
        at=str(row[0] or "1970-01-01T00:00:00Z"),
        by=by,
        version=__version__,
        overlays=book.settings.overlays,
    )


def _dossier(book: Casebook, one: Incident, reading: Callable[[str], Reading], behind: set[str]) -> Dossier:
    denied = {denial.event: denial.document for denial in one.denials}
    documents = sorted({d for voice in one.voices for d in voice.documents} | set(denied.values()))
    own = set(one.events)
    readings = []
    for document in documents:
        whole = reading(document)
        told = tuple(event for event in whole.events if event.id in own)
        against = tuple(event for event in whole.denials if event.id in denied)
        readings.append(msgspec.structs.replace(whole, events=told, denials=against))
    if "ties" in behind:
        one = msgspec.structs.replace(one, ties=ties_of(book.store, one))
    decisions = tuple(d.decision for d in book.decisions_about(one.events)) if "decisions" in behind else ()
    custody = tuple(c for d in documents for c in _custody(book, d)) if "custody" in behind else ()
    return Dossier(incident=one, readings=tuple(readings), decisions=decisions, custody=custody)


def _custody(book: Casebook, document: str) -> Iterator[Custody]:
    """Each time that bytes were seen in which the document stands."""
    places = book.store.rows(
        "SELECT capture, locator FROM appearance WHERE document = ? ORDER BY capture, locator", (document,)
    )
    for sha256, locator in list(places):
        size = next(book.store.rows("SELECT size FROM capture WHERE sha256 = ?", (sha256,)), None)
        steps = tuple(_steps(book.store, str(sha256), document))
        for seen in book.occurrences(str(sha256)):
            yield _item(seen, document, str(locator), int(size[0] or 0) if size else 0, steps)


def _without_paths(dossier: Dossier) -> Dossier:
    """Files by their names alone: folders of a machine name people too."""

    def bare(item: Custody) -> Custody:
        if item.name == item.address:
            return item
        return msgspec.structs.replace(item, name=item.name.replace("\\", "/").rsplit("/", 1)[-1])

    return msgspec.structs.replace(dossier, custody=tuple(map(bare, dossier.custody)))


def _item(seen: tables.Occurrence, document: str, locator: str, size: int, steps: tuple[Step, ...]) -> Custody:
    return Custody(
        document=document,
        sha256=seen.capture,
        size=size,
        name=seen.name,
        captured_at=seen.captured_at,
        collector=next((s.who for s in steps if s.action == "captured"), ""),
        method=seen.collector,
        tool=seen.tool,
        locator=" / ".join(part for part in (seen.locator, locator) if part),
        address=seen.address,
        final_address=seen.final_address,
        media_type=seen.media_type,
        status=seen.status,
        headers=seen.headers,
        parent=seen.parent,
        log=steps,
    )


def _steps(store: Store, *subjects: str) -> Iterator[Step]:
    """What the log says of some subjects, oldest first."""
    marks = ", ".join("?" * len(subjects))
    rows = store.rows(
        "SELECT a.at, a.actor, a.action, a.hash FROM audit a JOIN secret s ON s.token = a.subject "
        f"WHERE s.subject IN ({marks}) ORDER BY a.seq",
        subjects,
    )
    for at, who, action, digest in rows:
        yield Step(str(at), str(who), str(action), str(digest))
