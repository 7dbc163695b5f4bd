"""What a model may answer: the shape of a proposal, as structs and as the JSON schema made of them."""

from __future__ import annotations

from typing import Any

import msgspec

from constat.ontology_tables import Ontology
from constat.records import Modality, Role

_MOST_EVENTS = 60  # of one report; more is no reading


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Servers that hold a model to a schema want every field named and no other."""


class When(_Strict, frozen=True, kw_only=True):
    """Words for a day or time, and the same words in English, by which they are read where no pack reads them."""

    quote: str
    english: str


class Where(_Strict, frozen=True, kw_only=True):
    """The name of a place, and the name of the province or country that the report puts it in."""

    quote: str
    within: str | None


class Count(_Strict, frozen=True, kw_only=True):
    """How many people, low to high (null: no upper bound is stated), and the words that say so."""

    low: int
    high: int | None
    quote: str


class Actor(_Strict, frozen=True, kw_only=True):
    """Who did it, and whether that is stated, claimed by themselves or suspected."""

    quote: str
    certainty: str


class Labelled(_Strict, frozen=True, kw_only=True):
    """A label of the ontology and the words that it stands for."""

    label: str
    quote: str


class Cited(_Strict, frozen=True, kw_only=True):
    """Who says so, and through whom it was relayed."""

    quote: str
    through: str | None


class ProposedEvent(_Strict, frozen=True, kw_only=True):
    """One incident as the model proposes it; every string but labels is a quote."""

    role: Role
    told: str
    subtype: str
    modality: Modality
    date: When | None
    place: Where | None
    killed: Count | None
    wounded: Count | None
    perpetrator: Actor | None
    target: str | None
    claimed_by: str | None
    weapons: list[Labelled]
    responses: list[Labelled]
    damage: str | None
    uncertain: str | None
    sources: list[Cited]


class Answer(_Strict, frozen=True, kw_only=True):
    """All that a model reads in a report, and the ISO 639 code of its language."""

    language: str
    events: list[ProposedEvent]


class Paragraphs(_Strict, frozen=True, kw_only=True):
    """A translation, paragraph by paragraph."""

    paragraphs: list[str]


CERTAINTIES = ("stated", "claimed", "suspected")


def answer_schema(ontology: Ontology) -> dict[str, Any]:
    """The JSON schema of an `Answer`, with the labels of the ontology as the only ones."""
    schema = plain_schema(Answer)
    defs = schema["$defs"]
    kinds = sorted({sub for _, sub in ontology.events.values()})
    defs["ProposedEvent"]["properties"]["subtype"] = {"type": "string", "enum": kinds}
    defs["Actor"]["properties"]["certainty"] = {"type": "string", "enum": list(CERTAINTIES)}
    labelled = defs.pop("Labelled")
    for field, labels in (("weapons", ontology.weapons), ("responses", ontology.measures)):
        label = {"type": "string", "enum": sorted(set(labels.values()))}
        own = labelled | {"properties": labelled["properties"] | {"label": label}}
        defs["ProposedEvent"]["properties"][field] = {"type": "array", "items": own}
    return schema


def plain_schema(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The JSON schema of a struct as an object, which servers want at the top, and without titles and stories."""
    schema: dict[str, Any] = msgspec.json.schema(kind)
    defs: dict[str, Any] = schema["$defs"]
    top = defs.pop(kind.__name__)
    for part in (top, *defs.values()):
        part.pop("title", None)
        part.pop("description", None)
        for inner in part["properties"].values():
            if "enum" in inner:
                inner.setdefault("type", "string")  # without which some servers refuse a schema
    return {**top, "$defs": defs} if defs else dict(top)


def decode(content: str, kind: type[msgspec.Struct]) -> Any:
    """The answer in what a model wrote, with or without thoughts and fences around it; raises `ValueError`."""
    written = content.rpartition("</think>")[2]
    start, end = written.find("{"), written.rfind("}")
    if start < 0 or end < start:
        raise ValueError("no JSON object")
    answer = msgspec.json.decode(written[start : end + 1], type=kind)
    if isinstance(answer, Answer) and len(answer.events) > _MOST_EVENTS:
        raise ValueError(f"{len(answer.events)} incidents in one report")
    return answer
