"""How something gets into a casebook: bytes kept, formats told, each report stored and read in one transaction.

Everything that comes is counted once when it comes and once when it is done with: stored, duplicate or quarantined.
"""

from __future__ import annotations

import os
import urllib.parse
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

import msgspec

from constat import __version__
from constat.account import Account, Reads, Said, Tell, now
from constat.ahead import Ahead, Read
from constat.asking import ahead_of
from constat.captures import Draft, Kept, Received, Refused, Unchanged
from constat.documents.extract import Context
from constat.documents.language import Hint, language_hints, with_language
from constat.documents.reader import CaptureReader
from constat.documents.reports import Known
from constat.errors import InputError, LimitError
from constat.records import Document
from constat.rereading import reread
from constat.settings import Settings
from constat.sources.fetch import Fetcher, Validators
from constat.sources.receive import Budget, Container, Way, container, receive
from constat.store import arrivals, audit, erasing, tables, waiting
from constat.store.evidence import Evidence
from constat.store.protocol import Store
from constat.store.searching import Words


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a capture while its reports are taken in."""

    source: str
    sha256: str
    size: int
    occurrence: tables.Occurrence
    fetched: bool


class Intake:
    """One run of adding. `tell` is called with the account after each item."""

    def __init__(
        self,
        store: Store,
        evidence: Evidence,
        settings: Settings,
        actor: str,
        words: Words,
        reader: Callable[[], Reads | Ahead] | None,
        fetcher: Fetcher | None = None,
        tell: Tell = lambda account, name, cause: None,
    ) -> None:
        self.store, self.evidence, self.settings, self.actor, self.words = store, evidence, settings, actor, words
        self.fetcher = fetcher or Fetcher(settings)
        self.tell = tell
        self.account = Account()
        self._set_apart: set[str] = set()
        self._open_reader = reader
        self._ahead: Ahead | None = None
        self._begun: deque[tuple[Draft, Place, Document, Callable[[], Read]]] = deque()
        self._captures = CaptureReader()
        self._any_erased = next(store.rows("SELECT 1 FROM erasure LIMIT 1"), None) is not None
        self._context = Context(Known(), settings)
        self._hints: Mapping[str, Hint] = language_hints(settings.overlays)

    def add(self, sources: Iterable[str | Received], said: Said) -> None:
        """Take in everything that the sources hold, and what was received already."""
        self._context = said.context(self.settings)
        for source in sources:
            budget = Budget(self.settings)
            way = Way(self.settings, self.fetcher, self._validators, budget)
            if isinstance(source, Received):
                self._take(source, source.name, None, 0, way)
                continue
            name = source if "://" in source or source == "-" else os.path.abspath(source)
            for coming in receive(source, way):
                self._take(coming, name, None, 0, way)
        self._settle()

    def again(self) -> None:
        """Try everything in quarantine once more: from the evidence where it is kept, else from its source."""
        tried: set[str] = set()
        for item in list(waiting.every(self.store)):
            key = item.capture or item.source
            if key in tried:
                continue
            tried.add(key)
            self._context = msgspec.json.decode(item.known, type=Said).context(self.settings)
            way = Way(self.settings, self.fetcher, self._validators, Budget(self.settings))
            if item.capture is None:
                for coming in receive(item.source, way):
                    self._take(coming, item.source, None, 0, way)
            elif (place := self._place(item)) is not None:
                self._open(place, 0, way)
            self._settle()

    def late(self) -> None:
        """Read what is stored and was not read, or not by all who should read it."""
        waits = arrivals.unread(self.store)
        if not waits or self._open_reader is None:
            return
        documents = (next(tables.documents(self.store, "WHERE id = ?", (number,))) for number in waits)
        done = reread(self.store, self.words, self.actor, documents, self._reader(self._open_reader), self._hints)
        self.account.late += done.documents - done.unread - done.partly

    def close(self) -> None:
        """End the processes that parse and read."""
        self._captures.close()
        if self._ahead is not None:
            self._ahead.close()

    def _take(
        self, coming: Received | Refused | Unchanged, source: str, box: Place | None, depth: int, way: Way
    ) -> None:
        parent = box.sha256 if box else None
        if isinstance(coming, Unchanged):
            self._arrived()
            self._count("duplicate", coming.address)
            return
        if isinstance(coming, Refused):
            name, locator = (box.occurrence.name, coming.locator) if box else (coming.locator, "")
            self._arrived()
            self._quarantine(parent, source, name, locator, coming.cause)
            return
        try:
            sha256, size = self.evidence.put(coming.stream, self.settings.max_capture_bytes, coming.name)
        except (InputError, OSError) as error:
            cause = error.cause if isinstance(error, InputError) else f"cannot be read: {error.strerror or error}"
            self._arrived()
            self._quarantine(parent, source, coming.name, coming.locator, cause)
            return
        c = coming
        if c.collector != "fetch" or (c.status or 0) < 400:
            self._release(waiting.waiting_id(parent, c.name, c.locator))
        fetched = c.collector in ("fetch", "warc")
        occurrence = tables.Occurrence(
            capture=sha256, name=c.name, captured_at=c.captured_at or now(), collector=c.collector or "file",
            tool=f"constat {__version__}", address=c.address, final_address=c.final_address, media_type=c.media_type,
            status=c.status, headers=c.headers, parent=parent, locator=c.locator, fetched=fetched, said=self._said(),
        )  # fmt: skip
        place = Place(source=source, sha256=sha256, size=size, occurrence=occurrence, fetched=fetched)
        if when := self._erased(sha256):
            self.evidence.erase(sha256)
            self._arrived()
            self._quarantine(None, source, c.name, c.locator, f"was erased from this casebook on {when}; not taken in")
            return
        self._open(place, depth, way)

    def _open(self, place: Place, depth: int, way: Way) -> None:
        """Take in what a kept capture holds: the members of a container, the reports of a format, or both."""
        kept = self._kept(place)
        before = self.account.received
        box = container(kept)
        sound = True
        if box is not None:
            self._note(place)
            sound = self._members(box, kept, place, depth, way)
        if box is None or kept.suffix == ".eml" or kept.media_type == "message/rfc822":
            sound = self._reports(kept, place) and sound
        if self.account.received == before:
            self._refuse(place, "", "no report was found in it")
        elif sound:
            self._release_all(place.sha256)

    def _kept(self, place: Place) -> Kept:
        o = place.occurrence
        return Kept(
            path=self.evidence.path(place.sha256), name=o.name, size=place.size, media_type=_plain(o.media_type),
            address=o.final_address or o.address, captured_at=o.captured_at, headers=o.headers,
        )  # fmt: skip

    def _members(self, box: Container, kept: Kept, place: Place, depth: int, way: Way) -> bool:
        """Whether the container could be read to its end."""
        try:
            if depth >= self.settings.max_archive_depth:
                limit = self.settings.max_archive_depth
                raise LimitError(kept.name, None, f"archives in archives, deeper than {limit}: `max_archive_depth`")
            for member in box.members(kept, way):
                if isinstance(member, Refused) and place.occurrence.collector == "fetch":
                    self._arrived()  # one item an address, however often it is fetched; to try again is to fetch it
                    self._quarantine(None, place.source, place.source, "", member.cause)
                    continue
                self._take(member, place.source, place, depth + 1, way)
        except (InputError, OSError) as error:
            self._refuse(place, "", error.cause if isinstance(error, InputError) else f"cannot be read: {error}")
            return False
        return True

    def _reports(self, kept: Kept, place: Place) -> bool:
        """Whether the capture could be read to its end."""
        whole = True
        try:
            for found in self._captures.drafts(kept, self._context):
                if isinstance(found, Draft):
                    self._arrived()
                    self._draft(found, place)
                else:
                    whole = whole and found.locator != ""
                    self._refuse(place, found.locator, found.cause)
        except InputError as error:
            self._refuse(place, "", error.cause)
            return False
        return whole

    def _refuse(self, place: Place, locator: str, cause: str) -> None:
        """Set a part of a kept capture apart, or all of it."""
        self._arrived()
        self._quarantine(place.sha256, place.source, place.occurrence.name, locator, cause, place)

    def _draft(self, draft: Draft, place: Place) -> None:
        """Begin to read one report; it is stored in its turn, when so many others are begun as are read at once."""
        identity = tables.document_id(draft)
        document = msgspec.structs.replace(draft.document, id=identity, capture=place.sha256)
        if arrivals.held(self.store, identity) or self._erased(identity):
            self._begun.append((draft, place, document, lambda: (None, None)))
        else:
            self._begun.append((draft, place, *self._begin(document, place.occurrence.name)))
        self._settle(self._ahead.held if self._ahead is not None else 0)

    def _settle(self, left: int = 0) -> None:
        """Store what was begun, the oldest first, until so much is left."""
        while len(self._begun) > left:
            self._store(*self._begun.popleft())

    def _store(self, draft: Draft, place: Place, document: Document, read: Callable[[], Read]) -> None:
        """One report, in one transaction: its capture, itself, its reading, its words in the index, the log."""
        identity = document.id
        if when := self._erased(identity):
            cause = f"was erased from this casebook on {when}; not taken in"
            self._quarantine(place.sha256, place.source, place.occurrence.name, draft.locator, cause, place)
            return
        at = now()
        if arrivals.held(self.store, identity):
            if arrivals.seen(self.store, identity, place.sha256, draft.locator, place.occurrence.id):
                self._count("duplicate", place.occurrence.name)
                return
            with self.store.transaction():
                self._put_place(place)
                tables.put_appearance(self.store, identity, place.sha256, draft.locator, at, self.actor)
                self._free(place.sha256, draft.locator, at)
            self._count("duplicate", place.occurrence.name)
            return
        host = urllib.parse.urlsplit(place.occurrence.address or "").hostname if place.fetched else None
        old = self._in_place_of(draft, place)
        limit = self.settings.max_source_reports_hour
        if old is None and host and arrivals.within_hour(self.store, host, at) >= limit:
            cause = f"more than {limit:,} reports of {host} within an hour, `max_source_reports_hour`; try again later"
            self._quarantine(place.sha256, place.source, place.occurrence.name, draft.locator, cause, place)
            return
        reading, unread = outcome = read()
        document = reading.document if reading is not None else document
        with self.store.transaction():
            self._put_place(place)
            chain = document.url or place.occurrence.address
            before = tables.newest(self.store, old.previous) if old else arrivals.previous(self.store, chain)
            stored = tables.Stored(
                document=document, capture=place.sha256, locator=draft.locator, given=draft.given, chain=chain,
                previous=before, host=host, added_at=old.added_at if old else at, unread=unread,
            )  # fmt: skip
            tables.put_document(self.store, stored, at, self.actor)
            tables.put_appearance(self.store, identity, place.sha256, draft.locator, at, self.actor)
            tables.put_outcome(self.store, identity, outcome, at, self.actor)
            self.store.index(identity, self.words.folded(document.title, document.text))
            self._free(place.sha256, draft.locator, at)
            if old is not None:
                tables.supersede(self.store, old.document.id, identity, at, self.actor)
        self.account.unread += reading is None
        self.account.partly += reading is not None and unread is not None
        self._count("stored", place.occurrence.name)

    def _begin(self, document: Document, name: str) -> tuple[Document, Callable[[], Read]]:
        """The document with its language, and what gives its reading or says why there is none; it is kept anyway."""
        if self._open_reader is None:
            with suppress(InputError):
                document = with_language(document, self._hints, name, None)
            return document, lambda: (None, "taken in without reading")
        return self._reader(self._open_reader).told(document, self._hints, name)

    def _reader(self, opened: Callable[[], Reads | Ahead]) -> Ahead:
        if self._ahead is None:
            self._ahead = ahead_of(opened())
        return self._ahead

    def _in_place_of(self, draft: Draft, place: Place) -> tables.Stored | None:
        """The document that a report replaces: none, while captures are new."""
        return None

    def _erased(self, subject: str) -> str | None:
        return erasing.erased(self.store, subject) if self._any_erased else None

    def _validators(self, address: str) -> Validators | None:
        """What the server said with the newest copy of an address of which a report was stored."""
        self._settle()
        headers = arrivals.headers(self.store, address)
        if headers is None:
            return None
        return Validators(headers.get("etag"), headers.get("last-modified"))

    def _note(self, place: Place) -> None:
        """A container is a capture too, whatever becomes of its members."""
        if not arrivals.noted(self.store, place.occurrence.id):
            with self.store.transaction():
                self._put_place(place)

    def _put_place(self, place: Place) -> None:
        tables.put_capture(self.store, place.sha256, place.size, place.occurrence, self.actor)

    def _free(self, capture: str, locator: str, at: str) -> None:
        waiting.release(self.store, waiting.waiting_id(capture, "", locator), at, self.actor)

    def _release(self, waits: str) -> None:
        """Let go what waited and came through; not what this run itself set apart."""
        if waits not in self._set_apart and arrivals.waits(self.store, waits):
            self._settle()
            with self.store.transaction():
                waiting.release(self.store, waits, now(), self.actor)

    def _release_all(self, capture: str) -> None:
        """Let go whatever waited in a capture that was read to its end, as a sheet whose columns are known by now."""
        if waiting.inside(self.store, capture):
            self._settle()
            for waits in waiting.inside(self.store, capture):
                self._release(waits)

    def _place(self, item: waiting.Waiting) -> Place | None:
        """Where a capture in quarantine is kept; None if it is gone, which `verify` reports."""
        query = "SELECT body FROM occurrence WHERE capture = ? ORDER BY captured_at, id LIMIT 1"
        row = next(self.store.rows(query, (item.capture or "",)), None)
        if row is None or not item.capture:
            return None
        occurrence = tables.decode(row[0], tables.Occurrence)
        path = self.evidence.checked(item.capture)
        return Place(
            source=item.source, sha256=item.capture, size=path.stat().st_size, occurrence=occurrence,
            fetched=occurrence.fetched,
        )  # fmt: skip

    def _quarantine(
        self, capture: str | None, source: str, name: str, locator: str, cause: str, place: Place | None = None
    ) -> None:
        item = waiting.Waiting(
            capture=capture, source=source, name=name, locator=locator, cause=" ".join(cause.split()), since=now(),
            known=self._said() or "{}",
        )  # fmt: skip
        self._set_apart.add(item.id)
        with self.store.transaction():
            if place is not None:
                self._put_place(place)
            waiting.put(self.store, item, self.actor)
        self._count("quarantined", f"{name}, {locator}" if locator else name, item.cause)

    def _said(self) -> str:
        """What the user said of the sources, empty if nothing."""
        rows = self._context.rows
        said = Said(self._context.known, dict(self._context.columns), rows.name if rows else msgspec.UNSET)
        return "" if said == Said() else msgspec.json.encode(said).decode()

    def _arrived(self) -> None:
        self.account.received += 1

    def _count(self, outcome: str, name: str, cause: str | None = None) -> None:
        setattr(self.account, outcome, getattr(self.account, outcome) + 1)
        self.tell(self.account, name, cause)


def finish(store: Store, account: Account, actor: str) -> None:
    """Write the account of a run into the log."""
    with store.transaction():
        audit.append(store, now(), actor, f"intake: {account}", "intake", msgspec.to_builtins(account))


def _plain(media_type: str | None) -> str | None:
    return media_type.split(";")[0].strip().lower() if media_type else None
