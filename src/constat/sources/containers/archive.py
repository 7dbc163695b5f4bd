"""ZIP and tar archives. Nothing is unpacked to a path: members are streams, and their names are only names."""

from __future__ import annotations

import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from typing import IO

from constat.captures import Kept, Received, Refused
from constat.errors import InputError, LimitError
from constat.sources.receive import Bounded, Budget, Counted, Way

_TAR = (".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tbz2", ".txz")
_OFFICE = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis", b"_rels/.rels", b"word/", b"xl/")
_LONGEST_ENTRY = 400  # bytes of a member's line in the directory of a ZIP, many times what is usual


def score(kept: Kept, head: bytes) -> float:
    """By its first bytes; office documents and WACZ are ZIP archives too, and have readers of their own."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        office = kept.suffix in (".docx", ".xlsx", ".xlsm", ".odt", ".wacz") or any(o in head[:300] for o in _OFFICE)
        return 0.0 if office else 0.6
    return 0.6 if head[257:262] == b"ustar" or kept.name.lower().endswith(_TAR) else 0.0


def members(kept: Kept, way: Way) -> Iterator[Received | Refused]:
    """Every file in it; links, devices and names that lead outside are refused one by one."""
    yield from _zip(kept, way.budget) if kept.head.startswith(b"PK") else _tar(kept, way.budget)


def _zip(kept: Kept, budget: Budget) -> Iterator[Received | Refused]:
    _check_directory(kept, budget)
    with Counted(kept.path) as file:
        yield from _zipped(kept, file, budget)


def _zipped(kept: Kept, file: Counted, budget: Budget) -> Iterator[Received | Refused]:
    try:
        archive = zipfile.ZipFile(file)
    except Exception as error:  # damage shows as many kinds
        raise InputError(kept.name, None, f"a damaged ZIP archive: {error}") from error
    with archive:
        for info in archive.infolist():
            if info.filename.endswith("/"):
                continue
            budget.member(kept.name)
            where = f"member {info.filename}"
            kind = info.external_attr >> 16
            if fault := _fault(info.filename, bool(kind) and stat.S_IFMT(kind) not in (0, stat.S_IFREG)):
                yield Refused(locator=where, cause=fault)
                continue
            try:
                stream: IO[bytes] = archive.open(info)
            except Exception as error:
                yield Refused(locator=where, cause=f"damaged or locked: {error}")
                continue
            with stream:
                yield _member(kept, info.filename, where, stream, info.compress_size, budget, file.taken)


def _check_directory(kept: Kept, budget: Budget) -> None:
    """Refuse a directory of a ZIP too long for the members it may have, before it is read into memory."""
    with kept.open() as file:
        file.seek(max(0, kept.size - 66_000))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at >= 0 and len(tail) >= at + 22:
        count, size = struct.unpack("<HI", tail[at + 10 : at + 16])
        most = budget.settings.max_archive_members
        if (count > most and count != 0xFFFF) or min(size, kept.size) > most * _LONGEST_ENTRY:
            raise LimitError(kept.name, None, f"more than {most:,} members, the setting `max_archive_members`")


def _tar(kept: Kept, budget: Budget) -> Iterator[Received | Refused]:
    try:
        with Counted(kept.path) as file, tarfile.open(fileobj=file, mode="r|*") as archive:
            while (info := archive.next()) is not None:
                budget.member(kept.name)
                vars(archive)["members"].clear()  # which tarfile would keep for all of them
                where = f"member {info.name}"
                if info.isdir():
                    continue
                if fault := _fault(info.name, not info.isreg()):
                    yield Refused(locator=where, cause=fault)
                    continue
                if info.size > budget.bytes or info.size > max(1 << 20, kept.size * budget.settings.max_archive_ratio):
                    raise LimitError(kept.name, None, f"{where} says it has {info.size:,} bytes, more than is allowed")
                stream = archive.extractfile(info)
                assert stream is not None
                yield _member(kept, info.name, where, stream, kept.size, budget, file.taken)
    except (InputError, GeneratorExit):
        raise
    except Exception as error:  # tarfile, zlib, lzma and bz2 each have their own kinds
        raise InputError(kept.name, None, f"a damaged tar archive: {type(error).__name__}: {error}") from error


def _member(
    kept: Kept, name: str, where: str, stream: IO[bytes], packed: int, budget: Budget, taken: Callable[[], int]
) -> Received:
    bounded = Bounded(stream, f"{kept.name}/{name}", packed, budget, taken)
    return Received(name=f"{kept.name}/{name}", stream=bounded, collector="archive", locator=where)


def _fault(name: str, special: bool) -> str | None:
    parts = name.replace("\\", "/").split("/")
    if not name:
        return "it has no name"
    if special:
        return "a link or a device, not a file"
    if name.startswith(("/", "\\")) or ".." in parts or (len(name) > 1 and name[1] == ":") or "\0" in name:
        return "its name leads out of the archive"
    return None
