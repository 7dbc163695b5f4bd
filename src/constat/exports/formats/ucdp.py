"""UCDP GED's 49 columns. GED counts only what kills, so that incidents without a stated death are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from constat.actors import Actor
from constat.countries import country
from constat.exports.cells import write_csv
from constat.exports.days import bounds, date_of
from constat.exports.dossier import About, Dossier
from constat.exports.geometry import priogrid, wkt
from constat.exports.listing import Format
from constat.exports.losses import BEHIND, CLAIMS, because
from constat.exports.row import listed, place_of, total, voice_name, word
from constat.exports.sides import STATE, Sides, deaths, sides
from constat.records import Document, FusedToll

COLUMNS = (
    *("id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id"),
    *("conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a"),
    *("side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office"),
    *("source_date", "source_headline", "source_original", "where_prec", "where_coordinates", "where_description"),
    *("adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region"),
    *("event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians"),
    *("deaths_unknown", "best", "high", "low", "gwnoa", "gwnob"),
)
EMPTY = (
    *("active_year", "conflict_dset_id", "conflict_new_id", "conflict_name", "dyad_dset_id", "dyad_new_id"),
    *("side_a_dset_id", "side_a_new_id", "side_b_dset_id", "side_b_new_id", "adm_2"),
)
NO_DEATH = "no death is stated; GED holds lethal events alone"
NO_DATE = "no date is known"
_DAYS = ((1, 1), (6, 2), (7, 3), (31, 4))  # most days, date_prec; more: 5
FORMAT = Format(
    title="UCDP GED",
    suffix=".csv",
    media_type="text/csv",
    lost=because(
        "no column",
        *CLAIMS,
        *BEHIND,
        "quotes",
        "ties",
        "notes",
        "denials",
        "rival values",
        "part of day",
        "kind of place",
    )
    | because("GED counts no wounded", "wounded", "range of wounded", "wounded by group")
    | because(
        "no column", "kind of place", "certainty of the perpetrator", "claimed by", "weapons", "damage", "responses"
    )
    | because("no column", "grades of voices", "credibility", "confidence"),
    blurred=because("as type of violence: state-based, non-state, one-sided", "type", "sub-type")
    | because("as `date_prec`, by its span", "date precision")
    | because("as `event_clarity` 2", "doubt")
    | because("in `where_description`", "radius")
    | because("by side: a, b, civilians, unknown", "killed by group")
    | because("as `code_status`: Clear once accepted, else Check", "review status"),
    empty=EMPTY,
)


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """The columns in GED's order, for each incident that killed someone on a known date."""
    left: Counter[str] = Counter()

    def rows() -> Iterator[list[Any]]:
        for dossier in dossiers:
            killed = total(dossier.incident, "killed")
            if killed is None or killed.high == 0:
                left[NO_DEATH] += 1
            elif bounds(date_of(dossier.incident.field("date"))) is None:
                left[NO_DATE] += 1
            else:
                coded = _coded(dossier, killed, about)
                yield [coded[name] for name in COLUMNS]

    write_csv(out, [COLUMNS], rows())
    return left


def _coded(dossier: Dossier, killed: FusedToll, about: About) -> dict[str, Any]:
    one = dossier.incident
    place, date = place_of(one), date_of(one.field("date"))
    days = bounds(date)
    assert days is not None  # `write` left out what has none
    span = (days[1] - days[0]).days + 1
    code = word(one, "country") or (place.country if place else None)
    where = country(code)
    lat, lon = (place.lat, place.lon) if place else (None, None)
    documents = dossier.documents
    best = killed.low if killed.best is None else killed.best
    found = sides(dossier, code, days[0].isoformat(), about)
    relation = f"{code or 'XXX'}-{days[0].year}-{found.violence or 0}-{one.id[:8]}"
    a, b = (_named(found.a, found.first), _named(found.b, found.second))
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= _states(found) | deaths(one, found, best)
    row |= {
        "id": int(one.id[:12], 16),
        "relid": relation,
        "year": days[0].year,
        "code_status": "Clear" if one.status == "accepted" else "Check",
        "type_of_violence": found.violence,
        "dyad_name": f"{a} - {b}" if a and b else None,
        "side_a": a,
        "side_b": b,
        "number_of_sources": len(one.voices),
        "source_article": ";".join(_article(d) for d in documents),
        "source_office": ";".join(voice_name(v.name) for v in one.voices),
        "source_date": ";".join(d.published[:10] for d in documents if d.published),
        "source_headline": ";".join(d.title for d in documents if d.title),
        "source_original": ";".join(listed(one, "sources")),
        "where_prec": place.precision if place else None,
        "where_coordinates": place.name if place else None,
        "where_description": f"{place.name}, within {place.radius_km:g} km" if place and place.radius_km else None,
        "adm_1": word(one, "admin1") or (place.admin1 if place else None),
        "latitude": lat,
        "longitude": lon,
        "geom_wkt": wkt(lat, lon) if lat is not None and lon is not None else None,
        "priogrid_gid": priogrid(lat, lon) if lat is not None and lon is not None else None,
        "country": where.ucdp if where else None,
        "country_id": where.gw if where else None,
        "region": where.ucdp_region if where else None,
        "event_clarity": 2 if span > 1 or ((f := one.field("uncertain")) and f.value is True) else 1,
        "date_prec": next((code for most, code in _DAYS if span <= most), 5),
        "date_start": f"{days[0].isoformat()} 00:00:00.000",
        "date_end": f"{days[1].isoformat()} 00:00:00.000",
        "best": best,
        "low": killed.low,
        "high": best if killed.high is None else killed.high,
    }
    return row


def _named(told: str | None, known: Actor | None) -> str | None:
    """A side by UCDP's own name where the register has it, else as it is told."""
    return (known.ucdp if known else "") or told


def _states(found: Sides) -> dict[str, int | None]:
    """Gleditsch-Ward numbers of sides that are states."""
    numbers: dict[str, int | None] = {}
    for column, side in (("gwnoa", found.first), ("gwnob", found.second)):
        state = country(side.countries[0]) if side and side.kind in STATE and len(side.countries) == 1 else None
        numbers[column] = state.gw if state else None
    return numbers


def _article(document: Document) -> str:
    parts = (document.publisher or voice_name(document.id), document.published, document.title, document.url)
    return '"' + ",".join(part for part in parts if part) + '"'
