"""Reports to what comes of them, in order: by this process while they are few, by all cores once there are many."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping

from constat.engines.pool import Pool, cores
from constat.engines.work import Job, Outcome, Work
from constat.errors import InputError
from constat.gazetteer import Gazetteer
from constat.pipeline import Reader
from constat.resolution.held import Held
from constat.settings import Settings
from constat.sources.files import Raw

ALONE = 1.0  # seconds of reading after which other processes, which take half a second to start, are worth it
_FEW = 1_000  # readings that this process writes out before another could start


def read_all(
    found: Iterable[Raw | InputError],
    job: Job,
    workers: int | None = None,
    open_reader: Callable[[Settings], Reader] | None = None,
) -> Iterator[Outcome]:
    """What comes of each report, in their order.

    `workers`: how many processes read; all cores if it is None, and then only once reading takes long.
    """
    raws = iter(found)
    if workers is None or workers == 1:
        work = Work(job, open_reader)
        spent = 0.0
        for raw in raws:
            start = time.perf_counter()
            outcome = work.raw(raw)
            spent += time.perf_counter() - start
            yield outcome
            if workers is None and spent > ALONE and cores() > 1:
                break
        else:
            return
    Gazetteer.open()  # built once here, if it has to be, and not by each process
    with Pool(job, workers or cores()) as pool:
        yield from pool.in_order(
            Outcome(error=str(raw), cause=raw.cause) if isinstance(raw, InputError) else ("raw", raw) for raw in raws
        )


def lines(held: Held, incidents: Mapping[str, str], job: Job, workers: int | None = None) -> Iterator[str]:
    """The lines of readings that were held, each event with its incident, in their order."""
    tasks = (("line", kept, {id: incidents[id] for id in events}) for kept, events in held.kept())
    if (workers or cores()) == 1 or held.count < _FEW:
        work = Work(job)
        yield from (work.line(kept, of).line for _, kept, of in tasks)
        return
    with Pool(job, workers or cores()) as pool:
        yield from (outcome.line for outcome in pool.in_order(tasks))
