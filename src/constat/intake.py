"""Stages 1 and 2 in one: paths to documents with their language told, or the error that kept one from being read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from constat.documents.language import language_hints, with_language
from constat.documents.reports import Known, json_report, text_report
from constat.errors import InputError
from constat.records import Document
from constat.settings import Settings
from constat.sources.files import raw_reports


def documents(paths: Iterable[str], known: Known, settings: Settings) -> Iterator[Document | InputError]:
    """Every report under the paths in input order, one at a time; a report that is empty keeps its unknown language."""
    hints = language_hints(settings.overlays)
    for raw in raw_reports(paths, settings):
        if isinstance(raw, InputError):
            yield raw
            continue
        try:
            if raw.form == "json":
                document = json_report(raw.data, raw.path, raw.line, known, settings)
            else:
                document = text_report(raw.data, raw.path, known, settings)
            if document.text.strip() or document.title:
                document = with_language(document, hints, raw.path, raw.line)
        except InputError as error:
            yield error
        else:
            yield document
