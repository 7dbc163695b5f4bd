"""What a sentence is about, where that is not an incident: sport, markets, a trial, an anniversary, a drill."""

from __future__ import annotations

from constat.text import Sentence

# One such word makes a sentence about something else; the others only in number.
_DECISIVE = frozenset({"sport", "finance", "fiction", "drill", "anniversary", "trial", "metaphor"})


def sentence_flags(sentence: Sentence) -> frozenset[str]:
    """The contexts that a sentence's words point to, with `other` when they rule an incident out."""
    contexts = {chunk.key for chunk in sentence.chunks if chunk.tag == "CTX"}
    return frozenset(contexts | ({"other"} if contexts & _DECISIVE else set()))
