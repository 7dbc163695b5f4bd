"""How often a password may be tried."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable
from threading import Lock

_TRIES, _WITHIN = 10, 60.0  # passwords that are looked at for one account, and from one address, in so many seconds


class Throttle:
    """So many tries within a time, for each name that is given."""

    def __init__(
        self, tries: int = _TRIES, within: float = _WITHIN, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.tries, self.within, self.clock = tries, within, clock
        self._made: dict[str, deque[float]] = defaultdict(deque)
        self._lock = Lock()

    def wait(self, *names: str) -> float:
        """0 if a try may be made, and it is noted; else the seconds until one may."""
        now = self.clock()
        with self._lock:
            if len(self._made) > 10_000:
                self._forget(now)
            longest = 0.0
            for name in names:
                made = self._made[name]
                while made and made[0] <= now - self.within:
                    made.popleft()
                if len(made) >= self.tries:
                    longest = max(longest, made[0] + self.within - now)
            if longest == 0:
                for name in names:
                    self._made[name].append(now)
            return longest

    def _forget(self, now: float) -> None:
        for name in [name for name, made in self._made.items() if not made or made[-1] <= now - self.within]:
            del self._made[name]
