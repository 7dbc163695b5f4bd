"""What a run may spend on a model and what it spent: requests, tokens, money, time."""

from __future__ import annotations

import threading

import msgspec

from constat.errors import ModelError
from constat.settings import ModelSettings


class Usage(msgspec.Struct, kw_only=True):
    """What a run took: answers, those kept from before among them, requests with retries, tokens as the server counts.

    `kept_in`, `kept_out` and `kept_seconds` are what the answers from the cache took when they were given.
    """

    answers: int = 0
    from_cache: int = 0
    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    kept_in: int = 0
    kept_out: int = 0
    kept_seconds: float = 0.0

    def cost(self, settings: ModelSettings) -> float:
        """What this run cost, in the currency of the settings."""
        return (self.tokens_in * settings.price_in + self.tokens_out * settings.price_out) / 1_000_000

    def spared(self, settings: ModelSettings) -> float:
        """What the answers from the cache would have cost."""
        return (self.kept_in * settings.price_in + self.kept_out * settings.price_out) / 1_000_000


class Budget:
    """Counts what is spent, by several threads at once, and refuses a request that could go over a limit."""

    def __init__(self, settings: ModelSettings) -> None:
        self.settings = settings
        self.used = Usage()
        self._lock = threading.Lock()
        self._held_in = self._held_out = 0  # what requests under way may cost at most

    def reserve(self, document: str, tokens_in: int) -> None:
        """Count a request before it is made; raises `ModelError` if it could go over."""
        s, used = self.settings, self.used
        with self._lock:
            of_in, of_out = self._held_in + tokens_in, self._held_out + s.max_answer_tokens
            worst = Usage(tokens_in=used.tokens_in + of_in, tokens_out=used.tokens_out + of_out)
            limits = (
                ("max_requests", used.requests + 1, s.max_requests),
                ("max_tokens", worst.tokens_in + worst.tokens_out, s.max_tokens),
                ("max_cost", worst.cost(s), s.max_cost),
            )
            for name, would, limit in limits:
                if limit and would > limit:
                    raise ModelError(
                        document, f"not asked: this run could go over `{name}`, {limit:g}; what was answered is kept"
                    )
            used.requests += 1
            self._held_in, self._held_out = of_in, of_out

    def settle(self, reserved: int, tokens_in: int | None, tokens_out: int | None) -> None:
        """Count what a request took; where the server does not say, the most that it may have taken."""
        most = self.settings.max_answer_tokens
        with self._lock:
            self._held_in -= reserved
            self._held_out -= most
            self.used.tokens_in += reserved if tokens_in is None else tokens_in
            self.used.tokens_out += most if tokens_out is None else tokens_out

    def answered(self, seconds: float) -> None:
        """Count an answer that can be used."""
        with self._lock:
            self.used.answers += 1
            self.used.seconds += seconds

    def kept(self, tokens_in: int, tokens_out: int, seconds: float) -> None:
        """Count an answer from the cache, which costs nothing now."""
        with self._lock:
            self.used.answers += 1
            self.used.from_cache += 1
            self.used.kept_in += tokens_in
            self.used.kept_out += tokens_out
            self.used.kept_seconds += seconds
