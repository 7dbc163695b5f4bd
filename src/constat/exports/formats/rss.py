"""RSS 2.0 with GeoRSS: an item an incident, with a guid that stays when further reports join."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from email.utils import format_datetime
from typing import IO

from constat.exports.dossier import About, Dossier
from constat.exports.formats import atom
from constat.exports.listing import Format
from constat.exports.losses import because
from constat.exports.row import word
from constat.exports.words import headline, summary
from constat.exports.xml import HEAD, element, tag

FORMAT = Format(
    title="RSS",
    suffix=".rss",
    media_type="application/rss+xml",
    lost=atom.LOST,
    blurred=atom.BLURRED | because("that of the oldest one", "addresses of reports"),
)


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """One channel in the order of the incidents."""
    head = (
        tag("title", about.title),
        tag("link", about.urn(f"casebook {about.casebook}")),
        tag("description", f"Incidents of the casebook {about.casebook}".strip()),
        tag("lastBuildDate", format_datetime(about.time)),
        tag("generator", f"Constat {about.version}".strip()),
    )
    space = 'xmlns:georss="http://www.georss.org/georss"'
    out.write(f'{HEAD}<rss version="2.0" {space}><channel>\n{chr(10).join(head)}\n'.encode())
    for dossier in dossiers:
        out.write((_item(dossier, about) + "\n").encode())
    out.write(b"</channel></rss>\n")
    return {}


def _item(dossier: Dossier, about: About) -> str:
    one = dossier.incident
    changed = dossier.changed
    moment = dt.datetime.fromisoformat(f"{changed}T00:00:00+00:00") if changed else about.time
    return element(
        "item",
        tag("title", headline(dossier)),
        tag("link", next(iter(dossier.links), None)),
        tag("description", summary(dossier)),
        *(tag("category", kind) for name in ("type", "subtype") if (kind := word(one, name))),
        tag("guid", about.urn(f"incident {dossier.root}"), isPermaLink="false"),
        tag("pubDate", format_datetime(moment)),
        atom.point(dossier),
    )
