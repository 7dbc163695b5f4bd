"""What stands before every question and on every answer: no foreign host, no foreign page, nothing from elsewhere.

A page of another site can make a browser send requests here. The browser says so in `Sec-Fetch-Site` and `Origin`; and
a name that was made to point here shows in `Host`. Answers forbid scripts, styles and pictures from anywhere else.
"""

from __future__ import annotations

import urllib.parse

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from constat.desk.endpoint import RefusedError, failed

_SAFE = ("GET", "HEAD", "OPTIONS")
# Trusted types: no text becomes markup or script, but for the one address of the map's worker.
POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types default"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """ASGI middleware. `hosts`: the names the desk may be called by; `tiles`: the user's map server."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], secure: bool, tiles: str = "") -> None:
        self.app, self.hosts = app, hosts
        server = urllib.parse.urlsplit(tiles)
        allowed = f"; connect-src 'self' {server.scheme}://{server.netloc}" if server.netloc else ""
        self.headers = _HEADERS | {"Content-Security-Policy": POLICY + allowed}
        if secure:
            self.headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, or answer that it is refused."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        private = scope["path"].startswith("/api/")

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers[name] = value
                if private:
                    headers["Cache-Control"] = "no-store"
            await send(message)

        if not scope["query_string"].isascii():
            unread = RefusedError(
                400, "bad_query", "the query of the address is not written in ASCII; escape it with %"
            )
            await failed(unread)(scope, receive, sent)
        elif why := self._refused(scope["method"], Headers(scope=scope)):
            await failed(RefusedError(403, "foreign", why))(scope, receive, sent)
        else:
            await self.app(scope, receive, sent)

    def _refused(self, method: str, headers: Headers) -> str | None:
        host = headers.get("host", "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if name.lower() not in self.hosts:
            return f"the desk is not called {name!r}; name it with --name"
        if method in _SAFE:
            return None
        # Programs send neither header; browsers send at least one with everything that changes something.
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site not in (None, "same-origin"):
            return "a page of another site asks for this"
        if origin is not None and origin.split("://", 1)[-1] != host:
            return f"a page of {origin} asks for this"
        return None
