"""One fetch as a WARC file: each request as sent and each answer as received, with their digests."""

from __future__ import annotations

import base64
import gzip
import hashlib
import uuid

from constat import __version__
from constat.sources.fetch import Answer, Hop


def as_warc(answer: Answer) -> bytes:
    """The records of all hops as WARC 1.1, gzipped one by one, so that each can be read by itself."""
    about = f"software: constat {__version__}\r\nformat: WARC File Format 1.1\r\n".encode()
    records = [_record("warcinfo", about, {"WARC-Date": answer.at, "Content-Type": "application/warc-fields"})]
    for hop in answer.hops:
        records += _hop(hop)
    return b"".join(gzip.compress(record, mtime=0) for record in records)


def _hop(hop: Hop) -> list[bytes]:
    asked = _head(f"GET {hop.target} HTTP/1.1", hop.asked)
    said = _head(f"HTTP/1.1 {hop.status} {hop.reason}".rstrip(), hop.headers)
    known = {"WARC-Date": hop.at, "WARC-Target-URI": hop.address, "WARC-IP-Address": hop.ip}
    number = _number()
    answer = known | {
        "WARC-Record-ID": number,
        "WARC-Payload-Digest": _digest(hop.body),
        "Content-Type": "application/http; msgtype=response",
    }
    request = known | {"WARC-Concurrent-To": number, "Content-Type": "application/http; msgtype=request"}
    return [_record("response", said + hop.body, answer), _record("request", asked, request)]


def _head(first: str, headers: tuple[tuple[str, str], ...]) -> bytes:
    lines = [first, *(f"{name}: {' '.join(value.split())}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "replace")


def _record(kind: str, block: bytes, fields: dict[str, str]) -> bytes:
    head = {"WARC-Type": kind, "WARC-Record-ID": _number(), **fields}
    head |= {"WARC-Block-Digest": _digest(block), "Content-Length": str(len(block))}
    lines = ["WARC/1.1", *(f"{name}: {value}" for name, value in head.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "replace") + block + b"\r\n\r\n"


def _digest(data: bytes) -> str:
    """As tools for WARC write it; the digest that a casebook relies on is the SHA-256 of the whole."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def _number() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"
