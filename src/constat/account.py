"""What is counted and told of a casebook, and how one report is read without harm to the others."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from typing import Protocol, TypeAlias

import msgspec

from constat.documents.extract import Context
from constat.documents.reports import Known
from constat.errors import GazetteerError, InputError, PackError, SettingsError, StoreError
from constat.imports import rows_of
from constat.records import Document, Reading
from constat.settings import Settings
from constat.store.waiting import Waiting


class Reads(Protocol):
    """What reads a document: the `Reader` of the pipeline, or a stand-in."""

    def read(self, document: Document) -> Reading:
        """The reading of one document."""


class Account(msgspec.Struct, kw_only=True):
    """What became of everything that came."""

    received: int = 0
    stored: int = 0
    duplicate: int = 0
    quarantined: int = 0
    unread: int = 0  # of the stored: kept, searchable, but not read for incidents
    partly: int = 0  # of the stored: read by the rules alone, because the model gave no answer
    late: int = 0  # stored before and not read, or not by all, and read now

    def __str__(self) -> str:
        asides = ((self.unread, "not read"), (self.partly, "by the rules alone"))
        told = ", ".join(f"{count} {what}" for count, what in asides if count)
        told = f" ({told})" if told else ""
        late = f"; read now, stored before: {self.late:,}" if self.late else ""
        return (
            f"received {self.received:,} = stored {self.stored:,}{told} + duplicate {self.duplicate:,} "
            f"+ quarantined {self.quarantined:,}{late}"
        )

    def check(self) -> Account:
        """The account itself; raises `StoreError` if something that came was lost."""
        if self.received != self.stored + self.duplicate + self.quarantined:
            raise StoreError(f"the account does not add up: {self}; run `constat verify` and report this")
        return self


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """How much a casebook holds. `partly`: read by the rules alone, or not anew; `causes`: why, and how many.

    `documents`, `superseded` and `events` are of reports alone; `rows` counts those of imported data sets, by its name.
    """

    store: str
    captures: int
    documents: int
    superseded: int
    unread: int
    partly: int
    causes: tuple[tuple[str, int], ...]
    events: int
    rows: dict[str, int]
    decisions: int
    quarantined: int
    entries: int
    anchored: int
    warnings: tuple[str, ...]
    waiting: tuple[Waiting, ...]


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """What extracting and reading everything anew changed, and the digest of all that is derived.

    `replaced`: documents in whose place another one stands now; `found`: such as were not there at all; `kept`:
    captures whose documents stay as they are, because they could not be read again; `partly`: documents of
    which a model gave no answer, so that what the rules read stands, or what was read before.
    """

    replaced: int
    found: int
    kept: int
    documents: int
    changed: int
    unread: int
    partly: int
    digest: str


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """What an erasure takes: the document, the captures that hold it, and the evidence of `others` in them."""

    document: str
    captures: tuple[str, ...]
    others: tuple[str, ...]


class Said(msgspec.Struct):
    """What a user said about the sources, kept for another try and for extracting anew."""

    known: Known = Known()
    columns: dict[str, str] = {}
    dataset: str | msgspec.UnsetType = msgspec.UNSET  # of coded events, whose rows they hold

    def context(self, settings: Settings) -> Context:
        """What bears on reading a capture of them."""
        rows = rows_of(self.dataset) if self.dataset else None
        return Context(self.known, settings, self.columns, rows)


Tell: TypeAlias = Callable[[Account, str, str | None], None]  # the account, what was done with, and why not


def now() -> str:
    """This moment, in UTC."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_document(reader: Reads, document: Document) -> tuple[Reading | None, str | None]:
    """The reading, or in words why there is none; a fault on one report must not keep the others out."""
    try:
        return reader.read(document), None
    except InputError as error:
        return None, error.cause
    except (GazetteerError, PackError, SettingsError):
        raise  # no report can be read then
    except Exception as error:
        if os.environ.get("CONSTAT_DEBUG"):
            raise
        return None, f"a fault of constat kept it from being read ({type(error).__name__}); CONSTAT_DEBUG=1 shows where"
