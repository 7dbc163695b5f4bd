"""RSS, Atom, iCalendar and CAP: what readers of each make of them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import feedparser
import msgspec
import pytest
from dossiers import ABOUT, FIELDS, dossier, with_document, with_field, with_incident, with_place, with_toll
from lxml import etree
from test_every_format import written

from constat.exports import Dossier, exporter
from constat.exports.formats import cap, icalendar
from constat.records import DateValue, EventMention, FusedToll, Reading

HOSTILE = 'a <b> & "c", d; \\ e\nf \x00 ]]> \ud800 ' + "مصدر " * 30
XSD = Path(__file__).with_name("cap12.xsd")
CAP = {"c": cap.SPACE}


def told_again(one: Dossier) -> Dossier:
    """The same incident after a later report joined, which changes its id."""
    first = one.readings[0]
    document = msgspec.structs.replace(first.document, id="f" * 64, published="2024-03-09")
    event = EventMention(id="ff", document=document.id, role="main", claims=(), confidence=1.0)
    more = msgspec.structs.replace(one, readings=(Reading(document=document, events=(event,)), first))
    return with_incident(more, id="9" * 16, events=(*one.incident.events, "ff"))


@pytest.mark.parametrize("name", ["atom", "rss"])
def test_feeds_are_read(name: str) -> None:
    told = [with_field(dossier(1), "target", HOSTILE), with_place(dossier(2), lat=None, lon=None)]
    feed = feedparser.parse(written(name, told))
    assert not feed.bozo and feed.feed.title == ABOUT.title
    first, second = feed.entries
    assert first.title == "Air/drone strike, Kassala, 2024-03-06"
    assert first.where["coordinates"] == (36.4, 15.45) and "where" not in second
    assert first.link == "https://gash.example/1"
    assert {t.term for t in first.tags} == {FIELDS["type"], FIELDS["subtype"]}
    assert 'a <b> & "c"' in (first.content[0].value if name == "atom" else first.summary)
    assert first.updated_parsed[:3] == (2024, 3, 8) if name == "atom" else first.published_parsed[:3] == (2024, 3, 8)


@pytest.mark.parametrize("name", ["atom", "rss", "icalendar"])
def test_names_stay_when_a_report_joins(name: str) -> None:
    def id_of(data: bytes) -> str:
        if name == "icalendar":
            return next(line for line in data.decode().split("\r\n") if line.startswith("UID"))
        return str(feedparser.parse(data).entries[0].id)

    before, after = written(name, [dossier()]), written(name, [told_again(dossier())])
    assert id_of(before) == id_of(after) and before != after
    assert id_of(written(name, [dossier(2)])) != id_of(before)


def test_atom_has_what_the_standard_demands() -> None:
    space = {"a": "http://www.w3.org/2005/Atom"}
    root = etree.fromstring(written("atom", [dossier(1), dossier(2)]))
    assert len(root.findall("a:entry", space)) == 2
    for each in (root, *root.findall("a:entry", space)):
        for name in ("id", "title", "updated"):
            assert len(each.findall(f"a:{name}", space)) == 1
    assert root.find("a:author/a:name", space).text == "ana"
    assert [link.get("rel") for link in root.findall("a:entry/a:link", space)] == ["alternate", "alternate"]


@pytest.mark.parametrize("name", ["atom", "rss", "icalendar", "cap"])
def test_only_pages_of_the_web_are_links(name: str) -> None:
    data = written(name, [with_document(dossier(), url="javascript:alert(1)")])
    if name == "cap":
        (found,) = alerts([with_document(dossier(), url="javascript:alert(1)")])
        data = etree.tostring(found)
    assert b"javascript" not in data


def events(told: list[Dossier]) -> list[Any]:
    library = pytest.importorskip("icalendar", reason="NOT CHECKED: pip install icalendar")
    return list(library.Calendar.from_ical(written("icalendar", told)).walk("VEVENT"))


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [
        (DateValue("2024-03-06", "hour"), (2024, 3, 6), (2024, 3, 7)),
        (DateValue("2024-02", "month"), (2024, 2, 1), (2024, 3, 1)),
        (DateValue("2024", "year"), (2024, 1, 1), (2025, 1, 1)),
    ],
)
def test_calendar_days(date: DateValue, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    (event,) = events([with_field(dossier(), "date", date)])
    assert event.decoded("DTSTART") == dt.date(*first) and event.decoded("DTEND") == dt.date(*last)


def test_calendar_texts_and_status() -> None:
    hostile = with_field(dossier(1), "target", HOSTILE)
    found = events(
        [hostile, with_incident(dossier(2), status="accepted"), with_incident(dossier(3), status="rejected")]
    )
    assert [str(e["STATUS"]) for e in found] == ["TENTATIVE", "CONFIRMED", "CANCELLED"]
    assert 'a <b> & "c", d; \\ e\nf' in str(found[0]["DESCRIPTION"])
    assert (found[0]["GEO"].latitude, found[0]["GEO"].longitude) == (15.45, 36.4)
    data = written("icalendar", [hostile])
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    data.replace(b"\r\n ", b"").decode()  # no character is cut in two


def test_what_has_no_date_is_no_event() -> None:
    undated = with_field(dossier(), "date", DateValue(None, "unresolved"))
    assert exporter("icalendar").write([undated], io.BytesIO(), ABOUT) == {icalendar.NO_DATE: 1}


def alerts(told: list[Dossier]) -> list[Any]:
    with zipfile.ZipFile(io.BytesIO(written("cap", told))) as packed:
        return [etree.fromstring(packed.read(name)) for name in packed.namelist()]


TOLLS = {
    "Unknown": (),
    "Severe": (FusedToll("killed", None, 1, None, None, "", ()),),
    "Extreme": (FusedToll("killed", None, 30, 40, 50, "", ()),),
    "Moderate": (FusedToll("killed", None, 0, 0, 0, "", ()), FusedToll("wounded", None, 1, None, None, "", ())),
    "Minor": (FusedToll("killed", None, 0, 0, 0, "", ()), FusedToll("wounded", None, 0, 0, 0, "", ())),
}


def test_alerts_are_valid() -> None:
    schema = etree.XMLSchema(etree.parse(XSD))
    told = [
        dossier(1),
        with_field(dossier(2), "target", HOSTILE),
        with_place(dossier(3), lat=None, lon=None),
        with_field(dossier(4), "date", DateValue("2024", "year")),
        with_document(dossier(5), url=None),
        dossier(6, fields=(), tolls=(), voices=(), claims=()),
        *(dossier(7 + n, tolls=tolls) for n, tolls in enumerate(TOLLS.values())),
    ]
    for found in alerts(told):
        schema.assertValid(found)
    update = etree.fromstring(cap.alert(dossier(), ABOUT, ["constat:c0ffee,1,2024-03-08T00:00:00+00:00"]))
    schema.assertValid(update)
    assert update.findtext("c:msgType", namespaces=CAP) == "Update"


def test_the_schema_refuses_what_the_standard_forbids() -> None:
    schema = etree.XMLSchema(etree.parse(XSD))
    good = cap.alert(dossier(), ABOUT).decode()
    for wrong in (
        good.replace("+00:00</sent>", "Z</sent>"),
        good.replace("<urgency>Past", "<urgency>Soon"),
        good.replace("15.45,36.4 6.5", "15.45 36.4 6.5"),
        good.replace("<sender>", "<sender>a b"),
        good.replace("<scope>Public</scope>", ""),
    ):
        assert wrong != good and not schema.validate(etree.fromstring(wrong.encode()))


@pytest.mark.parametrize(("severity", "tolls"), TOLLS.items())
def test_severity_is_by_what_is_stated(severity: str, tolls: tuple[FusedToll, ...]) -> None:
    (found,) = alerts([dossier(tolls=tolls)])
    assert found.findtext("c:info/c:severity", namespaces=CAP) == severity


def test_only_what_is_reviewed_is_actual() -> None:
    told = [with_incident(dossier(n), status=s) for n, s in enumerate(("open", "accepted", "rejected"))]
    found = alerts(told)
    assert [a.findtext("c:status", namespaces=CAP) for a in found] == ["Draft", "Actual"]
    assert [a.findtext("c:info/c:certainty", namespaces=CAP) for a in found] == ["Likely", "Observed"]
    assert exporter("cap").write(told, io.BytesIO(), ABOUT) == {cap.REJECTED: 1}
    (later,) = alerts([with_toll(told_again(dossier()), 0, best=9)])
    assert later.findtext("c:incidents", namespaces=CAP) == dossier().root
