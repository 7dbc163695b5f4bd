"""The process in which captures are parsed: bounded in time and memory, with no network and no file to write.

It reads a request a line on standard input and answers with frames: four bytes of length, then JSON. `reader.py` is the
other end.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from constat.captures import Draft, Kept
from constat.documents.extract import Context, drafts
from constat.errors import InputError

_FORBIDDEN = ("socket.connect", "socket.bind", "subprocess.Popen", "os.system", "os.exec", "os.fork")


class Request(msgspec.Struct):
    """One capture to read."""

    kept: Kept
    context: Context


def main() -> None:
    """Answer requests until standard input ends."""
    out = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # what a parser prints must not come between the frames
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    bound = False
    for line in sys.stdin.buffer:
        request = msgspec.json.decode(line, type=Request, dec_hook=_path)
        if not bound:
            _bind(request.context.settings.max_parse_bytes)
            bound = True
        try:
            _answer(request, out)
        except (BrokenPipeError, KeyboardInterrupt):
            return


def _answer(request: Request, out: BinaryIO) -> None:
    seconds = request.context.settings.max_parse_seconds
    try:
        _time(seconds)
        for found in drafts(request.kept, request.context):
            _send(out, {"draft" if isinstance(found, Draft) else "refused": msgspec.to_builtins(found)})
            _time(seconds)
        _send(out, {"end": None})
    except InputError as error:
        _send(out, {"failed": error.cause})
    except MemoryError:
        limit = request.context.settings.max_parse_bytes
        _send(out, {"memory": f"reading it takes more than {limit:,} bytes of memory, the setting `max_parse_bytes`"})
    except BrokenPipeError:
        raise
    except Exception as error:  # whatever a hostile file makes a parser raise is the file's fault, and is said
        _send(out, {"failed": f"reading it failed: {type(error).__name__}: {str(error)[:200]}"})
    finally:
        _time(0)


def _send(out: BinaryIO, message: dict[str, Any]) -> None:
    data = json.dumps(message).encode("ascii")
    out.write(struct.pack(">I", len(data)) + data)
    out.flush()


def _time(seconds: float) -> None:
    """Let the system end this process after so much processor time; 0 takes the limit away."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _bind(memory: int) -> None:
    try:
        import resource
    except ImportError:  # pragma: no cover - Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.addaudithook(_refuse)


def _refuse(event: str, _: tuple[object, ...]) -> None:
    if event in _FORBIDDEN:
        raise PermissionError(f"{event} is not allowed while a capture is read")


def _path(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(value)
    raise NotImplementedError


if __name__ == "__main__":
    main()
