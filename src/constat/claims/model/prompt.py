"""What a model is sent: the instructions, which are tables like any other, and the report as data between marks."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TypeAlias

from constat.claims.model.visible import Visible
from constat.records import Document

Messages: TypeAlias = tuple[tuple[str, str], ...]  # (role, content)


def reading_messages(document: Document) -> Messages:
    """The messages that ask for the incidents of a document. They hold nothing but the report.

    Not its language: that may be what the model told of it before, and the question should stay the same.
    """
    title, text = Visible(document, "title").text, Visible(document, "text").text
    known = {"published": document.published, "publisher": document.publisher}
    about = json.dumps({k: v for k, v in known.items() if v}, ensure_ascii=False)
    return (("system", _instructions("read")), ("user", _between(f"{about}\n\n{title}\n\n{text}")))


def translation_messages(paragraphs: list[str], to: str) -> Messages:
    """The messages that ask for paragraphs in another language."""
    asked = f"Translate into the language with the code {json.dumps(to)}.\n\n"
    return (
        ("system", _instructions("translate")),
        ("user", asked + _between(json.dumps(paragraphs, ensure_ascii=False))),
    )


def _between(report: str) -> str:
    """A report between marks made of its own hash, which nothing within it can close."""
    mark = hashlib.sha256(report.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"[report {mark}]\n{report}\n[/report {mark}]"


def _instructions(name: str) -> str:
    return Path(__file__).with_name(f"{name}.md").read_text(encoding="utf-8")
