"""A chain-of-custody sheet after the Berkeley Protocol: a row a source item, what was done with it, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from constat.exports.cells import write_csv
from constat.exports.dossier import About, Custody, Dossier
from constat.exports.listing import Format
from constat.exports.losses import all_but
from constat.exports.row import SEVERAL

COLUMNS = (
    *("item", "incident", "report", "title", "language", "published", "publisher", "address", "final_address"),
    *("collected_at", "collector", "tool", "method", "http_status", "http_headers", "media_type", "size", "sha256"),
    *("name", "parent_sha256", "place_in_parent", "log"),
)
FORMAT = Format(
    title="Chain of custody",
    suffix=".csv",
    media_type="text/csv",
    lost=all_but("the sheet is about the source items", "custody", *("titles of reports", "dates of reports")),
)


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """One row for each item and incident, the log of the item in the last cell."""
    write_csv(out, [COLUMNS], _rows(dossiers, about))
    return {}


def _rows(dossiers: Iterable[Dossier], about: About) -> Iterator[list[Any]]:
    for dossier in dossiers:
        of = {d.id: d for d in dossier.documents}
        for item in dossier.custody:
            report = of[item.document]
            yield [
                about.urn(f"item {item.sha256} {item.name} {item.captured_at} {item.locator}"),
                dossier.incident.id,
                item.document,
                report.title,
                report.lang,
                report.published,
                report.publisher,
                item.address,
                item.final_address,
                item.captured_at,
                item.collector,
                item.tool,
                item.method,
                item.status,
                SEVERAL.join(f"{name}: {value}" for name, value in item.headers),
                item.media_type,
                item.size,
                item.sha256,
                item.name,
                item.parent,
                item.locator,
                _log(item),
            ]


def _log(item: Custody) -> str:
    return SEVERAL.join(f"{s.at} {s.who}: {s.action}{f' ({s.digest})' if s.digest else ''}" for s in item.log)
