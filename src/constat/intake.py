"""Stages 1 and 2 in one: paths to documents with their language told, or the error that kept one from being read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from constat.documents.language import language_hints, with_language
from constat.documents.reports import Known, json_report, text_report
from constat.errors import InputError
from constat.records import Document
from constat.settings import Settings
from constat.sources.files import Raw, raw_lines, raw_reports


def documents(
    paths: Iterable[str], known: Known, settings: Settings, any_language: bool = False
) -> Iterator[Document | InputError]:
    """Every report under the paths in input order, one at a time; a report that is empty keeps its unknown language.

    With `any_language` a report in a language that no pack reads is no error, for readers that need no pack.
    """
    return _documents(raw_reports(paths, settings), known, settings, any_language)


def json_lines(
    path: Path, known: Known, settings: Settings, any_language: bool = False
) -> Iterator[Document | InputError]:
    """Every report of a JSON Lines file, whatever the file is called."""
    return _documents(raw_lines(path, settings), known, settings, any_language)


def _documents(
    found: Iterable[Raw | InputError], known: Known, settings: Settings, any_language: bool
) -> Iterator[Document | InputError]:
    hints = language_hints(settings.overlays)
    for raw in found:
        if isinstance(raw, InputError):
            yield raw
            continue
        try:
            if raw.form == "json":
                document = json_report(raw.data, raw.path, raw.line, known, settings)
            else:
                document = text_report(raw.data, raw.path, known, settings)
            if document.text.strip() or document.title:
                document = with_language(document, hints, raw.path, raw.line, any_language)
        except InputError as error:
            yield error
        else:
            yield document
