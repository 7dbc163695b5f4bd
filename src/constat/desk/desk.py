"""What all answers of the desk share: the reader, the casebook, and who may ask."""

from __future__ import annotations

import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from constat.account import Reads
from constat.ahead import Ahead
from constat.asking import Later
from constat.casebook import Casebook, actor
from constat.desk.accounts import Accounts
from constat.desk.throttle import Throttle
from constat.desk.translating import Translator
from constat.errors import InputError
from constat.pack_cache import is_cached
from constat.records import Document, Reading
from constat.settings import Settings
from constat.sources.fetch import Fetcher

T = TypeVar("T")
_KEPT = 64  # answers that are kept while the casebook does not change
_OPEN = 4  # connections for reading that are kept; a few megabytes each
_WARM_AFTER = 2.0  # seconds, in which a browser that was just opened has asked for what it shows first
# What is built once after an installation takes up to a gigabyte while it is built; a process of its own gives it back.
_INDEX = "from constat.gazetteer import Gazetteer; Gazetteer.open()"
_COMPILE = (
    "import sys; from pathlib import Path; from constat.pack_cache import cached_pack; "
    "cached_pack(sys.argv[2], [Path(p) for p in sys.argv[3:]], Path(sys.argv[1]))"
)
# Read once at the start, so that no one's first report waits until a pack is compiled.
_WARMING = Document(id="warming", text=".")


class NoCasebookError(InputError):
    """Something that needs a casebook was asked of a desk without one."""

    def __init__(self) -> None:
        super().__init__("desk", None, "no casebook is open; make one with `constat init DIR`, then `constat desk DIR`")


class Desk:
    """The reader is opened once and read with by one thread at a time; each writing opens the casebook anew, shortly.

    So `constat add` in a terminal is never kept out for longer than one decision takes.
    """

    def __init__(
        self,
        settings: Settings,
        folder: Path | None = None,
        *,
        reader: Callable[[], Reads] | None = None,
        languages: tuple[str, ...] = (),
        fetcher: Callable[[Settings], Fetcher] = Fetcher,
    ) -> None:
        self.settings, self.folder, self.languages, self.fetcher = settings, folder, languages, fetcher
        self.accounts = Accounts(folder) if folder else None
        self.throttle = Throttle()
        self.translator = Translator(settings)
        self._kept: dict[Hashable, Any] = {}
        self._kept_of = -1  # the revision of the casebook that they are of
        self.looked = -1  # how the casebook was when the watches last looked from here
        self._open_reader = reader
        self._reader: Reads | None = None
        self._reading = threading.Lock()
        self._writing = threading.Lock()
        self._keeping = threading.Lock()
        self._warming: threading.Timer | None = None
        self._idle: queue.SimpleQueue[Casebook] = queue.SimpleQueue()

    def warm(self) -> None:
        """Open the reader and compile its packs, in the background, once the first page has been shown."""
        self._warming = threading.Timer(_WARM_AFTER, self._warm)
        self._warming.daemon = True
        self._warming.start()

    def _warm(self) -> None:
        for lang in self.languages:
            with suppress(Exception):  # whoever reads first is told what is wrong
                self.read(msgspec.structs.replace(_WARMING, lang=lang))

    def read(self, document: Document) -> Reading:
        """The reading of a document; raises what the reader raises."""
        with self._reading:
            if self._reader is None:
                assert self._open_reader is not None
                self._compile()
                self._reader = self._open_reader()
            return self._reader.read(document)

    def reads(self, book: Casebook) -> Callable[[], Reads | Ahead]:
        """This desk as a reader for taking something in; a model that reads a casebook too is asked another time."""
        return lambda: self if book.settings.reader == "rules" else Later(self)

    def _compile(self) -> None:
        """Compile the packs that were not compiled before, apart; where that fails the reader does it itself."""
        cache, overlays = self.settings.cache, self.settings.overlays
        for lang in self.languages:
            if not is_cached(lang, overlays, cache):
                _apart(_COMPILE, str(cache), lang, *map(str, overlays))

    @contextmanager
    def casebook(self) -> Iterator[Casebook]:
        """The casebook for reading, one of a few that stay open; raises `NoCasebookError`."""
        if self.folder is None:
            raise NoCasebookError
        try:
            book = self._idle.get_nowait()
        except queue.Empty:
            book = Casebook.open(self.folder, settings=self.settings)
        try:
            yield book
        except BaseException:
            book.close()
            raise
        if self._idle.qsize() < _OPEN:
            self._idle.put(book)
        else:
            book.close()

    @contextmanager
    def writing(self, actor: str) -> Iterator[Casebook]:
        """The casebook for writing, in the name of an actor; others who write wait for it."""
        if self.folder is None:
            raise NoCasebookError
        settings = msgspec.structs.replace(self.settings, actor=actor)
        with self._writing, Casebook.open(self.folder, writable=True, settings=settings) as book:
            yield book

    def kept(self, revised: int, question: Hashable, make: Callable[[], T]) -> T:
        """The answer to a question, made once and kept until the casebook changes."""
        with self._keeping:
            if self._kept_of != revised or len(self._kept) >= _KEPT:
                self._kept, self._kept_of = {}, revised
            held = self._kept
            if question in held:
                return held[question]  # type: ignore[no-any-return]
        answer = make()
        held[question] = answer
        return answer

    def settle(self) -> None:
        """Bring the incidents up to date with what came in from elsewhere, if anything did."""
        with self.casebook() as book:
            behind = book.behind()
        if behind:
            with self.writing(actor(self.settings)) as book:
                book.settle()

    @contextmanager
    def scratch(self) -> Iterator[Casebook]:
        """A casebook that is gone when the block ends, in which things are looked at before they are kept."""
        with tempfile.TemporaryDirectory(prefix="constat-") as folder:
            settings = msgspec.structs.replace(self.settings, store="", state=Path(folder, "state"), reader="rules")
            with Casebook.init(Path(folder, "book"), settings) as book:
                yield book

    def close(self) -> None:
        """Close what is open."""
        if self._warming is not None:
            self._warming.cancel()
        with suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()


def build_index() -> None:
    """Build the place index; where that fails, whoever opens it builds it and is told why it cannot be."""
    _apart(_INDEX)


def _apart(code: str, *said: str) -> None:
    with suppress(OSError):
        subprocess.run([sys.executable, "-c", code, *said], check=False, capture_output=True)
