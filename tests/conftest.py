"""PostgreSQL for tests, where there is one; how many examples each property is tried with (CONSTAT_EXAMPLES)."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "here",
    max_examples=int(os.environ.get("CONSTAT_EXAMPLES", "100")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("here")
_NAMES = ("initdb", "pg_ctl", "psql")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str | None]:
    """The address of a server of our own, or None, loudly, where there is none."""
    found = [shutil.which(name) for name in _NAMES]
    if not all(found):
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="constat-pg-"))
    user: dict[str, object] = {}
    if os.getuid() == 0:  # the server refuses to run as root
        try:
            who = pwd.getpwnam("postgres")
        except KeyError:
            yield None
            return
        os.chown(folder, who.pw_uid, who.pw_gid)
        user = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
    data, environment = folder / "data", os.environ | {"HOME": str(folder)}

    def run(*command: str) -> int:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
            **user,  # type: ignore[call-overload]
        )  # fmt: skip
        return int(done.returncode)

    try:
        made = run("initdb", "-D", str(data), "-U", "constat", "-A", "trust", "-E", "UTF8", "--locale=C")
        options = f"-k {folder} -c listen_addresses='' -c fsync=on"
        if made or run("pg_ctl", "-D", str(data), "-w", "-t", "30", "-l", str(folder / "log"), "-o", options, "start"):
            warnings.warn("PostgreSQL is installed and does not start", stacklevel=1)
            yield None
            return
        yield f"postgresql://constat@/postgres?host={folder}"
        run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
