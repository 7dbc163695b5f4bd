"""A thousand hostile files, made by code: bombs, deep pages, entities, archives, encodings, odd signs, long lines."""

from __future__ import annotations

import bz2
import gzip
import io
import itertools
import json
import lzma
import random
import tarfile
import zipfile
from collections.abc import Iterator

SAID = "Three people were killed in an attack on the town on Tuesday, residents said. "
ENCODINGS = ("utf-8", "utf-16", "utf-32", "cp1252", "cp1256", "cp1251", "koi8-r", "shift_jis", "gb18030", "iso8859-6")


def corpus(size: int = 1_000) -> Iterator[tuple[str, bytes]]:
    """Names and contents; the same each time."""
    kinds = (entities(), bombs(), archives(), pages(), lines(), encodings(), signs(), damaged())
    yield from itertools.islice(itertools.chain(*kinds), size)


def entities() -> Iterator[tuple[str, bytes]]:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    heads = (
        f'<!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]>',
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY h SYSTEM "http://127.0.0.1:9/x">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        f'<!DOCTYPE x [<!ENTITY q "{"a" * 50_000}">]>',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>',
    )
    for n, head in enumerate(heads):
        rss = f"<?xml version='1.0'?>{head}<rss><channel><item><title>&l9;&f;&h;&q;</title></item></channel></rss>"
        yield f"entities{n}.xml", rss.encode()
        yield f"entities{n}.utf16.xml", rss.encode("utf-16")
        body = f"<?xml version='1.0'?>{head}<document><body><p><t>&l9;&f;</t></p></body></document>"
        for name, inner in ((f"entities{n}.docx", "word/document.xml"), (f"entities{n}.odt", "content.xml")):
            yield name, zipped({inner: body.encode()})
        yield f"entities{n}.html", f"{head}<html><body><p>{SAID * 3}&l9;&f;</p></body></html>".encode()


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def bombs() -> Iterator[tuple[str, bytes]]:
    zeros = bytes(30 << 20)
    for pack, ending in ((gzip.compress, "gz"), (bz2.compress, "bz2"), (lzma.compress, "xz")):
        packed = pack(zeros)
        yield f"bomb.txt.{ending}", packed
        yield f"bomb.html.{ending}", pack(b"<html><body>" + b"<b>" * 200_000)
        yield f"bomb.bomb.{ending}", pack(packed)
        yield f"bomb.tar.{ending}", packed
    yield "bomb10gib.txt.gz", gzip.compress(zeros) * 342  # members one after the other, all of them one file
    yield "bomb200mib.zip", zipped({"a.txt": bytes(200 << 20)})
    yield "bomb.txt.zst", b"\x28\xb5\x2f\xfd\x04\x58" + b"\x54\x00\x00\x10\x00\x00" * 9_000
    yield "bomb.txt.br", b"\xcf\xff\xff\x7f\xf8" + b"\x27\x00\xe2\xb1\x40\x20" * 9_000
    inner = zipped({"a.txt": zeros})
    for depth in range(6):
        yield f"nested{depth}.zip", inner
        inner = zipped({f"{n}.zip": inner for n in range(3)})
    yield "bomb.docx", zipped({"word/document.xml": zeros})
    yield "bomb.odt", zipped({"content.xml": zeros})
    yield "bomb.xlsx", zipped({"xl/workbook.xml": zeros, "xl/sharedStrings.xml": zeros, "[Content_Types].xml": b"<x/>"})
    yield "bomb.pdf", b"%PDF-1.4\n1 0 obj<</Length 9999999/Filter/FlateDecode>>stream\n" + gzip.compress(zeros)[10:]
    yield "members.zip", zipped({f"{n}.txt": b"" for n in range(11_000)})


def archives() -> Iterator[tuple[str, bytes]]:
    names = ("../out.txt", "/out.txt", "a/../../out.txt", "..\\out.txt", "C:\\out.txt", "a\nb.txt", "con", "." * 250)
    for n, name in enumerate(names):
        yield f"slip{n}.zip", zipped({name: SAID.encode(), "good.txt": f"{SAID}{n}".encode()})
        for kind in (tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            out = io.BytesIO()
            with tarfile.open(fileobj=out, mode="w") as archive:
                info = tarfile.TarInfo(name)
                info.type, info.linkname = kind, "/etc/passwd"
                info.size = 5 if kind == tarfile.REGTYPE else 0
                archive.addfile(info, io.BytesIO(b"hello") if kind == tarfile.REGTYPE else None)
            yield f"slip{n}{kind.decode()}.tar", out.getvalue()
            yield f"cut{n}{kind.decode()}.tar", out.getvalue()[:700]
    whole = zipped({"a.txt": SAID.encode() * 5})
    for cut in range(0, len(whole), 7):
        yield f"cut{cut}.zip", whole[:cut]


def pages() -> Iterator[tuple[str, bytes]]:
    for depth, tag in itertools.product((100, 255, 257, 300, 1_900, 10_000, 100_000), ("div", "span", "table", "b")):
        yield f"deep{depth}{tag}.html", f"<html><body>{f'<{tag}>' * depth}{SAID * 4}".encode()
    for n, hiding in enumerate(("hidden", "style='display:none'", "aria-hidden=true", "style='font-size:0'")):
        yield f"hidden{n}.html", f"<html><body><p>{SAID * 4}</p><p {hiding}>PLANTED order</p></body></html>".encode()
    for n in range(20):
        yield f"unclosed{n}.html", (f"<html><a href='{'x' * n * 1_000}" + "<" * n * 100 + SAID).encode()
        yield f"script{n}.html", f"<html><script>{'if(a<b){' * n * 50}</script><p>{SAID * n}</p>".encode()


def lines() -> Iterator[tuple[str, bytes]]:
    yield "long.jsonl", b'{"text": "' + b"a" * 50_000_000 + b'"}\n' + json.dumps({"text": SAID}).encode()
    yield "long.csv", b"text\n" + b"a" * 50_000_000 + b"\n"
    yield "long.txt", SAID.encode() * 15_000
    for n in range(20):
        yield f"deep{n}.jsonl", b'{"text": ' + b"[" * 10**4 * n + b"\n" + json.dumps({"text": f"{SAID}{n}"}).encode()
        yield f"deep{n}.json", b'{"messages": ' + b'[{"text":' * 5_000 * (n + 1)
        yield f"odd{n}.csv", ('text,"date\n' + '"' * n + SAID + "\x00\n" * n).encode()
        yield f"chat{n}.txt", (f"[12/{n}/2024, 10:00] A: {SAID}\n" * 3 + "[" * 5_000).encode()


def encodings() -> Iterator[tuple[str, bytes]]:
    texts = (SAID, "Двое военных ранены. ", "أصيب جنديان في هجوم على القاعدة. ", "Des blessés près du dépôt. ")
    for said, real, ending in itertools.product(texts, ENCODINGS, ("txt", "html", "csv")):
        data = said.encode(real, "replace") * 4
        for label in ("utf-8", "shift_jis", "no-such-thing"):
            head = f"<html><meta charset={label}><body><p>".encode() if ending == "html" else b""
            yield f"{real}-{label}-{len(said)}.{ending}", (b"text\n" if ending == "csv" else head) + data


def signs() -> Iterator[tuple[str, bytes]]:
    for n, sign in enumerate("\u202e\u200b\u2066\ufeff\u0000\ufffe\U000e0041\u0430\u2060\u00ad\u200d\u061c"):
        for times in (1, 50, 20_000):
            yield f"sign{n}-{times}.txt", (SAID + sign * times + SAID).encode("utf-8", "surrogatepass")
        yield f"sign{n}.jsonl", json.dumps({"text": SAID + sign, "title": sign * 2_000}).encode()


def damaged() -> Iterator[tuple[str, bytes]]:
    rng = random.Random(11)
    mail = f"From: a@b.example\nSubject: x\nContent-Type: multipart/mixed; boundary=q\n\n--q\n\n{SAID}\n"
    feed = f"<rss><channel><item><title>t</title><description>{SAID}</description></item></channel></rss>"
    warc = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 90\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{SAID}\r\n\r\n"
    pdf = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Kids[2 0 R]>>endobj\ntrailer<</Root 1 0 R>>"
    seeds = [
        ("x.docx", zipped({"word/document.xml": f"<w><body><p><r><t>{SAID}</t></r></p></body></w>".encode()})),
        ("x.eml", mail.encode()),
        ("x.mbox", f"From a\nSubject: x\n\n{SAID}\n".encode() * 3),
        ("x.html", f"<html><body><article><p>{SAID * 3}</p></article></body></html>".encode()),
        ("x.xml", feed.encode()),
        ("x.warc", warc.encode()),
        ("x.pdf", pdf.encode()),
        ("x.jsonl", json.dumps({"text": SAID, "published": "2024-01-02"}).encode()),
    ]
    for n in itertools.count():
        name, data = seeds[n % len(seeds)]
        changed = bytearray(data)
        for _ in range(rng.randint(1, 12)):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        yield f"{n}-{name}", bytes(changed[: rng.randint(1, len(changed))] if n % 3 == 0 else changed)
