"""Pictures: well formed, without anything from outside, marks where and as large as the values say."""

from __future__ import annotations

import datetime as dt
import math
from itertools import pairwise
from pathlib import Path

import pytest
from casebooks import casebook
from dossiers import ABOUT, dossier, with_field, with_incident, with_place, with_toll
from lxml import etree
from typer.testing import CliRunner

from constat.cli import app
from constat.errors import UsageError
from constat.exports import Dossier
from constat.exports.drawing import WIDTH, days_of, radius, ticks
from constat.exports.listing import plotter, plotters
from constat.gazetteer import kilometres
from constat.records import DateValue

SPACE = {"s": "http://www.w3.org/2000/svg"}
HOSTILE = '<script>alert(1)</script> & "x" \x00 \ud800 خان'
TOLD = [
    dossier(1),
    with_place(with_field(dossier(2), "type", "Battles"), name="Gedaref", lat=14.03, lon=35.38),
    with_incident(with_field(dossier(3), "date", DateValue("2024-05", "month")), tolls=()),
]


def drawn(name: str, told: list[Dossier]) -> etree._Element:
    return etree.fromstring(plotter(name).draw(told, ABOUT).encode())


def marks(picture: etree._Element) -> list[etree._Element]:
    return [c for c in picture.findall("s:circle", SPACE) if c.find("s:title", SPACE) is not None]


def test_there_are_four() -> None:
    assert list(plotters()) == ["map", "series", "timeline", "types"]
    with pytest.raises(UsageError, match="map, series"):
        plotter("pie")


@pytest.mark.parametrize("name", sorted(plotters()))
def test_pictures_are_whole_and_need_nothing(name: str) -> None:
    hostile = with_place(with_field(dossier(9), "subtype", HOSTILE), name=HOSTILE)
    data = plotter(name).draw([*TOLD, hostile], ABOUT)
    picture = etree.fromstring(data.encode())
    assert picture.find("s:title", SPACE).text == ABOUT.title and picture.find("s:desc", SPACE).text
    assert not picture.findall(".//s:script", SPACE) and not picture.findall(".//s:image", SPACE)
    assert "href" not in data and "url(" not in data and data.count("http") == 1  # the name space alone
    assert plotter(name).draw([*TOLD, hostile], ABOUT) == data
    for text in picture.findall(".//s:text", SPACE):
        assert 0 <= float(text.get("x")) <= WIDTH


@pytest.mark.parametrize("name", sorted(plotters()))
@pytest.mark.parametrize("told", [[], [dossier(fields=(), tolls=(), claims=(), voices=())], [dossier()]])
def test_nothing_and_next_to_nothing_can_be_drawn(name: str, told: list[Dossier]) -> None:
    assert drawn(name, told).get("role") == "img"


def test_a_mark_is_as_large_as_the_toll() -> None:
    assert radius(None) == radius(0) < radius(1) < radius(10) <= radius(1_000)
    by_title = {m.find("s:title", SPACE).text: m for m in marks(drawn("timeline", TOLD))}
    ring = next(m for title, m in by_title.items() if "killed" not in title)
    assert ring.get("fill") == "none" and len(by_title) == 3


def test_the_map_keeps_distances() -> None:
    found = [m for m in marks(drawn("map", TOLD[:2])) if m.get("fill-opacity") == "0.8"]
    (ax, ay), (bx, by) = [(float(m.get("cx")), float(m.get("cy"))) for m in found]
    ruler = drawn("map", TOLD[:2])
    (bar,) = [e for e in ruler.findall("s:line", SPACE) if e.get("stroke-width") == "2"]
    label = next(t.text for t in ruler.findall("s:text", SPACE) if t.text.endswith(" km"))
    a_km = (float(bar.get("x2")) - float(bar.get("x1"))) / float(label.removesuffix(" km"))
    assert math.hypot(ax - bx, ay - by) / a_km == pytest.approx(kilometres(15.45, 36.4, 14.03, 35.38), rel=0.03)


def test_bars_add_up() -> None:
    picture = drawn("series", [dossier(1), dossier(2), TOLD[1]])
    bars = [e for e in picture.findall("s:rect", SPACE) if e.find("s:title", SPACE) is not None]
    assert sorted(b.find("s:title", SPACE).text for b in bars) == [
        "2024-03-06, Battles: 1",
        "2024-03-06, Explosions/Remote violence: 2",
        "2024-03-06: 9 – 12 – 18",
    ]
    assert [c.find("s:title", SPACE).text for c in marks(picture)] == ["2024-03-06: 9 – 12 – 18"]


def test_time_of_which_no_dead_are_stated_is_not_drawn_as_time_without_dead() -> None:
    silent = with_incident(with_field(dossier(2), "date", DateValue("2024-03-09", "day")), tolls=())
    picture = drawn("series", [dossier(1), silent])
    by_title = {m.find("s:title", SPACE).text: m for m in marks(picture)}
    assert by_title["2024-03-09: not stated"].get("fill") == "none" and len(by_title) == 2
    assert not picture.findall("s:path", SPACE)  # nothing joins one figure to the next
    assert drawn("series", [silent]).get("role") == "img"


def test_names_of_places_do_not_run_into_one_another() -> None:
    near = [with_place(dossier(n), name=f"Place {n}", lat=15.0 + n / 50, lon=36.0) for n in range(12)]
    names = [t for t in drawn("map", near).findall("s:text", SPACE) if (t.text or "").startswith("Place")]
    heights = sorted({float(t.get("y")) for t in names if t.get("aria-hidden") is None})
    assert len(heights) > 1 and all(b - a >= 11 for a, b in pairwise(heights))


def test_sums_of_tolls_stay_open_where_no_bound_is_stated() -> None:
    texts = [t.text for t in drawn("types", [dossier(1), with_toll(dossier(2), 0, high=None)]).findall("s:text", SPACE)]
    assert "6 – 8 – 10+" in texts
    assert "not stated" in [t.text for t in drawn("types", [dossier(tolls=())]).findall("s:text", SPACE)]


@pytest.mark.parametrize("span", [0, 1, 9, 40, 100, 400, 2_000, 20_000])
def test_axes_are_never_crowded(span: int) -> None:
    first = dt.date(1980, 1, 15)
    named = days_of(first, first + dt.timedelta(span))
    assert len(named) <= 14 and all(first <= day <= first + dt.timedelta(span) for day, _ in named)
    marks = ticks(span)
    assert marks[0] == 0 and marks[-1] >= span and 2 <= len(marks) <= 8 and marks == sorted(set(marks))


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSTAT_STATE", str(tmp_path / "state"))
    with casebook(tmp_path / "book") as book:
        book.restrict(["Kassala"])
    for name in plotters():
        path = tmp_path / f"{name}.svg"
        done = CliRunner().invoke(app, ["plot", name, "-C", str(book.folder), "-o", str(path), "--title", "Two"])
        assert done.exit_code == 0, done.stderr
        assert etree.parse(path).getroot().find("s:title", SPACE).text == "Two"
        assert "Kassala" not in path.read_text("utf-8")
