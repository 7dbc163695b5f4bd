"""A report as a `Document`: from a plain text, or from a line of JSON with its text and what is known about it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from pathlib import PurePath
from typing import Any

import msgspec

from constat.documents.decode import decode
from constat.errors import InputError
from constat.records import Document
from constat.settings import Settings

_LARGEST_SHARE_LOST = 0.01  # of a text's signs that could not be decoded
# A Latin letter beside a Greek or Cyrillic one: what looks like a name may be another one.
_OTHER = "\u0370-\u03ff\u0400-\u04ff"
_LOOKALIKE = re.compile(rf"(?:[A-Za-z](?=[{_OTHER}])|[{_OTHER}](?=[A-Za-z]))[A-Za-z{_OTHER}]")

FIELDS = ("id", "text", "title", "published", "lang", "publisher", "url")


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller knows about all reports; what a report says of itself wins."""

    published: str | None = None
    lang: str | None = None
    publisher: str | None = None
    url: str | None = None


def text_report(data: bytes, path: str, known: Known, settings: Settings) -> Document:
    """The document of a plain text; its id is the file's name, or the hash of what came from standard input."""
    text, flags = decode(data, path)
    identity = PurePath(path).name if path != "-" else "sha256:" + hashlib.sha256(data).hexdigest()[:16]
    return make_document({"id": identity, "text": text}, path, None, known, settings, flags)


def json_report(data: bytes, path: str, line: int | None, known: Known, settings: Settings) -> Document:
    """The document of one JSON object; raises `InputError` that names the line and the field at fault."""
    text, flags = decode(data, path, line)
    try:
        row = json.loads(text)
    except json.JSONDecodeError as error:
        at = line or error.lineno
        raise InputError(path, at, f"not JSON: {error.msg} at column {error.colno}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(path, line, f"not JSON that can be read: {error}") from error
    if not isinstance(row, dict):
        wanted = ", ".join(FIELDS)
        raise InputError(path, line, f"a JSON object with the fields {wanted} is wanted; this is {_kind(row)}")
    if not isinstance(row.get("text"), str):
        raise InputError(
            path, line, f"the field `text` should hold the report as a string; it is {_kind(row.get('text'))}"
        )
    if row.get("id") is None:
        row["id"] = PurePath(path).name if line is None else f"{PurePath(path).name}:{line}"
    return make_document(row, path, line, known, settings, flags)


def _kind(value: Any) -> str:
    names = {type(None): "missing", dict: "an object", list: "a list", str: "a string", bool: "true or false"}
    return names.get(type(value), "a number")


def make_document(
    row: dict[str, Any], path: str, line: int | None, known: Known, settings: Settings, flags: tuple[str, ...]
) -> Document:
    """The document of the fields of `FIELDS`; raises `InputError` for one that no document can hold."""
    values: dict[str, str | None] = {}
    for field in FIELDS[2:]:
        value = row.get(field)
        if value is not None and not isinstance(value, str):
            raise InputError(path, line, f"the field `{field}` should be a string; it is {_kind(value)}")
        values[field] = value or getattr(known, field, None)
    if values["published"] is not None:
        values["published"] = _day(values["published"], path, line)
    if len(row["text"]) > settings.max_report_characters:
        limit = f"more than {settings.max_report_characters:,}, the setting `max_report_characters`"
        raise InputError(path, line, f"the report has {len(row['text']):,} characters, {limit}; split it")
    title = values["title"]
    if title is not None and len(title) > settings.max_title_characters:
        values["title"] = title[: settings.max_title_characters]
        flags = (*flags, f"title cut at {settings.max_title_characters} characters")
    return Document(id=str(row["id"]), text=row["text"], flags=(*flags, *_oddities(row["text"])), **values)


def _oddities(text: str) -> list[str]:
    """What a reader of the text should know about it; nothing is taken out of the text."""
    kinds = {unicodedata.category(c) for c in set(text) if not c.isascii()}
    found = ["empty"] if not text.strip() else []
    if "Cs" in kinds:
        found.append("lone surrogates")
    if any(c in text for c in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"):
        found.append("direction marks")
    if any(c in text for c in "\u200b\u2060\ufeff"):
        found.append("zero-width characters")
    if "\ufffd" in text and text.count("\ufffd") > _LARGEST_SHARE_LOST * len(text):
        found.append("many signs lost: look at the capture")
    elif "\ufffd" in text:
        found.append("signs lost")
    if any("\U000e0000" <= c <= "\U000e007f" for c in set(text)):
        found.append("tag characters")
    if any(len(set(map(_script, word))) > 1 for word in _LOOKALIKE.findall(text)):
        found.append("words in mixed scripts")
    return found


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0]


def day(value: str) -> str:
    """An ISO date from a date or a time stamp; raises `ValueError`."""
    return dt.date.fromisoformat(value.strip()[:10]).isoformat()


def _day(value: str, path: str, line: int | None) -> str:
    try:
        return day(value)
    except ValueError as error:
        raise InputError(
            path, line, f"`published` is {value[:40]!r}; it should be a date such as 2024-03-12"
        ) from error
