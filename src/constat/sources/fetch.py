"""The only socket: fetches public web addresses, and connects to nothing else.

The address that is checked is the one that is connected to, at every hop, so no spelling of a local address, no
redirect and no name that changes its address between check and use leads inside.
"""

from __future__ import annotations

import datetime as dt
import http.client
import ipaddress
import socket
import ssl
import threading
import time
import urllib.parse
import urllib.robotparser
import zlib
from collections.abc import Callable
from contextlib import suppress

import msgspec

from constat import __version__
from constat.errors import InputError, LimitError
from constat.settings import Settings

AGENT = f"constat/{__version__} (keeps a record of published reports)"
_REDIRECTS = (301, 302, 303, 307, 308)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_UNICAST = ipaddress.ip_network("2000::/3")
_PROTOCOLS = ipaddress.ip_network("192.0.0.0/24")  # of which Python takes some for public
_PIECE = 65_536
_LONGEST_PAUSE = 60.0  # seconds; a robots.txt that wishes for more is a refusal by another name
Permit = Callable[[str, int], bool]


class Validators(msgspec.Struct, frozen=True):
    """What a server said of the copy that is kept already."""

    etag: str | None = None
    modified: str | None = None


class Hop(msgspec.Struct, frozen=True):
    """One request and its answer."""

    address: str
    target: str
    ip: str
    at: str
    asked: tuple[tuple[str, str], ...]
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Answer(msgspec.Struct, frozen=True):
    """What came of an address, with the redirects that led there."""

    address: str
    hops: tuple[Hop, ...]

    @property
    def status(self) -> int:
        """The status of the last hop."""
        return self.hops[-1].status

    @property
    def final_address(self) -> str:
        """Where the last redirect led."""
        return self.hops[-1].address

    @property
    def at(self) -> str:
        """When it came."""
        return self.hops[-1].at


def public(address: str, port: int) -> bool:
    """Whether an address of the network is one of the public internet, at a port of the web."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip in _NAT64:
        ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if isinstance(ip, ipaddress.IPv6Address):
        # All that embeds an IPv4 address in one way or another lies outside, or is a tunnel.
        inside = ip in _UNICAST and ip.sixtofour is None and ip.teredo is None
    else:
        inside = ip not in _PROTOCOLS
    return inside and ip.is_global and not ip.is_multicast and port in (80, 443)


class Fetcher:
    """Fetches one address at a time: follows robots.txt, waits between requests to a host, and stops at the limits."""

    def __init__(self, settings: Settings, permit: Permit = public) -> None:
        self.settings, self.permit = settings, permit
        self._robots: dict[str, urllib.robotparser.RobotFileParser] = {}
        self._last: dict[str, float] = {}

    def get(self, address: str, validators: Validators | None = None) -> Answer:
        """The answer, whatever its status; raises `InputError` where there is none that may be had."""
        hops: list[Hop] = []
        until = time.monotonic() + self.settings.fetch_seconds
        current = address
        while True:
            until += self._polite(current, address, until)
            hops.append(self._hop(current, address, validators if not hops else None, until))
            target = next((v for k, v in hops[-1].headers if k.lower() == "location"), None)
            if hops[-1].status not in _REDIRECTS or target is None:
                return Answer(address, tuple(hops))
            if len(hops) > self.settings.max_redirects:
                raise LimitError(address, None, f"more than {self.settings.max_redirects} redirects: `max_redirects`")
            current = urllib.parse.urljoin(current, target)

    def _polite(self, current: str, address: str, until: float) -> float:
        """Raise if robots.txt forbids; wait for this host's turn. How long that took, which counts against no limit."""
        start = time.monotonic()
        parts = _parts(current, address)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self._robots:
            self._robots[host] = self._read_robots(host, address, until)
            self._last[host] = time.monotonic()
        robots = self._robots[host]
        if not robots.can_fetch(AGENT, current):
            raise InputError(address, None, f"the robots.txt of {parts.netloc} asks not to fetch it; save it by hand")
        pause = max(self.settings.fetch_pause_seconds, min(_LONGEST_PAUSE, float(robots.crawl_delay(AGENT) or 0)))
        wait = self._last.get(host, 0.0) + pause - time.monotonic()
        if wait > 0 and self._last.get(host):
            time.sleep(wait)
        self._last[host] = time.monotonic()
        return time.monotonic() - start

    def _read_robots(self, host: str, address: str, until: float) -> urllib.robotparser.RobotFileParser:
        robots = urllib.robotparser.RobotFileParser()
        current = host + "/robots.txt"
        for _ in range(self.settings.max_redirects + 1):
            hop = self._hop(current, address, None, until)
            target = next((v for k, v in hop.headers if k.lower() == "location"), None)
            if hop.status not in _REDIRECTS or target is None:
                break
            current = urllib.parse.urljoin(current, target)
        if 200 <= hop.status < 300:
            robots.parse(hop.body[:500_000].decode("utf-8", "replace").splitlines())
        elif hop.status in (401, 403) or hop.status >= 500:
            robots.disallow_all = True  # type: ignore[attr-defined]
        else:
            robots.allow_all = True  # type: ignore[attr-defined]
        return robots

    def _hop(self, current: str, address: str, validators: Validators | None, until: float) -> Hop:
        parts = _parts(current, address)
        asked = {"Host": parts.netloc, "User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
        if validators and validators.etag:
            asked["If-None-Match"] = validators.etag
        if validators and validators.modified:
            asked["If-Modified-Since"] = validators.modified
        target = urllib.parse.quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
            "?" + urllib.parse.quote(parts.query, safe="/?%:@!$&'()*+,;=~-._[]") if parts.query else ""
        )
        at = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        raw, ip = self._connect(parts, address, until)
        # A server that dribbles is cut off, wherever the answer stands.
        watch = threading.Timer(max(0.01, until - time.monotonic()), _cut, [raw])
        watch.start()
        try:
            connection = _spoken(raw, parts)
            connection.request("GET", target, headers=asked)
            answer = connection.getresponse()
            body = self._body(answer, address)
            if time.monotonic() >= until:
                raise TimeoutError  # what came is what came before it was cut off
            headers, body = _plain(tuple(answer.getheaders()), body, self.settings.max_page_bytes, address)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if time.monotonic() >= until:
                limit = self.settings.fetch_seconds
                raise LimitError(address, None, f"no answer within {limit:g} s, the setting `fetch_seconds`") from error
            raise InputError(address, None, f"{parts.netloc} gives no answer: {str(error)[:200]}") from error
        finally:
            watch.cancel()
            raw.close()
        return Hop(current, target, ip, at, tuple(asked.items()), answer.status, answer.reason or "", headers, body)

    def _connect(self, parts: urllib.parse.SplitResult, address: str, until: float) -> tuple[socket.socket, str]:
        """A connection to an address that may be connected to: the one that was checked, by number."""
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise InputError(address, None, f"the name {host!r} is not known: {error}") from error
        places = list(dict.fromkeys((family, place) for family, _, _, _, place in found))
        for _, place in places:
            if not self.permit(str(place[0]), port):
                raise InputError(address, None, f"{host} is {place[0]}:{port}, not of the public web; not fetched")
        failed: OSError = OSError("no address")
        for family, place in places:
            raw = socket.socket(family, socket.SOCK_STREAM)
            try:
                raw.settimeout(max(0.01, until - time.monotonic()))
                raw.connect(place)
                peer = str(raw.getpeername()[0])
            except OSError as error:
                raw.close()
                failed = error
                continue
            if self.permit(peer, port):
                return raw, peer
            raw.close()  # whatever a system may have made of the address
            raise InputError(address, None, f"{host} led to {peer}, not of the public web; not fetched")
        raise InputError(address, None, f"{parts.netloc} cannot be reached: {failed}") from failed

    def _body(self, answer: http.client.HTTPResponse, address: str) -> bytes:
        pieces: list[bytes] = []
        size = 0
        while piece := answer.read1(_PIECE):
            size += len(piece)
            if size > self.settings.max_page_bytes:
                limit = self.settings.max_page_bytes
                raise LimitError(address, None, f"more than {limit:,} bytes, the setting `max_page_bytes`")
            pieces.append(piece)
        if answer.length:  # fewer bytes than were announced
            raise http.client.IncompleteRead(b"", answer.length)
        return b"".join(pieces)


def _parts(current: str, address: str) -> urllib.parse.SplitResult:
    try:
        parts = urllib.parse.urlsplit(current)
        known = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 80)
    except ValueError as error:
        raise InputError(address, None, f"{current[:200]!r} is no address: {error}") from error
    if not known or parts.username or parts.password or any(c in current for c in "\r\n\t "):
        raise InputError(address, None, f"{current[:200]!r} is no address of the web that can be fetched")
    return parts


def _cut(raw: socket.socket) -> None:
    with suppress(OSError):
        raw.shutdown(socket.SHUT_RDWR)


def _spoken(raw: socket.socket, parts: urllib.parse.SplitResult) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    connection = http.client.HTTPConnection(host, parts.port)
    secure = parts.scheme == "https"
    connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host) if secure else raw
    return connection


def _plain(
    headers: tuple[tuple[str, str], ...], body: bytes, limit: int, address: str
) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """The body without the compression that a server chose though it was asked not to, within the limit."""
    coding = next((v.lower() for k, v in headers if k.lower() == "content-encoding"), "identity")
    packed = coding in ("gzip", "deflate")
    dropped = ("transfer-encoding", "content-encoding", "content-length") if packed else ("transfer-encoding",)
    kept = tuple((k, v) for k, v in headers if k.lower() not in dropped)
    if not packed:
        return kept, body
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise InputError(address, None, f"the answer is damaged: {error}") from error
    if len(plain) > limit or unpacker.unconsumed_tail:
        raise LimitError(address, None, f"unpacks to more than {limit:,} bytes, the setting `max_page_bytes`")
    return kept, plain
