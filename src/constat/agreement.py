"""Whether a reading and a coder's gold agree: on a name, a place, a field of an event, and on which event is which."""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

Event = Mapping[str, Any]

EXACT = ("type", "subtype", "date", "country", "perpetrator_certainty")
NAMES = ("place", "perpetrator", "target", "claimed_by")
GEO = {"geo25": 25, "geo161": 161}  # km within which a point is right
TOLLS = ("killed", "wounded")
SETS = ("weapons", "responses")
FIELDS = (*EXACT, *NAMES, *GEO, *TOLLS, *SETS, "sources")

_EARTH_DIAMETER_KM = 12_742
_SAME_PLACE_KM = 25
_LEAST_LIKENESS = 0.4  # below it two events are not paired
_WORD = re.compile(r"\w+")
_ACRONYM = re.compile(r"\b[A-Z]{2,7}\b")
_DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_SMALL = frozenset(_DATA["small_words"])
_LETTERS = str.maketrans(_DATA["letters"])
_ARTICLE = re.compile(_DATA["article"])


@lru_cache(maxsize=20_000)
def content_words(name: str) -> frozenset[str]:
    """The words of a name without case, accents, letter variants, articles and small words."""
    folded = unicodedata.normalize("NFKD", name.lower()).translate(_LETTERS)
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return frozenset(_ARTICLE.sub("", word) for word in _WORD.findall(bare)) - _SMALL


def alike(a: str | None, b: str | None) -> bool:
    """Two names share half the words of the shorter and a third of the longer, or one is the acronym of the other."""
    a, b = a or "", b or ""
    if _acronyms(a) & _initials(b) or _acronyms(b) & _initials(a):
        return True
    sizes = sorted((len(content_words(a)), len(content_words(b))))
    shared = len(content_words(a) & content_words(b))
    return sizes[0] > 0 and shared / sizes[0] >= 0.5 and shared / sizes[1] >= 0.3


def _acronyms(name: str) -> set[str]:
    return set(_ACRONYM.findall(name))


def _initials(name: str) -> set[str]:
    """First letters of a name of several words, with and without its small words."""
    words = _WORD.findall(name)
    if len(words) < 2:
        return set()
    return {"".join(w[0] for w in kept).upper() for kept in (words, [w for w in words if w.lower() not in _SMALL])}


def kilometres(a: Event, b: Event) -> float | None:
    """The distance between the points of two events, None if one has none."""
    if any(event.get(axis) is None for event in (a, b) for axis in ("lat", "lon")):
        return None
    south, north = math.radians(a["lat"]), math.radians(b["lat"])
    half = math.sin(math.radians(b["lon"] - a["lon"]) / 2) ** 2
    chord = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * half
    return _EARTH_DIAMETER_KM * math.asin(math.sqrt(chord))


def likeness(gold: Event, read: Event) -> float:
    """How much two events look like one, by kind, place, date, toll and target: 0 to 1.1."""
    return sum(_points(gold, read))


def _points(gold: Event, read: Event) -> Iterator[float]:
    if gold.get("subtype") == read.get("subtype"):
        yield 0.35
    elif gold.get("type") == read.get("type"):
        yield 0.2
    distance = kilometres(gold, read)
    if (distance is not None and distance <= _SAME_PLACE_KM) or alike(gold.get("place"), read.get("place")):
        yield 0.35
    elif gold.get("country") and gold["country"] == read.get("country"):
        yield 0.1
    ours, theirs = gold.get("date") or "", read.get("date") or ""
    if ours == theirs:
        yield 0.2
    elif ours and theirs and (ours.startswith(theirs) or theirs.startswith(ours)):
        yield 0.1
    yield 0.06 * (gold.get("killed") == read.get("killed")) + 0.04 * (gold.get("wounded") == read.get("wounded"))
    yield 0.1 * alike(gold.get("target"), read.get("target"))


def align(gold: Sequence[Event], read: Sequence[Event]) -> list[tuple[int, int]]:
    """Which gold event each read one tells of, as index pairs: the likest first, each event used once."""
    ranked = sorted(((likeness(g, r), i, j) for i, g in enumerate(gold) for j, r in enumerate(read)), reverse=True)
    taken_gold, taken_read, pairs = set(), set(), []
    for score, i, j in ranked:
        if score >= _LEAST_LIKENESS and i not in taken_gold and j not in taken_read:
            taken_gold.add(i)
            taken_read.add(j)
            pairs.append((i, j))
    return pairs


def slots(event: Event, field: str) -> int:
    """How many slots of a field an event fills; a field with several values has as many."""
    if field in GEO:
        return int(event.get("lat") is not None)
    value = event.get(field)
    return len(value) if isinstance(value, list) else int(value is not None)


def agreeing(gold: Event, read: Event, field: str) -> int:
    """How many slots of a field are right."""
    if field in GEO:
        distance = kilometres(gold, read)
        return int(distance is not None and distance <= GEO[field])
    ours, theirs = gold.get(field), read.get(field)
    if not ours or not theirs:
        return 0
    if field in SETS:
        return len(set(ours) & set(theirs))
    if field == "sources":
        return _paired_off(ours, theirs)
    if field in NAMES:
        return int(alike(ours, theirs))
    if field in TOLLS:
        return int(all(ours.get(bound) == theirs.get(bound) for bound in ("low", "high")))
    return int(ours == theirs)


def _paired_off(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """How many names of one list find one of their own in the other."""
    left = list(theirs)
    for name in ours:
        match = next((n for n, other in enumerate(left) if alike(name, other)), None)
        if match is not None:
            del left[match]
    return len(theirs) - len(left)
