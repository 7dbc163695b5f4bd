"""Exports of Telegram channels and groups (`result.json`): a report a message. Who wrote it is not taken over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from constat.captures import Draft, Kept, Refused
from constat.documents.extract import Context
from constat.documents.reports import make_document
from constat.errors import InputError


def score(kept: Kept, head: bytes) -> float:
    """A JSON object that begins as the program writes it, or a full export with chats."""
    if not head.lstrip().startswith(b"{"):
        return 0.0
    return 0.9 if b'"messages"' in head or (b'"chats"' in head and b'"about"' in head) else 0.0


def drafts(kept: Kept, context: Context) -> Iterator[Draft | Refused]:
    """Every message with text, of every chat of the export."""
    data = kept.read(context.settings.max_table_bytes, "max_table_bytes")
    try:
        export = json.loads(data)
        found = export.get("chats", {}).get("list", []) if "messages" not in export else [export]
        chats = [(str(chat.get("name") or ""), chat.get("id"), chat["messages"]) for chat in found]
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError) as error:
        raise InputError(kept.name, None, f"no export of Telegram: {str(error)[:100]}") from error
    for name, chat, messages in chats:
        for number, message in enumerate(messages if isinstance(messages, list) else [], 1):
            if isinstance(message, dict) and message.get("type") == "message":
                draft = _message(message, name, f"chat {chat}, message {message.get('id', number)}", kept.name, context)
                if draft is not None:
                    yield draft


def _message(message: dict[str, Any], chat: str, where: str, name: str, context: Context) -> Draft | Refused | None:
    text = _text(message.get("text"))
    if not text.strip():
        return None  # a picture, a sticker, a call
    published = str(message.get("date") or "")[:10] or None
    edited = ("edited after it was published",) if message.get("edited") else ()
    fields = {"id": where, "text": text, "title": None, "published": published, "publisher": chat or None}
    try:
        document = make_document(fields, name, None, context.known, context.settings, edited)
    except InputError as error:
        return Refused(locator=where, cause=error.cause)
    return Draft(document=document, locator=where)


def _text(value: object) -> str:
    """A text, or its pieces, of which some are objects because they are links or bold."""
    if isinstance(value, str):
        return value
    if not isinstance(value, list):
        return ""
    return "".join(p if isinstance(p, str) else str(p.get("text", "")) for p in value if isinstance(p, str | dict))
