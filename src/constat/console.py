"""What every command shares: exit codes, lines on standard error, JSON on standard output, errors told in one line."""

from __future__ import annotations

import ast
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import typer

from constat.errors import ConstatError, InputError, StoreError

FAILED, MISUSED, INTERRUPTED, PIPE_CLOSED = 1, 2, 130, 141


def about(module: Path) -> str:
    """The first line of a module, by which a command is described, without importing what it needs."""
    return (ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or module.stem).split("\n")[0]


def print_json(value: Any) -> None:
    """One line of JSON on standard output."""
    sys.stdout.write(writable(json.dumps(value, ensure_ascii=False)) + "\n")
    sys.stdout.flush()


def writable(text: str) -> str:
    """Lone surrogates, which no UTF-8 stream takes, as the escapes by which JSON writes them."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def say(line: str) -> None:
    """One line on standard error."""
    sys.stderr.write(writable(f"constat: {' '.join(line.split())}\n"))
    sys.stderr.flush()


@contextmanager
def orderly() -> Iterator[None]:
    """Errors as one line and the right exit code; a closed pipe and an interrupt end the command quietly."""
    try:
        yield
        sys.stdout.flush()
    except ConstatError as error:
        _leave(str(error), FAILED if isinstance(error, InputError | StoreError) else MISUSED)
    except KeyboardInterrupt:
        _leave("interrupted", INTERRUPTED)
    except BrokenPipeError:
        # Python flushes standard output once more at the end; let that go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(PIPE_CLOSED) from None


def _leave(message: str, code: int) -> NoReturn:
    say(message)
    raise typer.Exit(code)
