"""Constat reads reports of violent incidents and keeps a record that an analyst can defend.

For programs: `read`, `Casebook`, `Filters`, `to_pandas`, `to_polars`, `to_geopandas`; `docs/python.md`.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"  # written here and not asked of the installed package, which takes longer than to read a report

# Where each public name is made; loaded on first use, so that importing one module does not load them all.
_PUBLIC = {
    "Casebook": "constat.casebook",
    "Filters": "constat.filters",
    "read": "constat.notebook",
    "to_geopandas": "constat.notebook",
    "to_pandas": "constat.notebook",
    "to_polars": "constat.notebook",
}
__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'constat' has no attribute {name!r}")
