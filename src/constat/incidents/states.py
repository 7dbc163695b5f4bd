"""What an incident is in one line, by which a person compares two versions of it."""

from __future__ import annotations

from constat.incidents.words import of_value, toll_words
from constat.records import Incident

_FIELDS = ("subtype", "date", "place")


def state_of(incident: Incident) -> str:
    """Kind, when, where, tolls, how many tell of it and what was decided."""
    fields = {f.field: of_value(f.value) for f in incident.fields}
    parts = [fields[name] for name in _FIELDS if name in fields]
    parts += [f"{toll.field} {toll_words(toll)}" for toll in incident.tolls if toll.group is None]
    count = len(incident.events)
    parts.append(f"told {'once' if count == 1 else f'{count} times'} by {len(incident.voices)}")
    if incident.denials:
        parts.append(f"denied by {len(incident.denials)}")
    return ", ".join([*parts, incident.status])
