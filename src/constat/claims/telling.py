"""What a unit says, and what it shares with an incident told before, as features."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from constat.claims.drafts import Draft, Gathering, unit_date
from constat.claims.report import NEAR_KM, Report, bucket, fine, kilometres, same_place
from constat.claims.units import Unit
from constat.facts import EventWord, PlaceMention
from constat.text import Chunk

# Tags of which the key bears on whether a unit tells of an incident, and of which.
_KEYED = ("CTX", "BACK", "PPL", "SITE", "ACT", "MW", "MEAS", "TOLL", "SAY", "HEDGE", "SRC")


def unit_features(state: Gathering, unit: Unit) -> list[str]:
    """What a unit says by itself, and where it stands in the report."""
    report = state.report
    first = not state.drafts
    out = ["bias", f"first={first}", f"drafts={min(len(state.drafts), 3)}"]
    events = unit.strong or unit.events
    for e in events[:4]:
        out.append(f"ev={e.key}")
        out.append(f"form={report.families.get(e.key, e.key)}/{e.form}/{first}")
    if unit.weak:
        out += ["weak", f"weak/{first}"]
    out.append(f"strong={min(len(unit.strong), 3)}")
    out.append(f"tolls={min(len(unit.tolls), 2)}/{first}")
    out.append(f"place={_place_kind(unit)}/{first}")
    out.append(f"date={_date_kind(unit)}/{first}")
    out.append(f"roles={_roles(events)}/{first}")
    out.append(f"para={bucket(unit.paragraph, 0, 1, 2, 4, 7)}/{first}")
    for mood in {e.modality for e in unit.words}:
        out.append(f"mood={mood}")
    for e in events:
        if e.back:
            out.append(f"back={e.back}")
    if any(e.definite for e in events):
        out.append("def")
    if unit.past:
        out.append("past")
        out.append(f"past/{first}")
    chunks = unit.facts.sentence.chunks[unit.first : unit.last]
    out.extend(tagged(chunks))
    out.extend(f"flag={f}" for f in unit.facts.flags)
    if any(t.role == "aggregate" for t in unit.facts.tolls):
        out.append("aggregate")
    if unit.facts.sources:
        out.append("cited")
    out.extend(_lexical(unit))
    if first:
        words = {t.fold for t in unit.facts.sentence.tokens}
        out.append(f"title_shared={bucket(len(words & report.title_words), 0, 1, 3)}")
    return out


def tagged(chunks: Sequence[Chunk]) -> Iterator[str]:
    """Which tags there are, and for some of them with which keys."""
    yield from dict.fromkeys(f"has={c.tag}" for c in chunks)
    yield from dict.fromkeys(f"key={c.tag}:{c.key}" for c in chunks if c.tag in _KEYED)


def _lexical(unit: Unit) -> Iterator[str]:
    """The words with which a unit turns to its matter: its first ones, and those before the event word."""
    tokens = unit.facts.sentence.tokens
    chunks = unit.facts.sentence.chunks
    for token in tokens[chunks[unit.first].first : chunks[unit.first].first + 4]:
        if token.shape != "p":
            yield f"starts={token.fold}"
    events = unit.strong or unit.events
    if events:
        at = chunks[events[0].chunk].first
        for token in tokens[max(0, at - 4) : at]:
            yield f"before={token.fold}"
        yield f"event={tokens[at].fold}"


def _place_kind(unit: Unit) -> str:
    if not unit.places:
        return "no"
    best = min(unit.places, key=lambda p: p.level)
    return f"{best.level}{best.cue}"


def _date_kind(unit: Unit) -> str:
    times = [t for t in unit.times if t.dated]
    if not times:
        return "no"
    return times[0].kind


def _roles(events: tuple[EventWord, ...]) -> str:
    names = {name for e in events for name in e.roles}
    return "+".join(sorted(n[0] for n in names if n in ("perp", "target", "claimant"))) or "no"


def against_all(state: Gathering, unit: Unit, pairs: Sequence[Sequence[str]]) -> Iterator[str]:
    """What speaks for something new: nothing told before is at this place, on this day, of this kind."""
    if not state.drafts:
        return
    for name in ("place", "date", "toll", "kind", "actor"):
        seen = {f.partition("=")[2] for p in pairs for f in p if f.startswith(name + "=")}
        for value in ("same", "near", "differ"):
            if value in seen:
                yield f"any_{name}={value}"
                break
        else:
            yield f"any_{name}=open"
    yield f"para_gap={bucket(unit.paragraph - max(d.units[-1].paragraph for d in state.drafts), 0, 1, 2)}"


def pair_features(state: Gathering, draft: Draft, k: int, unit: Unit) -> Iterator[str]:
    """What a unit shares with an incident told before, and what it contradicts."""
    report = state.report
    yield "bias"
    last = k == state.current
    yield f"current={last}"
    yield f"order={'only' if len(state.drafts) == 1 else 'main' if k == 0 else 'later'}"
    yield f"gap={bucket(unit.paragraph - draft.units[-1].paragraph, 0, 1, 2, 4)}/{last}"
    if unit.facts is draft.units[-1].facts:
        yield "same_sentence"
    told, heard = _told(state, draft), _heard(report, unit)
    place = _place(told, heard)
    date = _date(state, draft, unit)
    toll = _toll(told, heard)
    kind = "open" if not told.kinds or not heard.kinds else "same" if told.kinds & heard.kinds else "differ"
    exact = not told.keys.isdisjoint(heard.keys)
    actor = _actor(told, heard)
    yield f"place={place}"
    yield f"date={date}"
    yield f"toll={toll}"
    yield f"kind={kind}"
    yield f"exact={exact}"
    yield f"actor={actor}"
    yield f"place+date={place}/{date}"
    yield f"place+toll={place}/{toll}"
    yield f"kind+place={kind}/{place}"
    back = next((e.back for e in unit.events if e.back), "")
    yield f"back+place={back}/{place}"
    yield f"def+place={any(e.definite for e in unit.events)}/{place}"
    yield f"past+date={unit.past}/{date}"
    yield f"past+main={unit.past}/{k == 0}"
    if told.weapons and heard.weapons:
        yield f"weapon={'same' if told.weapons & heard.weapons else 'differ'}"


class _Heard(msgspec.Struct, frozen=True):
    """What one unit, or several together, say of an incident, as far as another unit is compared with it."""

    kinds: frozenset[str]
    keys: frozenset[str]
    weapons: frozenset[str]
    places: tuple[PlaceMention, ...]
    tolls: frozenset[tuple[str, int]]
    actors: frozenset[str]


def _heard(report: Report, unit: Unit) -> _Heard:
    """What a unit says, found once."""
    found: _Heard | None = report.heard.get(unit.index)
    if found is None:
        chunks = unit.facts.sentence.chunks[unit.first : unit.last]
        keys = frozenset(e.key for e in unit.strong)
        found = report.heard[unit.index] = _Heard(
            kinds=frozenset(report.families.get(key, key) for key in keys) - {""},
            keys=keys,
            weapons=frozenset(c.key for c in chunks if c.tag == "WPN"),
            places=tuple(_finest([p for p in unit.places if p.level <= 3])),
            tolls=frozenset((t.kind, t.amount.low) for t in unit.tolls if t.role != "part"),
            actors=frozenset(_actors(unit)),
        )
    return found


def _told(state: Gathering, draft: Draft) -> _Heard:
    """What the units of a draft say together, put together anew when one has joined."""
    if draft.told is None or draft.told[0] != len(draft.units):
        each = [_heard(state.report, u) for u in draft.units]
        together = _Heard(
            kinds=frozenset().union(*(h.kinds for h in each)),
            keys=frozenset().union(*(h.keys for h in each)),
            weapons=frozenset().union(*(h.weapons for h in each)),
            places=tuple(p for h in each for p in h.places),
            tolls=frozenset().union(*(h.tolls for h in each)),
            actors=frozenset().union(*(h.actors for h in each)),
        )
        draft.told = (len(draft.units), together)
    told: _Heard = draft.told[1]
    return told


def _place(told: _Heard, heard: _Heard) -> str:
    here, there = told.places, heard.places
    if not there:
        return "unsaid"
    if any(same_place(a.value, b.value) for a in here for b in there if b.level <= 2):
        return "same"
    if not fine(there):
        return "wide"
    if not fine(here):
        return "finer"
    gaps = [km for a in fine(here) for b in fine(there) if (km := kilometres(a.value, b.value)) is not None]
    if gaps and min(gaps) <= NEAR_KM:
        return "near"
    return "differ"


def _finest(places: list[PlaceMention]) -> list[PlaceMention]:
    """Without the towns by which a site is found: "the base at the field, north of the town"."""
    own = [p for p in places if p.cue != "direction"] or places
    if any(p.level == 0 for p in own):
        return [p for p in own if p.level == 0]
    return own


def _date(state: Gathering, draft: Draft, unit: Unit) -> str:
    if any(t.from_event for t in unit.times):
        return "from_event"
    date = unit_date(state.report, unit, state.drafts[0].date if state.drafts else None)
    if date is None or date.value is None:
        return "unresolved" if any(t.dated for t in unit.times) else "unsaid"
    if draft.date is None or draft.date.value is None:
        return "first"
    size = min(len(date.value), len(draft.date.value))
    if date.value[:size] == draft.date.value[:size]:
        return "same"
    return "earlier" if date.value < draft.date.value else "differ"


def _toll(told: _Heard, heard: _Heard) -> str:
    mine, theirs = told.tolls, heard.tolls
    if not theirs:
        return "unsaid"
    if not mine:
        return "first"
    if theirs & mine:
        return "same"
    kinds = {k for k, _ in theirs} & {k for k, _ in mine}
    return "differ" if kinds else "other"


def _actor(told: _Heard, heard: _Heard) -> str:
    mine, theirs = told.actors, heard.actors
    if not theirs or not mine:
        return "open"
    return "same" if theirs & mine else "differ"


def _actors(unit: Unit) -> set[str]:
    chunks = unit.facts.sentence.chunks
    return {
        unit.facts.quote(i, i + 1).quote.casefold()
        for i in range(unit.first, unit.last)
        if chunks[i].tag in ("ACT", "ACR", "NAME", "UNID")
    }


def role_features(state: Gathering, draft: Draft) -> list[str]:
    """What tells the report's own news from an earlier or other incident told in passing."""
    k = state.drafts.index(draft)
    intro = draft.intro
    out = ["bias", f"nth={min(k, 3)}", f"of={min(len(state.drafts), 4)}", f"past={intro.past}/{k == 0}"]
    out += [f"back={e.back}" for e in intro.events if e.back]
    out += [f"time={t.kind}" for t in intro.times if t.dated]
    out.append(f"para={bucket(intro.paragraph / state.report.paragraphs, 0.1, 0.3, 0.5, 0.7, 0.9)}/{k == 0}")
    out.append(f"units={bucket(len(draft.units), 1, 2, 4)}")
    main = state.drafts[0].date
    if k and main and main.value and draft.date and draft.date.value:
        size = min(len(main.value), len(draft.date.value))
        ours, theirs = draft.date.value[:size], main.value[:size]
        out.append(f"date={'same' if ours == theirs else 'earlier' if ours < theirs else 'later'}")
        out.append(f"precision={len(draft.date.value)}")
    elif k:
        out.append("date=open")
    words = {t.fold for t in intro.facts.sentence.tokens}
    out.append(f"title_shared={bucket(len(words & state.report.title_words), 0, 1, 3)}/{k == 0}")
    out += [f"has={c.key}" for c in intro.facts.sentence.chunks if c.tag in ("BACK", "SINCE")]
    return out
