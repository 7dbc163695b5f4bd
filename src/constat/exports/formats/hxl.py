"""HXL: CSV with a second row of hashtags, which humanitarian tools read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO

from constat.exports.cells import write_csv
from constat.exports.dossier import About, Dossier
from constat.exports.listing import Format
from constat.exports.losses import flat_losses
from constat.exports.row import COLUMNS, NAMES, row

LOST, BLURRED = flat_losses()
FORMAT = Format(title="HXL", suffix=".csv", media_type="text/csv", lost=LOST, blurred=BLURRED)


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """The columns of CSV under their tags."""
    tags = [column.tag for column in COLUMNS]
    write_csv(out, [NAMES, tags], (list(row(dossier).values()) for dossier in dossiers))
    return {}
