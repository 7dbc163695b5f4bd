"""Names of places -> candidates with coordinates, precision and kind. One SQLite file, opened read-only."""

from constat.gazetteer.index import Gazetteer
from constat.gazetteer.place import Place, bearing, displaced, kilometres, km, offset

__all__ = ["Gazetteer", "Place", "bearing", "displaced", "kilometres", "km", "offset"]
