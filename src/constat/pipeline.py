"""The whole flow on one page: a document in, a reading out. Only `readers` imports the stages too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from constat import __version__
from constat.claims.network_file import NetworkFile
from constat.claims.rules import Labels, Proposal, RulesReader
from constat.claims.typing import Decisions
from constat.claims.units import STRONG
from constat.claims.verify import verify
from constat.claims.weights import Table, digest, read_weights
from constat.claims.wording import loaded_wording
from constat.errors import InputError
from constat.facts import EventWord, PlaceMention, SentenceFacts
from constat.gazetteer import Gazetteer
from constat.gazetteer.outlets import outlet_country
from constat.mentions.context import sentence_flags
from constat.mentions.loose import casualties, loose
from constat.mentions.measures import measures
from constat.mentions.places import places
from constat.mentions.quantities import tolls
from constat.mentions.sources import sources
from constat.mentions.stated import Stated
from constat.mentions.times import times
from constat.mentions.triggers import event_words
from constat.ontology_tables import Ontology, load_ontology
from constat.pack_cache import cached_pack
from constat.packs import Pack, codes
from constat.records import Document, EventMention, Link, Reading, Run, content_id
from constat.settings import Settings
from constat.text import Sentence

if TYPE_CHECKING:
    from constat.claims.network import Network
    from constat.resolution.held import Held


class Reader:
    """Reads documents; holds the packs, the ontology and the gazetteer, opened once and never changed."""

    def __init__(
        self, settings: Settings, gazetteer: Gazetteer, ontology: Ontology, weights: Mapping[str, Table] | None = None
    ) -> None:
        self.settings = settings
        self.gazetteer = gazetteer
        self.ontology = ontology
        self._packs: dict[str, Pack] = {}
        if weights is None:
            self.use(read_weights(), NetworkFile())
        else:
            self.use(weights)

    @classmethod
    def open(cls, settings: Settings, weights: Mapping[str, Table] | None = None) -> Reader:
        """A reader with the shipped packs and weights, the user's overlays and the default gazetteer."""
        return cls(settings, Gazetteer.open(), load_ontology(settings.overlays), weights)

    def use(self, weights: Mapping[str, Table], network: Network | NetworkFile | None = None) -> None:
        """Read with other weights from now on; without a network every choice is log-linear."""
        ontology = self.ontology
        labels = Labels(ontology.events, ontology.weapons, ontology.measures)
        self.rules = RulesReader(Decisions.from_toml(ontology.subtypes), labels, weights, network)
        self._made_with = weights, network
        self._weights_digest = ""

    @property
    def weights_digest(self) -> str:
        """The hash of the weights that it reads with."""
        if not self._weights_digest:
            weights, network = self._made_with
            self._weights_digest = digest(weights, network.digest if network else "")
        return self._weights_digest

    def languages(self) -> list[str]:
        """Codes of the languages it reads."""
        return codes(self.settings.overlays)

    def pack(self, code: str) -> Pack:
        """The pack of a language, compiled on first use; raises `PackError`."""
        if code not in self._packs:
            self._packs[code] = cached_pack(code, self.settings.overlays, self.settings.cache)
        return self._packs[code]

    def facts(self, document: Document) -> list[SentenceFacts]:
        """Stages 2 and 3: what the sentences of a document name."""
        marked = self._marked(document)
        return self._facts(document, marked, self._events(document, marked))

    def _marked(self, document: Document) -> list[Sentence]:
        if document.lang is None:
            raise InputError(
                document.id, None, f"the language is not known; name one of {', '.join(self.languages())} with --lang"
            )
        pack = self.pack(document.lang)
        marked = pack.sentences(document.title, "title", 0, self.gazetteer) if document.title else []
        return marked + pack.sentences(document.text, "text", len(marked), self.gazetteer)

    def _events(self, document: Document, marked: Iterable[Sentence]) -> dict[int, tuple[EventWord, ...]]:
        pack = self.pack(document.lang or "")
        frames, modality = pack.table("frames"), pack.table("modality")
        return {s.index: tuple(event_words(s, frames, modality)) for s in marked}

    def _facts(
        self, document: Document, marked: list[Sentence], events: Mapping[int, tuple[EventWord, ...]]
    ) -> list[SentenceFacts]:
        pack, texts = self.pack(document.lang or ""), _texts(document)
        by_sentence: dict[int, list[PlaceMention]] = {}
        outlet = outlet_country(document.publisher, document.url)
        for place in places(marked, texts, self.gazetteer, outlet=outlet):
            by_sentence.setdefault(place.sentence, []).append(place)
        return [_said(s, texts[s.part], pack, events[s.index], tuple(by_sentence.get(s.index, ()))) for s in marked]

    def read(self, document: Document) -> Reading:
        """Stages 2 to 4: the reading of one document, every claim through the gate.

        In a report that neither tells of an incident nor denies one nothing more is looked for; most reports are such.
        """
        marked = self._marked(document)
        if self.rules.relevant(marked, document.lang or ""):
            events = self._events(document, marked)
            if any(events.values()):
                return self.claims(document, self._facts(document, marked, events))
        else:
            events = self._events(document, [s for s in marked if any(c.tag in STRONG for c in s.chunks)])
            if any(e.modality == "denied" for words in events.values() for e in words):
                return self.claims(document, self.facts(document))
        _published(document)
        texts = _texts(document)
        return self.made(document, [SentenceFacts(sentence=s, text=texts[s.part]) for s in marked], (), ())

    def claims(self, document: Document, facts: list[SentenceFacts]) -> Reading:
        """Stage 4: the reading of a document whose sentences are marked."""
        report = self.rules.report(facts, _published(document))
        told = self.rules.read(report, document.lang or "")
        return self.made(document, facts, told, self.rules.denials(report))

    def made(
        self,
        document: Document,
        facts: list[SentenceFacts],
        told: Iterable[Proposal],
        denied: Iterable[Proposal],
        model: str | None = None,
    ) -> Reading:
        """The reading of what readers propose; the gate looks at every claim. `model`: the model that proposed too."""
        words = Stated(facts)
        run = self._run(document.lang if document.lang in self._packs else None)
        return Reading(
            document=document,
            events=tuple(_linked([_event(document, proposal, words) for proposal in told])),
            denials=tuple(_event(document, proposal, words) for proposal in denied),
            wording=verify(document, loaded_wording(facts)),
            run=run if model is None else msgspec.structs.replace(run, model=model),
        )

    def _run(self, lang: str | None) -> Run:
        packs = self.pack(lang).digest if lang else ""
        return _run_of(__version__, lang or "", packs, self.gazetteer.digest, self.settings.digest, self.weights_digest)


@lru_cache(maxsize=64)
def _run_of(code: str, lang: str, pack: str, gazetteer: str, settings: str, weights: str) -> Run:
    return Run(
        code=code, packs=((lang, pack),) if lang else (), gazetteer=gazetteer, settings=settings, weights=weights
    )


def _published(document: Document) -> dt.date | None:
    try:
        return dt.date.fromisoformat(document.published[:10]) if document.published else None
    except ValueError:
        cause = f"published is {document.published!r}; it should be a day such as 2024-03-12"
        raise InputError(document.id, None, cause) from None


def _texts(document: Document) -> dict[str, str]:
    return {"title": document.title or "", "text": document.text}


def _said(
    s: Sentence, text: str, pack: Pack, events: tuple[EventWord, ...], where: tuple[PlaceMention, ...]
) -> SentenceFacts:
    counts = tuple(tolls(s, pack.table("tolls")))
    when = tuple(times(s, pack.table("times")))
    fallen = casualties(s)
    return SentenceFacts(
        sentence=s,
        text=text,
        events=events,
        tolls=counts,
        times=when,
        places=where,
        sources=tuple(sources(s, text, pack.table("attribution"))),
        measures=tuple(measures(s, pack.table("measures"))),
        flags=sentence_flags(s),
        loose=loose(s, counts, when, fallen),
        casualties=fallen,
    )


def _event(document: Document, proposal: Proposal, words: Stated) -> EventMention:
    claims = verify(document, proposal.claims, words)
    confidence = sum(c.confidence for c in claims) / len(claims)
    identity = content_id([document.id, proposal.role, claims])
    return EventMention(
        id=identity[:16], document=document.id, role=proposal.role, claims=claims, confidence=round(confidence, 3)
    )


def _linked(events: list[EventMention]) -> list[EventMention]:
    """Events of one report know of each other: what the report tells in passing is linked to its own news."""
    if len(events) < 2:
        return events
    main = next((e for e in events if e.role == "main"), events[0])
    out = []
    for event in events:
        links = []
        if event is not main:
            links.append(Link(main.id, "told with"))
        else:
            links.extend(
                Link(other.id, "earlier incident" if other.role == "background" else "same report")
                for other in events
                if other is not event
            )
        out.append(msgspec.structs.replace(event, links=tuple(links)))
    return out


def held(settings: Settings) -> Held:
    """Stage 5 without a casebook: holds readings until it is known which of their events are one incident."""
    from constat.actors import load_register
    from constat.resolution.actors import actor_ids
    from constat.resolution.held import Held

    return Held(actor_ids(load_register(settings.overlays)))
