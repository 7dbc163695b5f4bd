"""The process in which reports are read when several are read at once. `pool.py` is the other end.

Frames in both directions: four bytes of length, then a pickle, between a program and the process that it started.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
from typing import IO, Any

from constat.engines.work import Job, Work


def main() -> None:
    """Answer requests until standard input ends. The first frame is the job, each other one a task."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints must not come between the frames
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    job: Job = pickle.loads(receive(sys.stdin.buffer))
    work = Work(job)
    try:
        while task := receive(sys.stdin.buffer):
            what, *arguments = pickle.loads(task)
            try:
                answer: tuple[bool, Any] = (True, getattr(work, what)(*arguments))
            except Exception as error:
                answer = (False, error)
            send(out, _pickled(answer))
    except BrokenPipeError:
        return


def _pickled(answer: tuple[bool, Any]) -> bytes:
    try:
        data = pickle.dumps(answer, protocol=5)
        if not answer[0]:
            pickle.loads(data)
        return data
    except Exception:  # an error that cannot travel goes as its words
        return pickle.dumps((False, RuntimeError(f"{type(answer[1]).__name__}: {answer[1]}")), protocol=5)


def send(stream: IO[bytes], data: bytes) -> None:
    """One frame."""
    stream.write(struct.pack(">I", len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """The next frame; empty when the other end is gone."""
    head = stream.read(4)
    if len(head) < 4:
        return b""
    size = struct.unpack(">I", head)[0]
    data = stream.read(size)
    return data if len(data) == size else b""


if __name__ == "__main__":
    main()
