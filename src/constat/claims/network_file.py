"""The file of the network, read when something is first chosen: reading it takes as long as a dozen reports."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from constat.errors import PackError

if TYPE_CHECKING:
    from constat.claims.network import Network, NetworkOf

FILE = Path(__file__).with_name("network.npz")


class NetworkFile:
    """A network that is not read yet; raises `PackError`, at once where there is no file, else on first use."""

    def __init__(self, path: Path = FILE) -> None:
        self.path = path
        if not path.is_file():
            raise PackError(str(path), None, "the reader's network is missing; training/train.py makes it")

    @cached_property
    def digest(self) -> str:
        """The hash of the file."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def of_language(self, lang: str) -> NetworkOf:
        """The network as it reads one language."""
        return self._network.of_language(lang)

    @cached_property
    def _network(self) -> Network:
        from constat.claims.network import read_network  # loads numpy, a third of what a start takes

        return read_network(self.path)
