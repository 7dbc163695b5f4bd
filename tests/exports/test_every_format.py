"""What every format must do: say what it does not list as lost, and nothing that it lists; the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pytest
from dossiers import ABOUT, CHANGES, dossier, with_field

from constat.exports import Dossier, exporter, exporters
from constat.exports.losses import FACTS, Losses

NAMES = sorted(exporters())


def written(name: str, dossiers: Iterable[Dossier]) -> bytes:
    """The bytes of an export."""
    out = io.BytesIO()
    exporter(name).write(dossiers, out, ABOUT)
    return out.getvalue()


def test_every_fact_can_be_changed_alone() -> None:
    assert set(CHANGES) == set(FACTS)
    whole = dossier()
    for fact, change in CHANGES.items():
        differ = {f for f, get in FACTS.items() if get(change(whole)) != get(whole)}
        assert fact in differ, fact


@pytest.mark.parametrize("name", NAMES)
def test_what_is_lost_leaves_no_trace_and_all_else_does(name: str) -> None:
    form = exporter(name).FORMAT
    assert set(form.lost) | set(form.blurred) <= set(FACTS) and not set(form.lost) & set(form.blurred)
    before = written(name, [dossier()])
    traced = {fact for fact, change in CHANGES.items() if written(name, [change(dossier())]) != before}
    assert set(FACTS) - traced == set(form.lost)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_incidents_give_the_same_bytes(name: str) -> None:
    told = [dossier(1), dossier(2)]
    assert written(name, told) == written(name, iter(told))


@pytest.mark.parametrize("name", NAMES)
def test_no_incident_is_a_file_too(name: str) -> None:
    assert written(name, []) or name == "json_lines"


def test_losses_are_counted_where_they_are_stated() -> None:
    form = exporter("csv").FORMAT
    losses = Losses(form)
    bare = with_field(dossier(2), "damage", None)
    told = list(losses.watch([dossier(1), bare]))
    assert len(told) == losses.incidents == 2
    found = {loss.fact: loss for loss in losses.found()}
    assert found["decisions"].incidents == 2 and found["decisions"].whole
    assert not found["quotes"].whole
