"""On standard output, for a person at a terminal or whatever reads it."""

from __future__ import annotations

import sys

import msgspec

from constat.alerts.alert import Alert
from constat.alerts.channels import Context
from constat.console import writable


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """It has no options."""

    def check(self) -> Options:
        """The channel itself."""
        return self

    def targets(self) -> tuple[str, ...]:
        """One."""
        return ("",)

    def send(self, alert: Alert, target: str, context: Context) -> None:
        """Print it."""
        sys.stdout.write(writable(f"{alert.subject}\n\n{alert.text(headed=False)}\n"))
        sys.stdout.flush()

    def renew(self, context: Context) -> None:
        """What was printed stays printed."""
