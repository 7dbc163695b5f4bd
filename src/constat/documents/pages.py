"""A page of the web as a document: its article, by the format that casebooks read pages with."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePath

import msgspec

from constat.captures import Draft, Kept
from constat.documents.extract import Context
from constat.documents.formats import html
from constat.documents.reports import Known
from constat.errors import InputError
from constat.records import Document
from constat.settings import Settings


def page_report(
    data: bytes,
    path: str,
    line: int | None,
    address: str | None,
    headers: tuple[tuple[str, str], ...],
    known: Known,
    settings: Settings,
) -> Document:
    """The document of a page; its id is the name of the archive and its record there. Raises `InputError`."""
    name = PurePath(path).name if line is None else f"{PurePath(path).name}:{line}"
    with tempfile.NamedTemporaryFile(suffix=".html") as file:
        file.write(data)
        file.flush()
        kept = Kept(path=Path(file.name), name=name, size=len(data), address=address, headers=headers)
        try:
            found = next((d for d in html.drafts(kept, Context(known, settings)) if isinstance(d, Draft)), None)
        except InputError as error:
            raise InputError(path, line, error.cause) from error
    if found is None:
        raise InputError(path, line, "the page holds no text")
    return msgspec.structs.replace(found.document, id=name)
