"""Programs that check files of others' formats; a test that lacks one is skipped and says how to get it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def tool(name: str, package: str) -> str:
    """The path of a program; skips the test where it is missing, fails it where CONSTAT_VALIDATORS demands all."""
    found = shutil.which(name)
    if found is None:
        message = f"NOT CHECKED: {name} is not installed (Debian: apt-get install {package})"
        if os.environ.get("CONSTAT_VALIDATORS"):
            pytest.fail(message)
        pytest.skip(message)
    return found


def run(*command: str | Path, timeout: float = 120, warns: bool = False) -> str:
    """What a program prints; it must not fail, nor warn unless it always does."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, done.stderr
    assert warns or not any(word in done.stderr.lower() for word in ("warning", "error")), done.stderr
    return done.stdout
