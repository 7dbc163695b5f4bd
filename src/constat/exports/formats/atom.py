"""Atom (RFC 4287) with GeoRSS: an entry an incident, under a name that stays when further reports join."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO

from constat.exports.dossier import About, Dossier
from constat.exports.listing import Format
from constat.exports.losses import BEHIND, CLAIMS, because
from constat.exports.row import place_of, word
from constat.exports.words import headline, summary
from constat.exports.xml import HEAD, element, tag

LOST = because("not in a feed", *CLAIMS, *BEHIND, "quotes", "ties", "titles of reports", "review status")
BLURRED = because(
    "in sentences in the text",
    *("date", "date precision", "part of day", "kind of place", "precision of the place", "radius", "country"),
    *("first-level unit", "perpetrator", "certainty of the perpetrator", "target", "claimed by", "weapons", "killed"),
    *("range of killed", "killed by group", "wounded", "range of wounded", "wounded by group", "damage", "responses"),
    *(
        "doubt",
        "cited sources",
        "voices",
        "grades of voices",
        "credibility",
        "confidence",
        "notes",
        "denials",
        "rival values",
    ),
) | because("the day of the newest one", "dates of reports")
FORMAT = Format(title="Atom", suffix=".atom", media_type="application/atom+xml", lost=LOST, blurred=BLURRED)
_SPACES = 'xmlns="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss"'


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """One feed in the order of the incidents."""
    head = (
        tag("id", about.urn(f"casebook {about.casebook}")),
        tag("title", about.title),
        tag("updated", about.at),
        element("author", tag("name", about.by or "Constat")),
        tag("generator", "Constat", version=about.version or None),
    )
    out.write(f"{HEAD}<feed {_SPACES}>\n{chr(10).join(head)}\n".encode())
    for dossier in dossiers:
        out.write((_entry(dossier, about) + "\n").encode())
    out.write(b"</feed>\n")
    return {}


def _entry(dossier: Dossier, about: About) -> str:
    one = dossier.incident
    links = [tag("link", rel="related", href=address) for address in dossier.links]
    if links:
        links[0] = links[0].replace('rel="related"', 'rel="alternate"')
    return element(
        "entry",
        tag("id", about.urn(f"incident {dossier.root}")),
        tag("title", headline(dossier)),
        tag("updated", f"{dossier.changed}T00:00:00Z" if dossier.changed else about.at),
        *links,
        *(tag("category", term=kind) for name in ("type", "subtype") if (kind := word(one, name))),
        tag("content", summary(dossier), type="text"),
        point(dossier),
    )


def point(dossier: Dossier) -> str:
    """GeoRSS of the place, nothing where it has no point."""
    place = place_of(dossier.incident)
    if place is None or place.lat is None or place.lon is None:
        return ""
    return tag("georss:point", f"{place.lat} {place.lon}")
