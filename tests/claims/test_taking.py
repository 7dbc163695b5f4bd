"""Which candidate is taken."""

from __future__ import annotations

from constat.claims.drafts import NEW, Gathering
from constat.claims.report import Candidate
from constat.claims.taking import choose
from constat.claims.weights import Weights
from constat.pipeline import Reader
from constat.records import Document


def test_names_that_are_alike_are_no_rivals(reader: Reader) -> None:
    """Three ways to say it, each likelier than not only together."""
    report = reader.rules.report(reader.facts(Document(id="1", text="Soldiers were killed.", lang="en")), None)
    state = Gathering(report)
    state.take(report.units[0], NEW)
    names = ("soldiers", "two soldiers", "soldiers of the army")
    said = [Candidate(None, ("none",)), *(Candidate(name, ("named",), name=name) for name in names)]
    weights = Weights({"target": {"none": 0.4}}, "en")
    apart = choose(weights, "target", state, state.drafts[0], said)
    together = choose(
        weights, "target", state, state.drafts[0], said, alike=lambda a, b: bool(set(a.split()) & set(b.split()))
    )
    assert apart is None
    assert together is not None and together.share > 0.6
