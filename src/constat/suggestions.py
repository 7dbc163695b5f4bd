"""How packs get better: words that a model quoted for a value, and that no entry of the language's tables knows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from constat.errors import InputError
from constat.ontology_tables import Ontology
from constat.packs import Pack
from constat.text import Chunk

# Field of a claim -> the table that its words belong to, the tag of a new entry, the tags that mark such words already.
_Table: TypeAlias = tuple[str, str, tuple[str, ...]]
_PEOPLE: _Table = (
    "people.tsv",
    "PPL",
    ("PPL", "PPL2", "ACT", "UNID", "SITE", "NAT", "SRC", "NAME", "ACR", "GEO", "PLACE"),
)
_CASUALTY: _Table = ("casualties.tsv", "DEAD", ("KILL", "DIE", "DEAD", "UNHURT", "TOLL", "EV", "EVU"))
_TABLES: Mapping[str, _Table] = {
    "subtype": ("triggers.tsv", "EV", ("EV", "EVU", "KILL", "DIE", "DEAD")),
    "weapons": ("weapons.tsv", "WPN", ("WPN", "EV", "EVU")),
    "responses": ("measures.tsv", "MEAS", ("MEAS", "MW", "EV")),
    "sources": ("attribution.tsv", "SRC", ("SRC", "AGENCY", "ACT", "PPL", "NAME", "ACR", "NAT", "GEO")),
    "date": ("times.tsv", "REL", ("MON", "WDAY", "REL", "RELEV", "NUM", "PART", "UNIT")),
    "target": _PEOPLE,
    "perpetrator": _PEOPLE,
}
_LONGEST = 4  # words of a phrase worth a line; longer quotes are sentences


class Suggestion(msgspec.Struct, frozen=True):
    """A line for a table: the words, what they stood for, in how many reports, and one sentence that has them."""

    lang: str
    table: str
    phrase: str
    tag: str
    key: str
    reports: int
    example: str


def suggestions(
    rows: Iterable[Mapping[str, Any]], pack: Callable[[str], Pack | None], ontology: Ontology
) -> list[Suggestion]:
    """Suggestions of readings as `constat read --json` prints them, by table, the words of most reports first."""
    keys = {
        "subtype": {sub: key for key, (_, sub) in ontology.events.items()},
        "weapons": {label: key for key, label in ontology.weapons.items()},
        "responses": {label: key for key, label in ontology.measures.items()},
    }
    found: dict[tuple[str, str, str, str, str], tuple[set[str], str]] = {}
    for row in rows:
        document = row["document"]
        lang = document.get("lang") or ""
        tables = pack(lang)
        if tables is None:
            continue
        for claim in _by_model(row):
            for span in claim["spans"]:
                new = _new(tables, document, span, claim["field"])
                if new is not None:
                    key = keys.get(claim["field"], {}).get(str(claim["value"]), claim["field"])
                    entry = found.setdefault((lang, new.table, new.phrase, new.tag, key), (set(), new.example))
                    entry[0].add(row["id"])
    out = [
        Suggestion(lang, table, phrase, tag, key, len(reports), example)
        for (lang, table, phrase, tag, key), (reports, example) in found.items()
    ]
    return sorted(out, key=lambda s: (s.lang, s.table, -s.reports, s.phrase))


def _by_model(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for event in row.get("events", ()):
        yield from (claim for claim in event.get("claims", ()) if claim.get("reader") == "model")


class _New(msgspec.Struct, frozen=True):
    table: str
    tag: str
    phrase: str
    example: str


def _new(pack: Pack, document: Mapping[str, Any], span: Mapping[str, Any], field: str) -> _New | None:
    """The words of a quote in which the pack's tables know none for such a value; None if they do."""
    text = document.get(span["part"]) or ""
    for sentence in pack.sentences(text, span["part"], 0, None):
        if not sentence.start <= span["start"] < sentence.end:
            continue
        chunks = [c for c in sentence.chunks if c.start < span["end"] and span["start"] < c.end]
        if field in ("killed", "wounded"):
            table, tag, tags = _PEOPLE if _tags(sentence.chunks) & {*_CASUALTY[2]} else _CASUALTY
        elif field in _TABLES:
            table, tag, tags = _TABLES[field]
        else:
            return None
        if not _tags(chunks).isdisjoint(tags):
            return None
        # What no table knows at all is the likeliest gap; failing that the whole quote, known as something else.
        unknown = [c for c in chunks if c.tag == "W" and any(sign.isalpha() for sign in c.key)]
        first, last = (unknown[0], unknown[-1]) if unknown else (chunks[0], chunks[-1])
        phrase = " ".join(text[first.start : last.end].split()).casefold()
        if not 0 < len(phrase.split()) <= _LONGEST or not any(sign.isalpha() for sign in phrase):
            return None
        return _New(table, tag, phrase, " ".join(text[sentence.start : sentence.end].split()))
    return None


def _tags(chunks: Sequence[Chunk]) -> set[str]:
    return {tag for c in chunks for tag in (c.tag, *(other[0] for other in c.others))}


def rows_of_file(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a file of readings; raises `InputError`."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                except ValueError as error:
                    raise InputError(str(path), number, f"not JSON: {error}") from error
                if not isinstance(row, dict) or not isinstance(row.get("document"), dict):
                    raise InputError(str(path), number, "not a line of `constat read --json`")
                yield row
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(str(path), None, f"cannot be read: {error}") from error
