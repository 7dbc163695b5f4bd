"""Where a sentence names places: names that the gazetteer knows, and unknown ones that words make places."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from constat.folding import fold
from constat.gazetteer.sound import has_article
from constat.text import Chunk, Sentence

_CUES = {"IN": "in", "NEAR": "near", "FROM": "from", "TOWARD": "toward", "DIR": "direction", "BETWEEN": "in"}
_SKIP = frozenset({"DE", "DET", "PLK", "W", "SITE", "QU", "NAT", "DIR", "LOADED", "ANAPH", "NUM", "NUMW", "PZ"})
_PROPER = frozenset({"PLACE", "NAME", "ACR"})
# What may stand between a head word and its name: "the illegal American base of X".
_BETWEEN_HEAD = frozenset({"DE", "DET", "QU", "NAT", "LOADED", "DIR"})
_SITE_HEADS = {
    "base": "base", "position": "base", "camp": "camp", "airport": "airport", "village": "village", "energy": "field",
    "checkpoint": "crossing", "police_station": "base", "road": "road", "bridge": "quarter", "market": "quarter",
    "hospital": "quarter", "religious": "quarter", "school": "quarter", "government": "quarter", "farm": "quarter",
    "infrastructure": "quarter",
}  # fmt: skip
_FIRM_SITES = frozenset({"base", "position", "camp", "airport", "village", "energy", "checkpoint", "road"})
_NAMING = frozenset({"village", "city", "base", "camp", "airport", "quarter", "district", "crossing"})
# In a script without capitals: heads of the name right after them, of names with an article ("street of the
# Independence"), and of names that are words.
_NAMING_NEXT = frozenset({"region", "mountain", "island", "river"})
_NAMING_DEFINITE = frozenset({"street", "road", "field", "province"})
_NAMING_WORDS = frozenset({"street", "quarter", "village", "city", "island"})
_NOUNS = frozenset({"PPL", "SITE", "EV", "NUMW", "PLK", "DEAD", "MW", "LOADED", "UNIT"})
_NO_COUNTRY = frozenset({"street", "road", "quarter", "camp", "crossing", "village"})
# Heads that belong to what a place is called: "X camp", "village of X"; not "the city of X", "the province of X".
_CALLED = frozenset({
    "base", "field", "camp", "crossing", "quarter", "street", "airport", "road", "village", "island", "district",
    "mountain",
})  # fmt: skip
_BRINGERS = frozenset({"EV", "ON", "PA", "TO", "CM", "AND", "NAT", "SITE", "TOWARD", "START"})
_RUN = 4  # chunks of the longest name put together
_REACH = 6  # chunks back to the preposition that brings a name in


Option = tuple[int, str]


class Named(msgspec.Struct):
    """A place name where it stands, before it is resolved.

    `options`: the chunk after the name with the key to look up, the longest first; `phrases`: the same with the head
    word, as sites are listed; `firm`: the words say that it is a place, whether the gazetteer knows it or not;
    `known`: the gazetteer has its name. `called`: how many chunks before and after the name
    belong to what the place is called: "village of X", "X camp".
    """

    sentence: Sentence
    first: int
    last: int
    options: tuple[Option, ...]
    head: str = ""
    cue: str = ""
    phrases: tuple[Option, ...] = ()
    country: str = ""
    firm: bool = False
    known: bool = False
    called: tuple[int, int] = (0, 0)


def names(sentence: Sentence, text: str) -> list[Named]:
    """The names of a sentence in their order; not all of them need be places."""
    chunks = sentence.chunks
    cased = any(t.shape in "ca" for t in sentence.tokens)
    joined = not _shouting(sentence)
    out: list[Named] = []
    i = 0
    while i < len(chunks):
        found = None
        if chunks[i].tag == "GEO":
            found = _country(sentence, i, text)
        elif chunks[i].tag in ("W", "PLACE") and _uncased(chunks[i], text):
            found = _bare(sentence, i, text)
        elif chunks[i].tag in _NOUNS and i and _uncased(chunks[i], text):
            found = _noun(sentence, i, text)
        elif cased:
            last = _run(chunks, i, text, joined)
            if last > i:
                found = _cased(sentence, i, last, text)
        if found is None:
            i += 1
            continue
        out.append(found)
        i = found.last
    return out


def _country(sentence: Sentence, i: int, text: str) -> Named:
    """A country, unless it only gives its name to a street or a quarter."""
    chunks = sentence.chunks
    at, head = head_of(chunks, i, i + 1)
    if head in _NO_COUNTRY and at < i and all(c.tag in ("DE", "DET") for c in chunks[at + 1 : i]):
        phrase = fold(text[chunks[at].start : chunks[i].end])
        return Named(sentence, i, i + 1, ((i + 1, phrase),), head, cue_of(chunks, at), firm=True)
    key, cue = chunks[i].key, cue_of(chunks, i)
    spelled = ((i + 1, fold(text[chunks[i].start : chunks[i].end])),)
    return Named(sentence, i, i + 1, ((i + 1, key),), "country", cue, spelled, country=key, firm=True, known=True)


def _run(chunks: Sequence[Chunk], i: int, text: str, joined: bool) -> int:
    """Where a name ends that starts at a chunk: capitalised words side by side, particles before a hyphen included."""
    k = i
    while k < len(chunks) and k - i < _RUN:
        proper = chunks[k].tag in _PROPER and not _uncased(chunks[k], text)
        particle = chunks[k].tag == "W" and k + 1 < len(chunks) and chunks[k + 1].tag in _PROPER
        if k > i and text[chunks[k - 1].end : chunks[k].start] not in ("", " ", "-", "'", "\u2019"):
            break
        if proper or (particle and text[chunks[k].end : chunks[k + 1].start] in ("-", "'", "\u2019")):
            k += 1
            if not joined and proper:
                break
        else:
            break
    return k


def _cased(sentence: Sentence, i: int, last: int, text: str) -> Named | None:
    """A name in a script with capitals: a known one stands anywhere, an unknown one where words make it a place."""
    chunks = sentence.chunks
    at, head = head_of(chunks, i, last)
    cue = cue_of(chunks, at)
    known = chunks[i].tag == "PLACE" and last == i + 1
    firm = bool(head) or cue in ("in", "near", "direction", "from", "toward") or _apposed(chunks, last)
    if not (firm or any(c.tag == "PLACE" for c in chunks[i:last]) or _object(chunks, at)):
        return None
    firm = firm or (known and _object(chunks, at))
    if not known and not head and chunks[i - 1].tag == "DET":
        firm = False
    options = [(last, " ".join(c.key for c in chunks[i:last]))]
    if last > i + 1 and chunks[i].tag == "PLACE":
        options.append((i + 1, chunks[i].key))
    end = last + 1 if last < len(chunks) and chunks[last].tag in ("PLK", "SITE") else last
    spans = [(a, b) for a, b in ((at, last), (i, end)) if b - a > last - i]
    phrases = tuple((last, fold(text[chunks[a].start : chunks[b - 1].end])) for a, b in spans)
    return Named(
        sentence,
        i,
        last,
        tuple(options),
        head,
        cue or ("head" if head else ""),
        phrases,
        firm=firm,
        known=known,
        called=_called(chunks, at, i, end - last, head),
    )


def _bare(sentence: Sentence, i: int, text: str) -> Named | None:
    """A name in a script without capitals: the words after a head word, a preposition or a verb."""
    chunks = sentence.chunks
    last = i + 1
    while last < len(chunks) and last - i < 3 and chunks[last].tag in ("W", "PLACE") and _close(chunks, last, text):
        last += 1
    at, head = head_of(chunks, i, i + 1, after=False)
    cue = cue_of(chunks, at)
    known = chunks[i].tag == "PLACE"
    before = chunks[at - 1].tag if at > 1 or (at and text[chunks[0].start].isalnum()) else "START"
    quoted = i > 0 and chunks[i - 1].tag == "QU" and last < len(chunks) and chunks[last].tag == "QU"
    if not (head or cue or known or before in _BRINGERS):
        return None
    options = tuple((k, " ".join(c.key for c in chunks[i:k])) for k in range(last, i, -1))
    if before == "START" and not (last < len(chunks) and chunks[last].tag in ("DASH", "PA", "SC", "CM")):
        options = options if known else ()
    if not options:
        return None
    phrases = tuple((k, fold(text[chunks[at].start : chunks[k - 1].end])) for k, _ in options) if at < i else ()
    return Named(
        sentence,
        i,
        last if quoted else i + 1,
        options,
        head,
        cue or ("head" if head else ""),
        phrases,
        firm=(quoted and bool(head or cue in ("in", "near")))
        or (known and bool(head))
        or _named_by(chunks, at, i, head, text)
        or (at == i and _located(chunks, i, text)),
        known=known,
        called=_called(chunks, at, i, 0, head),
    )


def _noun(sentence: Sentence, i: int, text: str) -> Named | None:
    """A name that is also a word, with an article after a head word without one: "street of the Sixty"."""
    chunks = sentence.chunks
    name = fold(text[chunks[i].start : chunks[i].end])
    at, head = head_of(chunks, i, i + 1, after=False)
    if at != i - 1 or head not in _NAMING_WORDS or " " in name or not has_article(name):
        return None
    if chunks[at].form == "p" or has_article(fold(text[chunks[at].start : chunks[at].end]).split()[0]):
        return None
    phrase, cue = fold(text[chunks[at].start : chunks[i].end]), cue_of(chunks, at) or "head"
    called = _called(chunks, at, i, 0, head)
    return Named(sentence, i, i + 1, ((i + 1, name),), head, cue, ((i + 1, phrase),), firm=True, called=called)


def _called(chunks: Sequence[Chunk], at: int, i: int, after: int, head: str) -> tuple[int, int]:
    """The chunks of the head word beside a name, where that is part of how the place is called."""
    if head not in _CALLED:
        return 0, 0
    if at == i:
        return 0, after
    return (i - at if all(c.tag in ("DE", "DET", "QU") for c in chunks[at + 1 : i]) else 0), 0


def _named_by(chunks: Sequence[Chunk], at: int, i: int, head: str, text: str) -> bool:
    """A head word names what follows; with an article of its own it only has an adjective after it."""
    heads = head in _NAMING or (at == i - 1 and head in _NAMING_NEXT)
    heads = heads or (head in _NAMING_DEFINITE and has_article(fold(text[chunks[i].start : chunks[i].end])))
    return heads and not has_article(fold(text[chunks[at].start : chunks[at].end]).split()[0])


def _located(chunks: Sequence[Chunk], i: int, text: str) -> bool:
    """A word without an article after a preposition, of which the text says where it lies: "in X, west of the town"."""
    if chunks[i - 1].tag not in ("IN", "NEAR") or has_article(fold(text[chunks[i].start : chunks[i].end])):
        return False
    k = i + 1
    while k < len(chunks) and k - i < 2 and chunks[k].tag == "W":
        k += 1
    tags = [c.tag for c in chunks[k : k + 2]]
    return tags[:1] == ["DIR"] or tags in (["CM", "DIR"], ["CM", "PLK"], ["IN", "PLK"])


def _close(chunks: Sequence[Chunk], k: int, text: str) -> bool:
    return text[chunks[k - 1].end : chunks[k].start] in (" ", "-")


def _uncased(chunk: Chunk, text: str) -> bool:
    letter = text[chunk.start : chunk.start + 1]
    return letter.isalpha() and letter.lower() == letter.upper()


def head_of(chunks: Sequence[Chunk], i: int, last: int, after: bool = True) -> tuple[int, str]:
    """The place word by a name, over articles and "of": its chunk and kind, or the name's own chunk and ""."""
    for k in range(i - 1, max(-1, i - 6), -1):
        kind = _head_kind(chunks[k], adjacent=k == i - 1 or chunks[k + 1].tag != "DET")
        if kind:
            return k, kind
        if chunks[k].tag not in _BETWEEN_HEAD:
            break
    if after and last < len(chunks) and (kind := _head_kind(chunks[last], adjacent=True)):
        return i, kind
    return i, ""


def _head_kind(chunk: Chunk, adjacent: bool) -> str:
    if chunk.tag == "PLK":
        return chunk.key
    if chunk.tag == "SITE" and adjacent:
        return _SITE_HEADS.get(chunk.key, "")
    return next((key for tag, _, key in chunk.others if tag == "PLK"), "")


def cue_of(chunks: Sequence[Chunk], i: int) -> str:
    """How a name at a chunk is brought in: the preposition before it, over articles and head words."""
    for k in range(i - 1, max(-1, i - 1 - _REACH), -1):
        chunk = chunks[k]
        tags = (chunk.tag, *(tag for tag, _, _ in chunk.others))
        for tag in tags:
            if tag in _CUES:
                return _CUES[tag]
        if chunk.tag in ("PLACE", "GEO", "CM", "AND", "PA"):
            return "list" if chunk.tag != "CM" or k == i - 1 else ""
        if chunk.tag not in _SKIP:
            break
    return ""


def _apposed(chunks: Sequence[Chunk], last: int) -> bool:
    """A name explained as a place: `X, a small town in …`, or followed by its province in brackets."""
    if last + 1 >= len(chunks) or chunks[last].tag not in ("CM", "PA"):
        return False
    if chunks[last + 1].tag == "PLACE":
        return True
    for chunk in chunks[last + 1 : last + 5]:
        if chunk.tag == "PLK" or (chunk.tag == "SITE" and chunk.key == "village"):
            return True
        if chunk.tag not in ("DET", "NUMW", "W", "DIR"):
            return False
    return False


def _object(chunks: Sequence[Chunk], at: int) -> bool:
    """What is struck, raided or taken may be a place without a word that says so."""
    return at > 0 and chunks[at - 1].tag in ("EV", "ON")


def _shouting(sentence: Sentence) -> bool:
    """Most words are capitalised, as in a headline: words side by side make no name then."""
    words = [t for t in sentence.tokens if t.shape in "wca" and len(t.fold) > 3]
    return len(words) > 2 and sum(t.shape != "w" for t in words) > 0.6 * len(words)
