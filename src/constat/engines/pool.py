"""Processes that read reports side by side: bounded, in order, and none is lost or doubled when one of them dies."""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeAlias

from constat.engines.work import Job, Outcome
from constat.engines.worker import receive, send
from constat.records import Document
from constat.sources.files import Raw

Task: TypeAlias = tuple[Any, ...]  # the name of what `Work` is to do, and its arguments
_AHEAD = 16  # tasks for each process
_TRIES = 2  # how often a task is given to a process that then dies
_FEEDER = "constat-input"


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class LostError(Exception):
    """A task whose process died, each time that it was tried."""


class Pool:
    """As many processes as there are workers, each with a thread that hands it one task after the other."""

    def __init__(self, job: Job, workers: int) -> None:
        self.held = _AHEAD * workers  # tasks that are taken in before the oldest is done
        self._job = pickle.dumps(job, protocol=5)
        self._tasks: SimpleQueue[tuple[Task, Future[Outcome]] | None] = SimpleQueue()
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._closed = False
        self._threads = [threading.Thread(target=self._serve, args=(n,), daemon=True) for n in range(workers)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def submit(self, *task: Any) -> Future[Outcome]:
        """What will come of a task; its `result()` raises `LostError` if no process survives it."""
        future: Future[Outcome] = Future()
        self._tasks.put((task, future))
        return future

    def in_order(self, tasks: Iterable[Task | Outcome]) -> Iterator[Outcome]:
        """What comes of each task, in their order and as soon as it can be given; only so many are ever held.

        An outcome among the tasks is passed on in its turn.
        """
        ahead = threading.Semaphore(self.held)
        taken: SimpleQueue[tuple[Task, Future[Outcome]] | None] = SimpleQueue()
        stop = threading.Event()

        def feed() -> None:
            try:
                for task in tasks:
                    ahead.acquire()
                    if stop.is_set():
                        return
                    if isinstance(task, Outcome):
                        future: Future[Outcome] = Future()
                        future.set_result(task)
                        taken.put(((), future))
                    else:
                        taken.put((task, self.submit(*task)))
                taken.put(None)
            except BaseException as error:
                failed: Future[Outcome] = Future()
                failed.set_exception(error)
                taken.put(((), failed))

        # In a thread of its own, so that what is read comes out while the input, a stream, keeps us waiting.
        threading.Thread(target=feed, name=_FEEDER, daemon=True).start()
        try:
            while (item := taken.get()) is not None:
                task, future = item
                try:
                    yield future.result()
                except LostError as error:
                    yield Outcome(error=f"{_name(task)}: {error}", cause=str(error))
                ahead.release()
        finally:
            stop.set()
            ahead.release()

    def close(self) -> None:
        """End the processes, whatever they do."""
        self._closed = True
        for _ in self._threads:
            self._tasks.put(None)
        for process in list(self._processes.values()):
            process.kill()
        for thread in self._threads:
            thread.join()

    def _serve(self, number: int) -> None:
        while (item := self._tasks.get()) is not None:
            task, future = item
            code: int | None = None
            for _ in range(_TRIES):
                if self._closed:
                    break
                done, answer = self._ask(number, task)
                if done is True:
                    future.set_result(answer)
                    break
                if done is False:
                    future.set_exception(answer)
                    break
                code = answer
            else:
                future.set_exception(LostError(f"the process that read it died, twice (exit code {code})"))
        self._end(number)

    def _ask(self, number: int, task: Task) -> tuple[bool | None, Any]:
        """Whether the process did the task or failed at it, and the answer; or None and the code with which it died."""
        try:
            process = self._processes.get(number) or self._start(number)
            assert process.stdin is not None and process.stdout is not None
            send(process.stdin, pickle.dumps(task, protocol=5))
            if answer := receive(process.stdout):
                done, value = pickle.loads(answer)
                return bool(done), value
        except OSError:
            pass
        return None, self._end(number)

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "constat.engines.worker"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._processes[number] = process
        assert process.stdin is not None
        send(process.stdin, self._job)
        return process

    def _end(self, number: int) -> int | None:
        process = self._processes.pop(number, None)
        if process is None:
            return None
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # what was still to be written has no reader
                    stream.close()
        return process.wait()


def _name(task: Task) -> str:
    """What a task is about, as errors name it."""
    match task[1:]:
        case [Raw(path=path, line=line), *_]:
            return path if line is None else f"{path}:{line}"
        case [Document(id=id), *_]:
            return id
    return "a report"


def waits_for_input() -> bool:
    """Whether a thread still waits for input that nobody wants; Python cannot end in order then."""
    return any(thread.name == _FEEDER and thread.is_alive() for thread in threading.enumerate())
