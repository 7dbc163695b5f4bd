"""ACLED's 31 columns. What it has no column for stands in `notes`, in sentences made of the values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import IO, Any

from constat.countries import country
from constat.exports.cells import write_csv
from constat.exports.days import bounds, date_of
from constat.exports.dossier import About, Dossier
from constat.exports.listing import Format
from constat.exports.losses import BEHIND, CLAIMS, because
from constat.exports.people import DATA, actor
from constat.exports.row import place_of, total, voice_name, word
from constat.exports.words import summary
from constat.tables import read_toml

COLUMNS = (
    *("event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type"),
    *("actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting"),
    *("iso", "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision"),
    *("source", "source_scale", "notes", "fatalities", "tags", "timestamp"),
)
_TIME = {"hour": 1, "part of day": 1, "day": 1, "week": 2, "month": 3, "year": 3}
_PLACE = {1: 1, 2: 2, 3: 2}  # from UCDP's where_prec; what is wider is a region: 3
FORMAT = Format(
    title="ACLED",
    suffix=".csv",
    media_type="text/csv",
    lost=because("no column", *CLAIMS, *BEHIND, "quotes", "ties", "review status")
    | because("no column", "titles of reports", "addresses of reports"),
    blurred=because("in sentences in `notes`", "part of day", "kind of place", "radius", "weapons", "claimed by")
    | because("in sentences in `notes`", "certainty of the perpetrator", "killed by group", "range of killed")
    | because("in sentences in `notes`; ACLED counts no wounded", "wounded", "range of wounded", "wounded by group")
    | because("in sentences in `notes`", "damage", "responses", "doubt", "cited sources", "grades of voices")
    | because("in sentences in `notes`", "credibility", "confidence", "notes", "denials", "rival values")
    | because("as 1 to 3", "date precision", "precision of the place")
    | because("as the time stamp only", "dates of reports")
    | because("as one figure, the lowest where no figure is stated", "killed"),
    empty=("assoc_actor_1", "admin2", "admin3", "source_scale", "tags"),
)


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """The columns in ACLED's order; fatalities that are not stated stay empty, where ACLED would write 0."""
    write_csv(out, [COLUMNS], ([coded[name] for name in COLUMNS] for coded in (_coded(d, about) for d in dossiers)))
    return {}


def _coded(dossier: Dossier, about: About) -> dict[str, Any]:
    one = dossier.incident
    place, date = place_of(one), date_of(one.field("date"))
    days = bounds(date)
    code = word(one, "country") or (place.country if place else None)
    where = country(code)
    kind, subkind = word(one, "type"), word(one, "subtype")
    terms = _terms()
    killed = total(one, "killed")
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= _sides(dossier, code, days[0].isoformat() if days else None, about)
    row |= {
        "event_id_cnty": f"{code or 'XXX'}{int(one.id[:12], 16)}",
        "event_date": days[0].isoformat() if days else None,
        "year": days[0].year if days else None,
        "time_precision": _TIME.get(date.precision) if date and days else None,
        "disorder_type": terms["disorder"].get(subkind) or terms["disorder"].get(kind),
        "event_type": kind,
        "sub_event_type": subkind,
        "iso": where.number if where else None,
        "region": where.acled_region if where else None,
        "country": where.acled if where else None,
        "admin1": word(one, "admin1") or (place.admin1 if place else None),
        "location": place.name if place else None,
        "latitude": place.lat if place else None,
        "longitude": place.lon if place else None,
        "geo_precision": _PLACE.get(place.precision or 6, 3) if place and place.lat is not None else None,
        "source": "; ".join(voice_name(voice.name) for voice in one.voices),
        "notes": summary(dossier).replace("\n", " "),
        "fatalities": None if killed is None else killed.low if killed.best is None else killed.best,
        "timestamp": _seconds(dossier),
    }
    return row


def _sides(dossier: Dossier, code: str | None, date: str | None, about: About) -> dict[str, Any]:
    """Who did it to whom, with ACLED's names where the register has them."""
    one, terms = dossier.incident, _terms()
    kinds = [word(one, "subtype"), word(one, "type")]
    where = country(code)
    label = f" ({where.acled})" if where else ""

    def side(name: str | None, given: str | None) -> tuple[str | None, str | None]:
        known = actor(name, code, date, about.overlays) if name else None
        if known is None:
            return (f"{given}{label}", given) if given else (name, None)
        inter = terms["inter"].get(known.kind)
        if known.kind in terms["state"] and code and known.countries and code not in known.countries:
            inter = terms["external"]
        return known.acled or known.name, inter

    first = next((terms["first"][k] for k in kinds if k in terms["first"]), None)
    second = next((terms["second"][k] for k in kinds if k in terms["second"]), None)
    perpetrator, target = word(one, "perpetrator"), word(one, "target")
    actor1, inter1 = side(perpetrator, first if perpetrator is None or first else None)
    actor2, inter2 = (f"{second}{label}", second) if second else side(target, None)
    found = sorted((i for i in (inter1, inter2) if i), key=terms["order"].index)
    return {
        "actor1": actor1,
        "inter1": inter1,
        "actor2": actor2,
        "inter2": inter2,
        "assoc_actor_2": target if second else None,
        "interaction": "-".join(found) if len(found) == 2 else f"{found[0]} only" if found else None,
        "civilian_targeting": "Civilian targeting" if second else None,
    }


@lru_cache(maxsize=1)
def _terms() -> dict[str, Any]:
    return read_toml(DATA / "acled.toml")


def _seconds(dossier: Dossier) -> int | None:
    day = dossier.changed
    return int(dt.datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp()) if day else None
