"""A report by machine in the reader's language: shown as such, kept in the model's cache alone, never evidence."""

from __future__ import annotations

import threading
from typing import Literal

import msgspec

from constat.claims.model.budget import Budget
from constat.desk.endpoint import Call, RefusedError
from constat.errors import InputError, SettingsError
from constat.readers import translated
from constat.records import Translation
from constat.settings import Settings

_AT_ONCE = 3  # of the few threads that answer everything at the desk, so that a slow model holds up nobody else


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The language to translate into, one of the interface's."""

    to: Literal["ar", "en", "fr"]


class Translator:
    """Asks the model of the settings for a desk as long as that runs: one budget, few questions at once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.budget = Budget(settings.model)
        self.free = threading.BoundedSemaphore(min(settings.model.concurrency, _AT_ONCE))

    @property
    def model(self) -> str:
        """The name of the model, empty if none is set."""
        return self.settings.model.name if self.settings.model.address else ""


def translate(call: Call) -> Translation:
    """A document in another language by machine: a reading aid, not evidence; nothing of it is kept in the casebook."""
    with call.desk.casebook() as book:
        document = book.document(call.path["id"]).document
    translator = call.desk.translator
    if not translator.model:
        raise RefusedError(404, "no_model", "no language model is set: give `address` and `name` in [model]")
    if not translator.free.acquire(blocking=False):
        raise RefusedError(503, "busy", "the model translates as much as it may at once; try again in a moment")
    try:
        return translated(translator.settings, document, call.body.to, translator.budget)
    except (InputError, SettingsError) as error:
        cause = error.cause if isinstance(error, InputError) else str(error)
        raise RefusedError(502, "model", cause) from error
    finally:
        translator.free.release()
