"""Extracting anew: what the captures of a casebook give now, so that a better extractor takes effect on all of them.

A report that comes out as before keeps its id. One that comes out otherwise is a new document in the place of the old
one: with its date and its place among the versions of an address. The old one is kept, unread and unsearchable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from constat.account import Said, now
from constat.adding import Intake, Place
from constat.captures import Draft, Kept, Refused
from constat.documents.extract import Context
from constat.errors import InputError
from constat.sources.receive import container
from constat.store import tables


class Extracted(msgspec.Struct, kw_only=True):
    """What came of it: documents replaced, documents that are new, and captures that no longer read."""

    replaced: int = 0
    new: int = 0
    kept: int = 0


class Anew(Intake):
    """One run over every capture, of which it is known what the user said of it when it was added."""

    def run(self, tell: Callable[[], None]) -> Extracted:
        """First all captures are read, then those stored again that give another report than before."""
        self.done = Extracted()
        self.given: set[str] = set()
        query = "SELECT sha256 FROM capture WHERE erased IS NULL"
        captures = [str(sha256) for (sha256,) in self.store.rows(query)]
        changed = []
        for sha256 in captures:
            if (first := self._look(sha256)) is not None:
                changed.append(first)
            tell()
        for _, sha256 in sorted(changed):
            for kept, place, context in self._ways(sha256):
                self._context = context
                for found in self._drafts(kept, context):
                    if isinstance(found, Draft) and self._is_other(found, sha256):
                        self._arrived()
                        self._draft(found, place)
                        self._back(tables.document_id(found))
            self._settle()
        return self.done

    def _look(self, sha256: str) -> tuple[str, str] | None:
        """Note what a capture gives; if that is something else than before, when it was first seen."""
        failed = other = False
        for kept, _, context in self._ways(sha256):
            for found in self._drafts(kept, context):
                if isinstance(found, Draft):
                    self.given.add(tables.document_id(found))
                    other = other or self._is_other(found, sha256)
                else:
                    failed = failed or self._held(sha256, found.locator)
        self.done.kept += failed
        first = next(self.store.rows("SELECT MIN(captured_at) FROM occurrence WHERE capture = ?", (sha256,)))
        return (str(first[0]), sha256) if other else None

    def _ways(self, sha256: str) -> Iterator[tuple[Kept, Place, Context]]:
        """How a capture was read: under each name and address, and with what was said of it."""
        if self.evidence.fault(sha256):
            return  # `verify` says so
        seen = set()
        query = "SELECT body FROM occurrence WHERE capture = ? ORDER BY captured_at, id"
        for (body,) in list(self.store.rows(query, (sha256,))):
            o = tables.decode(body, tables.Occurrence)
            if o.said is None:
                continue  # added before this was noted: what it gave then cannot be told from what was said of it
            place = Place(
                source=o.name, sha256=sha256, size=self.evidence.path(sha256).stat().st_size, occurrence=o,
                fetched=o.fetched,
            )  # fmt: skip
            kept = self._kept(place)
            key = (kept.suffix, kept.media_type, kept.address, o.said)
            if key in seen or (container(kept) is not None and not _is_mail(kept)):
                continue
            seen.add(key)
            said = msgspec.json.decode(o.said, type=Said) if o.said else Said()
            yield kept, place, said.context(self.settings)

    def _drafts(self, kept: Kept, context: Context) -> Iterator[Draft | Refused]:
        try:
            yield from self._captures.drafts(kept, context)
        except InputError as error:
            yield Refused(locator="", cause=error.cause)

    def _is_other(self, draft: Draft, sha256: str) -> bool:
        """Whether a report is not known at its place, or another one stands there by now."""
        identity = tables.document_id(draft)
        query = "SELECT 1 FROM appearance WHERE document = ? AND capture = ? AND locator = ?"
        known = next(self.store.rows(query, (identity, sha256, draft.locator)), None)
        return known is None or tables.successor(self.store, identity) is not None

    def _back(self, identity: str) -> None:
        """Put a document that is given once more in its place again, instead of what stands there."""
        last = tables.newest(self.store, identity)
        if last is None or last == identity:
            return
        with self.store.transaction():
            tables.supersede(self.store, identity, "", now(), self.actor)
            if last not in self.given:
                tables.supersede(self.store, last, identity, now(), self.actor)
        self.done.replaced += 1

    def _held(self, sha256: str, locator: str) -> bool:
        """Whether a document is held of this place, or of any of the capture."""
        query = "SELECT 1 FROM appearance WHERE capture = ? AND (locator = ? OR ? = '') LIMIT 1"
        return next(self.store.rows(query, (sha256, locator, locator)), None) is not None

    def _in_place_of(self, draft: Draft, place: Place) -> tables.Stored | None:
        """The document that stood where another report was found, unless some capture gives it still."""
        where = (
            "WHERE id IN (SELECT document FROM appearance WHERE capture = ? AND locator = ?) "
            "AND id NOT IN (SELECT document FROM superseded) ORDER BY id"
        )
        there = tables.documents(self.store, where, (place.sha256, draft.locator))
        found = [old for old in there if old.document.id not in self.given]
        alike = (old for old in found if old.document.publisher == draft.document.publisher)
        old = next(alike, found[0] if found else None)
        if old is None:
            self.done.new += 1
        else:
            self.done.replaced += 1
        return old


def _is_mail(kept: Kept) -> bool:
    return kept.suffix == ".eml" or kept.media_type == "message/rfc822"
