"""JSON Lines: everything, an incident a line, with its claims, quotes, offsets, decisions and custody. Reads back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

import msgspec

from constat.exports.dossier import About, Dossier
from constat.exports.listing import Format

FORMAT = Format(title="JSON Lines", suffix=".jsonl", media_type="application/x-ndjson", texts=True)


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """A dossier a line, keys sorted; lone surrogates as their escapes."""
    for dossier in dossiers:
        try:
            line = msgspec.json.encode(dossier, order="sorted")
        except UnicodeEncodeError:
            line = json.dumps(msgspec.to_builtins(dossier), sort_keys=True, separators=(",", ":")).encode()
        out.write(line + b"\n")
    return {}


def read(lines: Iterable[bytes]) -> Iterator[Dossier]:
    """The dossiers of such a file."""
    for line in lines:
        if line.strip():
            yield msgspec.convert(_loaded(line), Dossier)


def _loaded(line: bytes) -> Any:
    return json.loads(line)
