"""Readings held until all are read, when it is known which of their events are one incident."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from typing import IO

from constat.records import Reading
from constat.resolution.cluster import NOTHING_DECIDED, Constraints
from constat.resolution.resolve import Resolution, resolve
from constat.resolution.tellings import ActorOf, Telling, tellings

_IN_MEMORY = 64_000_000  # bytes of readings; what is more is kept in a temporary file


class Held:
    """Takes readings one by one, and gives them back in their order; only what is compared stays in memory."""

    def __init__(self, actor_of: ActorOf) -> None:
        self._actor_of = actor_of
        self._tellings: list[Telling] = []
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self._count = 0

    def __enter__(self) -> Held:
        return self

    def __exit__(self, *failure: object) -> None:
        self._file.close()

    def add(self, reading: Reading) -> None:
        """Hold one more reading."""
        self._tellings += tellings(reading, self._actor_of)
        pickle.dump(reading, self._file)  # which keeps lone surrogates, as JSON would not
        self._count += 1

    def resolve(self, constraints: Constraints = NOTHING_DECIDED) -> Resolution:
        """Which of the events held are one incident."""
        return resolve(self._tellings, constraints)

    def readings(self) -> Iterator[Reading]:
        """The readings, in the order in which they were added."""
        self._file.seek(0)
        for _ in range(self._count):
            reading: Reading = pickle.load(self._file)
            yield reading
