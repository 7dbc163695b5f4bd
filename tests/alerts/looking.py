"""Reports to be told of, and looks at them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from made import add, told

from constat.alerts.alert import Alert
from constat.alerts.raising import Look
from constat.captures import Draft, Kept, Refused
from constat.casebook import Casebook
from constat.documents.extract import Context, drafts
from constat.store.alert_state import AlertState
from constat.watching import Watch

KASSALA: dict[str, Any] = {"place": "Kassala", "lat": 15.45, "lon": 36.4, "date": "2024-03-06"}
GEDAREF: dict[str, Any] = {"place": "Gedaref", "lat": 14.03, "lon": 35.38, "date": "2024-05-01"}
ALL = Watch(name="all")


class HereReader:
    """Takes captures apart in this process: starting another one for each report would be most of the time."""

    def drafts(self, kept: Kept, context: Context) -> Iterator[Draft | Refused]:
        yield from drafts(kept, context)

    def close(self) -> None:
        pass


def report(book: Casebook, folder: Path, publisher: str, *, words: str = "", **said: Any) -> None:
    """A report of one incident, in words of its own."""
    chance = random.Random(publisher)
    words = words or " ".join("".join(chance.choices("aeioulmnrst", k=7)) for _ in range(60))
    text = f"{told(**said)}\n{words}"
    add(book, folder, {"text": text, "publisher": publisher, "published": "2024-05-02", "title": f"By {publisher}"})


def look(book: Casebook, watch: Watch = ALL, **more: Any) -> list[Alert]:
    """The alerts of one look."""
    with AlertState(book.folder) as state, state.transaction():
        return list(Look(book, state, watch, "2024-05-03T10:00:00Z", **more).run().alerts)


def kinds(alerts: list[Alert]) -> list[str]:
    return [alert.kind for alert in alerts]
