"""Everything that the desk answers, a line each: method, path, who may ask, and the function that answers."""

from __future__ import annotations

from constat.desk import about, trying
from constat.desk.endpoint import Endpoint

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(method="GET", path="/api/about", role="anyone", run=about.about, gives=about.About),
    Endpoint(
        method="POST", path="/api/read", role="reader", run=trying.read, takes=trying.Pasted, gives=trying.Tried
    ),
    Endpoint(
        method="POST", path="/api/read/file", role="reader", run=trying.read_file, query=trying.Of, takes=bytes,
        gives=trying.Tried,
    ),
    Endpoint(
        method="POST", path="/api/keep", role="reviewer", run=trying.keep, takes=trying.Pasted, gives=trying.KeptNow
    ),
    Endpoint(
        method="POST", path="/api/keep/file", role="reviewer", run=trying.keep_file, query=trying.Of, takes=bytes,
        gives=trying.KeptNow,
    ),
)  # fmt: skip
