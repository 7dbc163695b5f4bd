"""Targets behind the intake: times and quantities in sentences, files of a language pack, what is sent to the desk."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
from collections.abc import Callable, Coroutine, MutableMapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from constat.casebook import Casebook
from constat.claims.dating import resolve
from constat.desk import app
from constat.desk.desk import Desk
from constat.desk.endpoint import Who
from constat.documents.decode import decode
from constat.errors import InputError, PackError
from constat.mentions.measures import measures
from constat.mentions.quantities import tolls
from constat.mentions.times import times
from constat.pack_cache import cached_pack
from constat.packs import Pack, check_examples, load_pack, read_tables
from constat.records import Claim, Document, EventMention, Reading, Span
from constat.settings import Settings
from constat.sources.fetch import Answer, Fetcher, Validators
from constat.text import Sentence

Target = Callable[[Path, bytes], None]
LANGS = ("en", "fr", "ar")
PUBLISHED = dt.date(2024, 3, 12)
CACHE = Settings().cache
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@lru_cache(maxsize=3)
def pack(lang: str) -> Pack:
    return cached_pack(lang, (), CACHE)


def prepare(target: str, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """What is done once, before anything is timed."""
    if target in ("times", "quantities"):
        for lang in LANGS:
            pack(lang)
    if target == "desk":
        in_this_thread(patch)
        desk(folder)


def said(data: bytes) -> tuple[Pack, list[Sentence]]:
    """The first byte chooses the language, the rest is the text."""
    chosen = pack(LANGS[data[0] % 3 if data else 0])
    return chosen, chosen.sentences(decode(data[1:], "x")[0], "text", 0, None)


def dated(folder: Path, data: bytes) -> None:
    """Every time expression stands in its sentence and is a day, a month or a year, or nothing."""
    own, sentences = said(data)
    for sentence in sentences:
        for time in times(sentence, own.table("times")):
            assert 0 <= time.first < time.last <= len(sentence.chunks)
            for published in (PUBLISHED, None):
                value = resolve(time, published, None).value
                assert value is None or (_DATE.fullmatch(value) and dt.date.fromisoformat((value + "-01-01")[:10]))


def counted(folder: Path, data: bytes) -> None:
    """No toll is below nothing, none is lower at its most than at its least."""
    own, sentences = said(data)
    for sentence in sentences:
        for toll in tolls(sentence, own.table("tolls")):
            assert 0 <= toll.first < toll.last <= len(sentence.chunks)
            assert toll.amount.low >= 0 and (toll.amount.high is None or toll.amount.low <= toll.amount.high)
        measures(sentence, own.table("measures"))


WORDS = "phrase\tinflect\ttag\tkey\texample\nsoldier\tn\tPPL\tarmy\tA soldier fell.\ntwo\t\tNUMW\t2\tTwo fell.\n"
OWN = {
    "pack.toml": 'name = "Own"\ncapitals = true\nscript = "Latn"\n[language]\nfrequent = ["the", "a"]\n'
    '[tokens]\nprefixes = { al = ["DET"] }\nenclitics = ["hu"]\n',
    "people.tsv": WORDS,
    "inflections.tsv": "class\tform\tcut\tadd\tprefix\nn\tn\t0\t\t\nn\tp\t0\ts\t\n",
    "tolls.rules.tsv": "name\tpattern\tset\texample\n"
    "fallen\t<n: (NUM|NUMW)> <who: PPL>\tkind=killed\t{n:Two} {who:soldiers} fell.\n",
}


def laid(name: str) -> Target:
    """Load a pack in which the bytes are one of the files; read with it, and try its examples."""

    def run(folder: Path, data: bytes) -> None:
        layer = folder / "own" / "xx"
        layer.mkdir(parents=True, exist_ok=True)
        for file, text in OWN.items():
            (layer / file).write_bytes(data if file == name else text.encode())
        try:
            made = load_pack("xx", (folder / "own",))
            check_examples(made, read_tables("xx", (folder / "own",)))
        except PackError as error:
            assert any(file in str(error) for file in OWN), f"no file is named: {error}"
            return
        for sentence in made.sentences("Two soldiers and the alsoldier fell.", "text", 0, None):
            tolls(sentence, made.table("tolls"))

    return run


class Finds:
    """Reads the word `attacked` as an event."""

    def read(self, document: Document) -> Reading:
        at = document.text.find("attacked")
        if at < 0:
            return Reading(document=document, events=())
        span = Span("text", at, at + 8, "attacked").check(document)
        claim = Claim(field="type", value="Battles", spans=(span,))
        event = EventMention(id="e1", document=document.id, role="main", claims=(claim,), confidence=0.5)
        return Reading(document=document, events=(event,))


class Nowhere(Fetcher):
    """No address answers."""

    def get(self, address: str, validators: Validators | None = None) -> Answer:
        raise InputError(address, None, "there is no network here")


@lru_cache(maxsize=2)
def desk(folder: Path) -> Any:
    """The desk over a casebook with one incident, all its work done by the thread that asks."""
    settings = Settings(actor="tester", state=folder / "state")
    with Casebook.init(folder / "book", settings) as book:
        source = folder / "w.txt"
        source.write_text("The patrol was attacked near the town on Tuesday.")
        book.add([str(source)], reader=Finds)
        (one,) = book.incidents()
    (folder / "incident").write_text(one.id)
    opened = Desk(settings, folder / "book", reader=Finds, fetcher=Nowhere)
    return app.application(opened, lambda request: (Who("tester", "admin"), "session"), frozenset({"desk.example"}))


def sent(folder: Path, data: bytes) -> None:
    """A request whose first line is the method and the path, the rest its body; `ID` is the incident that there is."""
    line, _, body = data.partition(b"\n")
    made = desk(folder)
    known = (folder / "incident").read_text().encode()
    method, _, path = line.decode("latin-1").replace("ID", known.decode()).partition(" ")
    path, _, query = path.partition("?")
    status, said = alone(asked(made, method, path, query, body.replace(b"ID", known)))
    told = json.loads(said) if path.startswith("/api/") else {}
    assert status < 500, f"{status}: {told}"
    assert status < 400 or not path.startswith("/api/") or set(told["error"]) == {"code", "message", "detail"}


def alone(work: Coroutine[Any, Any, tuple[int, bytes]]) -> tuple[int, bytes]:
    """Run in a loop of its own: a browser of other tests leaves its loop running in this thread."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()
        asyncio._set_running_loop(running)


async def asked(made: Any, method: str, path: str, query: str, body: bytes) -> tuple[int, bytes]:
    status, said, parts = 0, b"", [body]

    async def receive() -> MutableMapping[str, Any]:
        if parts:
            return {"type": "http.request", "body": parts.pop(), "more_body": False}
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status, said
        status = message.get("status", status)
        said += message.get("body", b"")

    headers = [(b"host", b"desk.example"), (b"origin", b"http://desk.example"), (b"content-type", b"application/json")]
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode("latin-1", "replace"),
        "query_string": query.encode("latin-1", "replace"), "headers": headers, "client": ("192.0.2.1", 1),
        "server": ("desk.example", 80), "scheme": "http", "http_version": "1.1", "root_path": "",
    }  # fmt: skip
    await made(scope, receive, send)
    return status, said


def in_this_thread(patch: pytest.MonkeyPatch) -> None:
    """The lines that a request goes through are seen in the thread that is watched."""

    async def run_sync(run: Callable[..., Any], *values: Any, limiter: Any = None) -> Any:
        return run(*values)

    patch.setattr(app.to_thread, "run_sync", run_sync)


REQUESTS = (
    b'POST /api/decisions\n{"kind": "accept", "about": ["ID"], "reason": "seen"}',
    b'POST /api/decisions/preview\n{"kind": "value", "about": ["ID"], "field": "date", "value": "2024-03-12"}',
    b'POST /api/decisions/batch\n{"decisions": [{"kind": "reject", "about": ["ID"], "seen": ["0"]}]}',
    b'POST /api/read\n{"text": "The town was attacked.", "published": "2024-03-12", "lang": "en", "title": "T"}',
    b'POST /api/keep\n{"text": "The town was attacked.", "publisher": "Example Wire"}',
    b"POST /api/keep/file?name=a.csv&published=2024-03-12\ntext,date\nThe town was attacked.,2024-03-12\n",
    b'PUT /api/views/mine\n{"query": "types=Battles&since=2024-01-01"}',
    b'POST /api/alerts/read\n{"threads": {"t": 3}, "up_to": 7}',
    b'POST /api/tokens\n{"label": "script"}',
    b"GET /api/incidents?since=2024-01-01&types=Battles&sort=date&limit=5\n",
)
TARGETS: dict[str, tuple[Target, tuple[bytes, ...]]] = {
    "times": (
        dated,
        (
            b"\x00On Tuesday, 12 March 2024, two days ago, last week, in the night of 3 to 4 May, at 5 pm.",
            "\x01Mardi 12 mars 2024, il y a deux jours, la semaine dernière, dans la nuit du 3 au 4 mai.".encode(),
            "\x02يوم الثلاثاء 12 آذار 2024، قبل يومين، الأسبوع الماضي، ليلة 3 أيار.".encode(),
        ),
    ),
    "quantities": (
        counted,
        (
            b"\x00At least 12 soldiers and 1,200 civilians were killed, three of them children, and two dozen hurt.",
            "\x01Au moins douze soldats ont été tués et plus de 1 200 civils blessés, dont trois enfants.".encode(),
            "\x02قتل ما لا يقل عن 12 جنديا وأصيب عشرون مدنيا بينهم ثلاثة أطفال.".encode(),
        ),
    ),
    **{f"pack {name}": (laid(name), (text.encode(),)) for name, text in OWN.items()},
    "desk": (sent, REQUESTS),
}
