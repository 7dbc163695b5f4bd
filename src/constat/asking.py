"""Readings for a casebook in which a language model has a part: several questions under way, failures counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from constat.account import Reads, read_document
from constat.ahead import Ahead, Read
from constat.claims.model.schema import Answer
from constat.errors import InputError
from constat.readers import ModelReader
from constat.records import Document, Reading

LATER = "read by the rules alone; `constat add --retry` asks the model"


class Asking(Ahead):
    """Asks about the next documents while the first is looked at. `failed` counts why there was no answer.

    Where the rules read in the model's stead, there is both a reading and the reason.
    """

    any_language = True

    def __init__(self, reader: ModelReader) -> None:
        super().__init__(reader)
        self._model = reader
        self.for_review = self.differences = self.refused = 0
        self.failed: Counter[str] = Counter()

    @property
    def held(self) -> int:
        """How many readings may be waited for."""
        return self._model.settings.concurrency - 1

    def begin(self, document: Document) -> Callable[[], Read]:
        """A function that gives the reading of a document that is asked about meanwhile."""
        future = self._model.begin(document)

        def read() -> Read:
            answer = future.result()
            why = answer.cause if isinstance(answer, InputError) else None
            reading, fault = read_document(_Answered(self._model, answer), document)
            self._count(reading, why)
            return reading, fault or why

        return read

    def close(self) -> None:
        """Let go of the connections."""
        super().close()
        self._model.close()

    def _count(self, reading: Reading | None, why: str | None) -> None:
        """Of a run over a whole casebook only numbers are held."""
        noted = self._model.noted
        self.differences += len(noted.differences)
        self.refused += len(noted.refused)
        noted.differences.clear()
        noted.refused.clear()
        if why is not None:
            self.failed[why] += 1
        if reading is not None:
            self.for_review += sum(c.for_review for e in (*reading.events, *reading.denials) for c in e.claims)


class _Answered:
    """Reads the document that was asked about."""

    def __init__(self, model: ModelReader, answer: Answer | InputError) -> None:
        self._model, self._answer = model, answer

    def read(self, document: Document) -> Reading:
        reading, error = self._model.of(document, self._answer)
        if reading is None:
            assert error is not None
            raise error
        return reading


class Later(Ahead):
    """Reads with the rules where nobody should wait for the model, and leaves the documents to be asked about later."""

    def begin(self, document: Document) -> Callable[[], Read]:
        """A function that gives the reading of a document, and that it is not the whole."""
        read = super().begin(document)

        def half() -> Read:
            reading, why = read()
            return reading, why or LATER

        return half


def ahead_of(reader: Reads | Ahead) -> Ahead:
    """What begins to read with a reader."""
    if isinstance(reader, Ahead):
        return reader
    return Asking(reader) if isinstance(reader, ModelReader) else Ahead(reader)
