"""The one door to what is stored. The command line, the desk and Python programs all come through here.

A casebook is a folder: `evidence/` (bytes as received, by SHA-256), `casebook.sqlite` (or PostgreSQL, by the setting
`store`), `casebook.toml` (its settings), `anchors.jsonl` (the head of the audit log, signed). `docs/casebook.md` says
what it promises.
"""

from __future__ import annotations

import getpass
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import msgspec

from constat.account import Account, Erased, Reads, Rebuilt, Said, Status, Tell, now
from constat.adding import Intake, finish
from constat.ahead import Ahead
from constat.anew import Anew
from constat.asking import ahead_of
from constat.captures import Received
from constat.claims.model.cache import Cache
from constat.documents.language import language_hints
from constat.documents.reports import Known
from constat.errors import StoreError, UsageError
from constat.filters import ALL, Filters
from constat.imports import RowReader
from constat.imports import known as known_datasets
from constat.incidents.book import IncidentBook
from constat.records import Decision, Reading, content_id
from constat.rereading import reread
from constat.settings import Settings
from constat.sources.fetch import Fetcher
from constat.store import alert_state, audit, checking, decisions, erasing, holding, marks, overview, tables, waiting
from constat.store.anchors import Anchor, Anchors
from constat.store.evidence import Evidence
from constat.store.marks import Day, Spots
from constat.store.opening import DATABASE, open_store
from constat.store.packing import pack
from constat.store.searching import Hit, Words, particles

SETTINGS, EVIDENCE = "casebook.toml", "evidence"
__all__ = ["DATABASE", "EVIDENCE", "SETTINGS", "Casebook", "actor"]
_HEAD = "# Settings of this casebook. They win over those of the user; the environment wins over both.\n"


class Casebook(IncidentBook):
    """An open casebook. Use it as a context manager, or close it."""

    def __init__(self, folder: Path | str, settings: Settings | None = None, *, writable: bool = False) -> None:
        folder = Path(folder)
        if not (folder / SETTINGS).is_file():
            raise StoreError(f"{folder}: no casebook; `constat init {folder}` makes one")
        settings = settings or Settings.load(over=folder / SETTINGS)
        self.folder, self.settings, self.writable = folder, settings, writable
        self.evidence = Evidence(folder / EVIDENCE)
        self.store = open_store(folder, settings, writable)
        try:
            self.id = self._meta("id")
            self.anchors = Anchors(folder, self.id, settings)
            self.words = Words(particles(settings.overlays))
            if writable:
                self.evidence.create()
                self._tidy()
        except BaseException:
            self.store.close()
            raise

    @classmethod
    def init(cls, folder: Path, settings: Settings) -> Casebook:
        """Make a casebook in a new or empty folder, and open it; raises `UsageError` if something is there."""
        if (folder / SETTINGS).exists():
            raise UsageError(f"{folder}: is a casebook already")
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError(f"{folder}: is not empty; name a new folder")
        folder.mkdir(parents=True, exist_ok=True)
        Evidence(folder / EVIDENCE).create()
        store = open_store(folder, settings, True)
        try:
            with store.transaction():
                if next(store.rows("SELECT 1 FROM meta WHERE name = 'id'"), None):
                    raise UsageError("the database of the setting `store` holds a casebook already; name another one")
                for name, value in (("id", secrets.token_hex(8)), ("salt", secrets.token_hex(32))):
                    store.execute("INSERT INTO meta VALUES (?, ?)", (name, value))
                audit.append(store, now(), actor(settings), "made", "casebook", store.name)
        finally:
            store.close()
        stated = f'store = "{settings.store}"\n' if settings.store else ""
        (folder / SETTINGS).write_text(_HEAD + stated, encoding="utf-8")
        return cls(folder, settings, writable=True)

    @classmethod
    def open(cls, folder: Path, *, writable: bool = False, settings: Settings | None = None) -> Casebook:
        """Open the casebook of a folder, with its own settings; raises `StoreError`."""
        return cls(folder, settings, writable=writable)

    def __enter__(self) -> Casebook:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the database and let another process write."""
        self.store.close()

    @property
    def actor(self) -> str:
        """Who is written into the log."""
        return actor(self.settings)

    def add(
        self,
        sources: Iterable[str | Received],
        *,
        known: Known | None = None,
        columns: Mapping[str, str] | None = None,
        dataset: str | None = None,
        reader: Callable[[], Reads | Ahead] | None = None,
        retry: bool = False,
        fetcher: Fetcher | None = None,
        tell: Tell = lambda account, name, cause: None,
    ) -> Account:
        """Take in what the sources hold, and with `retry` what waits or is not read yet; each is read by the reader.

        `dataset`: their tables hold the coded events of a data set, whose rows are read as what they are.
        `tell` hears the account after each item. An interrupt leaves whole documents only; adding again goes on there.
        """
        reader = reader or (RowReader if dataset else None)
        intake = Intake(self.store, self.evidence, self.settings, self.actor, self.words, reader, fetcher, tell)
        try:
            if retry:
                intake.late()
                intake.again()
            intake.add(sources, Said(known or Known(), dict(columns or {}), dataset or msgspec.UNSET))
            finish(self.store, intake.account.check(), self.actor)
            self.settle()
        finally:
            intake.close()
            with suppress(StoreError):  # what ended the run is told, not that its end could not be anchored
                self.anchor(only_if_due=True)
        return intake.account

    def anchor(self, *, only_if_due: bool = False) -> Anchor | None:
        """Sign the head of the audit log, so that a later cut or rewrite shows; None if there is nothing to anchor."""
        at = now()
        if only_if_due and not self.anchors.due(self.store, at):
            return None
        return self.anchors.write(self.store, at)

    def status(self) -> Status:
        """How much it holds, and what waits."""
        _, anchored = self.anchors.faults(self.store)
        return Status(
            **holding.counts(self.store, known_datasets()),
            store=self.store.name,
            anchored=anchored,
            warnings=self.store.warnings,
            waiting=tuple(waiting.every(self.store)),
        )

    def verify(self, noted: str | None = None) -> checking.Findings:
        """Check everything against the disk, the log and the anchors; `noted` is an anchor kept elsewhere, SEQ:HASH."""
        findings = checking.check(self.store, self.evidence, self.anchors)
        if noted is not None:
            seq, _, digest = noted.partition(":")
            if not seq.isdigit() or len(digest) < 8:
                raise UsageError(f"{noted!r}: an anchor is written as its number, a colon and its hash")
            held = next(self.store.rows("SELECT hash FROM audit WHERE seq = ?", (int(seq),)), None)
            if held is None or not str(held[0]).startswith(digest):
                findings.faults.append(f"audit {seq}: is not what you noted: the log was cut or written anew")
        return findings

    def documents(self) -> Iterator[tables.Stored]:
        """Every document, by id, but for those in whose place another one stands."""
        query = "SELECT id FROM document WHERE id NOT IN (SELECT document FROM superseded) ORDER BY id"
        ids = [str(i) for (i,) in self.store.rows(query)]
        for number in ids:
            yield next(tables.documents(self.store, "WHERE id = ?", (number,)))

    def readings(self) -> Iterator[Reading]:
        """The reading of every document that has one, by id of the document."""
        for stored in self.documents():
            if reading := tables.get_reading(self.store, stored.document):
                yield reading

    def history(self, address: str) -> list[tables.Stored]:
        """The versions of what stood at an address, oldest first: a correction is a newer one beside the first."""
        return list(tables.documents(self.store, "WHERE chain = ? ORDER BY added_at, id", (address,)))

    def document(self, beginning: str) -> tables.Stored:
        """The document whose id begins so; raises `UsageError` if none or several do."""
        if len(beginning) < 6 or set(beginning) - set("0123456789abcdef"):
            raise UsageError(f"{beginning!r}: six or more signs of a document's id are wanted")
        found = list(tables.documents(self.store, "WHERE id >= ? AND id < ? LIMIT 2", (beginning, beginning + "g")))
        if len(found) != 1:
            raise UsageError(f"{beginning}: {'several documents begin' if found else 'no document begins'} so")
        return found[0]

    def found_in(self, capture: str | None = None, address: str | None = None) -> list[str]:
        """Ids of the documents that stand in a capture, or in what was fetched from an address."""
        query = (
            "SELECT DISTINCT document FROM appearance WHERE (capture = ? "
            "OR capture IN (SELECT capture FROM occurrence WHERE address = ?)) "
            "AND document NOT IN (SELECT document FROM superseded) ORDER BY document"
        )
        return [str(number) for (number,) in self.store.rows(query, (capture, address))]

    def overview(self, filters: Filters = ALL) -> overview.Overview:
        """The incidents that are asked for at a glance: reads every one of them."""
        return overview.overview(self.store, self._asked(filters))

    def added_since(self, at: str) -> int:
        """How many reports came in since a moment; rows of data sets are none."""
        return holding.added_since(self.store, at, known_datasets())

    def marks(self, filters: Filters = ALL) -> Iterator[marks.Mark]:
        """The incidents that are asked for as points of a map and of a time line, the newest first."""
        return marks.every(self.store, self._asked(filters))

    def spots(self, filters: Filters = ALL) -> Spots:
        """The places of the incidents that are asked for, with how many lie at each."""
        return marks.spots(self.store, self._asked(filters))

    def days(self, filters: Filters = ALL) -> Iterator[Day]:
        """The days of the incidents that are asked for, with how many happened on each."""
        return marks.days(self.store, self._asked(filters))

    def revised(self) -> int:
        """A number that is another one after each change of the casebook."""
        (seq,) = next(self.store.rows("SELECT COALESCE(MAX(seq), 0) FROM audit"))
        return int(seq or 0)

    def occurrences(self, capture: str) -> list[tables.Occurrence]:
        """When and where the bytes of a capture were seen, the first time first."""
        rows = self.store.rows("SELECT body FROM occurrence WHERE capture = ? ORDER BY captured_at, id", (capture,))
        return [tables.decode(body, tables.Occurrence) for (body,) in rows]

    def links(self, since: str) -> list[str]:
        """Addresses of pages that reports taken in since then point at, and that were never fetched."""
        query = (
            "SELECT DISTINCT chain FROM document WHERE added_at >= ? AND host IS NOT NULL AND chain IS NOT NULL "
            "AND chain NOT IN (SELECT address FROM occurrence WHERE address IS NOT NULL) ORDER BY chain"
        )
        return [str(chain) for (chain,) in self.store.rows(query, (since,))]

    def search(self, asked: str, limit: int = 20) -> list[Hit]:
        """Documents that hold all words of a query; restricted names are covered in what is shown of them."""
        groups, hits, cover = self.words.query(asked), [], self.words.cover(self.restricted())
        for number in self.store.find(groups, limit):
            d = next(tables.documents(self.store, "WHERE id = ?", (number,))).document
            snippet, start = self.words.snippet(d.text, groups, cover)
            title, publisher = (cover(said) if said else None for said in (d.title, d.publisher))
            hits.append(Hit(number, title, d.published, publisher, snippet, start))
        return hits

    def rebuild(self, reader: Reads | Ahead, tell: Callable[[], None] = lambda: None) -> Rebuilt:
        """Make all that is derived anew: documents from their captures, every reading, the index. Can be repeated.

        `tell` is called for each capture, then for each document.
        """
        ahead = ahead_of(reader)
        anew = Anew(self.store, self.evidence, self.settings, self.actor, self.words, lambda: ahead)
        try:
            extracted = anew.run(tell)
            hints = language_hints(self.settings.overlays)
            done = reread(self.store, self.words, self.actor, self.documents(), ahead, hints, tell)
        finally:
            anew.close()
            ahead.close()
        self.settle(anew=True)
        e = extracted
        return Rebuilt(
            replaced=e.replaced, found=e.new, kept=e.kept, documents=done.documents, changed=done.changed,
            unread=done.unread, partly=done.partly, digest=self.digest(),
        )  # fmt: skip

    def digest(self) -> str:
        """One hash over every document and what was read in it, the same however and in whatever order they came."""
        rows = []
        for stored in self.documents():
            d = stored.document
            rows.append(content_id([d.id, d.lang, tables.reading_digest(self.store, d.id)]))
        return content_id(rows)

    def export_evidence(
        self, target: Path, *, restricted: bool = False, tell: Callable[[], None] = lambda: None
    ) -> int:
        """Write a bag of captures, log and anchors; pages and texts, which name people, only with `restricted`."""
        count = pack(self.store, self.evidence, self.folder, target, restricted, tell)
        if self.writable:
            action = f"exported evidence: {count} captures{', with pages and texts' if restricted else ''}"
            self.note(action)
        return count

    def decide(self, decision: Decision, made_on: int) -> decisions.Decided:
        """Write a decision down; `made_on` is the revision that was looked at, 0 for the first decision on a subject.

        Raises `ConflictError`, which tells the newer decision, if that is no longer the last.
        """
        with self.store.transaction():
            done = decisions.put(self.store, decision, made_on)
            self.refresh_inside()
        return done

    def decisions_about(self, events: Iterable[str]) -> Iterator[decisions.Decided]:
        """Decisions whose subject or footing holds one of these events, in the order they were made."""
        yield from decisions.about(self.store, list(events))

    def decisions(self) -> Iterator[decisions.Decided]:
        """All decisions, in the order they were made."""
        yield from decisions.every(self.store)

    def revision(self, decision: Decision) -> int:
        """The last revision of what a decision is about."""
        return decisions.revision(self.store, decisions.subject_of(decision))

    def restrict(self, names: Iterable[str]) -> int:
        """Cover these names wherever something is shown by default; how many are new."""
        with self.store.transaction():
            new = 0
            for name in names:
                if name.strip():
                    statement = "INSERT INTO restricted VALUES (?) ON CONFLICT DO NOTHING"
                    new += self.store.execute(statement, (name.strip(),))
            audit.append(self.store, now(), self.actor, f"restricted {new} names", "restricted", self.restricted())
        return new

    def restricted(self) -> list[str]:
        """The names that are covered."""
        return sorted(str(name) for (name,) in self.store.rows("SELECT name FROM restricted"))

    def erasure(self, document: str) -> Erased:
        """What erasing a document would take with it."""
        number = self.document(document).document.id
        forms = erasing.forms(self.store, number)
        captures = sorted({c for form in forms for c in erasing.captures_of(self.store, form)})
        others = [o for o in erasing.others(self.store, number, captures) if o not in forms]
        return Erased(document=number, captures=tuple(captures), others=tuple(others))

    def erase(self, document: str) -> Erased:
        """Take a document, its readings and its evidence out for good; the log keeps that it was done."""
        plan = self.erasure(document)
        reports = [self.document(form).document for form in erasing.forms(self.store, plan.document)]
        with self.store.transaction():
            for report in reports:
                captures = list(plan.captures) if report.id == plan.document else []
                erasing.erase(self.store, report.id, captures, now(), self.actor)
            self.refresh_inside()
        self._tidy()
        self.store.shred()
        for report in reports:
            alert_state.forget(self.folder, report.id)
            Cache(self.settings.cache).forget(report)
        return plan

    def _tidy(self) -> None:
        """Do what an interrupt kept from being done: files left aside, files of erased captures."""
        self.evidence.tidy()
        for (sha256,) in list(self.store.rows("SELECT sha256 FROM capture WHERE erased IS NOT NULL")):
            self.evidence.erase(str(sha256))

    def note(self, action: str) -> None:
        """Write into the log that something was done with the casebook as a whole."""
        with self.store.transaction():
            audit.append(self.store, now(), self.actor, action, "casebook", action)

    def _meta(self, name: str) -> str:
        row = next(self.store.rows("SELECT value FROM meta WHERE name = ?", (name,)), None)
        if row is None:
            raise StoreError(f"{self.folder}: its database is not the one of a casebook; restore it from a copy")
        return str(row[0])


def actor(settings: Settings) -> str:
    if settings.actor:
        return settings.actor
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
