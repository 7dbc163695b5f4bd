"""Where an outlet reports from is a weak hint, taken from its name or the domain of its address."""

from __future__ import annotations

import pytest

from constat.gazetteer.outlets import outlet_country
from constat.gazetteer.tables import rows


@pytest.mark.parametrize(
    ("publisher", "url", "country"),
    [
        ("Radio Okapi (via a relay)", None, "COD"),
        ("عنب بلدي", None, "SYR"),
        ("The Kossa Herald", "https://kossaherald.com.ng/news/1", "NGA"),
        ("The Kossa Herald", "https://kossaherald.co.uk/", "GBR"),
        ("The Kossa Herald", "https://kossaherald.co/news", ""),
        ("The Kossa Herald", "https://kossaherald.com/", ""),
        ("Punchbowl Times", None, ""),  # a name is found as whole words only
        (None, None, ""),
        (None, "no address", ""),
    ],
)
def test_country_of_an_outlet(publisher: str | None, url: str | None, country: str) -> None:
    assert outlet_country(publisher, url) == country


def test_every_outlet_has_one_country() -> None:
    names = [name for row in rows("outlets.tsv") for name in row["names"].split("|")]
    assert len(names) == len(set(names)) > 200
    assert all(len(row["country"]) == 3 for row in rows("outlets.tsv"))
