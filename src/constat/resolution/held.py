"""Readings held until all are read, when it is known which of their events are one incident."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable, Iterator
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
        self.count = 0

    def __enter__(self) -> Held:
        return self

    def __exit__(self, *failure: object) -> None:
        self._file.close()

    def add(self, reading: Reading) -> None:
        """Hold one more reading."""
        self.add_kept(kept(reading), tellings(reading, self._actor_of))

    def add_kept(self, reading: bytes, told: Iterable[Telling]) -> None:
        """Hold one more reading, pickled, with its tellings."""
        own = list(told)
        self._tellings += own
        pickle.dump((reading, [t.id for t in own]), self._file)
        self.count += 1

    def resolve(self, constraints: Constraints = NOTHING_DECIDED) -> Resolution:
        """Which of the events held are one incident."""
        return resolve(self._tellings, constraints)

    def readings(self) -> Iterator[Reading]:
        """The readings, in the order in which they were added."""
        for data, _ in self.kept():
            reading: Reading = pickle.loads(data)
            yield reading

    def kept(self) -> Iterator[tuple[bytes, list[str]]]:
        """The readings as they are kept, each with the ids of its events."""
        self._file.seek(0)
        for _ in range(self.count):
            yield pickle.load(self._file)


def kept(reading: Reading) -> bytes:
    """A reading as it is held: pickled, which keeps lone surrogates, as JSON would not."""
    return pickle.dumps(reading, protocol=5)
