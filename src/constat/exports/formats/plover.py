"""PLOVER event rows in the columns of POLECAT: actor, type, recipient, with sectors, place and publication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from constat.actors import Actor
from constat.exports.cells import write_csv
from constat.exports.crosswalk import crosswalk
from constat.exports.dossier import About, Dossier
from constat.exports.listing import Format
from constat.exports.losses import all_but
from constat.exports.row import place_of, row, voice_name
from constat.exports.sides import sides

COLUMNS = (
    *("Event ID", "Event Date", "Event Type", "Event Mode", "Contexts", "Actor Name", "Actor Country"),
    *("Primary Actor Sector", "Actor Name Raw", "Recipient Name", "Recipient Country", "Primary Recipient Sector"),
    *("Recipient Name Raw", "Placename", "Province", "Country", "Latitude", "Longitude", "Feature Type", "Source"),
    *("Publication Date", "Headline", "Language", "Version", "Loss"),
)
NO_TYPE = "PLOVER has no type for it"
EMPTY = ("Event Mode", "Contexts")
_KEPT = (
    "sub-type",
    "date",
    "place name",
    "kind of place",
    "country",
    "first-level unit",
    "point",
    "perpetrator",
    "target",
)
_REPORT = ("voices", "titles of reports", "dates of reports")
FORMAT = Format(
    title="PLOVER",
    suffix=".csv",
    media_type="text/csv",
    lost=all_but("an event row is who did what to whom, where and when", *_KEPT, *_REPORT),
    blurred={
        "sub-type": "as a PLOVER type; `Loss` says what that does not tell",
        "voices": "as `Source`, without their reports",
        "titles of reports": "of the first report alone",
        "dates of reports": "of the first report alone",
    },
    empty=EMPTY,
)


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """A row an incident; modes and contexts stay empty, for which the ontology has no crosswalk."""
    left: Counter[str] = Counter()

    def rows() -> Iterator[list[Any]]:
        for dossier in dossiers:
            codes = crosswalk(about.overlays).get(row(dossier)["subtype"] or "")
            if codes is None or not codes.plover:
                left[NO_TYPE] += 1
            else:
                coded = _coded(dossier, about) | {"Event Type": codes.plover, "Loss": codes.lost or None}
                yield [coded.get(name) for name in COLUMNS]

    write_csv(out, [COLUMNS], rows())
    return left


def _coded(dossier: Dossier, about: About) -> dict[str, Any]:
    cells, place = row(dossier), place_of(dossier.incident)
    found = sides(dossier, cells["country"], cells["date_start"], about)
    first = dossier.documents[0] if dossier.documents else None
    return {
        "Event ID": cells["id"],
        "Event Date": cells["date_start"],
        "Placename": cells["place"],
        "Province": cells["admin1"],
        "Country": cells["country"],
        "Latitude": cells["lat"],
        "Longitude": cells["lon"],
        "Feature Type": place.kind if place else None,
        "Source": "; ".join(voice_name(voice.name) for voice in dossier.incident.voices),
        "Publication Date": first.published if first else None,
        "Headline": first.title if first else None,
        "Language": first.lang if first else None,
        "Version": f"constat {about.version}",
        **_side("Actor", found.a, found.first),
        **_side("Recipient", found.b, found.second),
    }


def _side(role: str, told: str | None, known: Actor | None) -> dict[str, Any]:
    country = known.countries[0] if known and len(known.countries) == 1 else None
    return {
        f"{role} Name": known.name if known else told,
        f"{role} Country": country,
        f"Primary {role} Sector": known.plover or None if known else None,
        f"{role} Name Raw": told,
    }
