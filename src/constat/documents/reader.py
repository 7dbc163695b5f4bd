"""Reads captures in a process of their own, so that no file can stop, slow or crash the program."""

from __future__ import annotations

import json
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator
from typing import IO, Any

import msgspec

from constat.captures import Draft, Kept, Refused
from constat.documents.extract import Context
from constat.documents.worker import Request
from constat.errors import InputError, LimitError


class CaptureReader:
    """One worker process, started on first use and again after it had to be ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._used = False

    def drafts(self, kept: Kept, context: Context) -> Iterator[Draft | Refused]:
        """The reports in a capture; raises `InputError` for one that cannot be read, is too slow or too large."""
        fresh = not self._used
        count = 0
        try:
            for found in self._ask(kept, context):
                count += 1
                yield found
        except _OutOfMemoryError as error:
            self.close()
            if fresh or count:
                raise LimitError(kept.name, None, str(error)) from None
            # What earlier captures left in the process may be to blame; a new one decides.
            yield from self.drafts(kept, context)
        except GeneratorExit:
            self.close()
            raise

    def _ask(self, kept: Kept, context: Context) -> Iterator[Draft | Refused]:
        process = self._started()
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(msgspec.json.encode(Request(kept, context), enc_hook=str) + b"\n")
        process.stdin.flush()
        self._used = True
        try:
            while True:
                message = self._receive(process.stdout, kept, context)
                if "draft" in message:
                    yield msgspec.convert(message["draft"], Draft)
                elif "refused" in message:
                    yield msgspec.convert(message["refused"], Refused)
                elif "failed" in message:
                    raise InputError(kept.name, None, message["failed"])
                elif "memory" in message:
                    raise _OutOfMemoryError(message["memory"])
                else:
                    return
        except KeyboardInterrupt:
            self.close()
            raise

    def _receive(self, stream: IO[bytes], kept: Kept, context: Context) -> dict[str, Any]:
        head = stream.read(4)
        body = stream.read(struct.unpack(">I", head)[0]) if len(head) == 4 else b""
        if body:
            message: dict[str, Any] = json.loads(body)
            return message
        code = self._process.wait() if self._process else 0
        self.close()
        if code == -getattr(signal, "SIGPROF", 0):
            seconds = context.settings.max_parse_seconds
            raise LimitError(kept.name, None, f"reading it takes more than {seconds:g} s: `max_parse_seconds`")
        raise InputError(kept.name, None, f"reading it crashed the reader of its format (exit code {code})")

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-m", "constat.documents.worker"]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            self._used = False
        return self._process

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    stream.close()
            self._process, self._used = None, False


class _OutOfMemoryError(Exception):
    pass
