"""Rows of data sets of coded events stand beside the incidents, not among them, unless the settings count them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from constat.incidents.rows import select
from constat.records import DateValue, Reading
from constat.resolution.tellings import days
from constat.store import coded
from constat.store.protocol import Store


def among(store: Store, document: str, reading: Reading | None, counted: Collection[str]) -> Reading | None:
    """The reading of a document as incidents take it: None for a row that is not counted, or not the newest version."""
    dataset = reading.document.coded if reading else None
    if reading is None or dataset is None:
        coded.drop(store, document)
        return reading
    first, last = _days(reading)
    coded.put(store, document, dataset, first, last)
    return reading if dataset in counted and coded.is_newest(store, document) else None


def older(store: Store, documents: Iterable[str]) -> set[str]:
    """The rows of which these documents are newer versions, as a later edition of a data set has them."""
    query = "SELECT previous FROM document WHERE id IN ({}) AND previous IN (SELECT document FROM coded)"
    return {str(previous) for (previous,) in select(store, query, list(documents))}


def _days(reading: Reading) -> tuple[str, str]:
    for claim in (c for event in reading.events for c in event.claims):
        if isinstance(claim.value, DateValue):
            first, last = days(claim.value.value, claim.value.precision)
            if first is not None and last is not None:
                return dt.date.fromordinal(first).isoformat(), dt.date.fromordinal(last).isoformat()
    return "", ""
