"""What the channels write is what others can read: feeds, CAP alerts, letters."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

import pytest
from looking import ALL, GEDAREF, KASSALA, look, report

from constat.alerts.alert import Alert, kept
from constat.alerts.channels import Context, kinds, opened
from constat.alerts.channels.email import message
from constat.casebook import Casebook
from constat.errors import SettingsError
from constat.watching import Watch

LETTER = {"server": "s.example", "sender": "a@b.example", "recipients": ["c@d.example"]}
CAP = Path(__file__).parent.parent / "exports" / "cap12.xsd"


@pytest.fixture
def alerts(book: Casebook, tmp_path: Path) -> list[Alert]:
    """A new incident, an update with signs of markup in it, one withdrawn."""
    watch = Watch(name="a<b & c", write_in="ar", until="2024-03-31")
    look(book, watch)
    report(book, tmp_path, "Morning", killed=2, **KASSALA)
    found = look(book, watch)
    report(book, tmp_path, "Evening & Sons <b>", killed=5, **KASSALA)
    found += look(book, watch)
    book.judge("value", found[-1].incident, field="date", value="2024-04-02")
    return found + look(book, watch)


def test_a_kept_alert_reads_back_to_itself(alerts: list[Alert]) -> None:
    import msgspec

    assert [alert.kind for alert in alerts] == ["new", "update", "withdrawn"]
    for alert in alerts:
        assert kept(msgspec.json.encode(alert).decode()) == alert


def test_feed_readers_read_the_feed(alerts: list[Alert], tmp_path: Path) -> None:
    feedparser = pytest.importorskip("feedparser", reason="NO FEEDPARSER HERE")
    channel = opened([{"name": "feed", "kind": "atom", "path": "a/feed.xml", "entries": 2}])["feed"]
    for number, alert in enumerate(alerts):
        for _ in range(2):
            channel.send(alert, "", Context(folder=tmp_path, sent=alerts[:number]))
    feed = feedparser.parse((tmp_path / "a" / "feed.xml").read_bytes())
    assert not feed.bozo and [e.title for e in feed.entries] == [a.subject for a in reversed(alerts[1:])]
    assert len({e.id for e in feed.entries}) == 2 and "<b>" in feed.entries[1].content[0].value


def test_cap_files_are_valid_and_name_the_earlier_ones(alerts: list[Alert], tmp_path: Path) -> None:
    etree = pytest.importorskip("lxml.etree", reason="NO LXML HERE: CAP was not validated")
    schema = etree.XMLSchema(etree.parse(str(CAP)))
    channel = opened([{"name": "cap", "kind": "cap"}])["cap"]
    for number, alert in enumerate(alerts):
        channel.send(alert, "", Context(folder=tmp_path, sent=alerts[:number]))
    trees = [etree.parse(str(tmp_path / "alerts-cap" / f"{alert.id}.xml")) for alert in alerts]
    for tree in trees:
        schema.assertValid(tree)
    said = [{child.tag.split("}")[1]: child.text for child in tree.getroot()} for tree in trees]
    assert [one["msgType"] for one in said] == ["Alert", "Update", "Cancel"]
    assert said[2]["references"].split()[1].split(",")[1] == alerts[1].id
    channel.renew(Context(folder=tmp_path, sent=alerts[:1]))
    assert [p.stem for p in (tmp_path / "alerts-cap").iterdir()] == [alerts[0].id]


def test_a_letter_survives_arabic_and_hostile_words(alerts: list[Alert]) -> None:
    letter = message(alerts[0], "constat@example.org", "ada@example.org")
    read = email.message_from_bytes(bytes(letter), policy=email.policy.default)
    assert read["Subject"] == alerts[0].subject and read["Message-ID"] == f"<{alerts[0].id}@example.org>"
    assert alerts[0].text().strip() in read.get_content().replace("\r\n", "\n")
    assert all(len(line) <= 998 for line in bytes(letter).split(b"\r\n"))


def test_words_of_reports_cannot_add_headers(book: Casebook, tmp_path: Path) -> None:
    look(book)
    report(book, tmp_path, "Morning", **(GEDAREF | {"place": "Gedaref\rBcc: eve@example.org"}))
    (alert,) = look(book)
    read = email.message_from_bytes(
        bytes(message(alert, "c@example.org", "a@example.org")), policy=email.policy.default
    )
    assert read["Bcc"] is None and "Bcc" in read["Subject"]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"name": "x"}, "`kind` is None"),
        ({"kind": "atom"}, "needs a `name`"),
        ({"name": "terminal", "kind": "atom"}, "needs a `name`"),
        ({"name": "x", "kind": "pigeon"}, "one of atom, cap, desk, email, terminal, webhook"),
        ({"name": "x", "kind": "atom", "colour": "red"}, "unknown field `colour`"),
        ({"name": "x", "kind": "webhook", "address": "http://example.org/"}, "https://"),
        ({"name": "x", "kind": "webhook", "address": "ftp://example.org/"}, "https://"),
        ({"name": "x", "kind": "email", "server": "s", "sender": "a@b.example", "recipients": ["me"]}, "no e-mail"),
        ({"name": "x", "kind": "email", "server": "s", "sender": "a@b.example", "recipients": []}, "empty"),
        ({"name": "x", "kind": "email", **LETTER, "security": "none"}, "this machine"),
    ],
)
def test_a_wrong_channel_is_refused_with_what_would_be_right(entry: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        opened([entry])


def test_every_channel_is_documented_with_its_options() -> None:
    import importlib
    import re

    page = (Path(__file__).parent.parent.parent / "docs" / "alerts.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z]+)` \|(.*)\|$", page.split("## Channels")[1], re.MULTILINE))
    assert set(rows) == set(kinds())
    for kind, row in rows.items():
        options = importlib.import_module(f"constat.alerts.channels.{kind}").Options.__struct_fields__
        assert set(options) <= set(re.findall(r"`([a-z_]+)`", row)), kind
    watch = page.split("## Watches")[1].split("## What is raised")[0]
    assert set(Watch.__struct_fields__) == set(re.findall(r"`([a-z_]+)`", "".join(
        line.split("|")[1] for line in watch.split("\n") if line.startswith("| `"))))  # fmt: skip
    assert ALL.channels == ("terminal",)
