"""What every engine does with one report: bytes in, its reading or the reason why there is none out."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

import msgspec

from constat.actors import ActorRegister, load_register
from constat.documents.reports import Known
from constat.errors import ConstatError, InputError
from constat.fields import reading_json
from constat.intake import as_document
from constat.pipeline import Reader
from constat.records import Document, Reading
from constat.resolution.actors import actor_ids
from constat.resolution.held import kept
from constat.resolution.tellings import Telling, tellings
from constat.settings import Settings
from constat.sources.files import Raw

Form: TypeAlias = Literal["line", "reading", "held"]


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for all reports of a run. `form`: a line of JSON, the reading, or what resolution needs of it.

    `actors`: lines say whom perpetrators, targets and claimants may mean in the register.
    """

    settings: Settings
    known: Known = Known()
    form: Form = "line"
    actors: bool = False


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one report, in the form of the job; or in `error` why nothing did, `cause` without its place."""

    line: str = ""
    reading: Reading | None = None
    kept: bytes = b""  # the reading, pickled
    tellings: tuple[Telling, ...] = ()
    error: str = ""
    cause: str = ""


class Work:
    """Reads reports one at a time; the reader is opened for the first that holds words."""

    def __init__(self, job: Job, open_reader: Callable[[Settings], Reader] | None = None) -> None:
        self.job = job
        self._open = open_reader or Reader.open
        self._reader: Reader | None = None
        self._actor_of = actor_ids(load_register(job.settings.overlays)) if job.form == "held" else None
        self._register = load_register(job.settings.overlays) if job.actors else None

    def raw(self, raw: Raw | InputError) -> Outcome:
        """What comes of the bytes of a report."""
        if isinstance(raw, InputError):
            return Outcome(error=str(raw), cause=raw.cause)
        try:
            document = as_document(raw, self.job.known, self.job.settings)
        except InputError as error:
            return Outcome(error=str(error), cause=error.cause)
        return self.document(document)

    def document(self, document: Document) -> Outcome:
        """What comes of a document; a fault on one report must not keep the others from being read."""
        if not document.text.strip() and not document.title:
            return self.of(Reading(document=document, events=()))
        if self._reader is None:
            self._reader = self._open(self.job.settings)
        try:
            return self.of(self._reader.read(document))
        except InputError as error:
            return Outcome(error=str(error), cause=error.cause)
        except (KeyboardInterrupt, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("CONSTAT_DEBUG") or isinstance(error, ConstatError):
                raise  # a pack or the place index is at fault: no report can be read then
            what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
            cause = f"a fault of constat kept it from being read ({what}); CONSTAT_DEBUG=1 shows where"
            return Outcome(error=f"{document.id}: {cause}", cause=cause)

    def line(self, reading: bytes, incidents: Mapping[str, str]) -> Outcome:
        """The line of a reading that was held until its incidents were known."""
        return Outcome(line=json_line(pickle.loads(reading), incidents, self._register))

    def of(self, reading: Reading) -> Outcome:
        """A reading in the form of the job."""
        match self.job.form:
            case "line":
                return Outcome(line=json_line(reading, register=self._register))
            case "reading":
                return Outcome(reading=reading)
            case "held":
                assert self._actor_of is not None
                told = tuple(tellings(reading, self._actor_of))
                return Outcome(kept=kept(reading), tellings=told)


def json_line(
    reading: Reading, incidents: Mapping[str, str] | None = None, register: ActorRegister | None = None
) -> str:
    """A reading as the line that `constat read --json` prints; lone surrogates, which no UTF-8 takes, as escapes."""
    text = json.dumps(reading_json(reading, incidents, register), ensure_ascii=False)
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")
