"""The console script. Commands that read start without all others being loaded, which takes as long as a report."""

from __future__ import annotations

import os
import sys

_READING = ("read", "evaluate", "languages")


def main() -> None:
    """Run the command that the arguments name."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks a sign shows another
    try:
        if sys.argv[1:2] and sys.argv[1] in _READING:
            from constat.reading_cli import app
        else:
            from constat.cli import app
        app(prog_name="constat")
    except SystemExit as ended:
        pool = sys.modules.get("constat.engines.pool")
        if pool is not None and pool.waits_for_input():
            # Of a stream that was interrupted: Python would wait for more of it, or crash.
            sys.stdout.flush()
            os._exit(ended.code if isinstance(ended.code, int) else 1)
        raise
