"""Anchors: the head of the audit log noted where a change of the database does not reach it.

An unanchored chain can be cut or written anew without a trace. So its head is written, signed, to `anchors.jsonl` in
the casebook and to a copy in the state folder of the user, whose key signs both; a command of the user's own (a time
stamp, a signature) may follow. What was written after the last anchor is reported as unanchored.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import os
import secrets
import shlex
import subprocess
from pathlib import Path
from typing import BinaryIO

import msgspec

from constat.errors import StoreError
from constat.settings import Settings
from constat.store import audit
from constat.store.protocol import Store

FILE = "anchors.jsonl"


class Anchor(msgspec.Struct, frozen=True):
    """Entry `seq` of the log of a casebook had this hash at this time; signed with the user's key."""

    casebook: str
    seq: int
    hash: str
    at: str
    key: str = ""  # by which key it is signed, as the beginning of the key's digest
    signature: str = ""

    def signed(self, key: bytes) -> str:
        """The signature it should have."""
        said = json.dumps([self.casebook, self.seq, self.hash, self.at])
        return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()


class Anchors:
    """The anchors of one casebook: those in its folder and their copies in the user's state folder."""

    def __init__(self, folder: Path, casebook: str, settings: Settings) -> None:
        self.casebook, self.settings = casebook, settings
        self.files = (folder / FILE, settings.state / "anchors" / f"{casebook}.jsonl")

    def due(self, store: Store, now: str) -> bool:
        """Whether the log has grown or aged enough for a new anchor."""
        newest = max(self._read(self.files[0]), key=lambda a: a.seq, default=None)
        head = next(audit.last_entries(store, 1), None)
        if head is None or (newest and head.seq <= newest.seq):
            return False
        if newest is None or head.seq - newest.seq >= self.settings.anchor_every_entries:
            return True
        age = dt.datetime.fromisoformat(now) - dt.datetime.fromisoformat(newest.at)
        return age >= dt.timedelta(hours=self.settings.anchor_every_hours)

    def write(self, store: Store, now: str) -> Anchor | None:
        """Anchor the newest entry; None for an empty log. Raises `StoreError` if it cannot be written."""
        head = next(audit.last_entries(store, 1), None)
        if head is None:
            return None
        key = self._key(make=True) or b""
        anchor = Anchor(self.casebook, head.seq, head.hash, now, _name(key))
        anchor = msgspec.structs.replace(anchor, signature=anchor.signed(key))
        for path in self.files:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("a+b") as file:
                    _drop_half_line(file)
                    file.write(msgspec.json.encode(anchor) + b"\n")
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                raise StoreError(f"{path}: the anchor cannot be written: {error.strerror}") from error
        if command := self.settings.anchor_command:
            self._run(command)
        return anchor

    def _run(self, command: str) -> None:
        done = subprocess.run([*shlex.split(command), str(self.files[0])], capture_output=True, text=True, check=False)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no reason"]
            raise StoreError(f"`anchor_command` failed with {done.returncode}: {said[0][:200]}; the anchor is written")

    def faults(self, store: Store) -> tuple[list[str], int]:
        """What the anchors contradict, and up to which entry the log is anchored."""
        found: list[str] = []
        key = self._key(make=False)
        copies = [self._read(path) for path in self.files]
        for anchor in sorted({*copies[0], *copies[1]}, key=lambda a: (a.seq, a.at)):
            if anchor.casebook != self.casebook:
                found.append(f"anchor {anchor.seq}: of another casebook, {anchor.casebook}")
            elif key and anchor.key == _name(key) and not hmac.compare_digest(anchor.signature, anchor.signed(key)):
                found.append(f"anchor {anchor.seq}: was changed, for its signature is wrong")
        if missing := {a.seq for a in copies[1]} - {a.seq for a in copies[0]}:
            found.append(f"anchors {sorted(missing)}: gone from the casebook, kept in the state folder")
        anchored = 0
        for anchor in sorted({*copies[0], *copies[1]}, key=lambda a: a.seq):
            rows = store.rows("SELECT hash FROM audit WHERE seq = ?", (anchor.seq,))
            held = next((h for (h,) in rows), None)
            if held is None:
                found.append(f"audit {anchor.seq}: was anchored on {anchor.at} and is gone: the log was cut")
            elif held != anchor.hash:
                found.append(f"audit {anchor.seq}: is not what was anchored on {anchor.at}: the log was written anew")
            else:
                anchored = anchor.seq
        return found, anchored

    def _read(self, path: Path) -> set[Anchor]:
        """The anchors of a file; raises `StoreError` for a line that is none."""
        if not path.is_file():
            return set()
        data = path.read_bytes()
        found = set()
        for number, line in enumerate(data[: data.rfind(b"\n") + 1].splitlines(), 1):
            try:
                found.add(msgspec.json.decode(line, type=Anchor))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise StoreError(f"{path}:{number}: no anchor stands there: {error}") from error
        return found

    def _key(self, make: bool) -> bytes | None:
        path = self.settings.state / "anchor.key"
        if path.is_file():
            return path.read_bytes()
        if not make:
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        key = secrets.token_bytes(32)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(key)
        return key


def _name(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:12]


def _drop_half_line(file: BinaryIO) -> None:
    """Cut off what an interrupt left of a last line."""
    file.seek(0)
    data = file.read()
    file.truncate(data.rfind(b"\n") + 1)
    file.seek(0, os.SEEK_END)
