"""Bytes of reports to documents with their language told, or the error that kept one from being read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from constat.documents.language import language_hints, with_language
from constat.documents.reports import Known, json_report, text_report
from constat.errors import InputError
from constat.records import Document
from constat.settings import Settings
from constat.sources.files import Raw, raw_reports


def documents(paths: Iterable[str], known: Known, settings: Settings) -> Iterator[Document | InputError]:
    """Every report under the paths."""
    return as_documents(raw_reports(paths, settings), known, settings)


def as_documents(
    found: Iterable[Raw | InputError], known: Known, settings: Settings, any_language: bool = False
) -> Iterator[Document | InputError]:
    """Every report in input order, one at a time; a report that is empty keeps its unknown language.

    With `any_language` a report in a language that no pack reads is no error, for readers that need no pack.
    """
    for raw in found:
        if isinstance(raw, InputError):
            yield raw
            continue
        try:
            document = as_document(raw, known, settings, any_language)
        except InputError as error:
            yield error
        else:
            yield document


def as_document(raw: Raw, known: Known, settings: Settings, any_language: bool = False) -> Document:
    """The document of the bytes of a report, its language told; raises `InputError`."""
    if raw.form == "page":
        from constat.documents.pages import page_report

        document = page_report(raw.data, raw.path, raw.line, raw.address, raw.headers, known, settings)
    elif raw.form == "json":
        document = json_report(raw.data, raw.path, raw.line, known, settings)
    else:
        document = text_report(raw.data, raw.path, known, settings)
    if not document.text.strip() and not document.title:
        return document
    return with_language(document, language_hints(settings.overlays), raw.path, raw.line, any_language)
