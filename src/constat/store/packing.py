"""Evidence as a package that can be checked without this program: a BagIt bag of captures with where they come from."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from constat.errors import StoreError, UsageError
from constat.store import anchors, audit, tables
from constat.store.evidence import Evidence
from constat.store.protocol import Store


def pack(
    store: Store, evidence: Evidence, source: Path, target: Path, restricted: bool, tell: Callable[[], None]
) -> int:
    """Write the bag into a new folder; how many captures it has. Without `restricted` neither pages nor texts leave.

    Then it holds the log, the anchors, and of each capture and document only digests, dates and places. It takes its
    name once it is whole, for a manifest that was cut short would pass for one of fewer files.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target}: is there already; name a new folder")
    aside = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        aside.mkdir(parents=True)
        count = _pack(store, evidence, source, aside, restricted, tell)
        os.replace(aside, target)
    except OSError as error:
        raise StoreError(f"{target}: cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return count


def _pack(
    store: Store, evidence: Evidence, source: Path, target: Path, restricted: bool, tell: Callable[[], None]
) -> int:
    data = target / "data"
    data.mkdir()
    count = 0
    for (sha256,) in store.rows("SELECT sha256 FROM capture WHERE erased IS NULL ORDER BY sha256"):
        if restricted:
            path = data / "evidence" / str(sha256)
            path.parent.mkdir(exist_ok=True)
            shutil.copyfile(evidence.checked(str(sha256)), path)
        count += 1
        tell()
    _write(data / "captures.jsonl", _captures(store, restricted))
    _write(data / "documents.jsonl", _documents(store, restricted))
    _write(data / "audit.jsonl", (msgspec.to_builtins(entry) for entry in audit.entries(store)))
    if (source / anchors.FILE).is_file():
        shutil.copyfile(source / anchors.FILE, data / anchors.FILE)
    (target / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", encoding="utf-8")
    with (target / "manifest-sha256.txt").open("w", encoding="utf-8", newline="\n") as manifest:
        for path in sorted(p for p in data.rglob("*") if p.is_file()):
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            manifest.write(f"{digest}  {path.relative_to(target).as_posix()}\n")
        manifest.flush()
        os.fsync(manifest.fileno())
    return count


def _captures(store: Store, restricted: bool) -> Iterator[dict[str, Any]]:
    for sha256, size in list(store.rows("SELECT sha256, size FROM capture WHERE erased IS NULL ORDER BY sha256")):
        seen = [
            tables.decode(body, tables.Occurrence)
            for (body,) in store.rows("SELECT body FROM occurrence WHERE capture = ? ORDER BY id", (sha256,))
        ]
        if restricted:
            where = [msgspec.to_builtins(o) for o in seen]
        else:  # a name of a file or an address may name a person
            where = [{"captured_at": o.captured_at, "collector": o.collector, "tool": o.tool} for o in seen]
        yield {"sha256": sha256, "size": size, "occurrences": where}


def _documents(store: Store, restricted: bool) -> Iterator[dict[str, Any]]:
    for stored in tables.documents(store):
        d = stored.document
        row: dict[str, Any] = {
            "id": d.id, "capture": stored.capture, "locator": stored.locator if restricted else None,
            "published": d.published, "lang": d.lang, "previous": stored.previous, "added_at": stored.added_at,
        }  # fmt: skip
        if restricted:
            row |= {"title": d.title, "text": d.text, "publisher": d.publisher, "url": d.url, "flags": list(d.flags)}
        yield row


def _write(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(tables.encode(row) + "\n")
