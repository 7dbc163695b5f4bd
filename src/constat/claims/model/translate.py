"""A report in another language, by machine, for the eyes of a reader. It is no evidence and no record is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from constat.claims.model.client import Client
from constat.claims.model.prompt import translation_messages
from constat.claims.model.schema import Paragraphs
from constat.claims.model.visible import Visible
from constat.errors import ModelError
from constat.records import Document, Part, Translation

_SIGNS_A_TOKEN = 1.5  # of an answer, at the least: so many fit into one whatever the script
_USUAL_TOKENS = 4_096  # where the settings set no limit to an answer


def translate(client: Client, document: Document, to: str) -> Translation:
    """A document by paragraphs, each with what it translates; raises `ModelError` where one is lost or added."""
    parts: tuple[Part, ...] = ("title", "text")
    source = [line for part in parts for line in Visible(document, part).text.split("\n") if line.strip()]
    if sum(map(len, source)) > client.settings.max_characters:
        limit = client.settings.max_characters
        raise ModelError(document.id, f"longer than {limit:,} characters, `max_characters`; it is not translated")
    most = int((client.settings.max_answer_tokens or _USUAL_TOKENS) * _SIGNS_A_TOKEN)
    translated: list[str] = []
    for some in _together(source, most):
        answer = client.ask(document, translation_messages(some, to), Paragraphs, fits=partial(_whole, len(some)))
        translated += (_shown(paragraph) for paragraph in answer.paragraphs)
    return Translation(document.id, to, client.settings.name, tuple(zip(source, translated, strict=True)))


def _whole(wanted: int, answer: Paragraphs) -> None:
    if len(answer.paragraphs) != wanted:
        raise ValueError(f"it made {len(answer.paragraphs)} paragraphs of {wanted}")


def _together(paragraphs: list[str], most: int) -> Iterator[list[str]]:
    """Paragraphs as they are asked about together, no more than one answer holds."""
    some: list[str] = []
    for paragraph in paragraphs:
        if some and sum(map(len, some)) + len(paragraph) > most:
            yield some
            some = []
        some.append(paragraph)
    if some:
        yield some


def _shown(paragraph: str) -> str:
    """What is seen of a paragraph that the model made."""
    return Visible(Document(id="", text=paragraph), "text").text
