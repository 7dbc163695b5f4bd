"""A brief as one page of HTML that needs nothing from outside: no script, no font, no picture from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from constat import phrasing
from constat.briefs.brief import Brief, Entry
from constat.briefs.notes import Note, Sentence
from constat.briefs.pictures import dated, map_of, placed, timeline_of
from constat.exports.drawing import colour
from constat.exports.xml import clean
from constat.interface import Words, words

_STYLE = Path(__file__).parent / "style.css"
_SAFE = re.compile(r"https?://[^\s\"<>]+")


def html(brief: Brief) -> str:
    """The page."""
    said = words(brief.lang)
    body = "\n".join(_body(brief, said))
    style = _STYLE.read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="{brief.lang}" dir="{brief.direction}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{_text(brief.title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _body(brief: Brief, said: Words) -> Iterator[str]:
    yield f"<header><h1>{_text(brief.title)}</h1><p>{_text(brief.period)}</p></header>"
    yield f"<section class=summary>{''.join(f'<p>{_sentence(s)}</p>' for s in brief.summary)}</section>"
    entries = brief.entries
    if picture := map_of(entries, said):
        without = len(entries) - len(placed(entries))
        about = said("brief.legend") + (" " + said("brief.no_point", n=without) if without else "")
        caption = f"<figcaption>{_kinds(entries, said)}<br>{_text(about)}</figcaption>"
        yield _section(said("brief.map"), f"<figure>{picture}{caption}</figure>")
    if picture := timeline_of(entries, said):
        without = len(entries) - len(dated(entries))
        note = f"<figcaption>{_text(said('brief.no_day', n=without))}</figcaption>" if without else ""
        yield _section(said("brief.timeline"), f"<figure>{picture}{note}</figure>")
    for name, found in (("new", brief.new), ("changed", brief.changed), ("contested", brief.contested)):
        inside = "".join(_entry(e) for e in found) or f"<p>{_text(said('brief.nothing'))}</p>"
        yield _section(said(f"brief.{name}"), inside)
    notes = "".join(f'<li id="n{n.number}">{_note(n, said)}</li>' for n in brief.notes)
    yield _section(said("brief.sources"), f"<ol class=notes>{notes}</ol>" if notes else "")
    yield f"<footer>{''.join(f'<p>{_text(line)}</p>' for line in brief.method)}</footer>"


def _kinds(entries: Iterable[Entry], said: Words) -> str:
    """The colours of the types that occur."""
    kinds = dict.fromkeys(sorted(e.standing.type or "" for e in entries))
    return "".join(
        f'<span class=kind><i style="background:{colour(kind)}"></i>'
        f"{_text(said.named('type', kind) or said('say.not_stated'))}</span>"
        for kind in kinds
    )


def _section(title: str, inside: str) -> str:
    return f"<section><h2>{_text(title)}</h2>{inside}</section>"


def _entry(entry: Entry) -> str:
    lines = "".join(f"<p>{_sentence(s)}</p>" for s in entry.lines)
    number = f"<span class=number>{entry.number}</span>"
    return f"<article><h3>{number}{_sentence(entry.headline)}</h3>{lines}</article>"


def _sentence(sentence: Sentence) -> str:
    marks = "".join(f'<a href="#n{n}">[{n}]</a>' for n in sentence.notes)
    return f"<span class=s>{_text(sentence.text)}</span>" + (f"<sup>{marks}</sup>" if marks else "")


def _note(note: Note, said: Words) -> str:
    parts = [f"<bdi>{_text(part)}</bdi>" for part in note_parts(note, said)]
    document = note.document
    if document and document.url and _SAFE.fullmatch(document.url):
        shown = _text(document.url)
        parts.append(f'<a href="{shown}" rel="noopener noreferrer"><bdi dir=ltr>{shown}</bdi></a>')
    if note.quotes:
        lang = f' lang="{escape(document.lang)}"' if document and document.lang else ""
        words_of = "".join(f"<q{lang}><bdi>{_text(q)}</bdi></q> " for q in note.quotes)
        parts.append(f"<span class=words>{words_of.strip()}</span>")
    return _text(said("say.also")).join(parts)


def note_parts(note: Note, said: Words) -> list[str]:
    """What a footnote says of its report or decision, without address and words."""
    if note.decision is not None:
        made = note.decision
        who = said("brief.decided", author=made.author, day=phrasing.day(made.decided_at, said))
        return [who, *([made.reason] if made.reason else [])]
    document = note.document
    if document is None:
        return [note.id[:12]]
    when = phrasing.day(document.published, said) if document.published else said("brief.undated_note")
    return [
        document.publisher or said("say.report", id=document.id[:8]),
        *([document.title] if document.title else []),
        when,
    ]


def _text(text: str) -> str:
    return escape(clean(text))
