"""Files made of incidents, one format a file in `formats/`, found by listing.

Each is a function from `Dossier`s to bytes. What reaches it is covered already (`covers.py`), so that no format can let
out a restricted name; what it cannot say, it lists (`losses.py`).
"""

from constat.exports.dossier import About, Custody, Dossier, Step
from constat.exports.listing import Exporter, Format, exporter, exporters, plotter

__all__ = ["About", "Custody", "Dossier", "Exporter", "Format", "Step", "exporter", "exporters", "plotter"]
