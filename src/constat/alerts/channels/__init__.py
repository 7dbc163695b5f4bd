"""Where alerts go. A channel is one file beside this one, found by listing: its options, its targets, how it sends."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec

from constat.alerts.alert import Alert
from constat.errors import SettingsError

ANYWAY = ("terminal", "desk")  # channels that need no [[channel]]


class NotSentError(Exception):
    """An alert did not arrive. `whole`: the channel takes nothing now; `wait`: seconds that it asks to wait."""

    def __init__(self, cause: str, *, whole: bool = True, wait: float | None = None) -> None:
        super().__init__(" ".join(cause.split())[:300])
        self.whole, self.wait = whole, wait


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel may need beside the alert: the folder of the casebook, and what it sent before, oldest first."""

    folder: Path
    sent: Sequence[Alert] = ()


class Channel(Protocol):
    """A channel of the settings, with its options."""

    def targets(self) -> tuple[str, ...]:
        """What an alert is sent to one by one, so that one that fails does not double the others."""

    def send(self, alert: Alert, target: str, context: Context) -> None:
        """Send an alert; raises `NotSentError`. Sending the same again does no harm: it goes by its id."""

    def renew(self, context: Context) -> None:
        """Make what the channel shows anew, after words of sent alerts were forgotten."""


def kinds() -> list[str]:
    """The kinds of channels that there are."""
    return sorted(found.name for found in pkgutil.iter_modules([str(Path(__file__).parent)]))


def opened(entries: Iterable[Mapping[str, Any]]) -> dict[str, Channel]:
    """The channels of the settings by name, and those that are there anyway; raises `SettingsError`."""
    found = {name: _channel(name, {}) for name in ANYWAY}
    for entry in entries:
        options = dict(entry)
        name, kind = options.pop("name", None), options.pop("kind", None)
        if not isinstance(name, str) or not name or name in found:
            raise SettingsError(f"channel {name!r}: each [[channel]] needs a `name` of its own")
        if kind not in kinds():
            raise SettingsError(f"channel {name!r}: `kind` is {kind!r}; it is one of {', '.join(kinds())}")
        try:
            found[name] = _channel(str(kind), options)
        except (msgspec.ValidationError, SettingsError) as error:
            raise SettingsError(f"channel {name!r} ({kind}): {error}") from error
    return found


def _channel(kind: str, options: Mapping[str, Any]) -> Channel:
    module = importlib.import_module(f"{__name__}.{kind}")
    channel: Channel = msgspec.convert(options, module.Options).check()
    return channel
