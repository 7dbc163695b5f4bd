"""Two thousand proposals with one number, one negation or one name altered: none of them is accepted."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from server import answer, event

from conftest import Open
from constat.claims.model.schema import Answer
from constat.records import Claim, Document, Reading

_TELLS = {
    "en": "Gunmen of the {group} killed {n} farmers and wounded {m} others in {place} on Tuesday, residents said.",
    "fr": "Des hommes du {group} ont tué {n} paysans et blessé {m} autres à {place} mardi, selon des habitants.",
    "ar": "قُتل {n} مزارعا وأصيب {m} شخصا في هجوم لمسلحين من {group} في {place} يوم الثلاثاء، بحسب سكان.",
}
_DENIES = {
    "en": "The army did not kill {n} farmers in {place}, a spokesman said.",
    "fr": "L'armée n'a pas tué {n} paysans à {place}, a déclaré un porte-parole.",
    "ar": "لم يقتل الجيش {n} مزارعا في {place}، بحسب متحدث.",
}
_HAS = {
    "en": ("killed", "{n} farmers", "{m} others", "residents"),
    "fr": ("tué", "{n} paysans", "{m} autres", "habitants"),
    "ar": ("قُتل", "{n} مزارعا", "{m} شخصا", "سكان"),
}
_HAS_NOT = {"en": ("kill", "{n} farmers"), "fr": ("tué", "{n} paysans"), "ar": ("يقتل", "{n} مزارعا")}
_NAMES = {
    "en": (("Dune Front", "Maiduguri"), ("River Guard", "Baidoa"), ("Salt Column", "Gao")),
    "fr": (("Front des dunes", "Gossi"), ("Garde du fleuve", "Djibo"), ("Colonne du sel", "Tillabéri")),
    "ar": (("جبهة الكثبان", "إدلب"), ("حرس النهر", "تعز"), ("كتيبة الملح", "درعا")),
}
# As figures and as words; the sum of the words' parts is where a careless reader goes wrong.
_NUMBERS = {
    "en": (("13", 13, "40", 40), ("1,300", 1300, "215", 215), ("sixty", 60, "eleven", 11), ("twenty-one", 21, "9", 9)),
    "fr": (
        ("13", 13, "40", 40),
        ("1 300", 1300, "215", 215),
        ("soixante", 60, "onze", 11),
        ("vingt et un", 21, "9", 9),
    ),
    "ar": (("13", 13, "40", 40), ("1300", 1300, "215", 215), ("ستين", 60, "سبعة", 7), ("١٢", 12, "9", 9)),
}


def reports() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Language, text and what stands in it."""
    for lang in _TELLS:
        for (group, place), (n, low, m, other) in itertools.product(_NAMES[lang], _NUMBERS[lang]):
            yield lang, _TELLS[lang].format(group=group, place=place, n=n, m=m), {
                "group": group, "place": place, "n": n, "low": low, "m": m, "other": other,
            }  # fmt: skip


def digits(value: int) -> Iterator[int]:
    """A number with one digit changed, lost, added, or swapped with its neighbour."""
    said = str(value)
    for i, digit in enumerate(said):
        yield int(said[:i] + str((int(digit) + 1) % 10) + said[i + 1 :])
        yield int(said[:i] + str((int(digit) + 7) % 10) + said[i + 1 :])
        if len(said) > 1:
            yield int(said[:i] + said[i + 1 :])
        yield int(said[: i + 1] + "0" + said[i + 1 :])
    yield value + 1
    yield value * 10


def numbers(lang: str, has: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Proposals of the true words with a false number, and of words with a number cut in two."""
    told, dead, hurt, _ = (part.format(**has) for part in _HAS[lang])
    for field, quote, true in (("killed", dead, has["low"]), ("wounded", hurt, has["other"])):
        for false in {d for d in digits(true) if d not in (has["low"], has["other"])}:
            yield event(told, **{field: {"low": false, "high": false, "quote": quote}})
            yield event(told, **{field: {"low": true, "high": max(false, true + 1), "quote": quote}})
        yield event(
            told, **{field: {"low": true, "high": true, "quote": ("8" if quote[0] == "9" else "9") + quote[1:]}}
        )
    if len(has["n"]) > 2:
        cut = dead[1:].lstrip(", ")
        part = int("".join(c for c in cut if c.isdigit()) or 6)
        yield event(told, killed={"low": part, "high": part, "quote": cut})


def names(lang: str, has: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Proposals with one letter of a name altered, or with a name cut out of a longer word."""
    told = _HAS[lang][0]
    swapped = "x" if lang != "ar" else "ظ"
    for field, name in (("perpetrator", has["group"]), ("place", has["place"]), ("sources", _HAS[lang][3])):
        for i in range(len(name)):
            false = name[:i] + swapped + name[i + 1 :]
            yield event(told, **_named(field, false))
        yield event(told, **_named(field, name + swapped))
        yield event(told, **_named(field, name[1:]))
        yield event(told, **_named(field, name[:-1]))
        yield event(told, **_named(field, name.swapcase() if lang != "ar" else name[::-1]))


def _named(field: str, name: str) -> dict[str, Any]:
    if field == "perpetrator":
        return {field: {"quote": name, "certainty": "stated"}}
    if field == "place":
        return {field: {"quote": name, "within": None}}
    return {field: [{"quote": name, "through": None}]}


def negations(lang: str, has: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Proposals that something happened which the report says did not."""
    told, dead = (part.format(**has) for part in _HAS_NOT[lang])
    for modality in ("asserted", "reported", "inferred"):
        yield event(told, modality=modality, killed={"low": has["low"], "high": has["low"], "quote": dead})
        yield event(dead, modality=modality, killed={"low": has["low"], "high": has["low"], "quote": dead})
        yield event(told, modality=modality, killed={"low": has["low"], "high": None, "quote": f"{told} {dead}"})


def _batches(proposals: Iterator[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], ...]]:
    while batch := tuple(itertools.islice(proposals, 20)):
        yield batch


def accepted(reading: Reading) -> list[Claim]:
    """Claims of what happened that nobody is asked to look at."""
    return [c for e in reading.events for c in e.claims if not c.for_review and "model" in c.reader]


@pytest.mark.parametrize("which", ["model", "both"])
def test_none_of_two_thousand_altered_proposals_is_accepted(serve: Any, opened: Open, which: str) -> None:
    reader = opened(serve(lambda report, request: answer()), which)
    tried = Counter[str]()
    for lang, text, has in reports():
        true = {has["low"], has["other"]}
        for kind, altered in (("number", numbers(lang, has)), ("name", names(lang, has))):
            document = Document(id=f"{lang}-{kind}", text=text, lang=lang, published="2024-03-14")
            for batch in _batches(altered):
                tried[kind] += len(batch)
                made = reader.made(document, msgspec.convert(answer(*batch), Answer))
                for claim in accepted(made):
                    assert claim.field in ("type", "subtype"), (text, claim)
                for claim in (c for e in made.events for c in e.claims if "model" in c.reader):
                    low = getattr(claim.value, "low", None)
                    assert low is None or low in true, (text, claim)
        text = _DENIES[lang].format(**has)
        document = Document(id=f"{lang}-negation", text=text, lang=lang, published="2024-03-14")
        for proposal in negations(lang, has):
            tried["negation"] += 1
            assert not accepted(reader.made(document, msgspec.convert(answer(proposal), Answer))), (text, proposal)
    assert sum(tried.values()) >= 2_000, tried


def test_the_same_proposals_unaltered_are_accepted(serve: Any, opened: Open) -> None:
    reader = opened(serve(lambda report, request: answer()), "both")
    right = 0
    for lang, text, has in reports():
        told, dead, hurt, source = (part.format(**has) for part in _HAS[lang])
        true = event(
            told, killed={"low": has["low"], "high": has["low"], "quote": dead},
            wounded={"low": has["other"], "high": has["other"], "quote": hurt},
            place={"quote": has["place"], "within": None}, sources=[{"quote": source, "through": None}],
        )  # fmt: skip
        document = Document(id=lang, text=text, lang=lang, published="2024-03-14")
        made = reader.made(document, msgspec.convert(answer(true), Answer))
        right += {"killed", "place"} <= {c.field for c in accepted(made)}
    assert right >= 30  # of 36
    assert not [r for r in reader.noted.refused if r.field != "wounded"]
