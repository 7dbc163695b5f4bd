"""A thousand hostile files go through the whole intake: none escapes, none is slow, none is cut without a word."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from corpus import corpus

from constat.captures import Received
from constat.casebook import Casebook
from constat.records import Document, Reading
from constat.settings import Settings

LIMIT_SECONDS, LIMIT_BYTES = 2.0, 512 << 20
PARSE_SECONDS = 1.0  # of them, so that starting anew what parses, and keeping what came, have their share


class Plain:
    """Reads nothing in a report."""

    def read(self, document: Document) -> Reading:
        return Reading(document=document, events=())


def test_a_thousand_hostile_files(tmp_path: Path) -> None:
    # In a process of its own: what the parsers of this test need is not told apart from children of other tests.
    done = subprocess.run([sys.executable, __file__, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    print(done.stdout)


def take_in(tmp_path: Path) -> None:
    """A thousand hostile files are taken in, each within its limits."""
    inbox = tmp_path / "in" / "box"
    inbox.mkdir(parents=True)
    files = list(corpus())
    assert len(files) == 1_000 == len({name for name, _ in files})
    for name, data in files:
        (inbox / name).write_bytes(data)
    settings = Settings(actor="tester", max_parse_seconds=PARSE_SECONDS, max_parse_bytes=LIMIT_BYTES)
    with Casebook.init(tmp_path / "in" / "book", settings) as book:
        slowest, began = (0.0, ""), spent()
        last = [began]

        def tell(account: object, name: str, cause: str | None) -> None:
            nonlocal slowest
            now = spent()
            slowest = max(slowest, (now - last[0], name))
            last[0] = now

        account = book.add([str(inbox)], reader=Plain, tell=tell)
        assert account.received >= len(files) and account.stored > 200 and account.quarantined > 200
        waiting = book.status().waiting
        assert all(item.cause for item in waiting)
        faults = [item for item in waiting if "reading it failed" in item.cause or "crashed" in item.cause]
        assert faults == [], "a parser raised what no format expects"
        texts = [stored.document for stored in book.documents()]
        assert not any("PLANTED" in d.text or "root:" in d.text for d in texts)
        assert all(stored.document.text.count("\ufffd") == 0 or stored.document.flags for stored in book.documents())
        assert book.verify().faults == []
    peak = max(own_peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
    assert slowest[0] < LIMIT_SECONDS, slowest
    assert peak < LIMIT_BYTES, peak
    written = {p.name for p in (tmp_path / "in").iterdir()} | {p.name for p in tmp_path.iterdir()}
    assert written == {"box", "book", "in", "state"}, "bytes outside"
    print(
        f"\n{account}; slowest {slowest[0]:.2f} s ({slowest[1].rpartition('/')[2]}), "
        f"at most {peak >> 20} MiB, {spent() - began:.0f} s in all"
    )


def own_peak() -> int:
    """The most memory of this process in bytes; what `getrusage` gives for it is what its parent held when it began."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:"))


def spent() -> float:
    """Processor time of this process and of all that it started, ended or not."""
    ended, ticks = resource.getrusage(resource.RUSAGE_CHILDREN), 0
    for child in Path("/proc/self/task", str(os.getpid()), "children").read_text().split():
        fields = Path("/proc", child, "stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return time.process_time() + ended.ru_utime + ended.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def test_a_stream_that_fails_is_not_kept(tmp_path: Path) -> None:
    class Failing:
        def read(self, size: int = -1, /) -> bytes:
            raise OSError(5, "input/output error")

    with Casebook.init(tmp_path / "book", Settings(actor="tester")) as book:
        received = Received(name="disk", stream=Failing())
        with pytest.raises(OSError, match="input/output"):
            book.evidence.put(received.stream, 10, received.name)
        assert list(book.evidence.all()) == [] and list(book.evidence.aside.iterdir()) == []


if __name__ == "__main__":
    take_in(Path(sys.argv[1]))
