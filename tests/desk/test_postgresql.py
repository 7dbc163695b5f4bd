"""A desk over PostgreSQL answers as one over SQLite does, and keeps the same promises."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec
import pytest
from reports import MORNING, REPORTS
from serving import Serve, Served, Watched

from constat.casebook import Casebook
from constat.pipeline import Reader
from constat.settings import Settings

ASKED = (
    *("sort=attention", "sort=date&limit=2", "sort=oldest&offset=1", "sort=killed", "sort=voices", "sort=unsure"),
    *("since=2024-03-01&until=2024-03-15", "near=Gao&km=80", "types=Battles", "countries=MLI", "actor=army"),
    *("source=gazette", "lang=ar", "text=roquette", "text=roq*", "min_killed=3", "min_confidence=0.9", "status=open"),
)


@pytest.fixture
def served(serve: Serve, postgres: str | None, tmp_path: Path, settings: Settings, reader: Reader) -> Served:
    """A desk over the same reports as those of the other tests, in PostgreSQL."""
    if postgres is None:
        pytest.skip("NO POSTGRESQL HERE: the desk was tried over SQLite only")
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(postgres, autocommit=True) as db:
        db.execute("DROP SCHEMA public CASCADE")
        db.execute("CREATE SCHEMA public")
    lines = tmp_path / "reports.jsonl"
    lines.write_text("".join(json.dumps(report) + "\n" for report in REPORTS), encoding="utf-8")
    with Casebook.init(tmp_path / "pg", msgspec.structs.replace(settings, store=postgres)) as book:
        book.add([str(lines)], reader=lambda: reader)
    return serve(tmp_path / "pg", store=postgres)


def test_every_question_has_the_same_answer(served: Served, desk: Served) -> None:
    for query in ASKED:
        for path in ("incidents", "spots", "days"):
            asked = query if path == "incidents" else "&".join(p for p in query.split("&") if p[:4] not in _PAGING)
            here, there = (d.good("GET", f"/api/{path}?{asked}") for d in (served, desk))
            assert here == there, (path, asked)
    here, there = (d.good("GET", "/api/overview")["overview"] for d in (served, desk))
    assert here == there and here["incidents"] == 4
    (row,) = served.good("GET", "/api/incidents?source=gazette")["incidents"]
    here, there = (d.good("GET", f"/api/incidents/{row['id']}") for d in (served, desk))
    timeless = ("reports", "history")
    assert {k: v for k, v in here.items() if k not in timeless} == {k: v for k, v in there.items() if k not in timeless}
    exports = [d.raw("GET", "/api/export/csv")[2] for d in (served, desk)]
    assert exports[0] == exports[1] and b"Gao" in exports[0]


_PAGING = ("sort", "limi", "offs")


def test_decisions_are_taken_refused_when_stale_and_undone(served: Served) -> None:
    (row,) = served.good("GET", "/api/incidents?source=gazette")["incidents"]
    said = {"kind": "value", "about": [row["id"]], "seen": [row["revision"]], "field": "killed", "value": "7"}
    done = served.good("POST", "/api/decisions", said)
    status, refused = served.ask("POST", "/api/decisions", said | {"value": "9"})
    assert status == 409 and refused["error"]["code"] == "stale"
    assert served.good("GET", "/api/incidents?min_killed=7")["total"] == 1
    assert served.good("GET", "/api/spots?min_killed=7")["spots"][0][3] == 7
    served.good("POST", "/api/decisions", {"kind": "undo", "about": [done["decision"]]})
    assert served.good("GET", "/api/incidents?min_killed=7")["total"] == 0
    kept = served.good("POST", "/api/keep", {"text": MORNING, "published": "2024-03-12"})
    assert kept["account"]["stored"] == 1 and served.good("GET", "/api/incidents")["total"] == 6
    folder = served.desk.folder
    assert folder is not None
    with Casebook.open(folder, settings=served.desk.settings) as book:
        assert book.store.name.startswith("PostgreSQL") and not book.verify().faults


def test_of_many_who_decide_at_once_each_is_heard_once(served: Served) -> None:
    rows = served.good("GET", "/api/incidents")["incidents"]
    answers: list[int] = []

    def decide(who: int) -> None:
        for row in rows:
            said: dict[str, Any] = {"kind": "accept", "about": [row["id"]], "seen": [row["revision"]]}
            answers.append(served.ask("POST", "/api/decisions", said)[0])

    people = [Thread(target=decide, args=(who,)) for who in range(5)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(set(answers)) == [200, 409] and answers.count(200) == len(rows)
    assert served.good("GET", "/api/incidents?status=accepted")["total"] == len(rows)


def test_it_is_used_in_a_browser(served: Served, watched: Callable[..., Watched]) -> None:
    page = watched(served).open("/queue?source=gazette")
    page.wait_for_selector(".line-of")
    page.keyboard.press("j")
    page.wait_for_selector(".marked mark.f-place")
    page.keyboard.press("a")
    page.wait_for_selector(".state.accepted")
    page.keyboard.press("u")
    page.wait_for_selector(".title .state.open")
