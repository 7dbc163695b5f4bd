"""The feed of the desk, in which every alert stands anyway: for watches that are told nowhere else."""

from __future__ import annotations

import msgspec

from constat.alerts.alert import Alert
from constat.alerts.channels import Context


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """It has no options."""

    def check(self) -> Options:
        """The channel itself."""
        return self

    def targets(self) -> tuple[str, ...]:
        """One."""
        return ("",)

    def send(self, alert: Alert, target: str, context: Context) -> None:
        """It is there since it was raised."""

    def renew(self, context: Context) -> None:
        """What was forgotten is not shown any more."""
