"""Keeps the table of incidents as readings and decisions say. The outcome never depends on the order of changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from constat.actors import load_register
from constat.incidents.lines import line
from constat.records import Grade
from constat.resolution.actors import actor_ids
from constat.resolution.decisions import Refused
from constat.resolution.grades import source_grades
from constat.resolution.view import View, incidents
from constat.settings import Settings
from constat.store import decisions as decided
from constat.store import incidents as table
from constat.store import tables
from constat.store.protocol import Store

GRADES = "sources.toml"  # in the folder of the casebook: the user's own grades of sources


class Refreshed(msgspec.Struct, frozen=True):
    """How many incidents were made or changed, how many are no more, and the decisions that could not be applied."""

    changed: int = 0
    gone: int = 0
    refused: tuple[Refused, ...] = ()


def grades_of(folder: Path) -> Mapping[str, Grade]:
    """The user's grades of sources in the folder of a casebook, none if there is no such file."""
    path = folder / GRADES
    return source_grades(path) if path.is_file() else {}


def pending(store: Store) -> bool:
    """Whether something was read or taken out that the incidents do not know of yet."""
    return next(store.rows("SELECT 1 FROM pending LIMIT 1"), None) is not None


def refresh(store: Store, settings: Settings, grades: Mapping[str, Grade]) -> Refreshed:
    """Bring the table up to date; inside a transaction."""
    return _write(store, settings, _view(store, settings, grades))


def _view(store: Store, settings: Settings, grades: Mapping[str, Grade]) -> View:
    readings = [r for d in tables.documents(store) if (r := tables.get_reading(store, d.document)) is not None]
    made = [d.decision for d in decided.every(store)]
    return incidents(readings, load_register(settings.overlays), made, grades)


def _write(store: Store, settings: Settings, view: View) -> Refreshed:
    actor_of = actor_ids(load_register(settings.overlays))
    held = table.digests(store)
    store.execute("DELETE FROM telling")
    for event, document in list(store.rows("SELECT id, document FROM event WHERE kind = 'event'")):
        store.execute("INSERT INTO telling VALUES (?, ?, NULL) ON CONFLICT DO NOTHING", (event, document))
    changed = 0
    for one in view.incidents:
        bare = msgspec.structs.replace(one, ties=())
        names = sorted({d for voice in one.voices for d in voice.documents})
        documents = [d.document for n in names for d in tables.documents(store, "WHERE id = ?", (n,))]
        new = line(bare, documents, actor_of)
        if held.get(one.id) != new.digest:
            changed += 1
        table.put(store, new)
    gone = set(held) - {one.id for one in view.incidents}
    for id in gone:
        table.drop(store, id)
    store.execute("DELETE FROM pending")
    return Refreshed(changed, len(gone), view.refused)
