"""Text documents of word processors: DOCX and ODT. What was deleted or hidden in them is not read."""

from __future__ import annotations

from collections.abc import Iterator

from constat.captures import Draft, Kept, Refused
from constat.documents.extract import Context
from constat.documents.reports import make_document
from constat.documents.safe_xml import walk
from constat.documents.zipped import members
from constat.errors import InputError

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ODT = "application/vnd.oasis.opendocument.text"
_PARTS = ("word/document.xml", "docProps/core.xml", "content.xml", "meta.xml")
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "s": " ", "line-break": "\n", "noBreakHyphen": "\u2011"}
_PARAGRAPHS = ("p", "h")
_SKIPPED = ("del", "moveFrom", "instrText", "delText", "tracked-changes", "annotation", "note-citation")


def score(kept: Kept, head: bytes) -> float:
    """By name or media type, if it is a ZIP archive at all."""
    if not head.startswith(b"PK"):
        return 0.0
    named = kept.suffix in (".docx", ".odt") or kept.media_type in (_DOCX, _ODT)
    return 0.9 if named or _ODT.encode() in head else 0.0


def drafts(kept: Kept, context: Context) -> Iterator[Draft | Refused]:
    """The paragraphs as one report, with the title that its properties give."""
    parts = members(kept, _PARTS, context.settings)
    body = parts.get("word/document.xml") or parts.get("content.xml")
    if body is None:
        raise InputError(kept.name, None, "no text document: it has neither word/document.xml nor content.xml")
    text = _paragraphs(body, kept.name)
    if not text.strip():
        return
    about = parts.get("docProps/core.xml") or parts.get("meta.xml")
    title = _title(about, kept.name) if about else None
    fields = {"id": kept.name, "text": text, "title": title or None}
    yield Draft(document=make_document(fields, kept.name, None, context.known, context.settings, ()))


def _paragraphs(data: bytes, name: str) -> str:
    out: list[str] = []
    skipped = 0
    hidden = [False]  # whether the run of text that is open is hidden
    in_text = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal skipped, in_text
        if tag in _SKIPPED:
            skipped += 1
        elif tag == "r":
            hidden[0] = False
        elif tag == "vanish":
            hidden[0] = attributes.get("val") not in ("0", "false")
        elif tag in _SIGNS and not skipped:
            out.append(_SIGNS[tag])
        in_text += tag in ("t", *_PARAGRAPHS)

    def end(tag: str) -> None:
        nonlocal skipped, in_text
        if tag in _SKIPPED:
            skipped -= 1
        in_text -= tag in ("t", *_PARAGRAPHS)
        if tag in _PARAGRAPHS and not skipped:
            out.append("\n")
        if tag == "r":
            hidden[0] = False

    def text(said: str) -> None:
        if in_text and not skipped and not hidden[0]:
            out.append(said)

    walk(data, name, start, end, text)
    return "".join(out).strip("\n")


def _title(data: bytes, name: str) -> str:
    out: list[str] = []
    inside = [False]

    def start(tag: str, _: dict[str, str]) -> None:
        inside[0] = tag == "title"

    def end(_: str) -> None:
        inside[0] = False

    def text(said: str) -> None:
        if inside[0]:
            out.append(said)

    walk(data, name, start, end, text)
    return "".join(out).strip()
