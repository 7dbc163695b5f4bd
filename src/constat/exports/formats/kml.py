"""KML 2.2: a placemark an incident, its time as precise as it is known, all columns as extended data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO

from constat.exports.cells import cell_text
from constat.exports.dossier import About, Dossier
from constat.exports.listing import Format
from constat.exports.losses import flat_losses
from constat.exports.row import row
from constat.exports.words import headline, summary
from constat.exports.xml import HEAD, element, tag

LOST, BLURRED = flat_losses()
FORMAT = Format(
    title="KML", suffix=".kml", media_type="application/vnd.google-earth.kml+xml", lost=LOST, blurred=BLURRED
)
_SPACE = "http://www.opengis.net/kml/2.2"


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """One document; an incident without a point is a placemark without one."""
    out.write(f'{HEAD}<kml xmlns="{_SPACE}"><Document>\n{tag("name", about.title)}\n'.encode())
    for dossier in dossiers:
        out.write((placemark(dossier) + "\n").encode())
    out.write(b"</Document></kml>\n")
    return {}


def placemark(dossier: Dossier) -> str:
    """An incident in the order of elements that KML demands."""
    cells = row(dossier)
    point = None
    if cells["lat"] is not None and cells["lon"] is not None:
        point = element("Point", tag("coordinates", f"{cells['lon']},{cells['lat']}"))
    first, last = cells["date_start"], cells["date_end"]
    time = None
    if first and cells["date_precision"] == "week":
        time = element("TimeSpan", tag("begin", first), tag("end", last))
    elif first:
        time = element("TimeStamp", tag("when", cells["date"][:10]))
    data = [
        element("Data", tag("value", cell_text(value)), name=name)
        for name, value in cells.items()
        if value not in (None, "")
    ]
    parts = (tag("name", headline(dossier)), tag("description", summary(dossier)), time, element("ExtendedData", *data))
    return element("Placemark", *(p for p in (*parts, point) if p), id=f"incident-{cells['id']}")
