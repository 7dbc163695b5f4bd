"""PDF with text in it; a scan has none and needs its letters recognised first."""

from __future__ import annotations

from collections.abc import Iterator

from constat.captures import Draft, Kept, Refused
from constat.documents.extract import Context
from constat.documents.reports import make_document
from constat.errors import InputError, MissingExtraError


def score(kept: Kept, head: bytes) -> float:
    """By its first bytes."""
    return 0.95 if b"%PDF-" in head[:1_024] else 0.0


def drafts(kept: Kept, context: Context) -> Iterator[Draft | Refused]:
    """All pages as one report; a page that cannot be read is a flag that names it."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise MissingExtraError(kept.name, "pypdf", "pdf") from error
    if kept.size > context.settings.max_page_bytes:
        kept.read(context.settings.max_page_bytes, "max_page_bytes")
    flags: list[str] = []
    pages: list[str] = []
    length = 0
    try:
        reader = PdfReader(kept.path, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(kept.name, None, "the PDF is locked with a password; save an open copy and add that")
        for number, page in enumerate(reader.pages, 1):
            try:
                pages.append(page.extract_text())
            except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
                flags.append(f"partial: page {number} not read ({type(error).__name__})")
                continue
            length += len(pages[-1])
            if length > context.settings.max_report_characters:
                break  # refused below, with its length
        title = (reader.metadata.title if reader.metadata else None) or None
    except InputError:
        raise
    except Exception as error:  # the parser meets every kind of damage
        raise InputError(kept.name, None, f"a broken PDF: {type(error).__name__}: {str(error)[:100]}") from error
    text = "\n".join(pages).strip()
    if not text:
        why = f"; {len(flags)} pages could not be read" if flags else ""
        raise InputError(kept.name, None, f"the PDF holds no text, as a scan does{why}; recognise its letters first")
    fields = {"id": kept.name, "text": text, "title": str(title) if title else None}
    yield Draft(document=make_document(fields, kept.name, None, context.known, context.settings, tuple(flags[:20])))
