"""Readings for a casebook, made before they are asked for: by this process while they are few, then by all cores."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from constat.account import Reads, read_document
from constat.engines.pool import LostError, Pool, cores
from constat.engines.reading import ALONE
from constat.engines.work import Job
from constat.records import Document, Reading
from constat.settings import Settings

Read: TypeAlias = tuple[Reading | None, str | None]  # the reading, or why there is none


class Ahead:
    """Begins to read a document and gives its reading later. Whoever uses it holds at most `held` that are begun."""

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
        if not document.text.strip() and not document.title:
            return lambda: (Reading(document=document, events=()), None)
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

    def each(self, documents: Iterable[Document]) -> Iterator[tuple[Document, Read]]:
        """All documents in their order, with their readings."""
        begun: deque[tuple[Document, Callable[[], Read]]] = deque()
        for document in documents:
            begun.append((document, self.begin(document)))
            while len(begun) > self.held:
                first, read = begun.popleft()
                yield first, read()
        yield from ((document, read()) for document, read in begun)

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
