"""WARC files and WACZ packages: every answer that a server gave becomes a capture with its address and time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from constat.captures import Kept, Received, Refused
from constat.errors import InputError, MissingExtraError
from constat.sources.receive import Bounded, Way

_TEXTS = ("text/", "application/xhtml", "application/rss", "application/atom", "application/rdf", "application/xml",
          "application/json", "application/pdf", "application/msword", "application/vnd.")  # fmt: skip


def score(kept: Kept, head: bytes) -> float:
    """By name or by its first bytes."""
    name = kept.name.lower()
    if name.endswith((".warc", ".warc.gz", ".wacz")) or kept.media_type == "application/warc":
        return 0.9
    return 0.9 if head.startswith(b"WARC/1.") else 0.0


def members(kept: Kept, way: Way) -> Iterator[Received | Refused]:
    """Every response and resource with text; pictures, scripts and the like stay in the file, which is kept."""
    try:
        import warcio  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(kept.name, "warcio", "web") from error
    if not kept.head.startswith(b"PK"):
        with kept.open() as file:
            yield from _records(file, kept, way, "")
        return
    try:
        with zipfile.ZipFile(kept.path) as archive:
            for info in archive.infolist():
                if info.filename.startswith("archive/") and not info.is_dir():
                    way.budget.member(kept.name)
                    with archive.open(info) as file:
                        bounded = io.BufferedReader(_Raw(Bounded(file, kept.name, info.compress_size, way.budget)))
                        yield from _records(bounded, kept, way, f"{info.filename}, ")
    except (InputError, GeneratorExit):
        raise
    except Exception as error:
        raise InputError(kept.name, None, f"a damaged WACZ package: {type(error).__name__}: {error}") from error


class _Raw(io.RawIOBase):
    def __init__(self, bounded: Bounded) -> None:
        self.bounded = bounded

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.bounded.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _records(file: Any, kept: Kept, way: Way, prefix: str) -> Iterator[Received | Refused]:
    from warcio.archiveiterator import ArchiveIterator

    number, whole = 0, False
    try:
        records = ArchiveIterator(file, check_digests=True)
        for number, record in enumerate(records, 1):
            if record.rec_type in ("response", "resource"):
                way.budget.member(kept.name)
                found = _record(record, kept, way, f"{prefix}record {number}")
                if found is not None:
                    yield found
                    if isinstance(found, Received):
                        record.content_stream().read(1)  # to the end, so that the digests are complete
                if record.digest_checker and record.digest_checker.passed is False:
                    why = "; ".join(record.digest_checker.problems)[:200]
                    yield Refused(locator=f"{prefix}record {number}, digest", cause=f"the record was changed: {why}")
            whole = True
    except (InputError, GeneratorExit):
        raise
    except Exception as error:
        why = f"damaged after record {number}: {type(error).__name__}: {str(error)[:100]}"
        yield Refused(locator=f"{prefix}record {number + 1}", cause=why)
        return
    if not whole:
        yield Refused(locator=f"{prefix}record 1", cause="no record could be read")
    elif kept.size and not prefix and (fault := _cut(kept)):
        yield Refused(locator="end of file", cause=fault)


def _record(record: Any, kept: Kept, way: Way, where: str) -> Received | Refused | None:
    headers = tuple((str(k), str(v)) for k, v in record.http_headers.headers) if record.http_headers else ()
    kind = (record.http_headers or record.rec_headers).get_header("Content-Type") or ""
    media = kind.split(";")[0].strip().lower() or None
    if media and not media.startswith(_TEXTS):
        return None
    status = record.http_headers.get_statuscode() if record.http_headers else None
    code = int(status) if status and status.isdigit() else None
    if code is not None and 300 <= code < 400:
        return None  # a redirect says where the page is, and nothing else
    address = record.rec_headers.get_header("WARC-Target-URI")
    if code is not None and code >= 400:
        gone = " (it may have been taken back)" if code in (404, 410) else ""
        return Refused(locator=where, cause=f"the server answered {code} for {address}{gone}")
    length = record.rec_headers.get_header("Content-Length") or "0"
    packed = int(length) if length.isdigit() else 0
    return Received(
        name=address or f"{kept.name}, {where}",
        stream=Bounded(record.content_stream(), address or kept.name, packed, way.budget),
        address=address,
        final_address=address,
        captured_at=record.rec_headers.get_header("WARC-Date"),
        media_type=media,
        status=code,
        headers=headers,
        collector="warc",
        locator=where,
    )


def _cut(kept: Kept) -> str | None:
    """Whether the last compressed record ends early, which readers of WARC take for an end."""
    import zlib

    if not kept.head.startswith(b"\x1f\x8b"):
        return None
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    with kept.open() as file:
        while piece := file.read(1 << 20):
            while piece:
                unpacker.decompress(piece, 1 << 20)
                piece = unpacker.unconsumed_tail
                if unpacker.eof:
                    piece = unpacker.unused_data
                    if piece or file.peek(1):  # type: ignore[attr-defined]
                        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    return None if unpacker.eof else "the file ends in the middle of a record; fetch it again"
