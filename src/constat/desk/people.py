"""Who sends a request: the user of this machine, or whoever signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import Request

from constat.casebook import actor
from constat.desk.desk import Desk
from constat.desk.endpoint import Who

if TYPE_CHECKING:
    from constat.desk.serve import Door


def identify(desk: Desk, door: Door) -> Callable[[Request], tuple[Who, str]]:
    """What tells who sends a request. Without accounts only this machine can ask, and its user may do everything."""
    owner = Who(actor(desk.settings), "admin")
    return lambda request: (owner, "")
