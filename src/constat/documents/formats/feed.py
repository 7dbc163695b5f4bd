"""RSS and Atom: a report an entry, with the text that the feed gives of it."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from typing import Any

from constat.captures import Draft, Kept, Refused
from constat.documents.extract import Context
from constat.documents.markup import visible_text
from constat.documents.reports import make_document
from constat.errors import InputError, MissingExtraError

_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
_ROOTS = (b"<rss", b"<feed", b"<rdf:RDF")


def score(kept: Kept, head: bytes) -> float:
    """By media type, else by the root element."""
    if kept.media_type in _TYPES:
        return 0.9
    return 0.85 if any(root in head for root in _ROOTS) and b"<html" not in head[:1_000].lower() else 0.0


def drafts(kept: Kept, context: Context) -> Iterator[Draft | Refused]:
    """Every entry; a feed that declares a document type is refused, for entities grow and reach outside."""
    try:
        import feedparser
    except ImportError as error:
        raise MissingExtraError(kept.name, "feedparser", "feeds") from error
    data = kept.read(context.settings.max_page_bytes, "max_page_bytes")
    prolog = min((i for i in map(data.find, _ROOTS) if i >= 0), default=len(data))
    plain = data[:prolog].replace(b"\0", b"")  # in UTF-16 each sign has one
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain or prolog == len(data):
        raise InputError(kept.name, None, "no RSS or Atom feed that can be read, or one that declares a document type")
    try:
        feed = feedparser.parse(
            io.BytesIO(data), response_headers={"content-type": kept.media_type or "application/xml"}
        )
    except Exception as error:  # the parser meets every kind of damage
        raise InputError(kept.name, None, f"a broken feed: {type(error).__name__}: {str(error)[:100]}") from error
    broken = bool(feed.get("bozo")) and not isinstance(feed.get("bozo_exception"), feedparser.NonXMLContentType)
    flags = ("the feed is damaged",) if broken else ()
    publisher = feed.feed.get("title") or None
    language = str(feed.feed.get("language") or "")[:2].lower() or None
    for number, entry in enumerate(feed.entries, 1):
        yield _entry(entry, number, publisher, language, kept, flags, context)


def _entry(
    entry: Any, number: int, publisher: str | None, language: str | None, kept: Kept,
    flags: tuple[str, ...], context: Context,
) -> Draft | Refused:  # fmt: skip
    given = str(entry.get("id") or entry.get("link") or "") or None
    where = f"entry {number}"
    bodies = [c.get("value", "") for c in entry.get("content", ())] + [entry.get("summary", "")]
    text = visible_text(max(bodies, key=len))
    stamp = entry.get("published_parsed") or entry.get("updated_parsed")
    fields = {
        "id": given or where,
        "text": text,
        "title": visible_text(entry.get("title", "")) or None,
        "published": time.strftime("%Y-%m-%d", stamp) if stamp else None,
        "publisher": publisher,
        "url": entry.get("link") or None,
        "lang": language if context.known.lang is None else None,
    }
    if not text and not fields["title"]:
        return Refused(locator=where, cause="the entry has neither a title nor a text")
    try:
        document = make_document(fields, kept.name, None, context.known, context.settings, flags)
    except InputError as error:
        return Refused(locator=where, cause=error.cause)
    return Draft(document=document, locator=where, given=given)
