"""Event words and the roles that the frames of their sentence give them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from constat.facts import EventWord, Range
from constat.grammar import Match, Rules
from constat.text import Chunk, Sentence

STRONG = ("EV", "EVU")
WEAK = ("KILL", "DIE")
ROLES = ("perp", "target", "weapon", "place", "claimant", "time")
CASUALTY = "casualty"


def event_words(sentence: Sentence, frames: Rules, modality: Rules) -> list[EventWord]:
    """Every event word of a sentence in order; words of killing and dying count as events of the kind `casualty`."""
    anchors = {i for i, chunk in enumerate(sentence.chunks) if chunk.tag in STRONG + WEAK}
    roles: dict[int, dict[str, Range]] = {i: {} for i in anchors}
    sets: dict[int, dict[str, str]] = {i: {} for i in anchors}
    rules: dict[int, list[str]] = {i: [] for i in anchors}
    given: dict[int, dict[str, str]] = {i: {} for i in anchors}
    for match in frames.matches(sentence):
        anchor = _anchor(match, sentence)
        if anchor is None:
            continue
        if anchor not in anchors:
            anchors.add(anchor)
            roles[anchor], sets[anchor], rules[anchor], given[anchor] = {}, {}, [], {}
        # Rules stand in the table from the most to the least telling: what an earlier one said is not overruled.
        for name, value in match.rule.sets.items():
            sets[anchor].setdefault(name, value)
        for name in ROLES:
            part = match.parts.get(name)
            if part and part[0] < part[1]:
                roles[anchor].setdefault(name, part)
                given[anchor].setdefault(name, match.rule.name)
        rules[anchor].append(match.rule.name)
    moods = _moods(sentence, modality, anchors)
    return [
        EventWord(
            sentence=sentence.index,
            chunk=i,
            key=sets[i].get("event") or _key(sentence.chunks[i]),
            form=sentence.chunks[i].form,
            roles=roles[i],
            certainty=sets[i].get("certainty", ""),
            modality=moods.get(i, sets[i].get("modality", "asserted")),
            back=sets[i].get("back") or _back(sentence, i),
            definite=any(c.tag == "ANAPH" for c in sentence.chunks[max(0, i - 2) : i]),
            rules=tuple(rules[i]),
            given=given[i],
        )
        for i in sorted(anchors)
    ]


def _key(chunk: Chunk) -> str:
    return chunk.key if chunk.tag in STRONG else CASUALTY


def _anchor(match: Match, sentence: Sentence) -> int | None:
    """The event word of a match; a rule that sets `event` may make one of any word: "an IED laid by rebels"."""
    part = match.parts.get("ev")
    if part is None:
        return None
    for tags in (STRONG, WEAK):
        for i in range(*part):
            if sentence.chunks[i].tag in tags:
                return i
    return part[0] if "event" in match.rule.sets and part[0] < part[1] else None


def _moods(sentence: Sentence, rules: Rules, anchors: Collection[int]) -> Mapping[int, str]:
    out: dict[int, str] = {}
    for match in rules.matches(sentence):
        part = match.parts.get("ev", (match.first, match.last))
        for i in range(*part):
            if i in anchors:
                out.setdefault(i, match.rule.sets.get("modality", "reported"))
    return out


def _back(sentence: Sentence, i: int) -> str:
    """What a word beside the event word says of it: another incident, an earlier one, a series."""
    for chunk in (*reversed(sentence.chunks[max(0, i - 3) : i]), *sentence.chunks[i + 1 : i + 3]):
        if chunk.tag == "BACK":
            return chunk.key
        if chunk.tag in ("CM", "SC", "STOP"):
            break
    return ""
