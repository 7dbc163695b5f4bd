"""What the desk answers: readings, lists, evidence, errors in one shape, a description of it all."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from reports import FIRST, MORNING, REPORTS
from serving import Serve, Served

from constat.casebook import Casebook
from constat.desk.routes import ENDPOINTS

LOCALE = Path(__file__).parents[2] / "desk" / "locale"


def test_a_text_is_read_without_a_casebook(serve: Serve) -> None:
    desk = serve(None)
    assert desk.good("GET", "/api/about")["casebook"] is None
    read = desk.good("POST", "/api/read", {"text": MORNING, "published": "2024-03-12"})
    (reading,) = read["readings"]
    assert [e["place"].replace("'", " ").split()[-1] for e in reading["events"]] == ["Al-Omar", "Koniko"]
    for event in reading["events"]:
        for claim in event["claims"]:
            for span in claim["spans"]:
                assert reading["document"][span["part"]][span["start"] : span["end"]] == span["quote"]
    status, said = desk.ask("POST", "/api/keep", {"text": MORNING})
    assert status == 422 and "no casebook" in said["error"]["message"]


def test_what_is_kept_is_in_the_casebook_and_kept_once(desk: Served, book: Path) -> None:
    before = desk.good("GET", "/api/incidents")["total"]
    kept = desk.good("POST", "/api/keep", {"text": MORNING, "published": "2024-03-12", "publisher": "Veille de l'Est"})
    assert kept["account"]["stored"] == 1 and len(kept["documents"]) == 1
    again = desk.good("POST", "/api/keep", {"text": MORNING, "published": "2024-03-12", "publisher": "Veille de l'Est"})
    assert again["account"]["duplicate"] == 1 and again["documents"] == kept["documents"]
    assert desk.good("GET", "/api/incidents")["total"] == before + 2
    told = desk.good("GET", f"/api/documents/{kept['documents'][0]}/incidents")
    assert sorted(row["place"]["name"].replace("'", " ").split()[-1] for row in told["incidents"]) == [
        "Al-Omar",
        "Koniko",
    ]
    with Casebook.open(book) as opened:
        assert not opened.verify().faults


@pytest.mark.parametrize("lang", ["en", "fr", "ar"])
def test_the_example_that_a_newcomer_is_offered_reads_well(serve: Serve, lang: str) -> None:
    text = json.loads((LOCALE / f"{lang}.json").read_text(encoding="utf-8"))["example"]
    (reading,) = serve(None).good("POST", "/api/read", {"text": text, "published": "2024-03-12"})["readings"]
    told = [(e["subtype"], (e["killed"] or {}).get("low")) for e in reading["events"]]
    assert reading["document"]["lang"] == lang
    assert told == [("Air/drone strike", 2), ("Shelling/artillery/missile attack", 1)]


def test_a_file_is_read_as_add_reads_it_and_kept_if_asked(desk: Served) -> None:
    lines = "".join(json.dumps(report) + "\n" for report in REPORTS).encode()
    status, _, said = desk.raw("POST", "/api/read/file?name=all.jsonl", lines)
    read = json.loads(said)
    assert status == 200 and read["reports"] == len(REPORTS) and len(read["readings"]) == len(REPORTS)
    page = f"<html><head><title>Titre</title></head><body><article><p>{FIRST['text']}</p></article></body></html>"
    status, _, said = desk.raw("POST", "/api/read/file?name=page.html&published=2024-03-12", page.encode())
    assert status == 200 and json.loads(said)["readings"][0]["events"]
    status, _, said = desk.raw("POST", "/api/read/file?name=nothing.zip", b"PK\x03\x04 damaged")
    assert status == 422 and json.loads(said)["error"]["code"] == "not_read"
    total = desk.good("GET", "/api/incidents")["total"]
    status, _, said = desk.raw("POST", "/api/keep/file?name=../../page.html&published=2024-03-11", page.encode())
    assert status == 200 and json.loads(said)["account"]["stored"] == 1
    assert desk.good("GET", "/api/incidents")["total"] >= total


@pytest.fixture
def site() -> Iterator[str]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"<html><body><article><p>{FIRST['text']}</p></article></body></html>".encode()
            if self.path == "/robots.txt":
                body = b""
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    running = HTTPServer(("127.0.0.1", 0), Page)
    Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}/page"
    running.shutdown()
    running.server_close()


def test_an_address_is_fetched_and_read(desk: Served, site: str) -> None:
    read = desk.good("POST", "/api/read", {"url": site, "published": "2024-03-12"})
    assert read["readings"][0]["document"]["text"].startswith("Deux soldats")
    kept = desk.good("POST", "/api/keep", {"url": site, "published": "2024-03-12"})
    assert kept["account"]["stored"] == 1 and kept["documents"]


@pytest.mark.parametrize("url", ["/etc/passwd", "file:///etc/passwd", "-", ".", "ftp://example.org/x", "  "])
def test_only_addresses_of_the_web_are_fetched(desk: Served, url: str) -> None:
    for path in ("/api/read", "/api/keep"):
        status, said = desk.ask("POST", path, {"url": url})
        assert status == 422 and "passwd:" not in said["error"]["message"]


def test_incidents_are_filtered_sorted_and_given_by_pages(desk: Served) -> None:
    everything = desk.good("GET", "/api/incidents?sort=date")
    assert everything["total"] == len(everything["incidents"]) == 4 and everything["next"] is None
    dates = [row["date"]["value"] for row in everything["incidents"]]
    assert dates == sorted(dates, reverse=True)
    walked, offset = [], 0
    while offset is not None:
        page = desk.good("GET", f"/api/incidents?sort=date&limit=3&offset={offset}")
        walked += [row["id"] for row in page["incidents"]]
        offset = page["next"]
    assert walked == [row["id"] for row in everything["incidents"]]

    def places(query: str) -> set[str]:
        return {row["place"]["name"] for row in desk.good("GET", f"/api/incidents?{query}")["incidents"]}

    assert places("since=2024-03-12") == {"Gossi"}
    assert places("near=16.27,-0.04&km=40") == {"Gao"}
    assert places("near=Gao&km=40") == places("near=gao%20&km=40") == {"Gao"}  # not Guantánamo, which goes by it too
    assert places("countries=SYR") == {"خان شيخون"}
    assert places("types=Remote%20explosive/landmine/IED") == {"Gossi"}
    every = places("types=explosions/remote%20violence&types=battles")
    assert every == {"Gao", "Gossi", "Timbuktu", "خان شيخون"}
    assert "Gossi" in places("types=explosions/remote%20violence") and "Gossi" not in places("types=battles")
    assert places("lang=en") == places("source=dune%20courier") == places("min_killed=4") == {"Timbuktu"}
    assert places("text=roquette") == {"Gao"}
    assert places("status=accepted") == set()


def test_evidence_holds_the_words_of_every_claim(desk: Served) -> None:
    (row,) = desk.good("GET", "/api/incidents?near=16.27,-0.04&km=40")["incidents"]
    whole = desk.good("GET", f"/api/incidents/{row['id']}")
    assert whole["revision"] == row["revision"] and len(whole["claim_ids"]) == len(whole["incident"]["claims"])
    (report,) = whole["reports"]
    source = desk.good("GET", f"/api/documents/{report['id']}")
    for number, claim in zip(whole["claim_ids"], whole["incident"]["claims"], strict=True):
        assert whole["where"][number] == [report["id"]]
        for span in claim["spans"]:
            assert source["document"][span["part"]][span["start"] : span["end"]] == span["quote"]
    assert source["seen"] and re.fullmatch(r"[0-9a-f]{64}", source["capture"])
    status, headers, data = desk.raw("GET", f"/api/documents/{report['id']}/capture")
    assert status == 200 and headers["content-disposition"].startswith("attachment") and b"Gazette" in data


def test_the_map_and_the_overview_show_what_the_list_holds(desk: Served) -> None:
    rows = {row["id"]: row for row in desk.good("GET", "/api/incidents")["incidents"]}
    found = desk.good("GET", "/api/spots")
    assert found["width"] == 0 and {s[4] for s in found["spots"]} == set(rows)
    for lat, lon, number, killed, id_, kind, day, status in found["spots"]:
        row, place = rows[id_], rows[id_]["place"]
        assert (round(place["lat"], 3), round(place["lon"], 3)) == (round(lat, 3), round(lon, 3)) and number == 1
        assert (kind, day, status) == (row["type"].lower(), row["date"]["value"], "open")
        assert killed == row["killed"]["best"]
    days = desk.good("GET", "/api/days?countries=MLI")["days"]
    malian = [r["date"]["value"] for r in rows.values() if r["place"]["country"] == "MLI"]
    assert {d[0]: d[1] for d in days} == {day: malian.count(day) for day in malian}
    glance = desk.good("GET", "/api/overview")
    found = glance["overview"]
    assert found["incidents"] == 4 and sum(m["incidents"] for m in found["months"]) == 4
    march = next(m for m in found["months"] if m["month"] == "2024-03")
    assert (march["low"], march["best"], march["high"]) == (7, 7, 7)
    assert glance["documents"] == len(REPORTS) and {s["name"] for s in found["sources"]} >= {"Gazette des dunes"}
    names = desk.good("GET", "/api/labels")
    assert any(two == "ML" for _, _, two, *_ in names["countries"]) and len(names["towns"]) > 500


def test_the_map_has_names_around_a_place(desk: Served) -> None:
    names = [name for name, *_ in desk.good("GET", "/api/labels/around?lat=16.27&lon=-0.04")["towns"]]
    assert names[0] == "Gao" and 1 < len(names) <= 40
    for wrong in ("lat=91&lon=0", "lat=0&lon=0&km=0", "lat=nan&lon=0", "lat=0"):
        assert desk.ask("GET", f"/api/labels/around?{wrong}")[0] == 400


def test_places_are_found_for_a_correction(desk: Served) -> None:
    found = desk.good("GET", "/api/places?name=Tombouctou")["places"]
    assert found and found[0]["country"] == "MLI"
    called = desk.good("GET", "/api/places?name=Gao")["places"]
    assert (called[0]["name"], called[0]["country"]) == ("Gao", "MLI")


def test_incidents_leave_as_files(desk: Served) -> None:
    formats = {f["name"] for f in desk.good("GET", "/api/formats")["formats"]}
    assert {"csv", "geojson", "json_lines"} <= formats
    status, headers, data = desk.raw("GET", "/api/export/csv?near=16.27,-0.04&km=40")
    assert status == 200 and headers["content-disposition"].startswith("attachment")
    assert "Gao" in data.decode() and "Timbuktu" not in data.decode()
    assert desk.ask("GET", "/api/export/nothing")[0] == 400


def test_views_are_saved(desk: Served) -> None:
    saved = desk.good("PUT", "/api/views/Mali%20%C3%A0%20revoir", {"query": "countries=MLI"})
    assert saved["views"] == [{"name": "Mali à revoir", "query": "countries=MLI"}]
    desk.good("DELETE", "/api/views/Mali%20%C3%A0%20revoir")
    assert desk.good("GET", "/api/views")["views"] == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/nothing", None, 404),
        ("DELETE", "/api/incidents", None, 404),
        ("GET", "/api/incidents?since=yesterday", None, 400),
        ("GET", "/api/incidents?limit=0", None, 400),
        ("GET", "/api/incidents?limit=many", None, 400),
        ("GET", "/api/incidents?sort=nothing", None, 400),
        ("GET", "/api/incidents/ffffffff", None, 400),
        ("POST", "/api/read", {"text": 5}, 400),
        ("POST", "/api/read", {"text": " "}, 422),
        ("POST", "/api/read", {"text": "xyzzy plugh"}, 422),
        ("POST", "/api/decisions", {"kind": "burn", "about": ["x"]}, 400),
        ("POST", "/api/decisions", {"kind": "accept", "about": ["ffffffff"]}, 400),
    ],
)
def test_errors_come_in_one_shape(desk: Served, method: str, path: str, body: Any, status: int) -> None:
    got, said = desk.ask(method, path, body)
    assert got in (status, 405) and set(said) == {"error"} and set(said["error"]) == {"code", "message", "detail"}
    assert said["error"]["code"] and said["error"]["message"]


def test_a_body_that_is_too_large_is_refused(serve: Serve, book: Path) -> None:
    desk = serve(book, max_page_bytes=1_000)
    status, said = desk.ask("POST", "/api/read", {"text": "x" * 5_000})
    assert status == 413 and said["error"]["code"] == "too_large"


def test_everything_is_described(desk: Served) -> None:
    described = desk.good("GET", "/api/openapi.json")
    assert described["openapi"].startswith("3.1")
    told = {(m.upper(), path) for path, operations in described["paths"].items() for m in operations}
    assert told == {(e.method, e.path) for e in ENDPOINTS}
    refs = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described)))
    assert refs <= set(described["components"]["schemas"])
    for operations in described["paths"].values():
        for operation in operations.values():
            assert operation["summary"] and operation["responses"]["default"]


def test_every_answer_forbids_what_comes_from_elsewhere(desk: Served) -> None:
    for path in ("/", "/queue?x=1", "/static/main.js", "/api/about", "/api/nothing"):
        _, headers, _ = desk.raw("GET", path)
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'self'") and "unsafe" not in policy and "http" not in policy
        assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
    assert desk.raw("GET", "/api/about")[1]["cache-control"] == "no-store"
    _, _, page = desk.raw("GET", "/")
    assert b"<script>" not in page and b"style=" not in page and b"http" not in page


def test_a_tile_server_of_the_user_is_the_only_other_host(serve: Serve, book: Path) -> None:
    desk = serve(book, desk_tiles="https://tiles.example.org/{z}/{x}/{y}.png")
    policy = desk.raw("GET", "/")[1]["content-security-policy"]
    assert "connect-src 'self' https://tiles.example.org" in policy
    assert desk.good("GET", "/api/about")["tiles"].startswith("https://tiles.example.org/")


def test_the_command_opens_the_desk(tmp_path: Path, serve: Serve) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "constat", "desk", "--no-browser", "--port", str(port)]
    running = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert running.stdout is not None
        assert f"http://127.0.0.1:{port}/" in running.stdout.readline()
    finally:
        running.terminate()
        running.communicate(timeout=20)
