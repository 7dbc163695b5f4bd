"""Which tellings become one incident, and what never may."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from by_hand import DAY, telling
from hypothesis import given
from hypothesis import strategies as st

from constat.resolution.cluster import Constraints, cluster, pair
from constat.resolution.resolve import resolve
from constat.resolution.scores import VETO, shipped
from constat.resolution.tellings import Telling, sound_keys


def omar(id: str, place: str, lang: str, **more: Any) -> Telling:
    return telling(id, place=place, lang=lang, country="SYR", lat=35.08, lon=40.59, **more)


def test_three_languages_tell_of_one_attack_and_its_neighbour_stays_another() -> None:
    attack = [
        omar("a", "champ pétrolier d'al-Omar", "fr", document="r1"),
        omar("b", "al-Omar oil field", "en", document="r2"),
        omar("c", "حقل العمر", "ar", document="r3"),
    ]
    sibling = [
        telling(id, document, "Koniko", country="SYR", lat=35.33, lon=40.30, main=False, lang=lang)
        for id, document, lang in (("d", "r1", "fr"), ("e", "r2", "en"))
    ]
    assert resolve([*attack, *sibling]).groups == (("a", "b", "c"), ("d", "e"))


def test_reasons_are_words_with_weights() -> None:
    verdict = shipped().verdict(telling("a"), telling("b", lang="fr", place="Kassala"))
    assert verdict.score > 0
    assert "the same day" in verdict.words() and "the names sound the same" in verdict.words()


def test_two_events_of_one_report_are_two_unless_it_says_otherwise() -> None:
    a, b = telling("a", "r"), telling("b", "r")
    assert shipped().score(a, b) == VETO
    assert resolve([a, b]).groups == (("a",), ("b",))
    assert resolve([telling("a", "r", same_as=("b",)), b]).groups == (("a", "b"),)


def test_other_days_places_and_countries_are_other_incidents() -> None:
    first = telling("a")
    for other in (
        telling("b", first=DAY + 10, last=DAY + 10),
        telling("b", lat=18.0, place="Port Sudan"),
        telling("b", country="ETH", lat=14.0),
    ):
        assert len(resolve([first, other]).groups) == 2


def test_a_report_without_a_date_joins_the_one_it_was_printed_after() -> None:
    dated = telling("a", killed=(7, 7), target=frozenset({"market"}), text="shells fell on the market of Kassala")
    undated = telling(
        "b", first=None, last=None, published=DAY + 1, killed=(7, 7), target=frozenset({"market"}), lang="en"
    )
    assert resolve([dated, undated]).groups == (("a", "b"),)


def test_a_place_name_too_short_to_sound_says_nothing_across_scripts() -> None:
    assert sound_keys("Gao")[0].startswith("=")
    assert sound_keys("كونيكو")[0] == sound_keys("Koniko")[0]


def test_decisions_outrank_the_scores() -> None:
    near, far = [telling("a"), telling("b")], [telling("c"), telling("d", lat=18.0, place="Port Sudan")]
    assert resolve(near, Constraints(apart=frozenset({("a", "b")}))).groups == (("a",), ("b",))
    assert resolve(far, Constraints(same=frozenset({("c", "d")}))).groups == (("c", "d"),)
    both = Constraints(same=frozenset({("a", "b")}), apart=frozenset({("a", "b")}))
    assert resolve(near, both).groups == (("a",), ("b",))


def test_a_chain_of_likely_pairs_is_no_giant() -> None:
    names = [f"n{n:03}" for n in range(60)]
    chain = {pair(a, b): 1.0 for a, b in pairwise(names)}
    groups = cluster(names, chain, {})
    assert max(map(len, groups)) <= 3


spots = st.tuples(
    st.integers(0, 3), st.integers(0, 3), st.booleans(), st.sampled_from([None, (0, 0), (5, 5), (9, None)])
)


@st.composite
def several(draw: st.DrawFn) -> list[Telling]:
    out = []
    for n, (day, step, main, killed) in enumerate(draw(st.lists(spots, min_size=1, max_size=14))):
        undated = draw(st.booleans()) and draw(st.booleans())
        out.append(
            telling(
                f"t{n:02}",
                f"r{draw(st.integers(0, 9))}",
                main=main,
                killed=killed,
                first=None if undated else DAY + day,
                last=None if undated else DAY + day,
                published=DAY + 4,
                lat=15.45 + step * 0.1,
            )
        )
    return out


@given(several(), st.randoms(use_true_random=False), st.data())
def test_any_order_gives_the_same_groups_and_no_constraint_is_crossed(
    tellings: list[Telling], random: Any, data: st.DataObject
) -> None:
    ids = [t.id for t in tellings]
    apart = frozenset(
        pair(a, b) for a, b in data.draw(st.lists(st.tuples(*[st.sampled_from(ids)] * 2), max_size=4)) if a != b
    )
    found = resolve(tellings, Constraints(apart=apart))
    shuffled = list(tellings)
    random.shuffle(shuffled)
    assert resolve(shuffled, Constraints(apart=apart)) == found
    assert sorted(id for group in found.groups for id in group) == sorted(ids)
    report = {t.id: t.document for t in tellings}
    for group in found.groups:
        assert len({report[id] for id in group}) == len(group)
        assert not any(pair(a, b) in apart for a in group for b in group if a != b)
