"""Readings for a casebook, made before they are asked for: by this process while they are few, then by all cores."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TypeAlias

from constat import imports
from constat.account import Reads, read_document
from constat.documents.language import Hint, with_language
from constat.engines.pool import LostError, Pool, cores
from constat.engines.reading import ALONE
from constat.engines.work import Job
from constat.errors import InputError
from constat.records import Document, Reading
from constat.settings import Settings

Read: TypeAlias = tuple[Reading | None, str | None]  # the reading, or why there is none; both: why not the whole


class Ahead:
    """Begins to read a document and gives its reading later. Whoever uses it holds at most `held` that are begun."""

    any_language = False  # whether documents in a language that no pack reads are read too

    def __init__(self, reader: Reads, settings: Settings | None = None, workers: int | None = 1) -> None:
        """`workers`: how many processes read with the settings; None for all cores once the reader alone takes long."""
        self._reader, self._settings = reader, settings
        self._workers = cores() if workers is None else workers
        self._spent = 0.0 if workers is None else ALONE
        self._pool: Pool | None = None

    @property
    def held(self) -> int:
        """How many readings may be waited for."""
        return self._pool.held if self._pool is not None else 0

    def begin(self, document: Document) -> Callable[[], Read]:
        """A function that gives the reading of a document; what of all readings goes wrong is raised by it."""
        if self._pool is None and self._settings is not None and self._workers > 1 and self._spent >= ALONE:
            self._pool = Pool(Job(settings=self._settings, form="reading"), self._workers)
        if self._pool is None:
            return lambda: self._alone(document)
        future = self._pool.submit("document", document)

        def read() -> Read:
            try:
                outcome = future.result()
            except LostError as error:
                return None, str(error)
            return outcome.reading, outcome.cause or None

        return read

    def told(self, document: Document, hints: Mapping[str, Hint], name: str) -> tuple[Document, Callable[[], Read]]:
        """The document with its language, and what gives its reading or says why there is none."""
        if document.coded:
            return document, lambda: imports.outcome(document)
        if not document.text.strip() and not document.title:
            return document, lambda: (Reading(document=document, events=()), None)
        try:
            document = with_language(document, hints, name, None, self.any_language)
        except InputError as error:
            cause = error.cause
            return document, lambda: (None, cause)
        return document, self.begin(document)

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.close()

    def _alone(self, document: Document) -> Read:
        start = time.perf_counter()
        try:
            return read_document(self._reader, document)
        finally:
            self._spent += time.perf_counter() - start
