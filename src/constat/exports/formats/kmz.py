"""KMZ: the KML, packed."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import IO

from constat.exports.dossier import About, Dossier
from constat.exports.formats import kml
from constat.exports.listing import Format
from constat.exports.zipped import archive

FORMAT = Format(
    title="KMZ", suffix=".kmz", media_type="application/vnd.google-earth.kmz", lost=kml.LOST, blurred=kml.BLURRED
)


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """An archive whose first member is `doc.kml`."""
    made = io.BytesIO()
    left = kml.write(dossiers, made, about)
    archive(out, [("doc.kml", made.getvalue())])
    return left
