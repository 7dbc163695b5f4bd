"""Response measures: alarms, ambulances, closures, arrests and the like, told in one phrase or by two words."""

from __future__ import annotations

from constat.facts import MeasureMention
from constat.grammar import Rules
from constat.text import Sentence


def measures(sentence: Sentence, rules: Rules) -> list[MeasureMention]:
    """The measures of a sentence from left to right, each kind once."""
    found = [
        MeasureMention(sentence=sentence.index, first=i, last=i + 1, measure=chunk.key)
        for i, chunk in enumerate(sentence.chunks)
        if chunk.tag == "MEAS"
    ]
    for match in rules.matches(sentence):
        measure = match.rule.sets.get("measure")
        if measure:
            found.append(MeasureMention(sentence=sentence.index, first=match.first, last=match.last, measure=measure))
    denied = {m.measure for m in found if m.measure.startswith("no_")}
    kept: dict[str, MeasureMention] = {}
    for mention in sorted(found, key=lambda m: (m.first, m.last)):
        if not mention.measure.startswith("no_") and "no_" + mention.measure not in denied:
            kept.setdefault(mention.measure, mention)
    return list(kept.values())
