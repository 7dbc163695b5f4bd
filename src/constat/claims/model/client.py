"""Asks an OpenAI-compatible server, the one that the settings name and no other: retries, limits, answers kept."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import threading
import time
import urllib.parse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from constat.claims.model.budget import Budget
from constat.claims.model.cache import Cache, Kept
from constat.claims.model.prompt import Messages
from constat.claims.model.schema import decode, plain_schema
from constat.errors import MissingExtraError, ModelError, SettingsError
from constat.records import Document
from constat.settings import ModelSettings

if TYPE_CHECKING:
    import httpx

_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_NEVER = {
    401: "the server refuses the key; it is read from the environment variable {key}",
    402: "the server wants to be paid first",
    403: "the server refuses the key; it is read from the environment variable {key}",
    404: "the server knows no such address or model: look at `address` and `name` in [model]",
}
_LARGEST_ANSWER = 8_000_000  # bytes
_LONGEST_PAUSE = 60.0  # seconds that a server may ask to be left alone
_GIVE_UP = 3  # documents in a row without any answer, after which the server counts as down
_LOCKS = 1_024  # one of which keeps a question from being asked twice at once
_LOCAL = (".local", ".lan", ".internal", ".home.arpa", ".localhost")
T = TypeVar("T", bound=msgspec.Struct)


class _UnusableError(Exception):
    """What came is no answer; `wait` seconds say when to try again, None that there is no use in it.

    `down`: the server did not speak at all, or only to say that it cannot.
    """

    def __init__(self, cause: str, wait: float | None = 0.0, down: bool = False) -> None:
        super().__init__(cause)
        self.wait, self.down = wait, down


class Client:
    """Puts one question at a time or several at once; the same question is put once, now and in later runs."""

    def __init__(
        self, settings: ModelSettings, cache: Path, budget: Budget, environ: Mapping[str, str] | None = None
    ) -> None:
        self.settings, self.budget, self.cache = settings, budget, Cache(cache)
        self._key = (os.environ if environ is None else environ).get(settings.key_variable, "").strip()
        self._url = _checked(settings, bool(self._key))
        self._locks = [threading.Lock() for _ in range(_LOCKS)]
        self._failures = 0
        self._refused: SettingsError | None = None
        self._http: httpx.Client | None = None
        self._opening = threading.Lock()

    def ask(
        self,
        document: Document,
        messages: Messages,
        kind: type[T],
        schema: dict[str, Any] | None = None,
        fits: Callable[[T], None] = lambda answer: None,
    ) -> T:
        """The answer about a document, kept or new; raises `ModelError`, and `SettingsError` where none can come.

        `fits` raises `ValueError` for an answer that is none; such a one is not kept.
        """
        schema = schema or plain_schema(kind)
        path = self.cache.path(document, self.settings, messages, schema)
        with self._locks[hash(path) % _LOCKS]:
            kept = self.cache.get(path)
            if kept is not None:
                try:
                    answer: T = decode(kept.content, kind)
                    fits(answer)
                except ValueError:
                    pass  # damaged: asked again
                else:
                    self.budget.kept(kept.tokens_in or 0, kept.tokens_out or 0, kept.seconds)
                    return answer
            if self.settings.offline:
                raise ModelError(document.id, "the model's answer is not kept, and `offline` forbids to ask")
            kept, answer = self._try(document, self._body(messages, schema), kind, fits)
            self.cache.put(path, kept)
            self.budget.answered(kept.seconds)
            return answer

    def close(self) -> None:
        """Let go of the connections."""
        if self._http is not None:
            self._http.close()

    def _body(self, messages: Messages, schema: dict[str, Any]) -> dict[str, Any]:
        s = self.settings
        body: dict[str, Any] = {
            "model": s.name,
            "messages": [{"role": role, "content": content} for role, content in messages],
            s.limit_name: s.max_answer_tokens,
            "stream": False,
        }
        if s.temperature >= 0:
            body["temperature"] = s.temperature
        if s.seed is not None:
            body["seed"] = s.seed
        if s.output == "schema":
            named = {"name": "answer", "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        elif s.output == "object":
            body["response_format"] = {"type": "json_object"}
        if s.output != "schema":
            shape = f"\n\nThe JSON schema of the answer:\n{msgspec.json.encode(schema).decode()}\n"
            body["messages"][0]["content"] += shape
        return body

    def _try(
        self, document: Document, body: dict[str, Any], kind: type[T], fits: Callable[[T], None]
    ) -> tuple[Kept, T]:
        data = msgspec.json.encode(body)
        pause = self.settings.retry_pause_seconds
        last, down = "", False
        for turn in range(self.settings.retries + 1):
            if self._refused is not None:
                raise self._refused
            if self._failures >= _GIVE_UP:
                raise ModelError(document.id, f"not asked: the server gave {_GIVE_UP} others no answer")
            self.budget.reserve(document.id, len(data))
            try:
                kept = self._once(data)
                answer: T = decode(kept.content, kind)
                fits(answer)
            except (_UnusableError, ValueError) as error:
                last = self._hidden(" ".join(str(error).split()))[:300]
                wait, down = (error.wait, error.down) if isinstance(error, _UnusableError) else (0.0, False)
                if wait is None:
                    break
                if turn < self.settings.retries:
                    time.sleep(min(max(wait, pause * 2**turn), _LONGEST_PAUSE))
            else:
                self._failures = 0
                return kept, answer
        self._failures = self._failures + 1 if down else 0
        raise ModelError(document.id, f"the model gave no answer that can be used: {last}")

    def _once(self, data: bytes) -> Kept:
        """One request; every way in which it can fail is an `_UnusableError`."""
        http, errors = self.open()
        reserved = len(data)
        spent: tuple[int | None, int | None] = (0, 0)
        start = time.monotonic()
        try:
            with http.stream("POST", self._url, content=data) as response:
                whole = self._receive(response, start)
                if response.status_code != 200:
                    raise self._failure(response.status_code, response.headers, whole)
            kept, spent = _answer(whole, time.monotonic() - start)
            return kept
        except errors.ConnectError as error:
            raise _UnusableError(f"{self._host()} cannot be reached: {error}", down=True) from error
        except (errors.TimeoutException, _LateError) as error:
            spent = (None, None)  # what it worked on is not known
            raise _UnusableError(
                f"no answer within {self.settings.answer_seconds:g} s, `answer_seconds`", down=True
            ) from error
        except errors.HTTPError as error:
            raise _UnusableError(f"{self._host()}: {error}", down=True) from error
        finally:
            self.budget.settle(reserved, *spent)

    def _receive(self, response: httpx.Response, start: float) -> bytes:
        whole = bytearray()
        for piece in response.iter_bytes():
            whole += piece
            if len(whole) > _LARGEST_ANSWER:
                raise _UnusableError(f"an answer of more than {_LARGEST_ANSWER:,} bytes")
            if time.monotonic() - start > self.settings.answer_seconds:
                raise _LateError
        return bytes(whole)

    def _failure(self, status: int, headers: Mapping[str, str], body: bytes) -> _UnusableError:
        said = self._hidden(" ".join(body[:400].decode("utf-8", "replace").split()))
        if status in _NEVER:
            what = _NEVER[status].format(key=self.settings.key_variable)
            self._refused = SettingsError(f"{self._host()}: {what} ({status}: {said})")
            raise self._refused
        if status in _AGAIN:
            return _UnusableError(f"the server says {status}: {said}", _seconds(headers.get("retry-after", "")), True)
        hint = "; `output`, `limit_name` and `temperature` in [model] are for servers that want less" * (status == 400)
        return _UnusableError(f"the server says {status}: {said}{hint}", None)

    def _hidden(self, text: str) -> str:
        return text.replace(self._key, "…") if self._key else text

    def _host(self) -> str:
        return urllib.parse.urlsplit(self._url).netloc

    def open(self) -> tuple[httpx.Client, Any]:
        try:
            import httpx
        except ImportError as error:
            raise MissingExtraError("[model]", "httpx", "model") from error
        with self._opening:
            if self._http is None:
                s = self.settings
                headers = {"Content-Type": "application/json", "Accept": "application/json"}
                if self._key:
                    headers["Authorization"] = f"Bearer {self._key}"
                # A redirect would carry the report elsewhere; a proxy of the environment has no part in what is local.
                self._http = httpx.Client(
                    headers=headers,
                    timeout=httpx.Timeout(s.answer_seconds, connect=s.connect_seconds, pool=None),
                    follow_redirects=False,
                    trust_env=not _near(urllib.parse.urlsplit(self._url).hostname or ""),
                )
        return self._http, httpx


class _LateError(Exception):
    """The answer comes, too slowly."""


def _answer(whole: bytes, seconds: float) -> tuple[Kept, tuple[int | None, int | None]]:
    """The first choice of an answer, with the tokens that it took."""
    try:
        said = msgspec.json.decode(whole)
        choice = said["choices"][0]
        content = choice["message"]["content"]
    except (msgspec.DecodeError, KeyError, IndexError, TypeError) as error:
        raise _UnusableError(f"not an answer of a chat: {whole[:120]!r}") from error
    usage = said.get("usage")
    used = usage if isinstance(usage, dict) else {}
    tokens = _whole(used.get("prompt_tokens")), _whole(used.get("completion_tokens"))
    if choice.get("finish_reason") == "length":
        raise _UnusableError("the answer was cut off: raise `max_answer_tokens`", None)
    if not isinstance(content, str) or not content.strip():
        raise _UnusableError("an empty answer")
    at = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    model = str(said.get("model") or "")
    kept = Kept(
        content=content, model=model, tokens_in=tokens[0], tokens_out=tokens[1], seconds=round(seconds, 3), at=at
    )
    return kept, tokens


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _seconds(value: str) -> float:
    return float(value) if value.strip().isdigit() else 0.0


def _checked(settings: ModelSettings, with_key: bool) -> str:
    """The address that questions go to; raises `SettingsError` for one that is none, or to which no key should go."""
    if not settings.address or not settings.name:
        raise SettingsError(
            "no language model is set: give `address` and `name` in [model], such as "
            '"http://localhost:11434/v1"; docs/model.md tells how'
        )
    try:
        parts = urllib.parse.urlsplit(settings.address)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise SettingsError(f"[model] address {settings.address!r}: {error}") from error
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise SettingsError(f"[model] address {settings.address!r} should be such as http://localhost:11434/v1")
    if "@" in parts.netloc:
        raise SettingsError("[model] address holds a password; a key is read from the environment alone")
    if with_key and parts.scheme == "http" and not _near(host):
        raise SettingsError(f"[model] address: {settings.key_variable} would go to {host} in the clear; use https")
    return settings.address.rstrip("/") + "/chat/completions"


def _near(host: str) -> bool:
    """A host of this machine or this network, by its name or number."""
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(_LOCAL)
    return number.is_private or number.is_loopback or number.is_link_local
