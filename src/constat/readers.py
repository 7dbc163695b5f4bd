"""Who reads: the rules, a language model, or both side by side. The rules alone need nothing that is not here."""

from __future__ import annotations

import datetime as dt
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from typing import Literal, TypeAlias

import msgspec

from constat.claims.model.budget import Budget, Usage
from constat.claims.model.cache import model_digest
from constat.claims.model.client import Client
from constat.claims.model.compare import Difference, checked, combined
from constat.claims.model.ground import Ground
from constat.claims.model.prompt import reading_messages
from constat.claims.model.propose import Refusal, propose
from constat.claims.model.schema import Answer, answer_schema
from constat.claims.model.spoken_to import FLAG, spoken_to
from constat.claims.model.translate import translate
from constat.errors import InputError, ModelError
from constat.facts import SentenceFacts
from constat.mentions.stated import Stated
from constat.pipeline import Reader
from constat.records import Document, Reading, Translation
from constat.settings import Settings
from constat.text import sentences

Which: TypeAlias = Literal["rules", "model", "both"]


class Noted(msgspec.Struct):
    """What a run with a model leaves beside its readings: what was refused, where the readers differ, what it took."""

    usage: Usage
    refused: list[Refusal] = []
    differences: list[Difference] = []
    values: int = 0


class ModelReader:
    """Reads with a language model, alone or beside the rules; every claim passes the gate and says who made it."""

    def __init__(
        self,
        rules: Reader,
        which: Literal["model", "both"] = "both",
        environ: Mapping[str, str] | None = None,
        budget: Budget | None = None,
    ) -> None:
        """`budget`: of a longer run, of which this reader is a part."""
        self.rules, self.which, self.settings = rules, which, rules.settings.model
        budget = budget or Budget(self.settings)
        self.client = Client(self.settings, rules.settings.cache, budget, environ)
        self.noted = Noted(budget.used)
        self._schema = answer_schema(rules.ontology)
        self._languages = frozenset(rules.languages())

    def read(self, document: Document) -> Reading:
        """The reading of one document; raises `ModelError` where the model gives no answer that can be used."""
        return self.made(document, self._ask(document))

    def read_all(self, documents: Iterable[Document]) -> Iterator[tuple[Document, Reading | None, InputError | None]]:
        """Readings in the order of the documents, several questions under way at once.

        Where the model fails and rules read too, there is both a reading, by the rules alone, and the error.
        """
        for document, answer in _ahead(self._try, documents, self.settings.concurrency):
            yield document, *self.of(document, answer)

    def begin(self, document: Document) -> Future[Answer | InputError]:
        """Ask about a document meanwhile; `of` makes a reading of what comes."""
        return _begun(self._try, document)

    def of(self, document: Document, answer: Answer | InputError) -> tuple[Reading | None, InputError | None]:
        """The reading that an answer comes to; where there is none, the error, and what the rules read in its stead."""
        if isinstance(answer, Answer):
            return self.made(document, answer), None
        by_rules = self.which == "both" and document.lang in self._languages
        return self.rules.read(document) if by_rules else None, answer

    def close(self) -> None:
        """Let go of the connections."""
        self.client.close()

    def _ask(self, document: Document) -> Answer:
        size = len(document.text) + len(document.title or "")
        if size > self.settings.max_characters:
            limit = f"more than {self.settings.max_characters:,}, `max_characters` in [model]"
            raise ModelError(document.id, f"has {size:,} characters, {limit}; the model is not asked")
        return self.client.ask(document, reading_messages(document), Answer, self._schema)

    def _try(self, document: Document) -> Answer | InputError:
        try:
            return self._ask(document)
        except InputError as error:
            return error

    def made(self, document: Document, answer: Answer) -> Reading:
        """The reading that an answer of the model comes to."""
        pack = document.lang in self._languages
        told = answer.language.lower()
        if document.lang is None and told.isascii() and told.isalpha() and told not in self._languages:
            document = msgspec.structs.replace(document, lang=told[:3])
        facts = self.rules.facts(document) if pack else plain_facts(document)
        published = dt.date.fromisoformat(document.published) if document.published else None
        passages = spoken_to(document)
        if passages and FLAG not in document.flags:
            document = msgspec.structs.replace(document, flags=(*document.flags, FLAG))
        ground = Ground(
            document, self.rules.rules.report(facts, published), Stated(facts), pack, self.rules.gazetteer,
            self.rules.ontology, self._english, passages,
        )  # fmt: skip
        proposed = propose(answer, ground, self.settings.confidence)
        self.noted.refused += proposed.refused
        self.noted.values += proposed.values
        by = self._name(document)
        reading = self.rules.made(document, facts, proposed.told, proposed.denied, by)
        if not pack:
            return reading
        by_rules = self.rules.claims(document, facts)
        if self.which == "both":
            compared = combined(by_rules, reading, ground.to_program)
        else:
            compared = checked(by_rules, reading)
        self.noted.differences += compared.differences
        return self.rules.made(document, facts, compared.told, compared.denied, by)

    def _english(self, words: str) -> tuple[list[SentenceFacts], Stated]:
        facts = self.rules.facts(Document(id="", text=words[:200], lang="en"))
        return facts, Stated(facts)

    def _name(self, document: Document) -> str:
        """The model with the hash of all that shapes its answers."""
        digest = model_digest(self.settings, reading_messages(document)[0][1], self._schema)
        return f"{self.settings.name} {digest[:16]}"


def plain_facts(document: Document) -> list[SentenceFacts]:
    """The sentences of a document in a language that no pack reads, with nothing found in them."""
    out: list[SentenceFacts] = []
    for part, text in (("title", document.title or ""), ("text", document.text)):
        cased = any(sign.isupper() for sign in text)  # in a script without capitals any stop may end a sentence
        cut = sentences(text, part, (), cased, len(out))  # type: ignore[arg-type]
        out += [SentenceFacts(sentence, text) for sentence in cut]
    return out


def check(settings: Settings) -> None:
    """Raise `SettingsError` or `MissingExtraError` where no model could be asked, before anything is done."""
    client = Client(settings.model, settings.cache, Budget(settings.model))
    if not settings.model.offline:
        client.open()
    client.close()


def translated(settings: Settings, document: Document, to: str, budget: Budget | None = None) -> Translation:
    """A document by machine in another language, for a person to look at; raises `ModelError`, `SettingsError`."""
    client = Client(settings.model, settings.cache, budget or Budget(settings.model))
    try:
        return translate(client, document, to)
    finally:
        client.close()


def _ahead(
    ask: Callable[[Document], Answer | InputError], documents: Iterable[Document], at_once: int
) -> Iterator[tuple[Document, Answer | InputError]]:
    """Each document with its answer, in order, the next ones being asked about meanwhile."""
    waiting: deque[tuple[Document, Future[Answer | InputError]]] = deque()
    for document in documents:
        waiting.append((document, _begun(ask, document)))
        if len(waiting) >= at_once:
            first, future = waiting.popleft()
            yield first, future.result()
    while waiting:
        first, future = waiting.popleft()
        yield first, future.result()


def _begun(ask: Callable[[Document], Answer | InputError], document: Document) -> Future[Answer | InputError]:
    """A question under way, in a thread that an interrupted program does not wait for, as it would for a pool's."""
    future: Future[Answer | InputError] = Future()

    def run() -> None:
        try:
            future.set_result(ask(document))
        except BaseException as error:  # told where the answer is waited for
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future
