"""Whatever came in whatever order, the table holds what joining everything anew gives."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest
from made import MadeReader, add, denied, told

from constat.actors import load_register
from constat.casebook import Casebook
from constat.incidents import compared, refresh
from constat.records import Incident
from constat.resolution import candidates
from constat.resolution.view import incidents
from constat.store import incidents as table

PLACES = [("Kassala", 15.45, 36.4), ("Gedaref", 14.03, 35.38), ("Aroma", 15.82, 36.14), ("Kassala", 15.5, 36.45)]


def plain(found: Incident) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(found, ties=()), order="sorted")


def check(book: Casebook) -> None:
    """The table is what the readings and decisions give when joined in memory."""
    made = incidents(book.readings(), load_register(), [d.decision for d in book.decisions()])
    held = {i.id: plain(i) for i in book.incidents()}
    wanted = {i.id: plain(i) for i in made.incidents}
    assert held.keys() == wanted.keys()
    assert held == wanted


def report(chance: random.Random, number: int) -> dict[str, str]:
    lines = []
    for _ in range(chance.choice((1, 1, 2, 3))):
        name, lat, lon = chance.choice(PLACES)
        said = {"place": name, "killed": chance.choice(("2", "3", "9", "0"))}
        if chance.random() < 0.8:
            said |= {"lat": str(lat), "lon": str(lon)}
        if chance.random() < 0.8:
            said["date"] = f"2021-07-{chance.randint(10, 14)}"
        if chance.random() < 0.5:
            said["target"] = chance.choice(("market", "depot", "camp"))
        lines.append(told(**said) if chance.random() < 0.9 else denied(**{k: said[k] for k in ("place",)}))
    words = " ".join(chance.choice(("smoke", "rose", "over", "river", "quarter")) for _ in range(8))
    day = chance.randint(11, 16)
    return {
        "text": "\n".join([*lines, words, f"line {number}"]),
        "published": f"2021-07-{day}",
        "publisher": chance.choice(("The Gash Post", "Sada", "Le Relais", "The Border Wire")),
    }


def shrink(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks are crowded from a few tellings on, and few changes are brought through what they touch."""
    for module in (candidates, compared):
        monkeypatch.setattr(module, "CROWD", 5)
        monkeypatch.setattr(module, "WINDOW", 2)
    monkeypatch.setattr(compared, "_REACH", 3)
    monkeypatch.setattr(refresh, "_FEW", 4)


@pytest.mark.parametrize("seed", range(3))
def test_changes_one_by_one_give_what_joining_everything_gives(
    seed: int, book: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shrink(monkeypatch)
    chance = random.Random(seed)
    number = 0
    for _ in range(10):
        do = chance.random()
        held = list(book.incidents())
        if do < 0.5 or len(held) < 2:
            many = chance.choice((1, 1, 2, 12))
            add(book, tmp_path, *(report(chance, number + n) for n in range(many)))
            number += many
        elif do < 0.6:
            book.erase(chance.choice([s.document.id for s in book.documents()]))
        elif do < 0.85:
            a, b = chance.sample(held, 2)
            kind = chance.choice(("positive", "negative", "merge", "accept", "value", "note", "split"))
            if kind == "value":
                book.judge("value", a, field="killed", value="7-9", reason="counted")
            elif kind == "split" and len(a.events) > 1:
                book.judge("split", a, events=a.events[:1])
            elif kind in ("accept", "note"):
                book.judge(kind, a, reason="seen")
            elif kind != "split":
                book.judge(kind, [a, b])
        elif made := list(book.decisions()):
            book.judge("undo", chance.choice(made).decision.id)
        check(book)
    assert table.digests(book.store).keys() == {i.id for i in book.incidents()}
    assert book.verify().faults == []


def test_any_order_gives_the_same_bytes(book: Casebook, tmp_path: Path) -> None:
    chance = random.Random(5)
    reports = [report(chance, n) for n in range(25)]
    add(book, tmp_path, *reports)
    digest = table.digest(book.store)
    for stored in list(book.documents()):
        with book.store.transaction():
            book.store.execute("INSERT INTO pending VALUES (?)", (stored.document.id,))
    book.settle()
    assert table.digest(book.store) == digest
    book.rebuild(MadeReader())
    assert table.digest(book.store) == digest
    from constat.settings import Settings

    other = tmp_path / "other"
    with Casebook.init(other, Settings(state=tmp_path / "state")) as again:
        for one in reversed(reports):
            (tmp_path / "one").mkdir(exist_ok=True)
            add(again, tmp_path / "one", one)
        assert table.digest(again.store) == digest
