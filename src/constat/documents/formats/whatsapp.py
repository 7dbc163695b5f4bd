"""Exports of WhatsApp chats: a report a message. Who wrote it is not taken over."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from constat.captures import Draft, Kept, Refused
from constat.documents.decode import decode
from constat.documents.extract import Context
from constat.documents.reports import make_document
from constat.errors import InputError

# `[12/03/2024, 14:05:33] Name: text` or `12/03/2024, 14:05 - Name: text`, with the marks that the program puts in.
_HEAD = re.compile(
    r"\u200e?\[?(\d{1,4})[/.-](\d{1,2})[/.-](\d{2,4}),? (\d{1,2}:\d{2}(?::\d{2})?(?:[ \u202f][AaPp]\.?[Mm]\.?)?)"
    r"(?:\] | - )([^:\n]{1,80}): (.*)"
)


class _Message(msgspec.Struct):
    numbers: tuple[int, int, int]
    line: int
    lines: list[str]


def score(kept: Kept, head: bytes) -> float:
    """A text whose first lines have the heads of messages."""
    lines = head.decode("utf-8", errors="replace").lstrip("\ufeff").splitlines()[:10]
    return 0.7 if sum(_HEAD.match(line) is not None for line in lines) >= 2 else 0.0


def drafts(kept: Kept, context: Context) -> Iterator[Draft | Refused]:
    """Every message; whether the day or the month comes first is told from the whole chat, and flagged if it is not."""
    text, flags = decode(kept.read(context.settings.max_table_bytes, "max_table_bytes"), kept.name)
    messages = list(_messages(text))
    day_first, guessed = _order([m.numbers for m in messages])
    if guessed:
        flags = (*flags, "date order guessed: day first")
    for message in messages:
        said = "\n".join(message.lines).strip("\u200e\n ")
        if not said or (said.startswith("<") and said.endswith(">")):
            continue
        where = f"line {message.line}"
        fields = {"id": where, "text": said, "title": None, "published": _date(message.numbers, day_first)}
        try:
            document = make_document(fields, kept.name, None, context.known, context.settings, flags)
        except InputError as error:
            yield Refused(locator=where, cause=error.cause)
        else:
            yield Draft(document=document, locator=where)


def _messages(text: str) -> Iterator[_Message]:
    current: _Message | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if match := _HEAD.match(line):
            if current:
                yield current
            numbers = (int(match[1]), int(match[2]), int(match[3]))
            current = _Message(numbers, number, [match[6]])
        elif current:
            current.lines.append(line)
    if current:
        yield current


def _order(numbers: list[tuple[int, int, int]]) -> tuple[bool, bool]:
    """Whether the day comes first, and whether that had to be guessed."""
    if any(first > 31 for first, _, _ in numbers):
        return False, False
    if any(first > 12 for first, _, _ in numbers):
        return True, False
    return (False, False) if any(second > 12 for _, second, _ in numbers) else (True, True)


def _date(numbers: tuple[int, int, int], day_first: bool) -> str:
    first, second, third = numbers
    if first > 31:
        return f"{first:04}-{second:02}-{third:02}"
    year = third if third > 99 else 2000 + third
    day, month = (first, second) if day_first else (second, first)
    return f"{year:04}-{month:02}-{day:02}"
