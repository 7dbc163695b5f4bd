"""Mailboxes, a message each, and the attachments of a message."""

from __future__ import annotations

import email
import email.policy
import io
from collections.abc import Iterator
from email.message import EmailMessage

from constat.captures import Kept, Received, Refused
from constat.errors import InputError
from constat.sources.receive import Way


def score(kept: Kept, head: bytes) -> float:
    """A mailbox by name or by its first line; a message only if it may have attachments."""
    if kept.suffix == ".mbox" or kept.media_type == "application/mbox":
        return 0.8
    if head.startswith(b"From ") and b"\nSubject:" in head:
        return 0.7
    message = kept.suffix == ".eml" or kept.media_type == "message/rfc822"
    return 0.5 if message and b"multipart/" in head.lower() else 0.0


def members(kept: Kept, way: Way) -> Iterator[Received | Refused]:
    """Messages of a mailbox as files of their own; of a message what is attached to it."""
    if kept.suffix == ".eml" or kept.media_type == "message/rfc822":
        yield from _attachments(kept, way)
        return
    limit = way.settings.max_page_bytes
    number, lines, size = 0, io.BytesIO(), 0
    with kept.open() as file:
        while True:
            line = file.readline(limit + 1)
            if not line or line.startswith(b"From "):
                if size:
                    number += 1
                    way.budget.member(kept.name)
                    yield _message(kept, number, lines.getvalue(), size > limit, limit)
                lines, size = io.BytesIO(), 0
                if not line:
                    return
                continue
            size += len(line)
            if size <= limit:
                lines.write(line[1:] if line.startswith(b">From ") else line)


def _message(kept: Kept, number: int, data: bytes, over: bool, limit: int) -> Received | Refused:
    where = f"message {number}"
    if over:
        return Refused(locator=where, cause=f"more than {limit:,} bytes, the setting `max_page_bytes`")
    name = f"{kept.name}/{number}.eml"
    return Received.of(data, name=name, media_type="message/rfc822", collector="mailbox", locator=where)


def _attachments(kept: Kept, way: Way) -> Iterator[Received | Refused]:
    data = kept.read(way.settings.max_page_bytes, "max_page_bytes")
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        parts = list(message.iter_attachments()) if message.is_multipart() else []
    except Exception as error:  # the mail parser of the library raises many kinds on damaged headers
        raise InputError(kept.name, None, f"its attachments cannot be told: {type(error).__name__}") from error
    for number, part in enumerate(parts, 1):
        where = f"attachment {number}"
        try:
            media = part.get_content_type()
            name = part.get_filename() or where
            content = part.get_payload(decode=True)
        except Exception as error:
            yield Refused(locator=where, cause=f"damaged: {type(error).__name__}: {str(error)[:100]}")
            continue
        if media.startswith(("image/", "audio/", "video/")) or not isinstance(content, bytes):
            continue  # no pictures; what is not bytes is a message in a message, whose parts follow
        way.budget.member(kept.name)
        way.budget.unpacked(len(content), kept.name)
        yield Received.of(content, name=f"{kept.name}/{name}", media_type=media, collector="mail", locator=where)
