"""Amounts and tolls: how many people, low to high, from digits, number words, approximations and bounds."""

from __future__ import annotations

import re

from constat.facts import Amount, TollMention
from constat.grammar import Match, Rules
from constat.text import Chunk, Sentence

_DEADLY = ("killing", "mob_violence")  # events that are somebody's death
_SCALES = (100, 1000, 1_000_000)
_UNITS_PER_GROUP = re.compile(r"^\d{1,3}(?:[.,\u00a0\u202f\u066c' ]\d{3})+$")


def digits(text: str) -> int | None:
    """The whole number that a digit token writes, thousands separators taken out; None for decimals and ids."""
    if _UNITS_PER_GROUP.match(text):
        return int(re.sub(r"\D", "", text))
    return int(text) if text.isdigit() and len(text) <= 9 else None


def amount(sentence: Sentence, first: int, last: int) -> Amount | None:
    """The amount that chunks [first, last) and the bounds written around them say; None if they hold no number."""
    total, current, found = 0, 0, False
    some: Amount | None = None
    article: Amount | None = None
    for chunk in sentence.chunks[first:last]:
        if chunk.tag == "NUM":
            value = digits(chunk.key)
            if value is None:
                continue
            current += value
            found = True
        elif chunk.tag == "NUMW":
            value = int(float(chunk.key))
            found = True
            if value in _SCALES:
                current = max(current, 1) * value
                if value >= 1000:
                    total, current = total + current, 0
            else:
                current += value
        elif chunk.tag == "SOME":
            low, _, high = chunk.key.partition("/")
            some = Amount(int(low or 1), int(high) if high else None)
        elif chunk.tag == "PPL2":
            return Amount(2, 2)
        elif chunk.tag == "DET" and chunk.key == "1":
            article = Amount(1, 1)
    if not found:
        return some or article
    value = total + current
    if some is not None:  # "several hundred", "twenty or so"
        return Amount(max(value, some.low), None)
    return _bounded(sentence, first, last, value)


def _bounded(sentence: Sentence, first: int, last: int, value: int) -> Amount:
    # A bound with the key `after` follows its number ("at least" in Arabic), and says nothing of a number behind it.
    around = [c.tag for c in sentence.chunks[max(0, first - 2) : first] if c.key != "after"] + [
        c.tag for c in sentence.chunks[first : last + 1]
    ]
    before = [c.tag for c in sentence.chunks[max(0, first - 3) : first]]
    if "ATLEAST" in around or "MORETHAN" in around:
        return Amount(value, None)
    if "UPTO" in before or "LESSTHAN" in before[-2:]:
        return Amount(0, value)
    return Amount(value, value)


def tolls(sentence: Sentence, rules: Rules) -> list[TollMention]:
    """The casualty counts of a sentence; where two rules read the same words the longer match stands."""
    found: list[TollMention] = []
    for match in rules.matches(sentence):
        found.extend(_toll(match))
    found.sort(key=lambda t: (t.first - t.last, t.first))
    kept: list[TollMention] = []
    for toll in found:
        if not any(toll.kind == k.kind and toll.first < k.last and k.first < toll.last for k in kept):
            kept.append(toll)
    return sorted(kept, key=lambda t: (t.first, t.last))


def casualty(chunk: Chunk) -> str:
    """The kind of casualty that a word by itself tells of, "" for none: killed, died, murdered, wounded."""
    for tag, _, key in ((chunk.tag, chunk.form, chunk.key), *chunk.others):
        if tag in ("KILL", "DIE", "DEAD"):
            return key
        if tag == "EV" and key in _DEADLY:
            return "killed"
    return ""


def _open_ended(match: Match) -> bool:
    """A bound that follows what it bounds: "six people at least were killed"; not one that bounds a further number."""
    part = match.parts.get("n") or match.parts.get("who")
    if part is None:
        return False
    after = match.sentence.chunks[part[1] : match.last + 3]
    size = match.last - part[1]
    return any(
        chunk.tag == "ATLEAST"
        and (chunk.key == "after" or not {"NUM", "NUMW", "SOME"} & {c.tag for c in after[i + 1 : i + 3]})
        for i, chunk in enumerate(after[: size + 1])
    )


def _toll(match: Match) -> list[TollMention]:
    """One toll for each number of the match, summed where they share one casualty word."""
    sets, sentence = match.rule.sets, match.sentence
    cas = match.chunk("cas")
    kind = sets.get("kind") or (cas.key if cas else "")
    if cas is not None and cas.tag == "EV" and "kind" not in sets:
        kind = (
            "killed"  # a word for an event counts people only where it says that they were killed: murdered, shot dead
        )
    fixed = int(sets.get("n", 0))  # a count that the wording itself says: "wounding another"
    low, high, seen = fixed, fixed, fixed > 0
    unbounded = False
    groups: list[str] = []
    where: list[int] = []
    for suffix in ("", "2", "3", "4"):
        part = match.parts.get("n" + suffix)
        who = match.parts.get("who" + suffix)
        if part is None and who is None:
            continue
        value = amount(sentence, *part) if part and part[0] < part[1] else None
        people = [c for c in sentence.chunks[slice(*who)] if c.tag in ("PPL", "PPL2", "ACT", "UNID")] if who else []
        if value is None and any(c.tag == "PPL2" for c in people):
            value = Amount(2, 2)
        if value is None and part is None and who is not None:
            value = Amount(1, 1) if sets.get("single") else None
        if value is None:
            if sets.get("bound") == "some":
                groups.extend(c.key for c in people)
            continue
        seen = True
        low += value.low
        unbounded = unbounded or value.high is None
        high += value.high or 0
        groups.extend(c.key for c in people)
        where.extend(part or who or ())
    bound = sets.get("bound")
    if bound == "zero":
        low, high, seen, unbounded = 0, 0, True, False
    elif bound == "some":
        low, unbounded, seen = max(low, 1), True, True
    elif bound in ("atleast", "morethan") or _open_ended(match):
        unbounded = True
    elif bound == "upto":
        low = 0
    if bound == "range" and "n" in match.parts and "n2" in match.parts:
        first, second = amount(sentence, *match.parts["n"]), amount(sentence, *match.parts["n2"])
        if first is None or second is None or first.low > second.low:
            return []
        low, high, unbounded, seen = first.low, second.low, False, True
    if not seen or not kind or low > 1_000_000:
        return []
    value = Amount(low, None if unbounded else high)
    who_part = match.parts.get("who")
    start, end = match.first, match.last
    if sets.get("role") == "part" and where:  # the words before are those of the count that it is a part of
        start, end = min(where), max(part[1] for name, part in match.parts.items() if name != "cas")
    kinds = ("killed", "wounded") if kind == "both" else (kind,)
    return [
        TollMention(
            sentence=sentence.index,
            first=start,
            last=end,
            kind=k,
            amount=value,
            groups=tuple(dict.fromkeys(groups)),
            role=sets.get("role", ""),
            who=who_part,
            rule=match.rule.name,
        )
        for k in kinds
    ]
