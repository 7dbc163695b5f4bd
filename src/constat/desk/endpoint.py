"""One question that the desk answers: its path, who may ask, what it takes and gives. And the one shape of an error."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec
from starlette.responses import Response

from constat.errors import ConflictError, ConstatError, InputError, StoreError, UsageError

if TYPE_CHECKING:
    from constat.desk.desk import Desk

Role: TypeAlias = Literal["anyone", "reader", "reviewer", "admin"]
RANK: Mapping[str, int] = {"anyone": 0, "reader": 1, "reviewer": 2, "admin": 3}


class Who(msgspec.Struct, frozen=True):
    """Who asks. Without accounts it is the user of this machine, who may do everything."""

    name: str
    role: Role


NOBODY = Who("", "anyone")


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One question: where, by whom, with what."""

    desk: Desk
    who: Who
    path: Mapping[str, str] = {}
    query: Any = None
    body: Any = None
    client: str = ""
    session: str = ""
    secure: bool = False  # whether the way here is encrypted


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """`query`, `takes`, `gives`: the structs of the query, of the body (`bytes`: as it is) and of the answer."""

    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    role: Role
    run: Callable[[Call], Any]
    query: type | None = None
    takes: type | None = None
    gives: Any = None

    @property
    def summary(self) -> str:
        """What it does, in its own words."""
        return (self.run.__doc__ or "").strip().splitlines()[0]


class Trouble(msgspec.Struct, frozen=True):
    """What went wrong: a word for programs, a sentence for people, and what there is to look at."""

    code: str
    message: str
    detail: Any = None


class Failed(msgspec.Struct, frozen=True):
    """Every answer that is not what was asked for."""

    error: Trouble


class RefusedError(ConstatError):
    """A question that is not answered, with the status that says so."""

    def __init__(self, status: int, code: str, message: str, detail: Any = None) -> None:
        self.status, self.code, self.detail = status, code, detail
        super().__init__(message)


class Plain(msgspec.Struct, frozen=True):
    """An answer that is not JSON: a capture or a file, always to be saved and never shown by the browser."""

    data: bytes
    name: str
    media_type: str = "application/octet-stream"


def encode(value: Any) -> bytes:
    """A value as JSON; lone surrogates, which UTF-8 cannot hold, as escapes."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(value)).encode("ascii")


def answer(value: Any, status: int = 200) -> Response:
    """A value as a response."""
    return Response(encode(value), status, media_type="application/json")


def failed(error: Exception) -> Response:
    """An error as a response, in the one shape that errors have."""
    status, code, detail = _kind(error)
    message = str(error) if isinstance(error, ConstatError) else f"a fault of constat ({type(error).__name__})"
    return answer(Failed(Trouble(code, message, detail)), status)


def _kind(error: Exception) -> tuple[int, str, Any]:
    match error:
        case RefusedError():
            return error.status, error.code, error.detail
        case ConflictError():
            return 409, "stale", getattr(error, "detail", None)
        case InputError():
            return 422, "not_read", None
        case UsageError():
            return 400, "wrong", None
        case StoreError():
            return 503, "store", None
        case ConstatError():
            return 500, "setup", None
        case _:
            return 500, "fault", None
