"""Constat reads reports of violent incidents and keeps a record that an analyst can defend."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("constat")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0+unknown"

__all__ = ["__version__"]
