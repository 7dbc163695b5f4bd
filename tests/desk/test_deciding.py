"""Decisions at the desk: the log's, undone as they were made, never on what has changed, never lost or doubled."""

from __future__ import annotations

import http.client
import json
import random
import threading
from pathlib import Path
from typing import Any

from serving import Serve, Served

from constat.casebook import Casebook
from constat.desk.accounts import Accounts

GAO, TIMBUKTU = "near=16.27,-0.04&km=40", "near=16.77,-3.0&km=40"


def one(desk: Served, query: str) -> Any:
    (row,) = desk.good("GET", f"/api/incidents?{query}")["incidents"]
    return row


def said(kind: str, *rows: Any, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "about": [r["id"] for r in rows], "seen": [r["revision"] for r in rows], **more}


def test_a_decision_is_in_the_log_and_undone_as_it_was_made(desk: Served, book: Path) -> None:
    before = one(desk, GAO)
    done = desk.good("POST", "/api/decisions", said("accept", before, reason="two calls made"))
    assert one(desk, GAO)["status"] == "accepted"
    whole = done["incidents"][0]
    assert [m["kind"] for m in whole["history"]] == ["accept"] and whole["history"][0]["author"] == "amal"
    undone = desk.good("POST", "/api/decisions", {"kind": "undo", "about": [done["decision"]]})
    assert undone["incidents"][0]["revision"] == before["revision"] and one(desk, GAO) == before
    assert [m["holds"] for m in undone["incidents"][0]["history"]] == [False, False]
    with Casebook.open(book) as opened:
        assert [d.decision.kind for d in opened.decisions()] == ["accept", "undo"]
        assert not opened.verify().faults


def test_a_stale_decision_is_refused_with_the_incident_as_it_is(desk: Served) -> None:
    seen = one(desk, GAO)
    desk.good("POST", "/api/decisions", said("value", seen, field="killed", value="3"))
    status, refused = desk.ask("POST", "/api/decisions", said("accept", seen))
    assert status == 409 and refused["error"]["code"] == "stale"
    (now,) = refused["error"]["detail"]["now"]
    assert now["revision"] != seen["revision"] and now["row"]["killed"]["best"] == 3
    assert now["history"][-1]["field"] == "killed"
    assert one(desk, GAO)["status"] == "open"
    desk.good("POST", "/api/decisions", said("accept", {"id": now["incident"]["id"], "revision": now["revision"]}))


def test_nothing_is_decided_without_saying_what_was_seen(desk: Served) -> None:
    row = one(desk, GAO)
    status, refused = desk.ask("POST", "/api/decisions", {"kind": "accept", "about": [row["id"]]})
    assert status == 400 and "revision" in refused["error"]["message"]


def test_merging_is_previewed_done_and_undone(desk: Served) -> None:
    a, b = one(desk, GAO), one(desk, TIMBUKTU)
    preview = desk.good("POST", "/api/decisions/preview", said("merge", a, b))
    (would,) = preview["incidents"]
    assert desk.good("GET", "/api/incidents")["total"] == 4
    done = desk.good("POST", "/api/decisions", said("merge", a, b, reason="one depot"))
    (merged,) = done["incidents"]
    assert merged["incident"]["id"] == would["id"] and len(merged["incident"]["voices"]) == 2
    assert desk.good("GET", "/api/incidents")["total"] == 3
    status, refused = desk.ask("POST", "/api/decisions", said("accept", b))
    assert status == 409 and refused["error"]["code"] == "stale"
    desk.good("POST", "/api/decisions", {"kind": "undo", "about": [done["decision"]]})
    assert {one(desk, GAO)["id"], one(desk, TIMBUKTU)["id"]} == {a["id"], b["id"]}


def test_splitting_takes_tellings_out(desk: Served) -> None:
    a, b = one(desk, GAO), one(desk, TIMBUKTU)
    merged = desk.good("POST", "/api/decisions", said("merge", a, b))["incidents"][0]
    out = merged["reports"][0]["events"]
    row = {"id": merged["incident"]["id"], "revision": merged["revision"]}
    preview = desk.good("POST", "/api/decisions/preview", said("split", row, events=out))
    assert len(preview["incidents"]) == 2
    done = desk.good("POST", "/api/decisions", said("split", row, events=out, reason="two towns"))
    assert {w["incident"]["id"] for w in done["incidents"]} == {a["id"], b["id"]}


def test_a_place_is_corrected_with_a_point_of_the_map(desk: Served) -> None:
    row = one(desk, TIMBUKTU)
    place = {
        "type": "place",
        "name": "Gao",
        "country": "MLI",
        "lat": 16.27,
        "lon": -0.04,
        "kind": "town",
        "radius_km": 5,
    }
    done = desk.good("POST", "/api/decisions", said("value", row, field="place", place=place, reason="see map"))
    assert done["incidents"][0]["row"]["place"]["lat"] == 16.27
    others = done["incidents"][0]["near"] + done["incidents"][0]["tied"]
    assert one(desk, "source=gazette")["id"] in {r["id"] for r in others}


def test_flags_and_release(desk: Served) -> None:
    row = one(desk, GAO)
    row = desk.good("POST", "/api/decisions", said("value", row, field="flag", value="yes"))["incidents"][0]["row"]
    assert row["flagged"]
    status, refused = desk.ask("POST", "/api/decisions", said("value", row, field="release", value="published"))
    assert status == 409 and refused["error"]["code"] == "not_accepted"
    row = desk.good("POST", "/api/decisions", said("accept", row))["incidents"][0]["row"]
    row = desk.good("POST", "/api/decisions", said("value", row, field="release", value="published"))["incidents"][0][
        "row"
    ]
    assert row["release"] == "published"
    assert desk.ask("POST", "/api/decisions", said("value", row, field="release", value="burnt"))[0] == 400


def test_a_batch_is_accepted_after_a_sample(desk: Served) -> None:
    batch = desk.good("GET", "/api/batch?min_confidence=0.5&sample=2")
    assert batch["total"] == 4 and len(batch["sample"]) == 2
    first, *others = batch["incidents"]
    desk.good("POST", "/api/decisions", said("note", {"id": first[0], "revision": first[1]}, reason="ask again"))
    decisions = [said("accept", {"id": id_, "revision": revision}) for id_, revision in batch["incidents"]]
    done = desk.good("POST", "/api/decisions/batch", {"decisions": decisions})
    assert done["done"] == len(others) and len(done["refused"]) == 1
    assert desk.good("GET", "/api/incidents?status=accepted")["total"] == len(others)


def test_two_people_accept_where_the_setting_says_so(serve: Serve, book: Path) -> None:
    accounts = Accounts(book)
    headers = []
    for name in ("amal", "bilal"):
        accounts.add(name, "reviewer", f"{name} has a password")
        headers.append({"Authorization": f"Bearer {accounts.token(name, 'test')}"})
    desk = serve(book, desk_two_people=True)
    (row,) = desk.good("GET", f"/api/incidents?{GAO}", headers=headers[0])["incidents"]
    first = desk.good("POST", "/api/decisions", said("accept", row), headers[0])["incidents"][0]["row"]
    assert first["status"] == "open"
    status, refused = desk.ask("POST", "/api/decisions", said("accept", first), headers[0])
    assert status == 409 and refused["error"]["code"] == "second_person"
    second = desk.good("POST", "/api/decisions", said("accept", first), headers[1])
    assert second["incidents"][0]["row"]["status"] == "accepted"
    assert [m["author"] for m in second["incidents"][0]["history"]] == ["amal", "bilal"]


REVIEWERS, EACH = 20, 5


def test_reviewers_at_one_queue_lose_and_double_nothing(desk: Served, book: Path) -> None:
    """Twenty at once, with connections cut at random: what was acknowledged is there once, nothing is overwritten.

    Each note says who made it and its number; after a cut, one looks whether it came through before trying again.
    """
    rows = [row["id"] for row in desk.good("GET", "/api/incidents")["incidents"]]
    acknowledged: list[str] = []
    stale = 0
    wrong: list[str] = []
    lock = threading.Lock()

    def review(who: int) -> None:
        nonlocal stale
        chance = random.Random(who)
        for number in range(EACH):
            words, about = f"note {number} of reviewer {who}", chance.choice(rows)
            while True:
                try:
                    whole = desk.good("GET", f"/api/incidents/{about}")
                    if words in whole["incident"]["notes"]:
                        break  # it came through before the connection was cut
                    body = said("note", {"id": about, "revision": whole["revision"]}, reason=words)
                    if chance.random() < 0.15:
                        cut(desk, body)
                        continue
                    status, answer = desk.ask("POST", "/api/decisions", body)
                except (OSError, http.client.HTTPException):
                    continue
                if status == 200:
                    break
                if status == 409:
                    with lock:
                        stale += 1
                    continue
                wrong.append(str(answer))
                return
            with lock:
                acknowledged.append(words)

    threads = [threading.Thread(target=review, args=(who,)) for who in range(REVIEWERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(acknowledged) == len(set(acknowledged)) == REVIEWERS * EACH
    with Casebook.open(book) as opened:
        made = [d.decision.reason for d in opened.decisions()]
        assert sorted(made) == sorted(acknowledged)
        shown = [note for incident in opened.incidents() for note in incident.notes]
        assert sorted(shown) == sorted(made)
        assert not opened.verify().faults
    assert stale, "no two reviewers ever met; the test tries nothing"


def cut(desk: Served, body: Any) -> None:
    """Send a decision and go away before the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=30)
    connection.request("POST", "/api/decisions", json.dumps(body).encode())
    connection.close()
