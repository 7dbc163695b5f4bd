"""CSV: an incident a row, all columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO

from constat.exports.cells import write_csv
from constat.exports.dossier import About, Dossier
from constat.exports.listing import Format
from constat.exports.losses import flat_losses
from constat.exports.row import NAMES, row

LOST, BLURRED = flat_losses()
FORMAT = Format(title="CSV", suffix=".csv", media_type="text/csv", lost=LOST, blurred=BLURRED)


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """The columns of `row.py`, in UTF-8."""
    write_csv(out, [NAMES], (list(row(dossier).values()) for dossier in dossiers))
    return {}
