"""An OpenAI-compatible server that answers by a script, for models careful, careless, malicious, slow or broken."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_REPORT = re.compile(r"\[report ([0-9a-f]{16})\]\n(.*)\n\[/report \1\]", re.DOTALL)
Script = Callable[[str, dict[str, Any]], Any]  # (report as the model sees it, request) -> answer


class Reply:
    """An answer with a status, headers, pauses or bytes of its own, for servers that misbehave."""

    def __init__(
        self,
        status: int = 200,
        body: bytes = b"{}",
        headers: Mapping[str, str] | None = None,
        wait: float = 0.0,
        drip: float = 0.0,
        cut: bool = False,
    ) -> None:
        self.status, self.body, self.headers, self.wait, self.drip = status, body, dict(headers or {}), wait, drip
        self.cut = cut


class Server:
    """Runs a script at a port of its own; `requests` and `authorizations` are what came."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[dict[str, Any]] = []
        self.authorizations: list[str | None] = []
        self.paths: list[str] = []
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                outer._answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._http.server_port}/v1"
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop answering."""
        self._http.shutdown()
        self._http.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        request = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        with self._lock:
            self.requests.append(request)
            self.authorizations.append(handler.headers.get("Authorization"))
            self.paths.append(handler.path)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            found = _REPORT.search(request["messages"][-1]["content"])
            answer = self.script(found[2] if found else "", request)
            self._send(handler, answer if isinstance(answer, Reply) else Reply(body=completion(answer)))
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client went away, as it should with a slow server
        finally:
            with self._lock:
                self.at_once -= 1

    def _send(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        time.sleep(reply.wait)
        handler.send_response(reply.status)
        handler.send_header("Content-Length", str(len(reply.body) + (10 if reply.cut else 0)))
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        if reply.drip:
            for byte in reply.body:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                time.sleep(reply.drip)
        else:
            handler.wfile.write(reply.body)
        if reply.cut:
            handler.close_connection = True


def completion(answer: Any, finish: str = "stop", usage: dict[str, int] | None = None) -> bytes:
    """The body of an answer of a chat; anything but a string is written as JSON."""
    content = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    return json.dumps(
        {
            "id": "c",
            "object": "chat.completion",
            "model": "scripted",
            "choices": [
                {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content}},
            ],
            "usage": usage or {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
        }
    ).encode()


def event(told: str, subtype: str = "Attack", **fields: Any) -> dict[str, Any]:
    """An event with every field, empty unless given."""
    empty: dict[str, Any] = {
        "role": "main", "modality": "reported", "date": None, "place": None, "killed": None, "wounded": None,
        "perpetrator": None, "target": None, "claimed_by": None, "weapons": [], "responses": [], "damage": None,
        "uncertain": None, "sources": [],
    }  # fmt: skip
    return {**empty, "told": told, "subtype": subtype, **fields}


def answer(*events: dict[str, Any], language: str = "en") -> dict[str, Any]:
    """A whole answer."""
    return {"language": language, "events": list(events)}
