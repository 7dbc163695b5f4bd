"""Who may ask what: every route, every role, no cookie, foreign pages, guessed passwords, addresses left open."""

from __future__ import annotations

import json
import re
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from serving import Serve, Served

from constat.casebook import Casebook
from constat.desk.accounts import Accounts
from constat.desk.app import application
from constat.desk.desk import Desk
from constat.desk.endpoint import RANK, Endpoint, Who
from constat.desk.routes import ENDPOINTS
from constat.desk.serve import Door, check
from constat.desk.throttle import Throttle
from constat.errors import UsageError
from constat.settings import Settings

PASSWORD = "long enough to be one"


@pytest.fixture
def peopled(book: Path) -> Path:
    accounts = Accounts(book)
    for role in ("reader", "reviewer", "admin"):
        accounts.add(f"the {role}", role, PASSWORD)
    return book


def cookie(desk: Served, name: str, password: str = PASSWORD) -> dict[str, str]:
    body = json.dumps({"name": name, "password": password}).encode()
    status, headers, said = desk.raw("POST", "/api/session", body)
    assert status == 200, said
    held = SimpleCookie(headers["set-cookie"])["constat"]
    assert held["httponly"] and held["samesite"].lower() == "lax" and held["path"] == "/"
    return {"Cookie": f"constat={held.value}"}


def address(endpoint: Endpoint) -> str:
    return re.sub(r"\{\w+\}", "ffffffff", endpoint.path)


def test_every_route_of_the_router_is_an_endpoint_with_a_role(settings: Settings, serve: Serve) -> None:
    app = application(Desk(settings), lambda request: (Who("", "anyone"), ""), frozenset({"127.0.0.1"}))
    routed = {(m, r.path) for r in app.routes for m in (getattr(r, "methods", None) or ()) if m != "HEAD"}
    known = {(e.method, e.path) for e in ENDPOINTS}
    # What is not an endpoint: the description of the interface, the page, its files.
    assert routed - known == {("GET", "/api/openapi.json"), ("GET", "/{page:path}")} and known <= routed
    assert {e.path for e in ENDPOINTS if e.role == "anyone"} == {"/api/about", "/api/session"}


@pytest.mark.parametrize("role", ["anyone", "reader", "reviewer", "admin"])
def test_each_role_may_do_what_is_its_own_and_nothing_more(serve: Serve, peopled: Path, role: str) -> None:
    desk = serve(peopled)
    headers = {} if role == "anyone" else cookie(desk, f"the {role}")
    for endpoint in ENDPOINTS:
        if endpoint.path == "/api/session":
            continue
        status, _, said = desk.raw(endpoint.method, address(endpoint), b"{", headers)
        if RANK[role] >= RANK[endpoint.role]:
            assert status not in (401, 403), (endpoint.path, said)
        else:
            assert status == (401 if role == "anyone" else 403), (endpoint.path, said)
            assert json.loads(said)["error"]["code"] == ("not_signed_in" if role == "anyone" else "forbidden")


def test_nothing_of_the_casebook_is_told_before_signing_in(serve: Serve, peopled: Path) -> None:
    desk = serve(peopled)
    about = desk.good("GET", "/api/about")
    assert about["casebook"] is None and about["user"] == "" and not about["signed_in"] and about["accounts"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": ""},
    ],
)
def test_a_foreign_page_changes_nothing(serve: Serve, peopled: Path, headers: dict[str, str]) -> None:
    desk = serve(peopled)
    held = cookie(desk, "the admin")
    for endpoint in ENDPOINTS:
        if endpoint.method == "GET" and "Host" not in headers:
            continue
        status, _, said = desk.raw(endpoint.method, address(endpoint), b"{}", headers | held)
        assert status == 403 and json.loads(said)["error"]["code"] == "foreign", endpoint.path
    with Casebook.open(peopled) as opened:
        assert not list(opened.decisions())


def test_a_session_ends_and_a_token_serves_programs(serve: Serve, peopled: Path) -> None:
    desk = serve(peopled)
    held = cookie(desk, "the reviewer")
    assert desk.good("GET", "/api/incidents", headers=held)["total"] == 4
    token = desk.good("POST", "/api/tokens", {"label": "nightly"}, held)["token"]
    assert desk.good("DELETE", "/api/session", headers=held) == {"ok": True}
    assert desk.ask("GET", "/api/incidents", headers=held)[0] == 401
    bearer = {"Authorization": f"Bearer {token}"}
    assert desk.good("GET", "/api/about", headers=bearer)["user"] == "the reviewer"
    held = cookie(desk, "the reviewer")
    Accounts(peopled).add("the reviewer", "reader", PASSWORD)  # a new role or password ends what was open
    assert desk.ask("GET", "/api/incidents", headers=held)[0] == 401
    Accounts(peopled).remove("the reviewer")
    assert desk.ask("GET", "/api/incidents", headers=bearer)[0] == 401
    for wrong in ("Bearer x", "Bearer ", "Basic dGhlIGFkbWluOng="):
        assert desk.ask("GET", "/api/incidents", headers={"Authorization": wrong})[0] == 401


def test_guessed_passwords_are_hardly_looked_at(serve: Serve, peopled: Path) -> None:
    desk = serve(peopled)
    looked = 0
    for number in range(100):
        status, said = desk.ask("POST", "/api/session", {"name": "the admin", "password": f"guess {number}"})
        looked += status == 401
        assert status in (401, 429), said
    assert looked <= 10
    status, said = desk.ask("POST", "/api/session", {"name": "the admin", "password": PASSWORD})
    assert status == 429 and said["error"]["detail"]["wait"] > 0
    # Another name from the same address is not looked at either.
    assert desk.ask("POST", "/api/session", {"name": "the reader", "password": PASSWORD})[0] == 429


def test_a_thousand_guesses_are_ten_a_minute_for_a_name_and_for_an_address() -> None:
    now = [0.0]
    throttle = Throttle(clock=lambda: now[0])
    for names in (("name a",), ("address b",)):
        tried = []
        for number in range(1_000):
            now[0] += 0.5
            others = (f"name {number}",) if names[0].startswith("address") else (f"address {number}",)
            if throttle.wait(*names, *others) == 0:
                tried.append(now[0])
        assert all(sum(start <= at < start + 60 for at in tried) <= 10 for start in tried)
        assert tried


def test_passwords_are_kept_as_argon2id_and_sessions_as_hashes(peopled: Path) -> None:
    session = Accounts(peopled).sign_in("the reader", PASSWORD)
    assert session is not None
    data = (peopled / "desk.sqlite").read_bytes()
    assert b"$argon2id$" in data and PASSWORD.encode() not in data and session.encode() not in data
    assert (peopled / "desk.sqlite").stat().st_mode & 0o077 == 0
    assert Accounts(peopled).sign_in("nobody", PASSWORD) is None


def test_the_last_admin_stays_and_short_passwords_do_not(serve: Serve, peopled: Path) -> None:
    desk = serve(peopled)
    held = cookie(desk, "the admin")
    status, said = desk.ask("DELETE", "/api/accounts/the%20admin", headers=held)
    assert status == 409 and said["error"]["code"] == "last_admin"
    body = {"name": "new", "role": "reader", "password": "short"}
    assert desk.ask("POST", "/api/accounts", body, held)[0] == 400
    assert desk.ask("POST", "/api/accounts", body | {"password": PASSWORD, "role": "king"}, held)[0] == 400
    desk.good("POST", "/api/accounts", body | {"password": PASSWORD}, held)
    assert "new" in {a["name"] for a in desk.good("GET", "/api/accounts", headers=held)["accounts"]}


def test_other_addresses_are_refused_without_accounts_and_encryption(
    settings: Settings, book: Path, tmp_path: Path
) -> None:
    key = tmp_path / "key.pem"
    key.touch()
    bare = Desk(settings, book)
    with pytest.raises(UsageError, match="needs accounts first"):
        check(Door(host="0.0.0.0"), bare)
    Accounts(book).add("amal", "admin", PASSWORD)
    peopled = Desk(settings, book)
    with pytest.raises(UsageError, match="in the clear"):
        check(Door(host="0.0.0.0"), peopled)
    with pytest.raises(UsageError, match="give the name"):
        check(Door(host="0.0.0.0", proxy="10.0.0.1"), peopled)
    with pytest.raises(UsageError, match="--tls-key"):
        check(Door(certificate=key), peopled)
    check(Door(host="0.0.0.0", proxy="10.0.0.1", names=("desk.example.org",)), peopled)
    check(Door(host="0.0.0.0", certificate=key, key=key, names=("desk.example.org",)), peopled)
    check(Door(), bare)


def test_behind_a_proxy_the_cookie_is_for_encrypted_ways_only(serve: Serve, peopled: Path) -> None:
    desk = serve(peopled, Door(proxy="127.0.0.1", names=("desk.example.org",)))
    body = json.dumps({"name": "the reader", "password": PASSWORD}).encode()
    status, headers, _ = desk.raw("POST", "/api/session", body, {"Host": "desk.example.org"})
    held = headers["set-cookie"]
    assert status == 200 and held.startswith("__Host-constat=") and "Secure" in held and "HttpOnly" in held
    assert headers["strict-transport-security"]
