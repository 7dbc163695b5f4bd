"""Place names in a report, resolved together: what the report names elsewhere decides between namesakes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from constat.facts import PlaceMention
from constat.gazetteer import Gazetteer, Place
from constat.gazetteer.choose import Context, choose
from constat.records import PlaceValue
from constat.text import Chunk, Sentence

_CUES = {"IN": "in", "NEAR": "near", "FROM": "from", "TOWARD": "toward", "DIR": "direction", "BETWEEN": "in"}
_SKIP = frozenset({"DE", "DET", "PLK", "W", "SITE", "QU", "IN", "NAT", "DIR"})
_LEVELS = {"site": 0, "town": 1, "village": 1, "area": 2, "district": 2, "province": 3, "country": 4}
_HEAD_LEVELS = {
    "base": 0, "field": 0, "camp": 0, "crossing": 0, "quarter": 0, "street": 0, "road": 2, "village": 1, "city": 1,
    "island": 1, "district": 2, "river": 2, "mountain": 2, "province": 3, "region": 3, "sea": 3, "border": 3,
    "country": 4,
}  # fmt: skip
_HEAD_KINDS = {
    "base": "site",
    "field": "site",
    "camp": "site",
    "crossing": "site",
    "province": "province",
    "region": "province",
    "district": "district",
}


class _Named(msgspec.Struct):
    """A place name where it stands, before it is resolved."""

    sentence: Sentence
    first: int
    last: int
    head: str
    cue: str
    candidates: tuple[Place, ...]
    name: str


def places(report: Sequence[Sentence], texts: dict[str, str], gazetteer: Gazetteer) -> list[PlaceMention]:
    """Every place of a report in text order, each with the candidate that fits the whole report best."""
    named = [n for sentence in report for n in _names(sentence, texts[sentence.part], gazetteer)]
    countries = _countries(report, named)
    context = Context(countries=countries, provinces=(), near=(), site=None)
    resolved: dict[str, PlaceValue] = {}
    anchors: list[Place] = []
    for n in sorted((n for n in named if n.candidates), key=lambda n: len(n.candidates)):
        if n.name not in resolved:
            wanted = msgspec.structs.replace(context, near=tuple(anchors), site=_HEAD_KINDS.get(n.head))
            choice = choose(n.candidates, wanted)
            if choice.place is not None:
                anchors.append(choice.place)
                resolved[n.name] = PlaceValue(
                    name=n.name,
                    country=choice.place.country,
                    admin1=choice.place.admin1 or None,
                    lat=choice.place.lat,
                    lon=choice.place.lon,
                    kind=choice.place.kind,
                    radius_km=choice.radius_km,
                    gazetteer_id=choice.place.id,
                    passed_over=tuple(f"{p.name} ({p.country}): {why}" for p, why in choice.passed_over[:5]),
                )
    lead = max(countries, key=lambda c: countries[c]) if countries else None
    out = []
    for n in named:
        key = n.name
        span = n.sentence.span(texts[n.sentence.part], n.first, n.last)
        if key in resolved:
            value = msgspec.structs.replace(resolved[key], name=span.quote)
            level = _LEVELS.get(value.kind, 1)
            if n.head and value.kind in ("town", "village", "site"):
                level = min(level, _HEAD_LEVELS.get(n.head, 1))
        else:
            value = PlaceValue(name=span.quote, country=lead)
            level = _HEAD_LEVELS.get(n.head, 1)
        out.append(
            PlaceMention(sentence=n.sentence.index, first=n.first, last=n.last, value=value, cue=n.cue, level=level)
        )
    return out


def _names(sentence: Sentence, text: str, gazetteer: Gazetteer) -> list[_Named]:
    out: list[_Named] = []
    chunks = sentence.chunks
    for i, chunk in enumerate(chunks):
        if chunk.tag == "GEO":
            country = gazetteer.country(chunk.key)
            out.append(
                _Named(sentence, i, i + 1, "country", _cue(sentence, i), (country,) if country else (), chunk.key)
            )
            continue
        head_at, head = _head(chunks, i)
        if chunk.tag == "PLACE":
            out.append(
                _Named(sentence, i, i + 1, head, _cue(sentence, head_at), gazetteer.lookup(chunk.key), chunk.key)
            )
        elif chunk.tag in ("NAME", "ACR") and head:
            found = gazetteer.lookup(chunk.key) or gazetteer.propose(chunk.key, None)
            out.append(_Named(sentence, i, i + 1, head, _cue(sentence, head_at) or "head", found, chunk.key))
        elif chunk.tag == "W" and head and head_at == i - 1 and not text[chunk.start : chunk.end].isascii():
            # A script without capitals: the word after "village" is its name.
            found = gazetteer.lookup(chunk.key) or gazetteer.propose(chunk.key, None)
            out.append(_Named(sentence, i, i + 1, head, _cue(sentence, head_at) or "head", found, chunk.key))
        elif chunk.tag == "NAME" and i and chunks[i - 1].tag == "IN":
            found = gazetteer.propose(chunk.key, None)
            out.append(_Named(sentence, i, i + 1, "", "in", found, chunk.key))
    if (
        out
        and sentence.part == "text"
        and sentence.paragraph == 0
        and out[0].first == 0
        and _dateline(chunks, out[0].last)
    ):
        out[0].cue = "dateline"
    return out


def _head(chunks: Sequence[Chunk], i: int) -> tuple[int, str]:
    """The place word just before a name, over articles and "of": its chunk and kind, or the name's own chunk and ""."""
    for k in range(i - 1, max(-1, i - 5), -1):
        if chunks[k].tag == "PLK":
            return k, chunks[k].key
        if chunks[k].tag not in ("DE", "DET", "QU", "NAT"):
            break
    if i + 1 < len(chunks) and chunks[i + 1].tag == "PLK":
        return i, chunks[i + 1].key
    return i, ""


def _cue(sentence: Sentence, i: int) -> str:
    for k in range(i - 1, max(-1, i - 6), -1):
        chunk = sentence.chunks[k]
        if chunk.tag in _CUES:
            return _CUES[chunk.tag]
        if chunk.tag in ("PLACE", "GEO") or chunk.tag in ("CM", "AND", "PA"):
            return "list" if chunk.tag != "CM" or k == i - 1 else ""
        if chunk.tag not in _SKIP:
            break
    return ""


def _dateline(chunks: Sequence[Chunk], after: int) -> bool:
    """A place at the head of the text, a dash or colon within a few words: where the report was filed."""
    return any(c.tag in ("DASH", "SC") for c in chunks[after : after + 7]) and chunks[after].tag in (
        "DASH",
        "SC",
        "PA",
        "CM",
        "STOP",
    )


def _countries(report: Sequence[Sentence], named: Sequence[_Named]) -> dict[str, float]:
    """How strongly the report points at each country: by name, by nationality, by places known in one country only."""
    weight: dict[str, float] = defaultdict(float)
    for sentence in report:
        for chunk in sentence.chunks:
            if chunk.tag == "GEO":
                weight[chunk.key] += 1.0
            elif chunk.tag == "NAT":
                weight[chunk.key] += 0.4
    for n in named:
        within = {p.country for p in n.candidates}
        if len(within) == 1 and n.head != "country":
            weight[within.pop()] += 1.0
        elif n.candidates:
            biggest = max(n.candidates, key=lambda p: p.population)
            if biggest.population > 100_000:
                weight[biggest.country] += 0.5
    total = sum(weight.values()) or 1.0
    return {country: w / total for country, w in sorted(weight.items(), key=lambda pair: -pair[1])[:8]}
