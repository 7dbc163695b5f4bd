"""Paste and read: a text, a file or an address is read at once, looked at, and kept or not."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from typing import Any

import msgspec

from constat.account import Account
from constat.captures import Received
from constat.casebook import Casebook
from constat.desk.desk import Desk
from constat.desk.endpoint import Call, RefusedError
from constat.documents.language import language_hints, with_language
from constat.documents.reports import Known, make_document
from constat.errors import InputError
from constat.fields import reading_json
from constat.records import Reading, content_id

_SHOWN = 20  # reports of one file that are shown before it is kept
_FETCHING = threading.Lock()  # one address at a time, as everywhere in Constat


class Pasted(msgspec.Struct, frozen=True, kw_only=True):
    """A text and what is known of it, or an address."""

    text: str = ""
    url: str | None = None
    title: str | None = None
    published: str | None = None
    lang: str | None = None
    publisher: str | None = None


class Of(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a file that is sent as it is."""

    name: str
    published: str | None = None
    lang: str | None = None
    publisher: str | None = None


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What was read, as `constat read --json` gives it; `reports` of which the first are in `readings`; what failed."""

    readings: list[dict[str, Any]]
    reports: int
    failures: list[str] = []


class KeptNow(msgspec.Struct, frozen=True, kw_only=True):
    """What became of what was to be kept: the account, the ids of its documents, and why something waits."""

    account: dict[str, int]
    documents: list[str]
    failures: list[str] = []


def read(call: Call) -> Tried:
    """Read a text or an address, and keep nothing."""
    asked: Pasted = call.body
    if asked.text.strip():
        return Tried(readings=[reading_json(_read_text(call.desk, asked))], reports=1)
    if not asked.url:
        raise RefusedError(422, "empty", "there is nothing to read")
    return _look(call.desk, _address(asked.url), _known(asked))


def read_file(call: Call) -> Tried:
    """Read a file of any format that a casebook takes, and keep nothing."""
    known = Known(published=call.query.published, lang=call.query.lang, publisher=call.query.publisher)
    return _look(call.desk, Received.of(call.body, name=_name(call.query.name), collector="desk"), known)


def keep(call: Call) -> KeptNow:
    """Take a text or an address into the casebook, as `constat add` does."""
    asked: Pasted = call.body
    if not asked.text.strip() and not asked.url:
        raise RefusedError(422, "empty", "there is nothing to keep")
    if not asked.text.strip():
        return _keep(call, _address(asked.url or ""), _known(asked))
    fields = {"text": asked.text} | {
        name: value for name in ("title", "published", "lang", "publisher", "url") if (value := getattr(asked, name))
    }
    data = msgspec.json.encode(fields)
    name = f"pasted-{content_id(fields)[:12]}.json"
    received = Received.of(data, name=name, collector="desk", media_type="application/json")
    return _keep(call, received, Known(), hashlib.sha256(data).hexdigest())


def keep_file(call: Call) -> KeptNow:
    """Take a file into the casebook, as `constat add` does."""
    known = Known(published=call.query.published, lang=call.query.lang, publisher=call.query.publisher)
    received = Received.of(call.body, name=_name(call.query.name), collector="desk")
    return _keep(call, received, known, hashlib.sha256(call.body).hexdigest())


def _read_text(desk: Desk, asked: Pasted) -> Reading:
    row: Mapping[str, Any] = {"id": "pasted", "text": asked.text.replace("\r\n", "\n").replace("\r", "\n")}
    about = {"title": asked.title, "published": asked.published, "lang": asked.lang}
    about |= {"publisher": asked.publisher, "url": asked.url}
    document = make_document({**row, **about}, "the text", None, Known(), desk.settings, ())
    document = with_language(document, language_hints(desk.settings.overlays), "the text", None)
    return desk.read(document)


def _look(desk: Desk, source: str | Received, known: Known) -> Tried:
    failures: list[str] = []
    with desk.scratch() as book:
        account = _add(desk, book, source, known, failures)
        readings = []
        for reading in book.readings():
            readings.append(reading_json(reading))
            if len(readings) == _SHOWN:
                break
        unread = [f"{s.document.title or s.document.id[:12]}: {s.unread}" for s in book.documents() if s.unread]
    if not readings and not unread:
        raise InputError("the desk", None, failures[0] if failures else "no report was found")
    return Tried(readings=readings, reports=account.stored, failures=failures + unread)


def _keep(call: Call, source: str | Received, known: Known, digest: str | None = None) -> KeptNow:
    failures: list[str] = []
    with call.desk.writing(call.who.name) as book:
        account = _add(call.desk, book, source, known, failures)
        book.settle()
        found = book.found_in(address=source) if isinstance(source, str) else book.found_in(capture=digest)
    return KeptNow(account=msgspec.to_builtins(account), documents=found, failures=failures)


def _add(desk: Desk, book: Casebook, source: str | Received, known: Known, failures: list[str]) -> Account:
    def tell(account: Account, name: str, cause: str | None) -> None:
        if cause is not None:
            failures.append(f"{name}: {cause}")

    fetcher = desk.fetcher(desk.settings)
    if isinstance(source, str):
        with _FETCHING:
            return book.add([source], known=known, reader=desk.reads(book), fetcher=fetcher, tell=tell)
    return book.add([source], known=known, reader=desk.reads(book), fetcher=fetcher, tell=tell)


def _known(asked: Pasted) -> Known:
    return Known(published=asked.published or None, lang=asked.lang or None, publisher=asked.publisher or None)


def _address(url: str) -> str:
    """An address of the web: whatever else a command line takes, a path above all, is not asked for through the web."""
    url = url.strip()
    if not url.lower().startswith(("http://", "https://")):
        raise RefusedError(422, "not_read", f"{url[:80]!r} is no address of the web; it should begin with https://")
    return url


def _name(name: str) -> str:
    """The last part of a file's name."""
    return name.replace("\\", "/").rsplit("/", 1)[-1].strip()[:200] or "file"
