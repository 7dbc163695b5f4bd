"""Files that take their name once they are whole and on the disk, so that a reader never meets half of one."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from constat.alerts.channels import NotSentError


def replace(path: Path, data: bytes) -> None:
    """Write a file in place of what was there; raises `NotSentError`."""
    aside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        aside.replace(path)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise NotSentError(f"{path}: cannot be written: {error.strerror}") from error
