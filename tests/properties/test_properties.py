"""What must hold for anything that is written, read, folded, covered, kept or fused. CONSTAT_EXAMPLES sets how many."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from constat.actors import load_register
from constat.documents.decode import decode as decoded
from constat.exports.cells import clean, read_csv, write_csv
from constat.folding import fold, fold_word
from constat.pipeline import Reader
from constat.records import Claim, DateValue, Document, EventMention, PlaceValue, Reading, Span, Toll, Value, content_id
from constat.resolution.cluster import components
from constat.resolution.view import incidents
from constat.settings import Settings
from constat.store import audit, tables
from constat.store.evidence import Evidence
from constat.store.searching import Cover, Words
from constat.store.sqlite import SqliteStore
from constat.store.tables import decode, encode

TEXT = st.text(st.characters(), max_size=120)
WORDS = st.text("aàbÉçيلاكو ‌ـ-'. ,\n\u200b\u064b12", min_size=1, max_size=60)
PIECES = (
    "Two soldiers were killed in Gao", "12 March 2024", "an attack on the town", "at least 12 civilians",
    "were wounded", "in an air strike", "near Kassala", ", residents said.", "\n", "The army denied", "and", " ",
    "13", "killed", "«", "»", "two of them children", "Reuters", "’", "\u202e", "\u200b", "on Tuesday",
)  # fmt: skip
TOLLS = st.tuples(st.integers(0, 400), st.none() | st.integers(0, 400)).map(
    lambda pair: Toll(pair[0], None if pair[1] is None else pair[0] + pair[1])
)
VALUES: st.SearchStrategy[Value] = TOLLS | TEXT | st.booleans() | st.builds(DateValue, st.none() | TEXT, TEXT)


@lru_cache(maxsize=1)
def reader() -> Reader:
    return Reader.open(Settings())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    made = SqliteStore(tmp_path_factory.mktemp("store") / "casebook.sqlite", writable=True)
    made._db.execute("PRAGMA synchronous = OFF")
    yield made
    made.close()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    made = Evidence(tmp_path_factory.mktemp("kept"))
    made.create()
    return made


def reading_of(text: str, values: list[tuple[str, Value]], number: str = "e") -> Reading:
    """A reading whose claims all point at the whole of a text."""
    document = Document(id=content_id([text, number]), text=text, lang="en", publisher=f"Example {number}")
    spans = (Span("text", 0, len(text), text),)
    claims = tuple(Claim(field=field, value=value, spans=spans) for field, value in values)
    event = EventMention(
        id=content_id([document.id])[:16], document=document.id, role="main", claims=claims, confidence=0.5
    )
    return Reading(document=document, events=(event,))


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.sampled_from(["en", "fr"]))
def test_every_quote_of_a_reading_stands_at_its_offsets(pieces: list[str], lang: str) -> None:
    document = Document(id="x", text=" ".join(pieces), lang=lang, published="2024-03-13")
    read = reader().read(document)
    for event in (*read.events, *read.denials):
        for claim in event.claims:
            assert all(document.text[s.start : s.end] == s.quote for s in claim.spans)
            if isinstance(claim.value, Toll):
                assert claim.value.low >= 0 and (claim.value.high is None or claim.value.low <= claim.value.high)


@given(st.lists(TOLLS, min_size=1, max_size=5))
def test_a_fused_toll_lies_between_its_bounds(tolls: list[Toll]) -> None:
    place = PlaceValue(name="Tal Namuna", country="SYR", lat=10.0, lon=40.0, precision=1)
    told = [("type", "Battles"), ("date", DateValue("2024-03-12", "day")), ("place", place)]
    readings = [reading_of(f"report {n}", [*told, ("killed", toll)], str(n)) for n, toll in enumerate(tolls)]
    for one in incidents(readings, load_register()).incidents:
        for fused in one.tolls:
            assert fused.low is None or fused.best is None or fused.low <= fused.best
            assert fused.high is None or fused.best is None or fused.best <= fused.high


@given(st.builds(Document, id=TEXT, text=TEXT, title=st.none() | TEXT, publisher=st.none() | TEXT, lang=st.none()))
def test_a_document_is_read_as_it_was_written(document: Document) -> None:
    assert decode(encode(document), Document) == document


@given(TEXT.filter(bool), st.lists(st.tuples(TEXT, VALUES), max_size=4))
def test_a_reading_comes_out_of_the_store_as_it_went_in(
    store: SqliteStore, text: str, values: list[tuple[str, Value]]
) -> None:
    assume(all("\x00" not in field and field.isprintable() for field, _ in values))
    reading = reading_of(text, values)
    with store.transaction():
        tables.put_reading(store, reading, "2024-01-01T00:00:00Z", "tester")
    assert tables.get_reading(store, reading.document) == reading


@given(st.lists(st.tuples(st.sampled_from("abc"), TEXT), min_size=1, max_size=5))
def test_the_log_stays_one_chain(store: SqliteStore, entries: list[tuple[str, str]]) -> None:
    before = next(audit.last_entries(store, 1), None)
    with store.transaction():
        for subject, value in entries:
            audit.append(store, "2024-01-01T00:00:00Z", "tester", "did", subject, value)
    found = list(audit.entries(store, before.seq if before else 0))
    assert len(found) == len(entries) and all(entry.hash == entry.expected for entry in found)
    chain = [before.hash if before else audit.GENESIS, *(entry.hash for entry in found)]
    assert [entry.previous for entry in found] == chain[:-1]


@given(st.binary(max_size=2_000))
def test_bytes_are_kept_as_they_came(kept: Evidence, data: bytes) -> None:
    sha256, size = kept.put(io.BytesIO(data), 10_000, "x")
    assert size == len(data) and kept.path(sha256).read_bytes() == data and kept.fault(sha256) is None
    kept.path(sha256).unlink()


@given(TEXT.filter(lambda text: max(text, default="a") < "\ud800" and text.isprintable()), st.sampled_from("\n\r"))
def test_text_comes_through_decoding_with_its_offsets(text: str, end: str) -> None:
    known = f"The attack on the town{end}{text}"
    assert decoded(known.encode(), "x")[0] == known.replace("\r", "\n")


@given(WORDS, st.lists(WORDS, max_size=3))
def test_covering_names_moves_no_offset(text: str, names: list[str]) -> None:
    shown = Cover(names, ["al", "ال"]).signs(text)
    assert len(shown) == len(text)
    assert all(a in (b, "▮") for a, b in zip(shown, text, strict=True))


@given(TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text) and all(fold_word(fold_word(w)) == fold_word(w) for w in text.split())


@given(WORDS)
def test_a_document_is_found_by_each_of_its_words(store: SqliteStore, text: str) -> None:
    words = Words(["al", "ال"])
    folded = words.folded(text)
    with store.transaction():
        store.index("searched", folded)
    for word in filter(None, folded.split()):
        assert store.find([[word]], 5) == ["searched"]


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=4))
def test_a_table_is_read_as_it_was_written(rows: list[list[str]]) -> None:
    out = io.BytesIO()
    write_csv(out, [["a", "b"]], rows)
    found = [[row["a"], row["b"]] for row in read_csv(out.getvalue())]
    assert found == [[clean(cell) for cell in row] for row in rows]


@given(st.sets(st.integers(0, 30)), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=30))
def test_components_are_a_partition_that_no_link_leaves(ids: set[int], links: list[tuple[int, int]]) -> None:
    names = sorted(map(str, ids))
    inside = [(str(a), str(b)) for a, b in links if a in ids and b in ids and a != b]
    parts = components(names, inside)
    assert sorted(name for part in parts for name in part) == names
    number = {name: n for n, part in enumerate(parts) for name in part}
    assert all(number[a] == number[b] for a, b in inside)


@given(st.dictionaries(TEXT, TEXT, max_size=6), st.randoms(use_true_random=False))
def test_the_hash_of_a_record_does_not_hang_on_order(record: dict[str, str], random: object) -> None:
    items = list(record.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    assert content_id(dict(items)) == content_id(record)
