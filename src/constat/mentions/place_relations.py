"""How places stand to each other in a sentence: in, by, north of, so many km from; and where the unknown ones lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from constat.gazetteer import Place, displaced
from constat.gazetteer.choose import precision
from constat.gazetteer.tables import rows
from constat.mentions.place_names import Named
from constat.records import PlaceValue
from constat.text import Chunk

# What may stand between a place and the one that it lies in or by.
_LINKS = frozenset(
    {
        "IN", "NEAR", "FROM", "TO", "ON", "DE", "DET", "DIR", "PLK", "SITE", "NUM", "NUMW", "SOME", "W",
        "NAT", "APPROX",
        "LESSTHAN", "MORETHAN", "ATLEAST", "UPTO", "CM", "PA", "PZ", "QU", "WHO", "BE",
    }
)  # fmt: skip
_HEADS = frozenset({"PLK", "SITE"})
_LISTING = frozenset({"CM", "QU", "AND", "DET"}) | _HEADS  # between places that are only named side by side
_GAP = 10  # chunks
_WORDS = 3  # of them unknown words
_BACK = 3  # sentences back in which an unknown place may be looked for
_LOOSE = 1.5  # how much wider a place is that is only known by another


def linked(n: Named, sentence: Sequence[Named]) -> list[Named]:
    """The places that the words after a name put it in or by, the next first."""
    out: list[Named] = []
    at = n
    for other in sentence:
        if other.first < at.last or other is n:
            continue
        between = n.sentence.chunks[at.last : other.first]
        listed = _LISTING if other.head else _LISTING - _HEADS
        if between and all(c.tag in listed for c in between) and not _wider(other):
            at = other  # a list, not an address; what follows it holds for all of it
            continue
        if len(between) > _GAP or not between or any(c.tag not in _LINKS for c in between):
            break
        if sum(c.tag == "W" for c in between) > _WORDS:
            break
        out.append(other)
        at = other
    return out


def _wider(other: Named) -> bool:
    return other.head in ("province", "region", "district", "country")


def container(
    n: Named, sentences: Mapping[int, Sequence[Named]], place: Callable[[Named], Place | None], *, only_stated: bool
) -> tuple[Place, float] | None:
    """Where a place lies that the gazetteer does not know: the place that the text puts it in or by, with a radius;
    or, unless `only_stated`, one that the text names near it."""
    here = sentences[n.sentence.index]
    for other in linked(n, here):
        if (found := place(other)) is not None and found.kind != "country":
            km = distance(n.sentence.chunks[n.last : other.first])
            return found, round(max(found.radius_km, km or 0.0) * (1.0 if km else _LOOSE), 1)
    if only_stated or any(o.country for o in linked(n, here)):
        return None  # the text puts it in a country and says no more
    near = sorted((o for o in here if o is not n), key=lambda o: abs(o.first - n.first))
    for back in range(1, _BACK + 1):
        near += reversed(sentences.get(n.sentence.index - back, ()))
    wide: Place | None = None
    for other in near:
        found = place(other)
        if found is None or found.kind == "country":
            continue
        if found.kind != "province":
            return found, round(max(found.radius_km, 15.0) * 2, 1)
        wide = wide or found
    return (wide, round(wide.radius_km * _LOOSE, 1)) if wide else None


def placed(n: Named, sentence: Sequence[Named], place: Place, name: str, passed_over: tuple[str, ...]) -> PlaceValue:
    """A resolved place as a value; moved where the text says how far and in which direction from it."""
    before = n.sentence.chunks[max(0, n.first - 8) : n.first]
    others = [o for o in sentence if o.last <= n.first and o.last > n.first - 8]
    km = distance(before[max((o.last for o in others), default=n.first - 8) - n.first + 8 :] if others else before)
    direction = next((c.key for c in reversed(before) if c.tag == "DIR" and c.key != "C"), None)
    if km and direction and not others:
        place = displaced(place, direction, km)
    return PlaceValue(
        name=name,
        country=place.country or None,
        admin1=place.admin1 or None,
        lat=place.lat,
        lon=place.lon,
        kind=place.kind,
        radius_km=place.radius_km,
        gazetteer_id=place.id,
        passed_over=passed_over,
        precision=precision(place),
    )


def distance(chunks: Sequence[Chunk]) -> float | None:
    """The last distance in km that a run of chunks states."""
    units = _units()
    for k in range(len(chunks) - 1, 0, -1):
        size = units.get(chunks[k].key if chunks[k].tag == "W" else "")
        if size is None:
            continue
        for number in reversed(chunks[max(0, k - 3) : k]):
            if number.tag in ("NUM", "NUMW"):
                try:
                    return float(number.key.split("/")[0].replace(",", ".")) * size
                except ValueError:
                    return None
    return None


@lru_cache(maxsize=1)
def _units() -> dict[str, float]:
    return {row["word"]: float(row["km"]) for row in rows("units.tsv")}
