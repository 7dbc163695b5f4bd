"""E-mail messages: subject, date and the text; its attachments come by themselves."""

from __future__ import annotations

import email
import email.policy
import email.utils
from collections.abc import Iterator
from email.message import EmailMessage

from constat.captures import Draft, Kept, Refused
from constat.documents.dates import iso_day
from constat.documents.decode import decode
from constat.documents.extract import Context
from constat.documents.markup import visible_text
from constat.documents.reports import make_document
from constat.errors import InputError

_HEADERS = (b"Return-Path:", b"Received:", b"From:", b"Delivered-To:", b"MIME-Version:", b"Message-ID:", b"Date:")


def score(kept: Kept, head: bytes) -> float:
    """By name or media type, else by a first line that is a header of mail."""
    if kept.suffix == ".eml" or kept.media_type == "message/rfc822":
        return 0.9
    return 0.3 if head.startswith(_HEADERS) and b"\nSubject:" in head else 0.0


def drafts(kept: Kept, context: Context) -> Iterator[Draft | Refused]:
    """The body as one report. The sender is a person, so only the domain of the address is taken over."""
    data = kept.read(context.settings.max_page_bytes, "max_page_bytes")
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        part = message.get_body(("plain", "html"))
        subject, date, sender = (str(message.get(h) or "") for h in ("subject", "date", "from"))
        kind = part.get_content_type() if part else ""
        raw = part.get_payload(decode=True) if part else b""
        charset = part.get_content_charset() if part else None
    except Exception as error:  # the mail parser of the library raises many kinds on damaged headers
        raise InputError(kept.name, None, f"a broken e-mail: {type(error).__name__}: {str(error)[:100]}") from error
    text, flags = _text(raw if isinstance(raw, bytes) else b"", charset, kept.name)
    if kind == "text/html":
        text = visible_text(text)
    domain = email.utils.parseaddr(sender[:1_000])[1].rpartition("@")[2].lower()
    fields = {
        "id": kept.name,
        "text": text,
        "title": " ".join(subject.split()) or None,
        "published": iso_day(date),
        "publisher": domain or None,
    }
    if not text.strip() and not fields["title"]:
        return
    yield Draft(document=make_document(fields, kept.name, None, context.known, context.settings, flags))


def _text(data: bytes, charset: str | None, name: str) -> tuple[str, tuple[str, ...]]:
    try:
        if charset and charset.lower() not in ("us-ascii", "utf-8"):
            return data.decode(charset).replace("\r\n", "\n"), ()
    except (LookupError, UnicodeError, ValueError):
        pass
    return decode(data, name)
