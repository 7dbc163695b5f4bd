"""Constat reads reports of violent incidents and keeps a record that an analyst can defend."""

__version__ = "0.1.0"  # written here and not asked of the installed package, which takes longer than to read a report

__all__ = ["__version__"]
