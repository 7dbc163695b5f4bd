"""A place is called by its whole name in the report, with the head word that belongs to it."""

from __future__ import annotations

import pytest

from constat.fields import reading_json
from constat.pipeline import Reader
from constat.records import Document


@pytest.mark.parametrize(
    ("lang", "text", "place"),
    [
        ("en", "Gunmen killed four farmers in Tarhib village on Monday, police said.", "Tarhib village"),
        (
            "fr",
            "Des hommes armés ont tué quatre paysans lundi dans le village de Tarhib, selon la police.",
            "village de Tarhib",
        ),
        ("ar", "قتل مسلحون أربعة مزارعين يوم الاثنين في قرية ترهيب، بحسب الشرطة.", "قرية ترهيب"),
        ("en", "Gunmen killed four farmers in the city of Gao on Monday, police said.", "Gao"),
    ],
)
def test_village_belongs_to_the_name_and_city_does_not(reader: Reader, lang: str, text: str, place: str) -> None:
    document = Document(id="1", text=text, lang=lang, published="2024-01-10")
    read = reading_json(reader.read(document))
    (event,) = read["events"]
    assert event["place"] == place
    assert [text[q["start"] : q["end"]] for q in event["evidence"]["place"]] == [place]
