"""A running desk, and a page of a browser on which nothing goes wrong unseen."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable
from typing import Any

import uvicorn

from constat.desk.desk import Desk
from constat.desk.serve import Door, listen, server


class Served:
    """A running desk."""

    def __init__(self, desk: Desk, door: Door) -> None:
        self.desk, self.door = desk, door
        self._socket = listen(door)
        self.port: int = self._socket.getsockname()[1]
        self._ready = threading.Event()
        self._server: uvicorn.Server = server(desk, door, self._ready.set)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()
        assert self._ready.wait(30), "the desk does not start"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def raw(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        finally:
            connection.close()

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        data = json.dumps(body).encode() if body is not None else None
        status, _, said = self.raw(method, path, data, headers)
        return status, json.loads(said)

    def good(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        status, said = self.ask(method, path, body, headers)
        assert status == 200, said
        return said

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(30)
        self._socket.close()


Serve = Callable[..., Served]


class Watched:
    """A page of the browser on which nothing may go wrong unseen: errors, foreign requests, refused loads, dialogs."""

    def __init__(self, browser: Any, served: Served, lang: str = "en", **options: Any) -> None:
        self.served = served
        self.context = browser.new_context(locale=lang, viewport={"width": 1440, "height": 900}, **options)
        self.context.add_init_script(
            "window.__csp = []; document.addEventListener('securitypolicyviolation', "
            "e => window.__csp.push(e.violatedDirective + ' ' + e.blockedURI));"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(40_000)  # on machines that do much else besides
        self.wrong: list[str] = []
        self.allowed: tuple[str, ...] = ()
        self.page.on("console", lambda m: self.wrong.append(f"console: {m.text}") if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.wrong.append(f"error: {e}"))
        self.page.on("request", self._request)
        self.page.on("dialog", self._dialog)

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.served.address, "blob:", "data:")):
            self.wrong.append(f"request to {request.url}")

    def _dialog(self, dialog: Any) -> None:
        self.wrong.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def open(self, path: str) -> Any:
        self.page.goto(self.served.address + path)
        return self.page

    def check(self) -> None:
        """Raise if anything went wrong on the page."""
        self.wrong += [f"refused: {said}" for said in self.page.evaluate("window.__csp")]
        told = [w for w in self.wrong if not any(part in w for part in self.allowed)]
        assert not told, told

    def close(self) -> None:
        self.context.close()


def until(true: Callable[[], Any], seconds: float = 20.0) -> Any:
    """What a function gives once it gives something true."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it does not become true"
        time.sleep(0.05)
    return found
