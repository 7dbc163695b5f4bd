"""Names of places -> candidates with coordinates, precision and kind. One SQLite file, opened read-only."""

from constat.gazetteer.index import Gazetteer
from constat.gazetteer.place import Place, kilometres, offset

__all__ = ["Gazetteer", "Place", "kilometres", "offset"]
