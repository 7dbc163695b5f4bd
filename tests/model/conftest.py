"""A reader opened once, and servers that stand for a language model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from server import Script, Server

from constat.pipeline import Reader
from constat.readers import ModelReader
from constat.settings import ModelSettings, Settings

Open = Callable[..., ModelReader]


@pytest.fixture(scope="session")
def rules() -> Reader:
    return Reader.open(Settings())


@pytest.fixture
def serve() -> Iterator[Callable[[Script], Server]]:
    """Starts a server for a script; all are stopped in the end."""
    running: list[Server] = []

    def start(script: Script) -> Server:
        running.append(Server(script))
        return running[-1]

    yield start
    for server in running:
        server.close()


@pytest.fixture
def opened(rules: Reader, tmp_path: Path) -> Iterator[Open]:
    """A reader that asks a server, with a cache of its own."""
    readers: list[ModelReader] = []

    def start(server: Server | str, which: Any = "both", key: str = "", **model: Any) -> ModelReader:
        address = server if isinstance(server, str) else server.address
        given = ModelSettings(**{"address": address, "name": "scripted", "retry_pause_seconds": 0.0, **model})
        shared = Reader(
            msgspec.structs.replace(rules.settings, cache=tmp_path, model=given), rules.gazetteer, rules.ontology
        )
        shared._packs = rules._packs
        readers.append(ModelReader(shared, which, {"CONSTAT_MODEL_KEY": key}))
        return readers[-1]

    yield start
    for reader in readers:
        reader.close()
