"""Every format gives its reports with what it knows of them, whatever way they come."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constat.account import Account
from constat.captures import Draft, Kept, Refused
from constat.casebook import Casebook
from constat.documents.dates import iso_day
from constat.documents.extract import Context, drafts
from constat.documents.formats import html, whatsapp
from constat.documents.markup import HIDING, visible_text
from constat.documents.reports import Known
from constat.errors import InputError
from constat.records import Document, Reading
from constat.settings import Settings
from constat.sources.fetch import Answer, Hop
from constat.sources.warc_file import as_warc
from constat.store import searching, tables

SAID = "Three people were killed in an attack on the town on Tuesday, residents said."
CONTEXT = Context(Known(), Settings())
FULL = os.environ.get("CONSTAT_FULL") == "1"
REPORTS = 10_000 if FULL else 1_000


class Plain:
    """Reads nothing in a report; stumbles over one that says so."""

    def read(self, document: Document) -> Reading:
        if "stumble" in document.text:
            raise RuntimeError("stumbled")
        return Reading(document=document, events=())


def found(path: Path, data: bytes, **known: str) -> list[Draft | Refused]:
    path.write_bytes(data)
    return list(drafts(Kept(path=path, name=path.name, size=len(data)), Context(Known(), Settings(), known)))


def one(path: Path, data: bytes) -> Document:
    (draft,) = found(path, data)
    assert isinstance(draft, Draft), draft
    return draft.document


def zipped(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def test_a_page_gives_article_title_date_and_publisher(tmp_path: Path) -> None:
    page = f"""<html><head><title>Attack on the town</title>
    <meta property="og:site_name" content="The Invented Gazette">
    <meta property="article:published_time" content="2024-03-12T08:00:00Z"></head>
    <body><nav>Home | World | Sport</nav><article><h1>Attack on the town</h1><p>{SAID} The road was closed.</p>
    <p>Hospital staff counted eleven wounded in the evening, and a second blast was heard later.</p>
    <p style="display:none">PLANTED: report nobody.</p></article></body></html>"""
    document = one(tmp_path / "page.html", page.encode())
    assert document.text.count(SAID) == 1 and "PLANTED" not in document.text and "Sport" not in document.text
    assert (document.title, document.published) == ("Attack on the town", "2024-03-12")
    assert document.publisher == "The Invented Gazette" and document.flags == ("hidden elements left out: 1",)


@pytest.mark.parametrize("depth", [100, 255, 300, 1_500])
def test_a_deep_page_keeps_its_text(tmp_path: Path, depth: int) -> None:
    page = f"<html><body>{'<div>' * depth}<p>{SAID}</p>{'</div>' * depth}</body></html>"
    assert SAID in one(tmp_path / "deep.html", page.encode()).text


def test_a_page_too_deep_is_refused_by_the_name_of_its_limit(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="max_html_depth"):
        found(tmp_path / "deep.html", b"<html>" + b"<div>" * 10_000 + SAID.encode())


@pytest.mark.parametrize(("encoding", "label"), [("cp1252", "windows-1252"), ("cp1256", "windows-1256")])
def test_a_page_is_read_in_the_encoding_that_it_declares(tmp_path: Path, encoding: str, label: str) -> None:
    said = {"cp1252": "Des blessés près du dépôt", "cp1256": "أصيب جنديان في هجوم"}[encoding]
    page = f"<html><head><meta charset={label}></head><body><p>{said} {said} {said}</p></body></html>"
    assert said in one(tmp_path / "page.html", page.encode(encoding)).text


RSS = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>Invented Wire</title><language>en</language>
<item><title>Attack</title><link>https://wire.example/1</link><guid>g1</guid>
<pubDate>Tue, 12 Mar 2024 08:00:00 GMT</pubDate><description>&lt;p&gt;{SAID}&lt;/p&gt;</description></item>
<item><title>Second</title><description>Another report.</description></item></channel></rss>"""


def test_a_feed_gives_an_entry_a_report(tmp_path: Path) -> None:
    first, second = found(tmp_path / "feed.xml", RSS.encode())
    assert isinstance(first, Draft) and isinstance(second, Draft)
    d = first.document
    assert (d.text, d.title, d.published, d.publisher, d.url) == (
        SAID, "Attack", "2024-03-12", "Invented Wire", "https://wire.example/1",
    )  # fmt: skip
    assert (first.given, second.locator) == ("g1", "entry 2")


def test_only_a_feed_that_is_damaged_is_said_to_be(tmp_path: Path) -> None:
    for data, flags in ((RSS, ()), (RSS.replace("</channel></rss>", ""), ("the feed is damaged",))):
        first = found(tmp_path / "feed.xml", data.encode())[0]
        assert isinstance(first, Draft) and first.document.flags == flags


def test_a_feed_with_a_document_type_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="document type"):
        found(tmp_path / "feed.xml", RSS.replace("<rss", "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss").encode())


def test_tables_by_the_names_of_columns_or_a_mapping(tmp_path: Path) -> None:
    table = f'Date;Headline;Notes\n2024-03-12;Attack;"{SAID}"\n31/12/2024;Other;"Two\nlines"\n;;\n1/2/2024;;x\n'
    first, second, third = found(tmp_path / "t.csv", table.encode())
    assert isinstance(first, Draft) and isinstance(second, Draft) and isinstance(third, Draft)
    assert (first.document.text, first.document.title, first.document.published) == (SAID, "Attack", "2024-03-12")
    assert (second.document.text, second.document.published) == ("Two\nlines", "2024-12-31")
    assert third.document.published is None and third.document.flags == ("date not read: 1/2/2024",)
    with pytest.raises(InputError, match="--map text=COLUMN"):
        found(tmp_path / "u.csv", b"a,b\n1,2\n")
    (mapped,) = found(tmp_path / "u.csv", b"a,b\n1,2\n", text="b")
    assert isinstance(mapped, Draft) and mapped.document.text == "2"


def test_workbooks_row_by_row(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["date", "text"])
    book.active.append(["2024-03-12", SAID])
    book.create_sheet("other").append(["nothing", "here"])
    book.save(tmp_path / "b.xlsx")
    draft, refused = found(tmp_path / "b.xlsx", (tmp_path / "b.xlsx").read_bytes())
    assert isinstance(draft, Draft) and draft.document.text == SAID and draft.locator == "sheet Sheet, row 2"
    assert isinstance(refused, Refused) and refused.locator == "sheet other"


def test_a_sheet_waits_until_it_is_said_which_column_holds_the_reports(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    table = openpyxl.Workbook()
    table.active.append(["Tag", "Meldung"])
    table.active.append(["2024-03-12", SAID])
    table.save(tmp_path / "b.xlsx")
    (tmp_path / "b.zip").write_bytes(zipped({"a.txt": SAID, "../out.txt": "bad"}))
    with Casebook.init(tmp_path / "book", Settings(actor="tester")) as book:
        paths = [str(tmp_path / name) for name in ("b.xlsx", "b.zip")]
        assert book.add(paths, reader=Plain).quarantined == 2
        told = {item.name: (item.locator, item.cause) for item in book.status().waiting}
        assert told[paths[0]][0] == "sheet Sheet" and "--map text=COLUMN" in told[paths[0]][1]
        assert told[paths[1]] == ("member ../out.txt", "its name leads out of the archive")
        account = book.add(paths[:1], reader=Plain, columns={"text": "Meldung", "published": "Tag"})
        assert (account.stored, account.quarantined) == (1, 0)
        assert [item.name for item in book.status().waiting] == paths[1:]
        assert book.verify().faults == []


def test_office_documents_without_what_was_deleted_or_hidden(tmp_path: Path) -> None:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = (
        f'<w:document xmlns:w="{word}"><w:body><w:p><w:r><w:t>{SAID}</w:t></w:r></w:p><w:p><w:del><w:r><w:delText>gone'
        "</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"
        "<w:r><w:t>Second</w:t><w:tab/><w:t>line</w:t></w:r></w:p></w:body></w:document>"
    )
    about = '<p xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A title</dc:title></p>'
    docx = one(tmp_path / "a.docx", zipped({"word/document.xml": body, "docProps/core.xml": about}))
    assert (docx.text, docx.title) == (f"{SAID}\nSecond\tline", "A title")
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    content = f'<o xmlns:text="{text}"><text:h>Head</text:h><text:p>{SAID}<text:s/>End</text:p></o>'
    assert one(tmp_path / "a.odt", zipped({"content.xml": content})).text == f"Head\n{SAID} End"


def test_mails_give_subject_date_and_text_and_no_person(tmp_path: Path) -> None:
    mail = (
        "From: Jane Testname <jane@paper.example>\nSubject: =?utf-8?q?D=C3=A9p=C3=AAche?=\n"
        f"Date: Tue, 12 Mar 2024 08:00:00 +0000\nContent-Type: text/html; charset=utf-8\n\n<p>{SAID}</p><p hidden>x</p>"
    )
    d = one(tmp_path / "m.eml", mail.encode())
    assert (d.text, d.title, d.published, d.publisher) == (SAID, "Dépêche", "2024-03-12", "paper.example")


def test_chats_give_messages_and_no_person(tmp_path: Path) -> None:
    pieces = ["Dron ", {"type": "bold", "text": "strike"}]
    messages = [
        {"id": 1, "type": "message", "date": "2024-03-12T08:00:00", "from": "Jane", "text": pieces},
        {"id": 2, "type": "service", "text": ""},
        {"id": 3, "type": "message", "photo": "x.jpg", "text": ""},
    ]
    export = {"name": "Channel", "type": "public_channel", "id": 7, "messages": messages}
    telegram = one(tmp_path / "result.json", json.dumps(export).encode())
    assert (telegram.text, telegram.published, telegram.publisher) == ("Dron strike", "2024-03-12", "Channel")
    chat = f"[13/03/2024, 14:05:33] Jane: {SAID}\nmore\n[14/03/2024, 14:06] Bo: <Media omitted>\n"
    chat += "[15/03/2024, 9:00] Bo: Next"
    first, second = found(tmp_path / "chat.txt", chat.encode())
    assert isinstance(first, Draft) and isinstance(second, Draft)
    assert (first.document.text, first.document.published) == (f"{SAID}\nmore", "2024-03-13")
    assert "Jane" not in first.document.text and second.document.published == "2024-03-15"


def test_pdf_text_and_what_has_none(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    stream = f"BT /F1 12 Tf 20 100 Td ({SAID}) Tj ET"
    parts = [
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(stream)}>>stream\n{stream}\nendstream", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    body, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += f"{number} 0 obj{part}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    pdf = f"{body}xref\n0 6\n0000000000 65535 f \n{table}trailer<</Root 1 0 R/Size 6>>\nstartxref\n{len(body)}\n%%EOF"
    assert one(tmp_path / "a.pdf", pdf.encode()).text == SAID
    with pytest.raises(InputError, match="recognise its letters"):
        found(tmp_path / "b.pdf", pdf.replace(f"({SAID}) Tj", " " * len(f"({SAID}) Tj")).encode())


def test_everything_at_once_is_accounted_for(tmp_path: Path) -> None:
    box, folder = tmp_path / "box", tmp_path / "book"
    box.mkdir()
    lines = [json.dumps({"id": f"w{n}", "text": f"{SAID} {n}", "url": f"https://x.example/{n}"}) for n in range(50)]
    (box / "a.jsonl").write_text("\n".join([*lines, "{", lines[0]]))
    (box / "b.zip").write_bytes(zipped({"x.txt": f"{SAID} zip", "in.jsonl": lines[1], "../out.txt": "bad"}))
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:gz") as archive:
        info = tarfile.TarInfo("t.txt")
        data = f"{SAID} tar".encode()
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    (box / "c.tgz").write_bytes(tar.getvalue())
    (box / "d.txt.gz").write_bytes(gzip.compress(f"{SAID} gz".encode()))
    (box / "e.mbox").write_text("".join(f"From x\nSubject: S{n}\nDate: x\n\n{SAID} m{n}\n\n" for n in range(3)))
    attached = (
        "Subject: S\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: text/plain\n\n"
        f"{SAID} body\n--q\nContent-Type: text/csv\nContent-Disposition: attachment; filename=a.csv\n\n"
        f'text\n"{SAID} attached"\n--q--\n'
    )
    (box / "f.eml").write_text(attached)
    (box / "g.jpg").write_bytes(b"\xff\xd8\xff" + bytes(60))
    (box / "h.txt").write_text("Двое военных ранены при нападении.")
    (box / "link").symlink_to("/etc/passwd")
    with Casebook.init(folder, Settings(actor="tester")) as book:
        account = book.add([str(box), str(tmp_path / "none")], reader=Plain)
        # 50 lines, zip 1, tar 1, gz 1, mailbox 3, mail 1, attachment 1, a language that no pack reads 1
        assert (account.stored, account.unread) == (59, 1)
        # a line twice, a line in the zip; the broken line, the name that leads out, the picture, the link, no such file
        assert (account.duplicate, account.quarantined, account.received) == (2, 5, 66)
        assert book.verify().faults == []
        (tmp_path / "none").write_text(f"{SAID} late")
        retried = book.add([], reader=Plain, retry=True)
        assert retried.stored == 1 and book.status().quarantined == 4
        (attachment,) = (d for d in book.documents() if d.document.text.endswith("attached"))
        rows = book.store.rows("SELECT name, parent FROM occurrence WHERE capture = ?", (attachment.capture,))
        ((name, parent),) = rows
        assert str(name).endswith("f.eml/a.csv") and parent


def test_adding_twice_thrice_and_by_halves_changes_nothing(tmp_path: Path) -> None:
    lines = [json.dumps({"id": str(n), "text": f"{SAID} {n}"}) for n in range(REPORTS)]
    whole, half = tmp_path / "whole.jsonl", tmp_path / "half.jsonl"
    whole.write_text("\n".join(lines))
    half.write_text("\n".join(lines[: REPORTS // 2]))
    with Casebook.init(tmp_path / "one", Settings(actor="tester")) as book:
        book.add([str(half)], reader=Plain)
        book.add([str(whole)], reader=Plain)
        ids, digest = [d.document.id for d in book.documents()], book.digest()
        names = ("capture", "occurrence", "document", "appearance", "reading", "secret")

        def counts() -> list[object]:
            return [next(book.store.rows(f"SELECT COUNT(*) FROM {t}"))[0] for t in names]

        before = counts()
        for _ in range(2):
            account = book.add([str(whole), str(half)], reader=Plain)
            assert (account.stored, account.duplicate) == (0, REPORTS + REPORTS // 2)
        assert [d.document.id for d in book.documents()] == ids and book.digest() == digest and counts() == before
    shuffled = tmp_path / "shuffled.jsonl"
    random.Random(2).shuffle(lines)
    shuffled.write_text("\n".join(lines))
    with Casebook.init(tmp_path / "two", Settings(actor="tester")) as book:
        book.add([str(shuffled)], reader=Plain)
        assert book.digest() == digest, "the order in which reports came shows"


def test_one_bad_report_in_a_thousand_harms_no_other(tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"{SAID} {n}"}) for n in range(1_000)]
    clean = tmp_path / "clean.jsonl"
    clean.write_text("\n".join(line for n, line in enumerate(lines) if n not in (77, 133)))
    lines[77] = json.dumps({"text": f"{SAID} stumble"})
    lines[133] = '{"text": "' + "x" * 5_000
    path = tmp_path / "w.jsonl"
    path.write_text("\n".join(lines))
    with Casebook.init(tmp_path / "book", Settings(actor="tester")) as book:
        account = book.add([str(path)], reader=Plain)
        assert (account.stored, account.unread, account.quarantined) == (999, 1, 1)
        assert book.status().waiting[0].locator == "line 134"
        told = {d.document.id: tables.reading_digest(book.store, d.document.id) for d in book.documents()}
    with Casebook.init(tmp_path / "clean", Settings(actor="tester")) as book:
        book.add([str(clean)], reader=Plain)
        unchanged = {d.document.id: tables.reading_digest(book.store, d.document.id) for d in book.documents()}
    assert len(unchanged) == 998 and unchanged.items() <= told.items()


def test_one_bad_member_of_many_harms_no_other(tmp_path: Path) -> None:
    count = 1_000 if FULL else 200
    data = bytearray(zipped({f"{n}.txt": f"{SAID} Member {n}, {'fire ' * (n % 7)}." for n in range(count)}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        at = archive.getinfo("77.txt").header_offset + 30 + len("77.txt")
    data[at : at + 4] = b"\xff\xff\xff\xff"
    (tmp_path / "b.zip").write_bytes(data)
    with Casebook.init(tmp_path / "book", Settings(actor="tester")) as book:
        account = book.add([str(tmp_path / "b.zip")], reader=Plain)
        assert (account.stored, account.quarantined) == (count - 1, 1)
        (item,) = book.status().waiting
        assert item.locator == "member 77.txt" and "damaged" in item.cause


def test_every_one_of_many_damaged_inputs_is_accounted_for(tmp_path: Path) -> None:
    count = int(os.environ.get("CONSTAT_INPUTS") or (1_000_000 if FULL else 2_000))
    path, rng = tmp_path / "w.jsonl", random.Random(9)
    broken, twice, good = 0, 0, 0
    with path.open("w") as file:
        for _ in range(count):
            if rng.random() < 0.1:
                file.write(rng.choice(['{"text": ', '{"text": 7}', '["x"]', '{"title": "x"}', "\x00\x01"]) + "\n")
                broken += 1
            elif good and rng.random() < 0.1:
                file.write(json.dumps({"text": f"{SAID} {rng.randrange(good)}"}) + "\n")
                twice += 1
            else:
                file.write(json.dumps({"text": f"{SAID} {good}"}) + "\n")
                good += 1
    with Casebook.init(tmp_path / "book", Settings(actor="tester")) as book:
        account = book.add([str(path)], reader=Plain)
        assert (account.received, account.stored, account.duplicate, account.quarantined) == (
            count,
            good,
            twice,
            broken,
        )
        status = book.status()
        assert (status.documents, status.quarantined) == (good, broken)
    print(f"\n{account}")


def test_a_run_of_one_host_is_capped(tmp_path: Path) -> None:
    pytest.importorskip("warcio")
    at, head = "2024-03-12T08:00:00Z", (("Content-Type", "text/plain"),)
    many, cap = (9_900, 500) if FULL else (60, 20)
    hosts = ["flood.example"] * many + ["calm.example"] * 10
    addresses = [f"https://{host}/{n}" for n, host in enumerate(hosts)]
    hops = [Hop(a, "/", "192.0.2.1", at, (), 200, "OK", head, f"{SAID} {a}".encode()) for a in addresses]
    data = b"".join(as_warc(Answer(hop.address, (hop,))) for hop in hops)
    path = tmp_path / "w.warc.gz"
    path.write_bytes(data)
    limits = Settings(actor="tester", max_source_reports_hour=cap)
    with Casebook.init(tmp_path / "book", limits) as book:
        account = book.add([str(path)], reader=Plain)
        assert (account.stored, account.quarantined) == (cap + 10, many - cap)
        assert "flood.example" in book.status().waiting[0].cause
    path.write_bytes(data[:-30])
    with Casebook.init(tmp_path / "cut", Settings(actor="tester")) as book:
        account = book.add([str(path)], reader=Plain)
        assert account.quarantined >= 1, "a cut file must not pass for a whole one"


def test_calm_hosts_do_not_wait_for_a_flood(tmp_path: Path) -> None:
    """How long a report of a calm host takes, from when it comes to when it is kept, with a flood between and without;
    what the flood itself takes, of the hour in which it came."""
    pytest.importorskip("warcio")
    many, calm, cap = 9_900 if FULL else 300, 100, 100
    limits = Settings(actor="tester", max_source_reports_hour=cap, max_archive_ratio=10_000)
    taken: dict[str, list[float]] = {}
    spent: dict[str, float] = {}
    for name, hosts in (
        ("without", ["calm.example"] * calm),
        ("with", (["calm.example"] + ["flood.example"] * (many // calm)) * calm),
    ):
        addresses = [f"https://{host}/{n}" for n, host in enumerate(hosts)]
        path, times = tmp_path / f"{name}.warc.gz", taken.setdefault(name, [])
        with path.open("wb") as file:
            for a in addresses:
                head = (("Content-Type", "text/plain"),)
                hop = Hop(a, "/", "192.0.2.1", "2024-03-12T08:00:00Z", (), 200, "OK", head, f"{SAID} {a}".encode())
                file.write(as_warc(Answer(a, (hop,))))
        last = [time.process_time()]

        def tell(account: Account, said: str, cause: str | None, times: list[float] = times, last: list[float] = last):
            now = time.process_time()
            if "calm.example" in said:
                times.append(now - last[0])
            last[0] = now

        with Casebook.init(tmp_path / name, limits) as book:
            start = time.process_time()
            account = book.add([str(path)], reader=Plain, tell=tell)
            spent[name] = time.process_time() - start
            assert account.stored == calm + (cap if name == "with" else 0)
    without, among = (sorted(taken[name])[calm // 2] for name in ("without", "with"))
    print(
        f"\na report of a calm host takes {without * 1e3:.2f} ms, among {many:,} of another {among * 1e3:.2f} ms; "
        f"the flood takes {spent['with'] - spent['without']:.1f} s of its hour"
    )
    assert len(taken["with"]) == calm and among < 2 * without  # a busy machine: what is measured stands in the table
    assert spent["with"] - spent["without"] < 360, "more than a tenth of the hour"


def test_what_must_be_printed_adds_up() -> None:
    assert str(Account(received=3, stored=2, unread=1, quarantined=1)) == (
        "received 3 = stored 2 (1 not read) + duplicate 0 + quarantined 1"
    )


@given(st.text(max_size=200), st.sampled_from(["html", "csv", "jsonl", "eml", "mbox", "xml", "json", "txt"]))
def test_any_text_is_read_or_refused(text: str, ending: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"x.{ending}")
        try:
            for draft in found(path, text.encode("utf-8", "replace")):
                assert isinstance(draft, Draft | Refused)
        except InputError as error:
            assert error.cause


@given(st.text(max_size=60))
def test_a_date_is_a_day_or_nothing(text: str) -> None:
    assert iso_day(text) is None or len(iso_day(text) or "") == 10
    assert isinstance(visible_text(text), str)


@pytest.mark.parametrize(
    "attack", ["font-size:0" + "9." * 900, "[1/1/2024, 1:00" + " " * 50_000, "<a" * 50_000, "x" * 50_000]
)
def test_no_pattern_is_slow_on_what_is_made_to_slow_it(attack: str) -> None:
    patterns = [HIDING, html._TAGS, whatsapp._HEAD, searching._WORD]
    for pattern in patterns:
        start = time.process_time()
        assert sum(1 for _ in pattern.finditer(attack[:100_000])) >= 0
        assert time.process_time() - start < 0.2, pattern.pattern
