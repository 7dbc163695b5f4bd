"""One index for all tests of this folder: the default one, built if this machine has none yet."""

from __future__ import annotations

import pytest

from constat.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()
