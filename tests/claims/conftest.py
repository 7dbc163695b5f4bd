"""A reader opened once, and readings of texts written for these tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from constat.fields import reading_json
from constat.pipeline import Reader
from constat.records import Document
from constat.settings import Settings

Read = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader.open(Settings())


@pytest.fixture(scope="session")
def read(reader: Reader) -> Read:
    def one(text: str, lang: str, published: str | None = None, title: str | None = None) -> dict[str, Any]:
        document = Document(id="test", text=text, lang=lang, published=published, title=title)
        return reading_json(reader.read(document))

    return one
