"""No room left, after any number of bytes: the run ends and says so, no half file keeps a final name, it resumes."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import adder
import pytest
from test_crashes import ADDER, Here, Plain, wires

from constat import adding
from constat.casebook import Casebook
from constat.settings import Settings

LEVELS = 50
DISK = 4 << 20  # bytes


@pytest.fixture
def fast(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: nothing is tried here that a slow disk would show."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path) as name:
        yield Path(name)


@pytest.fixture
def sources(tmp_path: Path) -> list[str]:
    big = tmp_path / "big.txt"
    big.write_text("The patrol was attacked near the town. " * 1_500, encoding="utf-8")
    return [str(wires(tmp_path / "wires.jsonl", 20)), str(big)]


def add(folder: Path, sources: list[str], before: Callable[[], None]) -> int:
    """Add in a copy of this process; its exit status."""
    child = os.fork()
    if child == 0:
        status = 99  # an exception that nobody expects
        try:
            before()
            with open(os.devnull, "w", encoding="utf-8") as nowhere:
                os.dup2(nowhere.fileno(), 2)
                status = adder.main(str(folder), sources, nowhere)
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def resumed(folder: Path, sources: list[str], verified: bool) -> None:
    with Casebook.open(folder, writable=True) as book:
        for sha256 in book.evidence.all():
            assert book.evidence.fault(sha256) is None
        book.add(sources, reader=Plain)
        assert len(list(book.documents())) == 21 and (not verified or book.verify().faults == [])


def small_files(most: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def test_files_that_may_grow_no_further(fast: Path, sources: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "CaptureReader", Here)
    rng, failed = random.Random(2), 0
    for level in range(LEVELS):
        folder = fast / f"book{level}"
        Casebook.init(folder, Settings(actor="tester")).close()
        most = rng.randrange(1_000, 900_000)
        status = add(folder, sources, lambda most=most: small_files(most))  # type: ignore[misc]
        assert status in (0, 3), f"{most} bytes: exit {status}"
        failed += status == 3
        resumed(folder, sources, verified=level % 10 == 0)
    assert failed > LEVELS // 2
    print(f"\n{LEVELS} sizes that no file may outgrow, {failed} ended the run; no half file, and all resumed")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes, where this user may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("NO SMALL DISK CAN BE MOUNTED HERE: a full disk was tried with limits on the size of files only")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=True)


def test_a_disk_that_is_full(disk: Path, sources: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "CaptureReader", Here)
    rng, failed, filler = random.Random(3), 0, disk / "filler"
    for level in range(LEVELS):
        folder = disk / "book"
        Casebook.init(folder, Settings(actor="tester")).close()
        room = shutil.disk_usage(disk).free
        filler.write_bytes(bytes(max(0, room - rng.randrange(4_096, 1_600_000))))
        status = add(folder, sources, lambda: None)
        assert status in (0, 3), f"level {level}: exit {status}"
        failed += status == 3
        filler.unlink()
        resumed(folder, sources, verified=level % 10 == 0)
        shutil.rmtree(folder)
    assert failed > LEVELS // 2
    print(f"\n{LEVELS} fill levels of a disk of 4 MiB, {failed} ended the run; no half file, and all resumed")


def test_the_command_of_a_run_that_ends_so_says_why(tmp_path: Path, sources: list[str]) -> None:
    folder = tmp_path / "book"
    Casebook.init(folder, Settings(actor="tester")).close()
    done = subprocess.run(
        [sys.executable, str(ADDER), str(folder), *sources],
        capture_output=True, text=True, check=False,
        preexec_fn=lambda: small_files(100_000),
    )  # fmt: skip
    assert done.returncode == 3 and "Traceback" not in done.stderr and done.stderr.strip()
    resumed(folder, sources, verified=True)
