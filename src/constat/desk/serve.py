"""Opens the desk on a port and serves it until it is told to stop."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import msgspec
import uvicorn

from constat.desk.app import application
from constat.desk.desk import Desk
from constat.desk.people import identify
from constat.errors import UsageError

_LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """Where the desk is found. `names`: by which it may be called beside those of this machine."""

    host: str = "127.0.0.1"
    port: int = 0
    names: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    proxy: str | None = None  # the address of the proxy that ends TLS and says who asks

    @property
    def local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in ("127.0.0.1", "localhost", "::1")

    @property
    def secure(self) -> bool:
        """Whether what goes through it is encrypted on the way."""
        return self.certificate is not None or self.proxy is not None

    @property
    def hosts(self) -> frozenset[str]:
        """The names by which it may be called."""
        return frozenset(name.lower() for name in (*_LOCAL, *self.names))


def check(door: Door, desk: Desk) -> None:
    """Raise `UsageError` where the desk would stand open."""
    if door.certificate and not door.key:
        raise UsageError("--tls-certificate needs --tls-key, the file of its key")
    if door.local:
        return
    if desk.accounts is None or not desk.accounts.any():
        raise UsageError(
            f"--host {door.host}: other machines could reach the desk, so it needs accounts first: "
            "`constat account add NAME --role admin`"
        )
    if not door.secure:
        raise UsageError(
            f"--host {door.host}: passwords would cross the network in the clear; give --tls-certificate and "
            "--tls-key, or --proxy ADDRESS of a proxy that ends TLS"
        )
    if not door.names:
        raise UsageError(f"--host {door.host}: give the name by which people call it, such as --name desk.example.org")


def serve(desk: Desk, door: Door, ready: Callable[[str], None]) -> None:
    """Serve until interrupted; `ready` hears the address once it can be opened."""
    check(door, desk)
    listening = listen(door)
    port = listening.getsockname()[1]
    name = door.names[0] if door.names else "127.0.0.1" if door.host == "localhost" else door.host
    address = f"{'https' if door.certificate else 'http'}://{f'[{name}]' if ':' in name else name}:{port}/"
    server(desk, door, lambda: ready(address)).run(sockets=[listening])


def listen(door: Door) -> socket.socket:
    """The socket of a door, open already."""
    family = socket.AF_INET6 if ":" in door.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((door.host, door.port))
    except OSError as error:
        listening.close()
        raise UsageError(f"--host {door.host} --port {door.port}: cannot be opened: {error.strerror}") from error
    return listening


class _Server(uvicorn.Server):
    """A server that says when it is ready."""

    ready: Callable[[], None]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self.ready()


def server(desk: Desk, door: Door, ready: Callable[[], None]) -> uvicorn.Server:
    """The server of a desk, not yet running."""
    who = identify(desk, door)
    config = uvicorn.Config(
        application(desk, who, door.hosts, secure=door.secure),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=door.proxy is not None,
        forwarded_allow_ips=door.proxy,
        ssl_certfile=door.certificate,
        ssl_keyfile=door.key,
        timeout_graceful_shutdown=3,
    )
    made = _Server(config)
    made.ready = ready
    return made
