"""The numbers of names: a few are found by search in the sorted text of all, a table is made for who asks for many."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np
from numpy.typing import NDArray

_FEW = 3_000  # names found by search, 8 µs each, before all of them, 70 ms, are put into a table


class Names(dict[str, int]):
    """Each name of a sorted list and its number, from 1; 0 for what is not in it."""

    def __init__(self, text: NDArray[np.uint8], apart: str) -> None:
        super().__init__()
        self._text = text.tobytes()
        self._apart = apart
        ends = np.flatnonzero(text == ord(apart))
        self._starts = [0, *(ends + 1).tolist(), len(text) + 1]
        self.count = len(self._starts) - 1
        self._whole = False

    def __missing__(self, name: str) -> int:
        if self._whole:
            return 0
        if len(self) >= _FEW:
            # Nothing is taken away: other threads may be looking at this very moment.
            self.update(zip(self.all(), range(1, self.count + 1), strict=True))
            self._whole = True
            return self.get(name, 0)
        sought = name.encode("utf-8", "surrogatepass")
        at = bisect_left(range(self.count), sought, key=self._at)
        found = self[name] = at + 1 if at < self.count and self._at(at) == sought else 0
        return found

    def _at(self, n: int) -> bytes:
        return self._text[self._starts[n] : self._starts[n + 1] - 1]

    def all(self) -> list[str]:
        """Every name, in order."""
        return self._text.decode().split(self._apart)
