"""Which place indexes stay in the cache: those that nobody opened for a month go when another is made."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

_DAY = 86_400.0  # seconds
_UNUSED = 30 * _DAY  # another version that is in use beside this one opens its own more often


def used(path: Path) -> None:
    """Note on an index that it is used, at most once a day; a folder that cannot be written notes nothing."""
    with contextlib.suppress(OSError):
        if time.time() - path.stat().st_mtime > _DAY:
            os.utime(path)


def forget_unused(made: Path) -> list[Path]:
    """Delete the indexes beside one that was just made which nobody has opened for a month, 200 MB each."""
    gone = []
    for old in sorted(made.parent.glob("gazetteer-*.sqlite")):
        with contextlib.suppress(OSError):
            if old != made and time.time() - old.stat().st_mtime > _UNUSED:
                old.unlink()
                old.with_suffix(".lock").unlink(missing_ok=True)
                gone.append(old)
    return gone
