"""What is watched, what was sent and what waits, for a person or a program that asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from constat.alerts.channels import Channel
from constat.store.alert_state import AlertState
from constat.watching import Watch


def status(state: AlertState, watches: Iterable[Watch], channels: Mapping[str, Channel]) -> dict[str, Any]:
    """Watches with what they follow; channels, those that are no more in the settings too, with what waits and why."""
    looked = dict(state.rows("SELECT name, looked_at FROM watch"))
    threads = dict(state.rows("SELECT watch, COUNT(*) FROM thread WHERE closed = 0 GROUP BY watch"))
    alerts = dict(state.rows("SELECT watch, COUNT(*) FROM alert GROUP BY watch"))
    sent = dict(state.rows("SELECT channel, COUNT(*) FROM delivery WHERE state <> 'waiting' GROUP BY channel"))
    waiting = dict(state.rows("SELECT channel, COUNT(*) FROM delivery WHERE state = 'waiting' GROUP BY channel"))
    errors = dict(state.rows("SELECT channel, MAX(error) FROM delivery WHERE error <> '' GROUP BY channel"))
    errors |= dict(state.rows("SELECT channel, error FROM outage"))
    gone = {name: "no such channel in the settings any more" for name in waiting if name not in channels}
    return {
        "watches": [
            {
                "name": w.name,
                "looked_at": looked.get(w.name),
                "threads": threads.get(w.name, 0),
                "alerts": alerts.get(w.name, 0),
                "channels": list(w.channels),
            }
            for w in watches
        ],
        "channels": [
            {"name": n, "sent": sent.get(n, 0), "waiting": waiting.get(n, 0), "error": (gone | errors).get(n, "")}
            for n in (*channels, *gone)
        ],
    }
