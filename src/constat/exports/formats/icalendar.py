"""iCalendar (RFC 5545): an all-day event an incident, tentative until a person has accepted it."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import IO

from constat.exports.cells import clean
from constat.exports.days import bounds, date_of
from constat.exports.dossier import About, Dossier
from constat.exports.formats import atom
from constat.exports.listing import Format
from constat.exports.losses import because
from constat.exports.row import place_of, row, word
from constat.exports.words import headline, summary

NO_DATE = "no date is known"
_STATUS = {"open": "TENTATIVE", "accepted": "CONFIRMED", "rejected": "CANCELLED"}
_LONGEST = 75  # octets of a line
FORMAT = Format(
    title="iCalendar",
    suffix=".ics",
    media_type="text/calendar",
    lost={fact: why for fact, why in atom.LOST.items() if fact != "review status"},
    blurred={fact: why for fact, why in atom.BLURRED.items() if fact != "date"}
    | because("that of the oldest one", "addresses of reports"),
)


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """One calendar; what is known to the month or year lasts so long."""
    left: Counter[str] = Counter()
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//Constat//Constat {about.version}//EN", "CALSCALE:GREGORIAN")
    out.write(_lines([*head, f"X-WR-CALNAME:{_text(about.title)}"]))
    for dossier in dossiers:
        days = bounds(date_of(dossier.incident.field("date")))
        if days is None:
            left[NO_DATE] += 1
        else:
            out.write(_lines(_event(dossier, days, about)))
    out.write(_lines(["END:VCALENDAR"]))
    return left


def _event(dossier: Dossier, days: tuple[dt.date, dt.date], about: About) -> list[str]:
    one, cells, place = dossier.incident, row(dossier), place_of(dossier.incident)
    changed = dt.date.fromisoformat(dossier.changed) if dossier.changed else about.time.date()
    lines = [
        "BEGIN:VEVENT",
        f"UID:{about.urn(f'incident {dossier.root}')}",
        f"DTSTAMP:{about.time:%Y%m%dT%H%M%SZ}",
        f"LAST-MODIFIED:{changed:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{days[0]:%Y%m%d}",
        f"DTEND;VALUE=DATE:{days[1] + dt.timedelta(1):%Y%m%d}",
        f"SUMMARY:{_text(headline(dossier))}",
        f"DESCRIPTION:{_text(summary(dossier))}",
        f"STATUS:{_STATUS[one.status]}",
        "TRANSP:TRANSPARENT",
    ]
    kinds = [kind for name in ("type", "subtype") if (kind := word(one, name))]
    if kinds:
        lines.append(f"CATEGORIES:{','.join(map(_text, kinds))}")
    where = ", ".join(part for part in (cells["place"], cells["admin1"], cells["country_name"]) if part)
    if where:
        lines.append(f"LOCATION:{_text(where)}")
    if place and place.lat is not None and place.lon is not None:
        lines.append(f"GEO:{place.lat:.6f};{place.lon:.6f}")
    url = next(iter(dossier.links), None)
    if url:
        lines.append("URL:" + "".join(clean(url).split()))
    return [*lines, "END:VEVENT"]


def _text(value: str) -> str:
    escaped = clean(value).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return re.sub("\r\n|\r|\n", r"\\n", escaped)


def _lines(lines: Iterable[str]) -> bytes:
    """Content lines, folded at 75 octets and never inside a character."""
    out = []
    for line in lines:
        data = line.encode()
        while len(data) > _LONGEST:
            cut = _LONGEST
            while data[cut] & 0xC0 == 0x80:
                cut -= 1
            out.append(data[:cut])
            data = b" " + data[cut:]
        out.append(data)
    return b"".join(line + b"\r\n" for line in out)
