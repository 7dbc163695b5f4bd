"""An HTTP POST of JSON, signed with a secret, so that the receiver knows who sent it and knows it if it comes again."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import time
import urllib.parse
from typing import Annotated, Any

import msgspec

from constat import __version__
from constat.alerts.alert import Alert
from constat.alerts.channels import Context, NotSentError
from constat.errors import SettingsError

_LATER = frozenset({408, 423, 425, 429})  # of the refusals, those that pass by themselves
_LONGEST = 3_600.0  # seconds that a receiver may ask for


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`secret_variable`: the environment variable with the secret that signs; without one nothing is signed."""

    address: str
    secret_variable: str = ""
    seconds: Annotated[float, msgspec.Meta(gt=0)] = 20.0

    def check(self) -> Options:
        """The channel itself; raises `SettingsError`."""
        parts = urllib.parse.urlsplit(self.address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(f"`address` {self.address!r} should begin with https://")
        if parts.scheme == "http" and not _loopback(parts.hostname):
            raise SettingsError("`address` should begin with https://: over http anybody on the way reads along")
        return self

    def targets(self) -> tuple[str, ...]:
        """The one address."""
        return ("",)

    def send(self, alert: Alert, target: str, context: Context) -> None:
        """Post it; an answer of 200 to 299 means that it has arrived."""
        try:
            import httpx
        except ImportError:
            raise SettingsError("webhooks need httpx: pip install 'constat[alerts]'") from None
        body = payload(alert)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"constat/{__version__}",
            "Idempotency-Key": alert.id,
            "Constat-Alert": alert.id,
        }
        if self.secret_variable:
            secret = os.environ.get(self.secret_variable, "")
            if not secret:
                raise SettingsError(f"the environment variable {self.secret_variable} holds no secret to sign with")
            headers["Constat-Signature"] = signature(body, secret, int(time.time()))
        try:
            with (
                httpx.Client(timeout=self.seconds, follow_redirects=False) as client,
                client.stream("POST", self.address, content=body, headers=headers) as answer,
            ):
                status, asked = answer.status_code, answer.headers.get("Retry-After", "")
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise NotSentError(f"{_host(self.address)}: {type(error).__name__}: {error}") from error
        if 200 <= status < 300:
            return
        wait = min(_LONGEST, float(asked)) if asked.isdecimal() else None
        whole = status >= 500 or status in _LATER or status in (401, 403, 404, 410) or 300 <= status < 400
        raise NotSentError(f"{_host(self.address)}: answers {status}", whole=whole, wait=wait)

    def renew(self, context: Context) -> None:
        """What was posted is the receiver's."""


def payload(alert: Alert) -> bytes:
    """The body of the request."""
    told: dict[str, Any] = msgspec.to_builtins(alert)
    shown = {"id": alert.id, "subject": alert.subject, "headline": alert.headline, "text": alert.text()}
    return msgspec.json.encode(shown | told)


def signature(body: bytes, secret: str, at: int) -> str:
    """`t=SECONDS,v1=HEX`: HMAC-SHA256, under the secret, of the seconds, a full stop and the body."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def _host(address: str) -> str:
    return urllib.parse.urlsplit(address).hostname or address


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
