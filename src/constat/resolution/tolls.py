"""Killed and wounded of one incident: low, best and high from all that is stated, and in words why best is best."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from constat.records import FusedToll, Toll
from constat.resolution.stated import Said, best_grade, by_value, rank, stated, voices

TOLLS = ("killed", "wounded")


def tolls(found: Sequence[Said]) -> tuple[FusedToll, ...]:
    """The tolls by field, of all and of each group that is named. `found` is in the order of publication.

    What a telling gives as its figure is of all, whatever word it has for them: the `soldiers` of one are the `people`
    of another. The figures of groups stand beside it, with shares of a total among them.
    """
    groups: dict[tuple[str, str | None], list[Said]] = defaultdict(list)
    whole: dict[tuple[str, str], list[Said]] = defaultdict(list)
    telling: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for one in found:
        if one.claim.field in TOLLS and isinstance(one.value, Toll):
            telling[one.claim.field, one.event].append(one)
    for (field, event), told in telling.items():
        for one in _without_others(told):
            if isinstance(one.value, Toll) and one.value.group is not None:
                groups[field, one.value.group].append(one)
            if one.rank != "part":
                whole[field, event].append(one)
    for (field, _), told in whole.items():
        groups[field, None] += _of_all(told)
    return tuple(
        _toll(field, group, groups[field, group]) for field, group in sorted(groups, key=lambda k: (k[0], k[1] or ""))
    )


def _without_others(told: Sequence[Said]) -> list[Said]:
    """What one telling states, where a zero beside somebody killed is no count of all: it is of others than those, if
    the same sources say both ("no further deaths"), else it denies them, and is a rival of their number."""
    some = [one for one in told if one.rank != "part" and _range(one)[0] > 0]
    if not some or not any(map(_zero, told)):
        return list(told)
    said_by = {_sources(one) for one in some}
    first = next((one for one in some if one.rank == "preferred"), some[0])
    out = [one for one in told if one is not first and not (_zero(one) and _sources(one) in said_by)]
    rivals = [msgspec.structs.replace(one, rank="rival") if _zero(one) else one for one in out]
    return [msgspec.structs.replace(first, rank="preferred"), *rivals]


def _of_all(told: Sequence[Said]) -> list[Said]:
    """What one telling states of all; where it counts groups apart and gives no total, they are added up."""
    named = [one for one in told if one.rank == "preferred" and _group(one) is not None]
    if len({_group(one) for one in named}) > 1 and len(named) == sum(o.rank == "preferred" for o in told):
        ranges = [_range(one) for one in named]
        high = None if any(h is None for _, h in ranges) else sum(h or 0 for _, h in ranges)
        return [msgspec.structs.replace(named[0], value=Toll(sum(low for low, _ in ranges), high))]
    return [msgspec.structs.replace(one, value=Toll(*_range(one))) for one in told]


def _group(one: Said) -> str | None:
    return one.value.group if isinstance(one.value, Toll) else None


def _toll(field: str, group: str | None, found: Sequence[Said]) -> FusedToll:
    last = _last_words(found)
    best, why = _best(last)
    ranges = [_range(one) for one in last]
    # Where no figure is the best, a zero beside "at least one" does not make "none or more" of it.
    floors = [_range(one)[0] for one in last if one.rank != "rival" and not _zero(one)]
    low = min(low for low, _ in ranges) if best is not None or not floors else min(floors)
    highs = [high for _, high in ranges if high is not None]
    most = max([*highs, *(low for low, _ in ranges)])
    # "At least five" beside "nine" is bounded by the nine; "at least nine" beside "five" is not.
    open_end = any(high is None and low >= max(highs, default=0) for low, high in ranges)
    entries = [stated(same) for same in by_value(found, lambda s: _range(s))]
    ordered = sorted(entries, key=lambda e: (_bounds(e.value) != (best, best), e.first or "", _bounds(e.value)[0]))
    if best is not None:
        low, most = min(low, best), max(most, best)
    return FusedToll(field, group, low, best, None if open_end else most, why, tuple(ordered))


def _last_words(found: Sequence[Said]) -> list[Said]:
    """What each voice said last: a voice that revises its figure has withdrawn the earlier one."""
    latest: dict[str, str] = {}
    for one in found:
        latest[one.voice.name] = one.published or ""
    newest = [one for one in found if (one.published or "") == latest[one.voice.name]]
    # A rival value counts beside the preferred one of the same report only for the range.
    return sorted(newest, key=lambda s: (s.rank == "rival", s.published or "", s.voice.name, s.claim.id))


def _best(last: Sequence[Said]) -> tuple[int | None, str]:
    """The figure and the rule that chose it: the best-graded, then the newest, then the one of most voices."""
    exact = [one for one in last if one.rank != "rival" and _exact(one) is not None]
    floor = [one for one in last if one.rank != "rival" and _exact(one) is None]
    some = [one for one in floor if _range(one)[0] > 0]
    zeros = [one for one in exact if _zero(one)]
    if voices(some) >= max(1, voices(zeros)) and rank(best_grade(some)) <= rank(best_grade(zeros)):
        exact = [one for one in exact if one not in zeros]  # who tells of dead without a number tells of more than none
    if not exact:
        lows = {_range(one)[0] for one in floor}
        return None, f"no figure is stated: {'at least ' + str(max(lows)) if lows else 'rival values only'}"
    grade = best_grade(exact)
    trusted = [one for one in exact if rank(one.voice.grade) == rank(grade)]
    graded = f" of grade {grade}" if len(trusted) < len(exact) else ""
    figures = {figure: [one for one in trusted if _exact(one) == figure] for figure in {_exact(o) for o in trusted}}
    newest = max(one.published or "" for one in trusted)
    recent = {f for f, given in figures.items() if any((one.published or "") == newest for one in given)}

    def support(figure: int | None) -> tuple[int, int]:
        return voices(figures[figure]), figure or 0

    leader = max(figures, key=support)
    latest = max(recent, key=support)
    total = voices(trusted)
    if len(figures) == 1:
        number = voices(figures[leader])
        return leader, f"the only figure{graded}, of {number} voice{'s' if number > 1 else ''}"
    raised = (latest or 0) > (leader or 0)
    if newest and latest != leader and (raised or voices(figures[latest]) > 1 or support(latest) >= support(leader)):
        way = "raised" if raised else "lowered"
        return latest, f"the latest figure{graded}, {way} on {newest}, of {voices(figures[latest])} of {total} voices"
    count = voices(figures[leader])
    if latest == leader and newest:
        return leader, f"the figure{graded} of {count} of {total} voices, among the latest on {newest}"
    return leader, f"the figure{graded} of {count} of {total} voices; a later, lower one stands alone" if newest else (
        f"the figure{graded} of {count} of {total} voices, the highest where as many give others"
    )


def _sources(one: Said) -> tuple[str, ...]:
    return tuple(attribution.source for attribution in one.claim.attribution)


def _zero(one: Said) -> bool:
    return _range(one) == (0, 0)


def _exact(one: Said) -> int | None:
    low, high = _range(one)
    return low if low == high else None


def _range(one: Said) -> tuple[int, int | None]:
    return _bounds(one.value)


def _bounds(value: object) -> tuple[int, int | None]:
    return (value.low, value.high) if isinstance(value, Toll) else (0, None)
