"""What an exporter gets: an incident with what tells of it, and what is said about the export as a whole."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

import msgspec

from constat.records import Decision, Document, EventMention, Incident, Reading


class Step(msgspec.Struct, frozen=True):
    """What was done with a source item: when, by whom, what, and the hash that the log keeps of it."""

    at: str
    who: str
    action: str
    digest: str = ""


class Custody(msgspec.Struct, frozen=True, kw_only=True):
    """Where the bytes behind a report were seen, when, by whom, how, with what; `locator`: the place in them."""

    document: str
    sha256: str
    size: int
    name: str
    captured_at: str
    collector: str
    method: str
    tool: str
    locator: str = ""
    address: str | None = None
    final_address: str | None = None
    media_type: str | None = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    parent: str | None = None
    log: tuple[Step, ...] = ()


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """An incident, the readings of its reports with no other events than its own, decisions on it, the custody."""

    incident: Incident
    readings: tuple[Reading, ...] = ()
    decisions: tuple[Decision, ...] = ()
    custody: tuple[Custody, ...] = ()

    @property
    def documents(self) -> tuple[Document, ...]:
        """The reports, the oldest first."""
        return tuple(sorted((r.document for r in self.readings), key=lambda d: (d.published or "9999", d.id)))

    @property
    def events(self) -> tuple[tuple[Document, EventMention], ...]:
        """The tellings, each with its report."""
        of = {r.document.id: r for r in self.readings}
        return tuple((of[d.id].document, event) for d in self.documents for event in of[d.id].events)

    @property
    def links(self) -> tuple[str, ...]:
        """Addresses of its reports that a reader may follow: pages of the web and nothing that runs."""
        return tuple(d.url for d in self.documents if d.url and d.url.lower().startswith(("http://", "https://")))

    @property
    def root(self) -> str:
        """The telling of its oldest report: the incident's id changes when a report joins, this does not."""
        return self.events[0][1].id if self.readings and self.events else self.incident.id

    @property
    def changed(self) -> str | None:
        """The day of its newest report or decision."""
        days = [*(d.published for d in self.documents if d.published), *(d.decided_at for d in self.decisions)]
        return max((day[:10] for day in days), default=None)


class About(msgspec.Struct, frozen=True, kw_only=True):
    """The export as a whole. `at` is when its material last changed: the same material gives the same bytes."""

    title: str = "Incidents"
    casebook: str = ""
    at: str = "1970-01-01T00:00:00Z"
    by: str = ""
    version: str = ""
    overlays: tuple[Path, ...] = ()

    def urn(self, what: str) -> str:
        """A name for something of this export that is the same wherever and whenever it is made."""
        return uuid.uuid5(uuid.NAMESPACE_OID, f"constat {what}").urn

    @property
    def time(self) -> dt.datetime:
        """`at` as a time."""
        return dt.datetime.fromisoformat(self.at.replace("Z", "+00:00"))
