"""Who sends a request: the user of this machine, or whoever signed in; and how one signs in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from constat.casebook import actor
from constat.desk.accounts import SESSION_SECONDS, Account
from constat.desk.desk import Desk, NoCasebookError
from constat.desk.endpoint import NOBODY, Call, RefusedError, Who, answer

if TYPE_CHECKING:
    from constat.desk.accounts import Accounts
    from constat.desk.serve import Door

COOKIE, SECURE_COOKIE = "constat", "__Host-constat"


def identify(desk: Desk, door: Door) -> Callable[[Request], tuple[Who, str]]:
    """What tells who sends a request, and in which session.

    While there are no accounts only this machine can ask, and its user may do everything.
    """
    owner = Who(actor(desk.settings), "admin")
    cookie = SECURE_COOKIE if door.secure else COOKIE

    def who(request: Request) -> tuple[Who, str]:
        if desk.accounts is None or not desk.accounts.any():
            return (owner, "") if door.local else (NOBODY, "")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return desk.accounts.by_token(token.strip()) or NOBODY, ""
        session = request.cookies.get(cookie, "")
        return (desk.accounts.by_session(session) if session else None) or NOBODY, session

    return who


class Password(msgspec.Struct, frozen=True, kw_only=True):
    """Who signs in."""

    name: str
    password: str


class NewAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account to make or to change."""

    name: str
    role: str
    password: str


class AllAccounts(msgspec.Struct, frozen=True):
    """Every account, without its password."""

    accounts: list[Account]


class Token(msgspec.Struct, frozen=True):
    """A token for programs, shown this once."""

    token: str


class Label(msgspec.Struct, frozen=True):
    """What a token is for."""

    label: str


def sign_in(call: Call) -> Response:
    """Begin a session, held in a cookie that no script can read."""
    accounts, asked = _accounts(call), call.body
    if wait := call.desk.throttle.wait(f"name {asked.name}", f"address {call.client}"):
        raise RefusedError(429, "too_many", f"too many tries; wait {int(wait) + 1} seconds", {"wait": int(wait) + 1})
    session = accounts.sign_in(asked.name, asked.password)
    if session is None:
        raise RefusedError(401, "wrong_password", "no account has this name and password")
    response = answer({"ok": True})
    secure = call.secure
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE, session, max_age=int(SESSION_SECONDS), httponly=True, samesite="lax",
        secure=secure, path="/",
    )  # fmt: skip
    return response


def sign_out(call: Call) -> Response:
    """End the session."""
    if call.session:
        _accounts(call).sign_out(call.session)
    response = answer({"ok": True})
    response.delete_cookie(SECURE_COOKIE if call.secure else COOKIE, path="/", secure=call.secure, httponly=True)
    return response


def every(call: Call) -> AllAccounts:
    """All accounts."""
    return AllAccounts(_accounts(call).every())


def put(call: Call) -> Account:
    """Make an account, or give one a new role and password; its sessions end."""
    asked: NewAccount = call.body
    accounts = _accounts(call)
    if not accounts.any() and asked.role != "admin":
        raise RefusedError(400, "wrong", "the first account is an admin's; from then on one signs in")
    return accounts.add(asked.name, asked.role, asked.password)


def remove(call: Call) -> AllAccounts:
    """Take an account away, with its sessions and tokens; not the last admin's."""
    accounts, name = _accounts(call), call.path["name"]
    if [a.name for a in accounts.every() if a.role == "admin"] == [name]:
        raise RefusedError(409, "last_admin", f"{name} is the last admin; make another one first")
    accounts.remove(name)
    return every(call)


def token(call: Call) -> Token:
    """A token for programs, with the role of who asks for it."""
    return Token(_accounts(call).token(call.who.name, call.body.label))


def _accounts(call: Call) -> Accounts:
    if call.desk.accounts is None:
        raise NoCasebookError
    return call.desk.accounts
