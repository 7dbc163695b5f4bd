"""The page that tells people where rules and model differ."""

from __future__ import annotations

from constat.claims.model.compare import Difference
from constat.claims.model.differing import page
from constat.claims.model.propose import Refusal
from constat.records import DateValue, PlaceValue, Toll


def test_it_counts_field_by_field_and_tells_report_by_report() -> None:
    differences = [
        Difference(document="a", field="killed", rules=Toll(4, None), rules_quotes=("four",), model=Toll(5, 6)),
        Difference(document="a", field="date", rules=None, model=DateValue(None, "unresolved"), model_quotes=("x",)),
        Difference(document="b", field="place", rules=PlaceValue("Gao", "MLI"), rules_quotes=("Gao",)),
        Difference(document="b", field="uncertain", rules=True, model=None),
    ]
    told = page(differences, [Refusal("b", "target", "some\nwords", "it does not stand in the report")])
    assert "4 differences and 1 refused quotes in 2 reports." in told
    assert "| killed | 0 | 0 | 1 |" in told and "| date | 0 | 1 | 0 |" in told and "| place | 1 | 0 | 0 |" in told
    assert "- killed: rules: at least 4 “four”; model: 5 to 6" in told
    assert "- date: rules: nothing; model: no calendar date “x”" in told
    assert "- place: rules: Gao, MLI “Gao”; model: nothing" in told and "- uncertain: rules: yes" in told
    assert "| it does not stand in the report | 1 |" in told and "“some words” is refused" in told
    assert told.index("## a") < told.index("## b")


def test_words_of_a_report_are_no_markup_in_it() -> None:
    told = page([Difference(document="a|b", field="target", model="<b>[x](y)`*_|", model_quotes=("# head",))], [])
    assert "\\<b\\>\\[x\\](y)\\`\\*\\_\\|" in told and "\\# head" in told and "## a\\|b" in told


def test_nothing_to_tell_is_told() -> None:
    assert page([], []) == "# Where rules and model differ\n\n0 differences and 0 refused quotes in 0 reports.\n"
