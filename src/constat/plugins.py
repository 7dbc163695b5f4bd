"""What is found by listing a folder of the package: a module a format, a picture, a data set; nothing is registered."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from types import ModuleType
from typing import Any, TypeVar

from constat.errors import UsageError

T = TypeVar("T")


def modules(folder: ModuleType) -> dict[str, Any]:
    """The modules of a folder by their names, in their order."""
    names = sorted(found.name for found in pkgutil.iter_modules(folder.__path__))
    return {name: importlib.import_module(f"{folder.__name__}.{name}") for name in names}


def chosen(of: Mapping[str, T], name: str, what: str) -> T:
    """The one of a name; raises `UsageError` that says which there are."""
    found = of.get(name.lower().replace("-", "_"))
    if found is None:
        raise UsageError(f"{name!r}: no such {what}; there are {', '.join(of)}")
    return found
