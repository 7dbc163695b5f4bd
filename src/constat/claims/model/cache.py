"""Answers of a model, kept by the hash of all that shaped them, so that no question is asked twice."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from constat.claims.model.prompt import Messages
from constat.records import Document, content_id
from constat.settings import ModelSettings

_SHAPING = ("address", "name", "output", "temperature", "seed", "limit_name", "max_answer_tokens")
_CODE = ("client.py", "prompt.py", "schema.py", "visible.py")


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as the server gave it: its text, the model it names, tokens, seconds and when it was given."""

    content: str
    model: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    seconds: float = 0.0
    at: str = ""


@lru_cache(maxsize=1)
def code_digest() -> str:
    """The hash of the code that makes a request and reads its answer."""
    digest = hashlib.sha256()
    for name in _CODE:
        digest.update(Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()


def model_digest(settings: ModelSettings, instructions: str, schema: dict[str, Any]) -> str:
    """The hash of all that shapes answers but the report: model, settings, instructions, schema, code."""
    shaping = {name: getattr(settings, name) for name in _SHAPING}
    return content_id([shaping, instructions, schema, code_digest()])


def text_digest(document: Document) -> str:
    """The hash of a report's own words."""
    return content_id([document.title, document.text])


class Cache:
    """A folder for each text, in it a file for each question that was asked about it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "model"

    def path(self, document: Document, settings: ModelSettings, messages: Messages, schema: dict[str, Any]) -> Path:
        """Where the answer to a question is kept."""
        key = content_id([model_digest(settings, messages[0][1], schema), messages])
        return self.folder / text_digest(document)[:32] / f"{key[:32]}.json"

    def get(self, path: Path) -> Kept | None:
        """A kept answer; a file that is damaged is none."""
        try:
            return msgspec.json.decode(path.read_bytes(), type=Kept)
        except (OSError, msgspec.DecodeError, msgspec.ValidationError):
            return None

    def put(self, path: Path, kept: Kept) -> None:
        """Keep an answer; a cache that cannot be written costs another question, nothing else."""
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, aside = tempfile.mkstemp(dir=path.parent, suffix=".new")  # readable by its owner alone
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(kept))
            os.replace(aside, path)

    def forget(self, document: Document) -> int:
        """Delete all answers about a text, for a report that is to be erased; how many there were."""
        folder = self.folder / text_digest(document)[:32]
        files = list(folder.glob("*")) if folder.is_dir() else []
        for file in files:
            file.unlink(missing_ok=True)
        if files:
            folder.rmdir()
        return len(files)
