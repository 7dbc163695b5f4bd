"""W3C PROV as PROV-JSON: incident from claims, claims from reports, reports from captures; who and what did each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import IO, Any

from constat.exports.cells import clean
from constat.exports.dossier import About, Dossier
from constat.exports.listing import Format
from constat.exports.losses import all_but
from constat.exports.row import value_words
from constat.exports.tables import said_by
from constat.exports.words import headline
from constat.records import UNATTRIBUTED, content_id

_KEPT = ("titles of reports", "addresses of reports", "dates of reports", "quotes", "offsets of quotes")
FORMAT = Format(
    title="PROV",
    suffix=".json",
    media_type="application/json",
    lost=all_but(
        "PROV tells where values come from; of the incident it holds a label and the claims",
        *(*_KEPT, "attribution of claims", "mood of claims", "reader and run", "decisions", "custody", "review status"),
        *("sub-type", "date", "place name"),
    ),
    blurred={
        "sub-type": "in the label",
        "date": "in the label",
        "place name": "in the label",
    },
)
PREFIX = {"constat": "urn:constat:", "dcterms": "http://purl.org/dc/terms/"}


class _Graph:
    """Records of a PROV document by kind and name; the same one is written once."""

    def __init__(self) -> None:
        self.records: dict[str, dict[str, dict[str, Any]]] = {}

    def put(self, kind: str, name: str, **attributes: Any) -> str:
        """A record; its name, to be used by relations."""
        shown = {key.replace("__", ":"): _value(value) for key, value in attributes.items() if value not in (None, "")}
        self.records.setdefault(kind, {})[name] = shown
        return name

    def relate(self, kind: str, **ends: str) -> None:
        """A relation, named by what it relates."""
        parts = {f"prov:{key}": value for key, value in ends.items()}
        self.records.setdefault(kind, {})[f"_:{content_id([kind, parts])[:16]}"] = parts


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """One document for all incidents."""
    graph = _Graph()
    for dossier in dossiers:
        _tell(graph, dossier)
    made = {"prefix": PREFIX, **{kind: dict(sorted(found.items())) for kind, found in sorted(graph.records.items())}}
    out.write((json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode())
    return {}


def _tell(graph: _Graph, dossier: Dossier) -> None:
    one = dossier.incident
    incident = graph.put(
        "entity", f"constat:incident-{one.id}", prov__label=headline(dossier), constat__status=one.status
    )
    captures = _custody(graph, dossier)
    for document in dossier.documents:
        report = graph.put(
            "entity", f"constat:report-{document.id}", prov__label=document.title, prov__location=document.url,
            dcterms__issued=document.published, dcterms__language=document.lang,
        )  # fmt: skip
        if document.publisher:
            publisher = _agent(graph, document.publisher, "prov:Organization")
            graph.relate("wasAttributedTo", entity=report, agent=publisher)
        for capture in captures.get(document.id, ()):
            graph.relate("wasDerivedFrom", generatedEntity=report, usedEntity=capture)
    for reading in dossier.readings:
        report = f"constat:report-{reading.document.id}"
        run = reading.run
        activity = None
        if run is not None:
            activity = graph.put("activity", f"constat:reading-{content_id([reading.document.id, run])[:16]}")
            agent = graph.put(
                "agent", f"constat:constat-{content_id(run)[:16]}", prov__type="prov:SoftwareAgent",
                prov__label=f"constat {run.code}", constat__gazetteer=run.gazetteer, constat__weights=run.weights,
                constat__settings=run.settings, constat__model=run.model,
                constat__packs=", ".join(f"{lang} {digest}" for lang, digest in run.packs),
            )  # fmt: skip
            graph.relate("used", activity=activity, entity=report)
            graph.relate("wasAssociatedWith", activity=activity, agent=agent)
        for event in reading.events:
            for claim in event.claims:
                said = [said_by(a) for a in claim.attribution if a.source != UNATTRIBUTED.source]
                name = graph.put(
                    "entity", f"constat:claim-{content_id([reading.document.id, claim])[:32]}",
                    prov__label=f"{claim.field}: {value_words(claim.value)}", constat__modality=claim.modality,
                    constat__said_by="; ".join(said), constat__reader=claim.reader,
                    prov__value=" … ".join(f"{s.part} {s.start}-{s.end} “{s.quote}”" for s in claim.spans),
                )  # fmt: skip
                graph.relate("wasDerivedFrom", generatedEntity=name, usedEntity=report)
                graph.relate("wasDerivedFrom", generatedEntity=incident, usedEntity=name)
                if activity:
                    graph.relate("wasGeneratedBy", entity=name, activity=activity)
    for decision in dossier.decisions:
        made = graph.put(
            "activity", f"constat:decision-{decision.id[:32]}", constat__field=decision.field,
            constat__value=value_words(decision.value), prov__endTime=decision.decided_at,
            prov__label=f"{decision.kind} {decision.reason}".strip(),
        )  # fmt: skip
        person = _agent(graph, decision.author, "prov:Person")
        graph.relate("wasAssociatedWith", activity=made, agent=person)
        graph.relate("wasInfluencedBy", influencee=incident, influencer=made)


def _custody(graph: _Graph, dossier: Dossier) -> dict[str, list[str]]:
    """The captures behind each report, and who collected them when."""
    found: dict[str, list[str]] = {}
    for item in dossier.custody:
        capture = graph.put(
            "entity", f"constat:capture-{item.sha256}", prov__label=item.name, prov__location=item.address,
            constat__size=item.size, constat__media_type=item.media_type,
        )  # fmt: skip
        collected = graph.put(
            "activity", f"constat:collection-{content_id([item.sha256, item.name, item.captured_at])[:16]}",
            prov__endTime=item.captured_at, prov__label=item.tool,
        )  # fmt: skip
        graph.relate("wasGeneratedBy", entity=capture, activity=collected)
        graph.relate("wasAssociatedWith", activity=collected, agent=_agent(graph, item.collector, "prov:Person"))
        found.setdefault(item.document, []).append(capture)
    return found


def _agent(graph: _Graph, name: str, kind: str) -> str:
    number = content_id([kind, name])[:16]
    return graph.put("agent", f"constat:agent-{number}", prov__type=kind, prov__label=name)


def _value(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("prov:"):
        return {"$": value, "type": "prov:QUALIFIED_NAME"}
    return clean(value) if isinstance(value, str) else value
