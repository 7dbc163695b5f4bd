"""CAMEO event rows in the columns of ICEWS's coded events: source actor, code, target actor, place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from constat.actors import Actor
from constat.exports.cells import write_csv
from constat.exports.crosswalk import crosswalk, weapon_codes
from constat.exports.dossier import About, Dossier
from constat.exports.listing import Format
from constat.exports.losses import all_but
from constat.exports.row import listed, row, voice_name, word
from constat.exports.sides import sides
from constat.records import Incident

COLUMNS = (
    *("Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code"),
    *("Target Name", "Target Sectors", "Target Country", "Story ID", "Publisher", "Placename", "Province"),
    *("Country", "Latitude", "Longitude", "Loss"),
)
NO_CODE = "CAMEO has no code for its type"
_KEPT = ("sub-type", "date", "place name", "country", "first-level unit", "point", "perpetrator", "target", "weapons")
_WHY = "an event row is who did what to whom, where and when"
FORMAT = Format(
    title="CAMEO",
    suffix=".csv",
    media_type="text/csv",
    lost=all_but(_WHY, *_KEPT, "voices"),
    blurred={
        "sub-type": "as a CAMEO code; `Loss` says what that does not tell",
        "weapons": "only where they make the code more precise",
        "voices": "as `Publisher`, without their reports",
    },
)


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """A row an incident; the names of actors are the register's where it knows them."""
    left: Counter[str] = Counter()

    def rows() -> Iterator[list[Any]]:
        for dossier in dossiers:
            if code(dossier.incident, about) is None:
                left[NO_CODE] += 1
            else:
                yield list(_coded(dossier, about).values())

    write_csv(out, [COLUMNS], rows())
    return left


def code(one: Incident, about: About) -> str | None:
    """The code of the sub-event type, or that of a weapon where it only makes it more precise."""
    codes = crosswalk(about.overlays).get(word(one, "subtype") or "")
    if codes is None or not codes.cameo:
        return None
    closer = {weapon_codes(about.overlays).get(weapon, "") for weapon in listed(one, "weapons")}
    closer = {c for c in closer if c.startswith(codes.cameo) and c != codes.cameo}
    return min(closer) if len(closer) == 1 else codes.cameo


def _coded(dossier: Dossier, about: About) -> dict[str, Any]:
    one, cells = dossier.incident, row(dossier)
    found = sides(dossier, cells["country"], cells["date_start"], about)
    codes = crosswalk(about.overlays)[cells["subtype"]]
    values = (
        one.id,
        cells["date_start"],
        *_side(found.a, found.first),
        cells["subtype"],
        code(one, about),
        *_side(found.b, found.second),
        dossier.documents[0].id if dossier.documents else None,
        "; ".join(voice_name(voice.name) for voice in one.voices),
        cells["place"],
        cells["admin1"],
        cells["country_name"],
        cells["lat"],
        cells["lon"],
        codes.lost or None,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _side(told: str | None, known: Actor | None) -> tuple[str | None, str | None, str | None]:
    if known is None:
        return told, None, None
    return known.name, known.plover or None, known.countries[0] if len(known.countries) == 1 else None
