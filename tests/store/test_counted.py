"""What the map, the time line and the overview are drawn from is what one would count by hand, in both databases."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from constat.filters import Filters
from constat.records import DateValue, Fused, FusedToll, Incident, PlaceValue, Stated, Toll, Voice
from constat.store import incidents as table
from constat.store import marks, overview
from constat.store.incidents import Asked, Line
from constat.store.protocol import Store
from constat.store.sqlite import SqliteStore

TOWNS = (("Amra", 15.5, 32.5), ("Bel", -3.25, -179.9), ("Cor", 64.1, 0.0), ("Dun", 0.0, 101.5), ("Amra", 15.51, 32.5))
KINDS = ("Battles", "Riots", "Protests")


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        made: Store = SqliteStore(tmp_path / "casebook.sqlite", writable=True)
        yield made
        made.close()
        return
    address = request.getfixturevalue("postgres")
    if address is None:
        pytest.skip("NO POSTGRESQL HERE: counting was checked for SQLite only")
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(address, autocommit=True) as db:
        db.execute("DROP SCHEMA public CASCADE")
        db.execute("CREATE SCHEMA public")
    from constat.store.postgres import PostgresStore

    made = PostgresStore(address, writable=True)
    yield made
    made.close()


def line_of(number: int, chance: random.Random) -> Line:
    """An incident that is made up by chance; some have no place, no date, no toll."""
    name, lat, lon = chance.choice(TOWNS)
    day = f"2023-{chance.randrange(1, 13):02}-{chance.randrange(1, 4):02}" if chance.random() < 0.9 else ""
    kind, placed = chance.choice(KINDS), chance.random() < 0.8
    killed = chance.choice((None, 0, 2, 5))
    said = Stated(Toll(killed or 0, killed or 0), ("a",), ())
    rival = Stated(Toll((killed or 0) + 3, None), ("b",), ())
    fields = [Fused("type", kind, "", ()), Fused("perpetrator", chance.choice(("Red", "Blue")), "", ())]
    if placed:
        fields.append(Fused("place", PlaceValue(name=name, country="AAA", lat=lat, lon=lon), "", ()))
    if day:
        fields.append(Fused("date", DateValue(day, "day"), "", ()))
    voices = tuple(Voice(v, "outlet", ("d",), "B") for v in chance.sample(("a", "b", "c"), chance.randrange(1, 4)))
    one = Incident(
        id=f"{number:016x}",
        events=(f"e{number}",),
        claims=(),
        fields=tuple(fields),
        tolls=()
        if killed is None
        else (FusedToll("killed", None, killed, killed, killed + 3, "", (said, rival)[: 1 + number % 2]),),
        voices=voices,
        status=chance.choice(("open", "accepted", "rejected")),
    )
    at = (lat, lon) if placed else (None, None)
    return Line(
        incident=one, members=((f"e{number}", "d"),), first=day, last=day, country="AAA" if placed else "", type=kind,
        lat=at[0], lon=at[1], killed=killed, langs=("en",),
    )  # fmt: skip


@pytest.fixture
def lines(store: Store) -> list[Line]:
    chance = random.Random(5)
    made = [line_of(number, chance) for number in range(400)]
    with store.transaction():
        for one in made:
            table.put(store, one)
    return made


@pytest.mark.parametrize("filters", [Filters(), Filters(types=("riots",)), Filters(min_killed=2, status="open")])
def test_days_and_spots_are_counted_as_by_hand(store: Store, lines: list[Line], filters: Filters) -> None:
    asked = Asked(filters=filters)
    like = [
        one
        for one in lines
        if (not filters.types or one.type == "Riots")
        and (filters.min_killed is None or (one.killed or 0) >= filters.min_killed)
        and (filters.status is None or one.incident.status == filters.status)
    ]
    assert len(like) == table.count(store, asked)
    by_day = Counter(one.first for one in like if one.first)
    found = list(marks.days(store, asked))
    assert {d.day: d.incidents for d in found} == by_day and [d.day for d in found] == sorted(by_day)
    assert sum(d.killed for d in found) == sum(one.killed or 0 for one in like if one.first)
    spots = marks.spots(store, asked)
    assert spots.width == 0 and len(spots.spots) == len(TOWNS)
    at = Counter((round(one.lat or 0, 4), round(one.lon or 0, 4)) for one in like if one.lat is not None)
    assert {(s.lat, s.lon): s.incidents for s in spots.spots} == at
    assert sum(s.killed for s in spots.spots) == sum(one.killed or 0 for one in like if one.lat is not None)


def test_a_single_incident_is_told_at_its_spot(store: Store, lines: list[Line]) -> None:
    one = next(line for line in lines if line.lat is not None)
    (spot,) = marks.spots(store, Asked(filters=Filters(), point=(one.lat or 0, one.lon or 0))).spots[:1] or (None,)
    assert spot is not None and spot.incidents > 1 and spot.id == ""
    with store.transaction():
        for other in lines:
            if other is not one:
                table.drop(store, other.incident.id)
    (spot,) = marks.spots(store, Asked()).spots
    assert (spot.incidents, spot.id, spot.day, spot.status) == (1, one.incident.id, one.first, one.incident.status)


def test_spots_that_are_too_many_are_counted_together(store: Store, lines: list[Line]) -> None:
    whole = marks.spots(store, Asked())
    fewer = marks.spots(store, Asked(), most=4)
    assert len(fewer.spots) == 4 and 0 < fewer.width <= 0.04
    assert sum(s.incidents for s in fewer.spots) == sum(s.incidents for s in whole.spots)
    assert sum(s.killed for s in fewer.spots) == sum(s.killed for s in whole.spots)
    assert any(15.5 < s.lat < 15.51 for s in fewer.spots)
    assert len(marks.spots(store, Asked(), most=1).spots) == 1


def test_the_overview_counts_what_the_incidents_say(store: Store, lines: list[Line]) -> None:
    found = overview.overview(store, Asked())
    assert found.incidents == 400 and found.undated == sum(not one.first for one in lines)
    assert found.open == sum(one.incident.status == "open" for one in lines)
    assert {c.name: c.incidents for c in found.types} == Counter(one.type for one in lines)
    assert [c.name for c in found.countries] == ["AAA"]
    assert {(c.name, c.near): c.incidents for c in found.places} == Counter(
        (p.value.name, f"{p.value.lat},{p.value.lon}")
        for one in lines
        if (p := one.incident.field("place")) and isinstance(p.value, PlaceValue)
    )
    dead = [one for one in lines if one.first and one.killed]
    assert sum(m.best for m in found.months) == sum(m.low for m in found.months) == sum(o.killed or 0 for o in dead)
    assert sum(m.high for m in found.months) == sum((o.killed or 0) + 3 for o in dead)
    riots = overview.overview(store, Asked(filters=Filters(types=("Riots",))))
    assert riots.incidents == sum(one.type == "Riots" for one in lines) and [c.name for c in riots.types] == ["Riots"]
    differ = {one.incident.id for one in lines if one.incident.tolls and len(one.incident.tolls[0].stated) > 1}
    assert {c.id for c in found.contested} <= differ and all(c.fields == ("killed",) for c in found.contested)
    track = next(t for t in found.sources if t.name == "a")
    own = [one for one in lines if any(v.name == "a" for v in one.incident.voices)]
    assert (track.incidents, track.alone) == (len(own), sum(len(one.incident.voices) == 1 for one in own))
