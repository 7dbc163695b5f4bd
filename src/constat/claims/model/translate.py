"""A report in another language, by machine, for the eyes of a reader. It is no evidence and no record is made of it."""

from __future__ import annotations

from constat.claims.model.client import Client
from constat.claims.model.prompt import translation_messages
from constat.claims.model.schema import Paragraphs
from constat.claims.model.visible import Visible
from constat.errors import ModelError
from constat.records import Document, Part, Translation


def translate(client: Client, document: Document, to: str) -> Translation:
    """A document by paragraphs, each with what it translates; raises `ModelError` where one is lost or added."""
    parts: tuple[Part, ...] = ("title", "text")
    source = [line for part in parts for line in Visible(document, part).text.split("\n") if line.strip()]
    if not source:
        return Translation(document.id, to, client.settings.name, ())
    if sum(map(len, source)) > client.settings.max_characters:
        limit = client.settings.max_characters
        raise ModelError(document.id, f"longer than {limit:,} characters, `max_characters`; it is not translated")
    answer = client.ask(document, translation_messages(source, to), Paragraphs)
    if len(answer.paragraphs) != len(source):
        given = len(answer.paragraphs)
        raise ModelError(document.id, f"the model made {given} paragraphs of {len(source)}; it is not shown")
    pairs = tuple(zip(source, answer.paragraphs, strict=True))
    return Translation(document.id, to, client.settings.name, pairs)
