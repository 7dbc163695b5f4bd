"""A brief as Markdown with footnotes, as Pandoc and GitHub read them. It has no pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from constat.briefs.brief import Brief, Entry
from constat.briefs.html import note_parts
from constat.briefs.notes import Sentence
from constat.interface import Words, words

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_LIST = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")


def markdown(brief: Brief) -> str:
    """The text."""
    return "\n".join(_lines(brief, words(brief.lang))) + "\n"


def _lines(brief: Brief, said: Words) -> Iterator[str]:
    yield f"# {_plain(brief.title)}\n\n{_plain(brief.period)}\n"
    for sentence in brief.summary:
        yield f"{_said(sentence)}\n"
    for name, found in (("new", brief.new), ("changed", brief.changed), ("contested", brief.contested)):
        yield f"## {said(f'brief.{name}')}\n"
        if not found:
            yield f"{said('brief.nothing')}\n"
        for entry in found:
            yield from _entry(entry)
    yield "---\n"
    for line in brief.method:
        yield f"{_plain(line)}\n"
    for note in brief.notes:
        parts = [_plain(part) for part in note_parts(note, said)]
        if note.document and note.document.url:
            parts.append(_plain(note.document.url))
        quotes = [said("brief.quote_open") + _plain(q) + said("brief.quote_close") for q in note.quotes]
        yield f"[^{note.number}]: " + said("say.also").join([*parts, *([" ".join(quotes)] if quotes else [])])


def _entry(entry: Entry) -> Iterator[str]:
    yield f"### {entry.number}. {_said(entry.headline)}\n"
    for sentence in entry.lines:
        yield f"- {_said(sentence)}"
    yield ""


def _said(sentence: Sentence) -> str:
    return _plain(sentence.text) + "".join(f"[^{n}]" for n in sentence.notes)


def _plain(text: str) -> str:
    """Text that stays text: no sign of it is read as markup."""
    return _LIST.sub(r"\1\\\2", _SIGNS.sub(r"\\\1", " ".join(text.split())))
