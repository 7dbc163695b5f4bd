"""Whether a report tells of an incident at all, asked of its marked sentences before anything else is looked for.

Most reports of an archive tell of none; grammars and places are tried only on the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from constat.claims.report import bucket
from constat.claims.units import STRONG
from constat.text import Sentence

RELEVANT = 0.6  # a report is read for incidents when it is likelier than this to tell of one
_TELLING = (*STRONG, "KILL", "DIE", "DEAD")


def relevance_features(sentences: Iterable[Sentence]) -> list[str]:
    """The words of a report, the contexts they name, and how much of an incident its tags speak of."""
    every = list(sentences)
    title = [s for s in every if s.part == "title"]
    body = [s for s in every if s.part != "title"] or title  # all there is may be a headline
    tags = Counter(chain.from_iterable([c.tag for c in s.chunks] for s in every))
    words = dict.fromkeys(t.fold for s in every for t in s.tokens if t.shape in "wc" and len(t.fold) > 2)
    out = ["bias", *(f"tag={tag}/{bucket(count, 1, 3, 6)}" for tag, count in tags.items())]
    out += [f"word={word}" for word in words]
    out += dict.fromkeys(f"title_word={t.fold}" for s in title for t in s.tokens)
    out += _about(every, len(body))
    told = [(s, [c for c in s.chunks if c.tag in _TELLING]) for s in body]
    strong = [[c.key for c in chunks if c.tag in STRONG] for _, chunks in told]
    out.append(f"tellings={bucket(sum(len(chunks) for _, chunks in told), 0, 1, 3, 6)}")
    out += _events(list(chain.from_iterable(strong)), len(body))
    out += dict.fromkeys(f"title_ev={c.key}" for s in title for c in s.chunks if c.tag in _TELLING)
    lead = [(s, chunks, keys) for (s, chunks), keys in zip(told, strong, strict=True) if keys][:2]
    for n, (sentence, chunks, keys) in enumerate(lead):
        out += [f"lead{n}.strong={min(len(keys), 3)}", f"lead{n}.para={bucket(sentence.paragraph, 0, 1, 2)}"]
        out += dict.fromkeys(f"lead{n}.ev={c.key}" for c in chunks)
        out += dict.fromkeys(f"lead{n}.tag={c.tag}" for c in sentence.chunks)
    return out


def _about(sentences: Sequence[Sentence], size: int) -> Iterator[str]:
    """Contexts other than an incident, such as sport or a trial, and arms."""
    named = [(c.tag, c.key) for s in sentences for c in s.chunks if c.tag in ("CTX", "WPN")]
    contexts = Counter(key for tag, key in named if tag == "CTX")
    for key, count in contexts.items():
        yield f"ctx={key}"
        yield f"ctx={key}/{bucket(count, 1, 2, 4)}"
    total = contexts.total()
    yield f"ctxs={bucket(total, 0, 1, 2, 4, 8)}"
    yield f"ctx_rate={bucket(total / max(1, size), 0, 0.1, 0.2, 0.4, 0.8)}"
    yield f"wpns={bucket(len({key for tag, key in named if tag == 'WPN'}), 0, 1, 2)}"


def _events(keys: Sequence[str], size: int) -> Iterator[str]:
    """Event words proper: how many, and which."""
    yield f"strongs={bucket(len(keys), 0, 1, 2, 4, 8)}"
    yield f"strong_rate={bucket(len(keys) / max(1, size), 0.1, 0.2, 0.4, 0.8, 1.2)}"
    yield from dict.fromkeys(f"some={key}" for key in keys)
