"""A mail server and an HTTP receiver on this machine, that can be told to fail and to come back."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "a secret of the tests"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Mailbox:
    """What a mail server does with recipients and letters, and what it took."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, Message]] = []
        self.refuse: dict[str, str] = {}  # recipient -> answer
        self.answers: list[str] = []  # to the next letters, instead of taking them
        self.lose_answers = 0  # letters that are taken, after which the line breaks before the answer

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        letter = message_from_bytes(envelope.content, policy=default)
        self.taken += [(recipient, letter) for recipient in envelope.rcpt_tos]
        if self.lose_answers:
            self.lose_answers -= 1
            server.transport.abort()
        return "250 OK"

    def ids(self, recipient: str) -> list[str]:
        return [str(letter["Message-ID"]) for to, letter in self.taken if to == recipient]


@contextmanager
def mail_server(box: Mailbox, port: int) -> Iterator[None]:
    from aiosmtpd.controller import Controller

    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


class Receiver:
    """What an HTTP receiver answers, and what reached it."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str]]] = []  # to the next requests, else 204; 0 breaks the line
        self.got: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.refused = 0

    def ids(self) -> list[str]:
        return [headers["idempotency-key"] for headers, _ in self.got]


@contextmanager
def http_receiver(receiver: Receiver, port: int) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, more = receiver.answers.pop(0) if receiver.answers else (204, {})
            if status == 0:
                receiver.refused += 1
                self.close_connection = True
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            if status < 300:
                assert signed(headers["constat-signature"], body)
                receiver.got.append((headers, json.loads(body)))
            else:
                receiver.refused += 1
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def signed(header: str, body: bytes) -> bool:
    """As the documentation tells receivers to check."""
    at, _, digest = header.removeprefix("t=").partition(",v1=")
    expected = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(digest, expected)
