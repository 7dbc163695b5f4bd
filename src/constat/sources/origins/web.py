"""Web addresses, fetched politely and kept as WARC with everything the server said."""

from __future__ import annotations

from collections.abc import Iterator

from constat.captures import Received, Refused, Unchanged
from constat.errors import InputError
from constat.sources.receive import Way
from constat.sources.warc_file import as_warc


def score(name: str) -> float:
    """By the scheme."""
    return 1.0 if name.lower().startswith(("http://", "https://")) else 0.0


def receive(name: str, way: Way) -> Iterator[Received | Refused | Unchanged]:
    """The page, or why there is none; an unchanged one is told from the server's word alone."""
    try:
        answer = way.fetcher.get(name, way.validators(name))
    except InputError as error:
        yield Refused(locator=name, cause=error.cause)
        return
    if answer.status == 304:
        yield Unchanged(address=name)
        return
    yield Received.of(
        as_warc(answer),
        name=name,
        address=name,
        final_address=answer.final_address,
        captured_at=answer.at,
        media_type="application/warc",
        status=answer.status,
        collector="fetch",
    )
