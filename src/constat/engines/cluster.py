"""Reading on a cluster through Dask: a task for each shard, which leaves its readings in a folder; then the shuffle.

What a task leaves is written aside and moved into place, so that a task that is run twice, or dies, changes nothing; a
run that was stopped goes on with the shards that are missing.
"""

from __future__ import annotations

import operator
import pickle
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from constat import __version__
from constat.engines.shards import Part, Shard, filesystem, plan, read_shard
from constat.engines.shuffle import Sent, likely, spread
from constat.engines.work import Job, Outcome, Work, json_line
from constat.errors import MissingExtraError, UsageError
from constat.pipeline import Reader
from constat.records import content_id
from constat.resolution.cluster import Pair
from constat.resolution.resolve import of_pairs, weakest
from constat.resolution.scores import shipped
from constat.resolution.tellings import Telling, by_id

_RETRIES = 3  # of a task that fails; one whose machine dies is run elsewhere anyway
_PLACES = 64  # of the shuffle
_reading = threading.Lock()  # a reader serves one thread of a worker at a time

Tell = Callable[[int, int], None]  # shards done, of how many


def read_on_cluster(
    paths: Iterable[str], job: Job, scheduler: str, out: str, tell: Tell = lambda done, of: None
) -> Iterator[Outcome]:
    """What comes of each report, in input order; with the form `held` its line with the incidents of its events.

    `out` is a folder that all machines see; finished shards stay there.
    """
    names = list(paths)
    if "-" in names:
        raise UsageError("standard input cannot be read on a cluster; name files that all machines see")
    with _client(scheduler) as client:

        def each(function: Callable[[Part], int], parts: list[Part]) -> list[int]:
            counts: list[int] = client.gather(client.map(function, parts, retries=_RETRIES, pure=False))
            return counts

        shards = plan(names, each)
        _claim(out, shards, job)
        _finish(client, shards, job, out, tell)
        if job.form != "held":
            for shard in shards:
                yield from _load(out, "part", shard.number)
            return
        incidents = _incidents(client, shards, out)
        tasks = [client.submit(_lines, n, out, own, retries=_RETRIES, pure=False) for n, own in enumerate(incidents)]
        for number in range(len(tasks)):
            yield from tasks[number].result()
            tasks[number] = None


def read_one(shard: Shard, job: Job, out: str) -> int:
    """Read the reports of one shard and leave what comes of them. Any engine can call this, again and anywhere."""
    with _reading:
        work = _work(pickle.dumps(job, protocol=5))
        outcomes = [work.raw(raw) for raw in read_shard(shard, job.settings)]
    _leave(out, "tellings", shard.number, [t for outcome in outcomes for t in outcome.tellings])
    _leave(out, "part", shard.number, [msgspec.structs.replace(outcome, tellings=()) for outcome in outcomes])
    return shard.number


@lru_cache(maxsize=2)
def _work(job: bytes) -> Work:
    return Work(pickle.loads(job))


def _client(scheduler: str) -> Any:
    try:
        import distributed
    except ImportError as error:
        raise MissingExtraError(scheduler, "distributed", "dask") from error
    try:
        client: Any = distributed.Client
        return client(scheduler, timeout="20s")
    except (OSError, ValueError) as error:
        raise UsageError(f"--scheduler {scheduler}: no scheduler answers there ({error})") from error


def _claim(out: str, shards: list[Shard], job: Job) -> None:
    """Mark the folder as this run's; raises `UsageError` if another run left its shards there."""
    reader = Reader.open(job.settings)
    packs = {code: reader.pack(code).digest for code in reader.languages()}
    made_by = [__version__, packs, reader.gazetteer.digest, reader.weights_digest, job.settings.digest]
    run = content_id([made_by, job.form, job.known, shards]).encode()
    fs, folder = filesystem(out)
    fs.makedirs(folder, exist_ok=True)
    mark = f"{folder}/run"
    if fs.exists(mark):
        if fs.cat_file(mark) != run:
            raise UsageError(f"--out {out}: holds shards of other reports, packs or options; name an empty folder")
    elif fs.ls(folder):
        raise UsageError(f"--out {out}: is not empty, and no run of constat began there; name an empty folder")
    else:
        fs.pipe_file(mark, run)


def _finish(client: Any, shards: list[Shard], job: Job, out: str, tell: Tell) -> None:
    """Have all shards read that are not there yet."""
    import distributed

    fs, folder = filesystem(out)
    there = {name.rsplit("/", 1)[-1] for name in fs.ls(folder, detail=False)}
    missing = [shard for shard in shards if f"part-{shard.number:06}" not in there]
    done = len(shards) - len(missing)
    tell(done, len(shards))
    tasks = client.map(read_one, missing, job=job, out=out, retries=_RETRIES, pure=False)
    completed: Any = distributed.as_completed
    for task in completed(tasks):
        task.result()
        done += 1
        tell(done, len(shards))


def _incidents(client: Any, shards: list[Shard], out: str) -> list[dict[str, str]]:
    """For each shard the incidents of its events."""
    places = min(_PLACES, max(1, len(shards)))
    sent = [client.submit(_spread, shard.number, out, places, retries=_RETRIES, pure=False) for shard in shards]
    met = [
        client.submit(
            _likely, [client.submit(operator.getitem, s, place, pure=False) for s in sent], retries=_RETRIES, pure=False
        )
        for place in range(places)
    ]
    pairs: dict[Pair, float] = {}
    for found in met:
        pairs |= found.result()
    told: list[list[Telling]] = [_load(out, "tellings", shard.number) for shard in shards]
    incidents = of_pairs(by_id(t for some in told for t in some), pairs).incidents()
    return [{t.id: incidents[t.id] for t in some} for some in told]


def _spread(number: int, out: str, places: int) -> list[list[Sent]]:
    return spread(_load(out, "tellings", number), places)


def _likely(sent: list[list[Sent]]) -> dict[Pair, float]:
    scores = shipped()
    return likely(sent, scores, weakest(scores))


def _lines(number: int, out: str, incidents: Mapping[str, str]) -> list[Outcome]:
    """What came of the reports of a shard, as lines with their incidents."""
    found: list[Outcome] = _load(out, "part", number)
    return [o if o.error else Outcome(line=json_line(pickle.loads(o.kept), incidents)) for o in found]


def _leave(out: str, kind: str, number: int, what: object) -> None:
    fs, folder = filesystem(out)
    aside = f"{folder}/.{kind}-{number:06}-{uuid.uuid4().hex}"
    fs.pipe_file(aside, pickle.dumps(what, protocol=5))
    fs.mv(aside, f"{folder}/{kind}-{number:06}")


def _load(out: str, kind: str, number: int) -> Any:
    fs, folder = filesystem(out)
    return pickle.loads(fs.cat_file(f"{folder}/{kind}-{number:06}"))
