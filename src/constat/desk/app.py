"""The Starlette application: each endpoint of `routes.py` behind its role, the front end's files, and the headers."""

from __future__ import annotations

import functools
import os
import sys
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import msgspec
from anyio import to_thread
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from constat.desk.desk import Desk
from constat.desk.endpoint import NOBODY, RANK, Call, Endpoint, Plain, RefusedError, Who, answer, failed
from constat.desk.guard import Guard
from constat.desk.openapi import openapi
from constat.desk.routes import ENDPOINTS
from constat.errors import StoreError
from constat.records import content_id

STATIC = Path(__file__).parent / "static"
_THREADS = 8
_SQUEEZE = 4  # of gzip: level 9 takes five times as long for a tenth less
Identify = Callable[[Request], tuple[Who, str]]


def application(desk: Desk, identify: Identify, hosts: frozenset[str], *, secure: bool = False) -> Starlette:
    """The desk as an ASGI application; `identify` says who sends a request, and in which session."""
    if not (STATIC / "index.html").is_file():
        raise StoreError(f"{STATIC}: the front end is not built; `make desk` builds it, with Node 20 or newer and npm")
    limiter = anyio.CapacityLimiter(_THREADS)
    routes: list[Route | Mount] = [
        Route(e.path, functools.partial(_answer, e, desk, identify, limiter, secure), methods=[e.method])
        for e in ENDPOINTS
    ]
    routes += [
        Route("/api/openapi.json", functools.partial(_described, openapi(ENDPOINTS)), methods=["GET"]),
        Mount("/static", _Squeezed(directory=STATIC)),
        Route("/{page:path}", _page, methods=["GET"]),
    ]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        desk.warm()
        yield
        desk.close()

    return Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[
            Middleware(Guard, hosts=hosts, secure=secure, tiles=desk.settings.desk_tiles),
            Middleware(GZipMiddleware, compresslevel=_SQUEEZE),
        ],
        exception_handlers={HTTPException: _not_here},
    )


class _Squeezed(StaticFiles):
    """The front end's files as they were squeezed when it was built, for whoever takes them so."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        squeezed = Path(f"{os.fspath(full_path)}.gz")
        if "gzip" not in Headers(scope=scope).get("accept-encoding", "") or not squeezed.is_file():
            return super().file_response(full_path, stat_result, scope, status_code)
        response = super().file_response(squeezed, squeezed.stat(), scope, status_code)
        response.headers["Content-Encoding"] = "gzip"
        response.headers.add_vary_header("Accept-Encoding")
        return response


async def _answer(
    endpoint: Endpoint,
    desk: Desk,
    identify: Identify,
    limiter: anyio.CapacityLimiter,
    secure: bool,
    request: Request,
) -> Response:
    try:
        who, session = await to_thread.run_sync(identify, request, limiter=limiter)
        if RANK[who.role] < RANK[endpoint.role]:
            if who == NOBODY:
                raise RefusedError(401, "not_signed_in", "sign in first")
            raise RefusedError(403, "forbidden", f"this needs the role {endpoint.role}; {who.name} is {who.role}")
        call = Call(
            desk=desk,
            who=who,
            session=session,
            secure=secure,
            client=request.client.host if request.client else "",
            path=request.path_params,
            query=_query(endpoint, request),
            body=await _body(endpoint, request, desk.settings.max_page_bytes),
        )
        value = await to_thread.run_sync(endpoint.run, call, limiter=limiter)
    except Exception as error:
        if os.environ.get("CONSTAT_DEBUG"):
            traceback.print_exception(error, file=sys.stderr)
        return failed(error)
    if isinstance(value, Response):
        return value
    if isinstance(value, Plain):
        saved = f'attachment; filename="{"".join(c for c in value.name if c.isalnum() or c in "._-")}"'
        return Response(value.data, media_type=value.media_type, headers={"Content-Disposition": saved})
    return answer(value)


def _query(endpoint: Endpoint, request: Request) -> Any:
    if endpoint.query is None:
        return None
    asked: dict[str, Any] = {}
    several = {f.encode_name for f in msgspec.structs.fields(endpoint.query) if f.default == ()}
    for name in request.query_params:
        values = request.query_params.getlist(name)
        asked[name] = values if name in several else values[-1]
    return _convert(asked, endpoint.query, "the query", strict=False)


async def _body(endpoint: Endpoint, request: Request, limit: int) -> Any:
    if endpoint.takes is None:
        return None
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > limit:
            raise RefusedError(413, "too_large", f"more than {limit:,} bytes, the setting `max_page_bytes`")
    if endpoint.takes is bytes:
        return bytes(data)
    try:
        return msgspec.json.decode(bytes(data), type=endpoint.takes)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise RefusedError(400, "wrong", f"the body: {error}") from error


def _convert(value: Any, kind: type, what: str, *, strict: bool) -> Any:
    try:
        return msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise RefusedError(400, "wrong", f"{what}: {error}") from error


async def _described(described: dict[str, Any], request: Request) -> Response:
    return answer(described)


async def _page(request: Request) -> Response:
    """Every address of the front end is the one page; what it shows is told by the address."""
    if request.path_params["page"].startswith("api/"):
        return failed(RefusedError(404, "not_found", f"there is no {request.scope['path']}"))
    return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})


async def _not_here(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = {404: "not_found", 405: "not_found"}.get(status, "wrong")
    return failed(RefusedError(status, code, f"{request.method} {request.scope['path']}: there is nothing of the kind"))


def revision(value: Any) -> str:
    """What a value was when it was seen, for decisions about it."""
    return content_id(value)[:16]
