"""Pages of the web: the article, its title, date and publisher. What a reader of the page cannot see is not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from constat.captures import Draft, Kept, Refused
from constat.documents.dates import iso_day
from constat.documents.decode import decode
from constat.documents.extract import Context
from constat.documents.markup import is_hidden
from constat.documents.reports import make_document
from constat.errors import InputError, LimitError, MissingExtraError

_TYPES = ("text/html", "application/xhtml+xml")
_SIGNS = (b"<!doctype html", b"<html", b"<head", b"<body")
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9_:.-]{1,40})""")
_TAGS = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_VOID = frozenset(
    [
        "br",
        "hr",
        "img",
        "input",
        "meta",
        "link",
        "area",
        "base",
        "col",
        "embed",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "td",
        "tr",
        "th",
        "dd",
        "dt",
        "option",
    ]
)
_LEAST = 25  # characters below which an article was hardly found


def score(kept: Kept, head: bytes) -> float:
    """By name or media type, else by how it begins."""
    if kept.media_type in _TYPES or kept.suffix in (".html", ".htm", ".xhtml"):
        return 0.8
    return 0.6 if any(sign in head[:1_024].lower() for sign in _SIGNS) else 0.0


def drafts(kept: Kept, context: Context) -> Iterator[Draft | Refused]:
    """The article of the page; the whole visible page, flagged, where no article is found in it."""
    try:
        import trafilatura
        from lxml import html as parsing
    except ImportError as error:
        raise MissingExtraError(kept.name, "trafilatura", "html") from error
    data = kept.read(context.settings.max_page_bytes, "max_page_bytes")
    text, flags = _decoded(data, kept)
    deepest = _depth(text)
    if deepest > context.settings.max_html_depth:
        raise LimitError(kept.name, None, f"{deepest:,} elements in one another, more than `max_html_depth`")
    tree, broken = _tree(text, parsing)
    if tree is None:
        return
    if broken:
        flags = (*flags, f"partial: {broken}")
    if hidden := _drop_hidden(tree):
        flags = (*flags, f"hidden elements left out: {hidden}")
    whole = _whole(tree)
    try:
        found: Any = trafilatura.bare_extraction(tree, url=kept.address, with_metadata=True, include_comments=False)
    except Exception as error:  # a page on which the extraction itself fails is still shown whole
        found, flags = None, (*flags, f"article not told from the page ({type(error).__name__})")
    about: dict[str, Any] = found.as_dict() if found else {}
    body = about.get("text") or ""
    if len(body) < _LEAST and len(whole) > len(body):
        body, flags = whole, (*flags, "whole page: no article was found in it")
    if not body.strip():
        raise InputError(kept.name, None, "the page holds no visible text; one that is drawn by a script has none")
    fields = {
        "id": kept.name,
        "text": body,
        "title": about.get("title") or None,
        "published": iso_day(about.get("date") or ""),
        "publisher": about.get("sitename") or None,
        "url": kept.address or about.get("url") or None,
    }
    yield Draft(document=make_document(fields, kept.name, None, context.known, context.settings, flags))


def _decoded(data: bytes, kept: Kept) -> tuple[str, tuple[str, ...]]:
    """By the encoding that the answer or the page declares, if the bytes are in it; else as any text."""
    declared = [v.encode("ascii", "ignore") for k, v in kept.headers if k.lower() == "content-type"]
    for said in (*declared, data[:2_048]):
        if (match := _CHARSET.search(said)) and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
            try:
                return data.decode(match[1].decode()), ()
            except (LookupError, UnicodeError, ValueError):
                continue
    return decode(data, kept.name)


def _depth(text: str) -> int:
    """How deep elements stand in one another at most, by their tags; those that HTML closes by itself do not count."""
    depth = deepest = 0
    for closing, tag in _TAGS.findall(text):
        if tag.lower() not in _VOID:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _tree(text: str, parsing: Any) -> tuple[Any, str | None]:
    """The page as a tree, and what kept the parser from reading all of it."""
    parser = parsing.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = parsing.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except Exception as error:
        if "empty" in str(error).lower():
            return None, None
        return None, str(error)[:80]
    fatal = next((e.message for e in parser.error_log if e.level_name == "FATAL" or "depth" in e.message), None)
    return tree, fatal


def _drop_hidden(tree: Any) -> int:
    """Take out of the tree what a reader does not see; how many elements that were."""
    found = [e for e in tree.iter() if isinstance(e.tag, str) and is_hidden(dict(e.items()))]
    for element in found:
        if element.getparent() is not None:
            element.drop_tree()
    return len(found)


def _whole(tree: Any) -> str:
    """All visible text of the body."""
    for element in list(tree.iter("script", "style", "template", "noscript", "head")):
        if element.tag == "head":
            continue
        if element.getparent() is not None:
            element.drop_tree()
    body = tree.find("body")
    pieces = (" ".join(piece.split()) for piece in (tree if body is None else body).itertext())
    return "\n".join(piece for piece in pieces if piece)
