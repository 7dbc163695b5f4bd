"""For notebooks and other programs: read a text, take incidents out of a casebook, as tables of pandas or polars."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from constat.documents.language import language_hints, with_language
from constat.documents.reports import Known, day, make_document
from constat.errors import UsageError
from constat.exports import Dossier
from constat.exports.row import COLUMNS, row
from constat.pipeline import Reader
from constat.records import Incident, Reading
from constat.settings import Settings

__all__ = ["read", "to_geopandas", "to_pandas", "to_polars"]


def read(
    text: str,
    *,
    title: str | None = None,
    published: str | None = None,
    lang: str | None = None,
    publisher: str | None = None,
    url: str | None = None,
    id: str = "text",
    settings: Settings | None = None,
) -> Reading:
    """What a report holds. `published` is the day from which "yesterday" counts; the language is told if not given.

    The first call opens the reader, which later calls share.
    """
    used = settings or Settings.load()
    if published is not None:
        try:
            published = day(published)
        except ValueError:
            raise UsageError(f"published {published!r} should be a date such as 2024-03-12") from None
    fields = {"id": id, "text": text, "title": title, "published": published, "lang": lang}
    document = make_document(fields | {"publisher": publisher, "url": url}, id, None, Known(), used, ())
    if not document.text.strip() and not document.title:
        return Reading(document=document, events=())
    return _reader(used).read(with_language(document, language_hints(used.overlays), id, None, False))


def to_pandas(told: Iterable[Incident | Dossier]) -> Any:
    """Incidents as a DataFrame of pandas: a row each, typed; what is not stated is missing, never zero."""
    pandas = _library("pandas")
    kinds = {"text": "string", "whole": "Int64", "number": "Float64", "truth": "boolean"}
    rows = _rows(told)
    series = {}
    for column in COLUMNS:
        values = [cells[column.name] for cells in rows]
        if column.kind == "date":
            series[column.name] = pandas.to_datetime(pandas.Series(values, dtype="object"), errors="coerce")
        else:
            series[column.name] = pandas.Series(values, dtype=kinds[column.kind])
    return pandas.DataFrame(series)


def to_polars(told: Iterable[Incident | Dossier]) -> Any:
    """Incidents as a DataFrame of polars: a row each, typed; what is not stated is null, never zero."""
    polars = _library("polars")
    types = {"text": polars.String, "whole": polars.Int64, "number": polars.Float64, "truth": polars.Boolean}
    schema = {column.name: types.get(column.kind, polars.String) for column in COLUMNS}
    frame = polars.DataFrame(_rows(told), schema=schema)
    days = [column.name for column in COLUMNS if column.kind == "date"]
    return frame.with_columns(polars.col(days).str.to_date())


def to_geopandas(told: Iterable[Incident | Dossier]) -> Any:
    """Incidents as a GeoDataFrame: the point of each in WGS 84, empty where none is known."""
    geopandas = _library("geopandas")
    frame = to_pandas(told)
    lon, lat = (frame[name].astype("float64") for name in ("lon", "lat"))
    points = geopandas.GeoSeries(geopandas.points_from_xy(lon, lat), crs="EPSG:4326")
    return geopandas.GeoDataFrame(frame, geometry=points.where(lon.notna() & lat.notna(), None))


def _rows(told: Iterable[Incident | Dossier]) -> list[dict[str, Any]]:
    return [row(one if isinstance(one, Dossier) else Dossier(incident=one)) for one in told]


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UsageError(f"this needs {name}: pip install {name}") from error


@lru_cache(maxsize=1)
def _reader(settings: Settings) -> Reader:
    return Reader.open(settings)
