"""Who is cited, and who only seems to be."""

from __future__ import annotations

import pytest

from constat.pipeline import Reader
from constat.records import Document


@pytest.mark.parametrize(
    ("lang", "text", "cited"),
    [
        ("ar", "السومرية نيوز/ بغداد أفاد مصدر أمني بأن عبوة ناسفة انفجرت في بغداد.", ["مصدر أمني"]),
        ("ar", "شفق نيوز/ أفاد مصدر أمني بمقتل شرطي في هجوم مسلح.", ["مصدر أمني"]),
        ("en", "Police said a bomb exploded in the market.", ["Police"]),
    ],
)
def test_a_dateline_is_no_source(reader: Reader, lang: str, text: str, cited: list[str]) -> None:
    facts = reader.facts(Document(id="one", text=text, lang=lang))
    assert [s.name for f in facts for s in f.sources] == cited
