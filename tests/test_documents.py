"""Reports as they come: encodings, broken bytes, odd signs, endless lines, languages without a pack."""

from __future__ import annotations

import itertools
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constat.documents.decode import decode
from constat.documents.language import Hint, language_hints, tell_language
from constat.documents.reports import Known, json_report, text_report
from constat.errors import EncodingError, InputError, SettingsError
from constat.intake import documents
from constat.records import Document, Span, content_id
from constat.settings import Settings
from constat.text import sentences, tokens

FRENCH = "Deux soldats ont été blessés dans une attaque contre la base, selon des habitants de la ville."
ENGLISH = "Two soldiers were wounded in an attack on the base, according to people who live in the town."
ARABIC = "أصيب جنديان في هجوم على القاعدة بحسب ما قال سكان من المدينة التي كان فيها الجنود."
SETTINGS = Settings()


def read(path: Path | str, **known: str) -> list[Document | InputError]:
    return list(documents([str(path)], Known(**known), SETTINGS))


def one(path: Path, **known: str) -> Document:
    (document,) = read(path, **known)
    assert isinstance(document, Document), document
    return document


def failure(path: Path, **known: str) -> InputError:
    (error,) = read(path, **known)
    assert isinstance(error, InputError)
    return error


@pytest.mark.parametrize(
    ("data", "flags"),
    [
        (FRENCH.encode(), ()),
        (b"\xef\xbb\xbf" + FRENCH.encode(), ()),
        (FRENCH.encode("utf-16"), ()),
        (FRENCH.encode("utf-16-be"), ("encoding guessed: utf-16-be",)),
        (FRENCH.encode("cp1252"), ("encoding guessed: windows-1252",)),
    ],
)
def test_a_text_is_the_same_in_any_encoding(data: bytes, flags: tuple[str, ...]) -> None:
    assert decode(data, "x") == (FRENCH, flags)


def test_an_arabic_code_page_is_told_from_a_western_one() -> None:
    assert decode(ARABIC.encode("cp1256"), "x") == (ARABIC, ("encoding guessed: windows-1256",))


def test_line_ends_are_made_one() -> None:
    assert decode(b"a\r\nb\rc\n", "x")[0] == "a\nb\nc\n"


def test_a_few_broken_bytes_leave_the_rest_as_it_is() -> None:
    data = (FRENCH + ARABIC * 3).encode() + b" \xff fin"
    text, flags = decode(data, "x")
    assert text.startswith(FRENCH) and text.endswith("\ufffd fin")
    assert flags == ("invalid UTF-8: 1 signs replaced",)


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 4, b"%PDF-1.7 text", b"PK\x03\x04abc", b"\x89PNG\r\n", b"\x00" * 100, b"a\x00b\x01c"]
)
def test_what_is_no_text_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(EncodingError, match=r"^report\.txt: "):
        decode(data, "report.txt")


def test_a_single_nul_survives_and_is_flagged() -> None:
    text, flags = decode((FRENCH + "\x00" + FRENCH).encode(), "x")
    assert text[len(FRENCH)] == "\x00" and flags == ("control characters",)


@given(st.binary(max_size=300))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        text, _ = decode(data, "x")
    except EncodingError:
        return
    assert isinstance(text, str)


@pytest.mark.parametrize(("text", "lang"), [(FRENCH, "fr"), (ENGLISH, "en"), (ARABIC, "ar")])
def test_the_language_is_told(tmp_path: Path, text: str, lang: str) -> None:
    path = tmp_path / "report.txt"
    path.write_text(text, encoding="utf-8")
    assert one(path).lang == lang


def test_a_language_is_told_only_in_its_own_script() -> None:
    hints = {"xx": Hint("Cyrl", frozenset({"the", "of"})), "yy": Hint("Latn", frozenset({"of"}))}
    assert tell_language("the of the of", hints) == "yy"
    assert tell_language("", hints) is None


def test_a_language_without_a_pack_is_named_with_those_that_have_one(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("Двое военных были ранены в результате нападения на базу.", encoding="utf-8")
    assert "there are packs for ar, en, fr" in failure(path).cause
    assert "no pack reads the language 'ru'" in failure(path, lang="ru").cause
    assert one(path, lang="fr-FR").lang == "fr"


def test_an_empty_file_is_an_empty_document(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(b"")
    assert one(path).flags == ("empty",) and one(path).lang is None


def test_a_line_of_ten_megabytes_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(FRENCH * 110_000, encoding="utf-8")
    assert path.stat().st_size > 10_000_000
    assert "max_report_characters" in failure(path).cause
    (document,) = documents([str(path)], Known(), Settings(max_report_characters=20_000_000))
    assert isinstance(document, Document) and document.lang == "fr"
    (error,) = documents([str(path)], Known(), Settings(max_report_bytes=1000))
    assert "max_report_bytes" in str(error)


def test_a_line_over_the_limit_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "wires.jsonl"
    lines = [json.dumps({"id": str(n), "text": FRENCH * size}) for n, size in enumerate((1, 100, 1))]
    path.write_text("\n".join(lines), encoding="utf-8")
    first, error, last = documents([str(path)], Known(), Settings(max_line_bytes=2000))
    assert isinstance(first, Document) and isinstance(last, Document)
    assert isinstance(error, InputError) and (error.line, last.id) == (2, "2")


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("{", "not JSON"),
        ("[1]", "this is a list"),
        ('{"id": "a"}', "the field `text` should hold the report as a string; it is missing"),
        ('{"id": "a", "text": 3}', "it is a number"),
        ('{"id": "a", "text": "b", "lang": 3}', "the field `lang` should be a string"),
        ('{"id": "a", "text": "b", "published": "soon"}', "`published` is 'soon'"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_each_bad_line_is_named_and_the_others_are_read(tmp_path: Path, line: str, cause: str) -> None:
    path = tmp_path / "wires.jsonl"
    good = json.dumps({"id": "good", "text": FRENCH})
    path.write_text(f"{good}\n\n{line}\n{good}\n", encoding="utf-8")
    first, error, last = read(path)
    assert isinstance(first, Document) and isinstance(last, Document)
    assert isinstance(error, InputError)
    assert (error.path, error.line) == (str(path), 3) and cause in error.cause


def test_a_report_wins_over_what_the_caller_knows(tmp_path: Path) -> None:
    row = {"id": 7, "text": FRENCH, "publisher": "La Vigie", "published": "2024-03-12T08:00:00Z"}
    known = Known(publisher="other", published="2020-01-01", url="https://example.org/a")
    document = json_report(json.dumps(row).encode(), "x.jsonl", 1, known, SETTINGS)
    assert (document.id, document.publisher, document.published) == ("7", "La Vigie", "2024-03-12")
    assert document.url == "https://example.org/a"


def test_lone_surrogates_survive_with_right_offsets() -> None:
    document = json_report(b'{"id": "a", "text": "\\ud83d attaque"}', "x", 1, Known(), SETTINGS)
    assert document.text == "\ud83d attaque" and "lone surrogates" in document.flags
    span = Span("text", 2, 9, "attaque")
    assert span.check(document) is span
    assert len(content_id(document)) == 64


def test_marks_of_direction_and_of_no_width_survive_and_are_flagged() -> None:
    text = "\u202eattaque\u202c d\u200bans"
    document = text_report(text.encode(), "x", Known(), SETTINGS)
    assert document.text == text and document.flags == ("direction marks", "zero-width characters")


def test_a_title_beyond_the_limit_is_cut_and_flagged() -> None:
    data = json.dumps({"text": FRENCH, "title": "a" * 50}).encode()
    document = json_report(data, "x.json", None, Known(), Settings(max_title_characters=10))
    assert document.title == "a" * 10 and document.flags == ("title cut at 10 characters",)


def test_folders_are_read_by_name_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.jsonl", ".hidden.txt", "notes.md", "sub/c.text"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"text": FRENCH}) if name.endswith("l") else FRENCH, encoding="utf-8")
    assert [d.id for d in read(tmp_path) if isinstance(d, Document)] == ["a.jsonl:1", "b.txt", "c.text"]


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    assert failure(tmp_path / "none.txt").cause == "there is no such file or folder"
    assert "holds no report" in failure(tmp_path).cause


def test_settings_come_from_file_and_environment(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('overlays = ["mine"]\nmax_line_bytes = 10\n', encoding="utf-8")
    settings = Settings.load(path, {"CONSTAT_MAX_LINE_BYTES": "20", "CONSTAT_OVERLAYS": "a:b"})
    assert settings.max_line_bytes == 20 and settings.overlays == (Path("a"), Path("b"))
    assert Settings.load(path, {}).overlays == (Path("mine"),)
    assert Settings(max_line_bytes=1).digest != Settings().digest == Settings(overlays=(Path("x"),)).digest


@pytest.mark.parametrize("content", ["nonsense = 1", "max_line_bytes = 0", "max_line_bytes = 'x'", "a = ["])
def test_a_wrong_setting_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"settings\.toml"):
        Settings.load(path, {})


def test_a_missing_settings_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        Settings.load(tmp_path / "none.toml", {})


# Letters of several scripts, marks, digits, stops and surrogates: what reports are made of, and worse.
ANY_TEXT = st.text(st.characters(), max_size=200) | st.text(
    "aÉ.!?؟ \n\r\t'’-(«»12,ا٣ل\u064b\u200b\u202e\ud800", max_size=200
)
# Marks by themselves, which stand in no word, are tokens of nothing.
MARKS = {"Mn", "Cf", "Zs", "Zl", "Zp", "Cc"}


@given(ANY_TEXT)
def test_tokens_stand_in_order_and_never_overlap(text: str) -> None:
    found = tokens(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(0 <= t.start < t.end <= len(text) for t in found)
    covered = {i for t in found for i in range(t.start, t.end)}
    left = {text[i] for i in range(len(text)) if i not in covered}
    # A hyphen or apostrophe inside a word is a border and no token.
    assert all(c in "-'’\u2010\u2011" or c.isspace() or unicodedata.category(c) in MARKS for c in left), left


@given(ANY_TEXT, st.booleans())
def test_sentences_keep_the_order_of_their_tokens(text: str, cased: bool) -> None:
    cut = sentences(text, "text", ("m", "dr"), cased)
    assert all(a.end <= b.start for a, b in itertools.pairwise(cut))
    assert [s.index for s in cut] == list(range(len(cut)))
    stream = [t for t in tokens(text) if t.shape != "p"]
    assert [t for s in cut for t in s.tokens if t.shape != "p"] == stream


@given(ANY_TEXT, st.data())
def test_a_span_holds_exactly_what_stands_there(text: str, data: st.DataObject) -> None:
    document = Document(id="x", text=text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if start < end:
        assert Span("text", start, end, text[start:end]).check(document).quote == text[start:end]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Gunmen killed 12 soldiers near Gao, Mali, on 3 May 2024, residents said.", "en"),
        ("Explosion à Gao : deux morts, selon la police.", "fr"),
        ("مقتل جنديين في هجوم، بحسب سكان.", "ar"),
        ("Zwei Soldaten starben bei Gao.", None),
        (
            "Report post\nمقتل جنديين في هجوم على حاجز، بحسب سكان.\n2 likes\nBack to top. It may take a while.",
            "ar",
        ),
        (
            "Two soldiers were killed at the post of Gao (غاو), according to people in the town who heard the shots.",
            "en",
        ),
    ],
)
def test_a_post_of_one_line_tells_its_language_by_words_beside_marks(text: str, lang: str | None) -> None:
    assert tell_language(text, language_hints()) == lang


def test_a_day_that_is_none_names_the_document() -> None:
    from constat.pipeline import Reader

    with pytest.raises(InputError, match=r"^one: published is 'Tuesday'; it should be a day"):
        Reader.open(SETTINGS).read(Document(id="one", text=ENGLISH, lang="en", published="Tuesday"))
