"""CAP 1.2: a ZIP archive of one alert an incident, a draft until a person has accepted it; without what is rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import IO

from constat.exports.days import bounds, date_of
from constat.exports.dossier import About, Dossier
from constat.exports.formats import atom
from constat.exports.listing import Format
from constat.exports.losses import because
from constat.exports.row import place_of, row, toll_words, total, word
from constat.exports.words import headline, summary
from constat.exports.xml import HEAD, element, tag
from constat.exports.zipped import archive
from constat.records import Incident

REJECTED = "a person has rejected it"
SPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_MANY = 25  # dead from which the severity is extreme
_LIKELIHOOD = {1: "Likely", 2: "Likely", 3: "Possible", 4: "Possible", 5: "Unlikely", 6: "Unknown"}
FORMAT = Format(
    title="CAP",
    suffix=".zip",
    media_type="application/zip",
    lost={fact: why for fact, why in atom.LOST.items() if fact != "review status"}
    | because("an alert has the time of the export", "dates of reports"),
    blurred={fact: why for fact, why in atom.BLURRED.items() if fact != "dates of reports"}
    | because("that of the oldest one", "addresses of reports")
    | because("as `onset`, where the day is known; in sentences in `description`", "date"),
)


def write(dossiers: Iterable[Dossier], out: IO[bytes], about: About) -> Mapping[str, int]:
    """Alerts by the name of their incident, for whoever sends them on."""
    left: Counter[str] = Counter()
    found = []
    for dossier in dossiers:
        if dossier.incident.status == "rejected":
            left[REJECTED] += 1
        else:
            found.append((f"{dossier.incident.id}.xml", alert(dossier, about)))
    archive(out, found)
    return left


def alert(dossier: Dossier, about: About, references: Iterable[str] = ()) -> bytes:
    """One alert; with `references` (`sender,identifier,sent` of earlier ones) it is an update of these."""
    one, earlier = dossier.incident, " ".join(references)
    body = (
        tag("identifier", one.id),
        tag("sender", sender(about)),
        tag("sent", sent(about)),
        tag("status", "Actual" if one.status == "accepted" else "Draft"),
        tag("msgType", "Update" if earlier else "Alert"),
        tag("source", about.title),
        tag("scope", "Public"),
        tag("references", earlier),
        tag("incidents", dossier.root),
        _info(dossier),
    )
    return (HEAD + element("alert", *body, xmlns=SPACE) + "\n").encode()


def sender(about: About) -> str:
    """Who sends; CAP allows neither blanks nor commas in it."""
    return f"constat:{about.casebook or 'casebook'}"


def sent(about: About) -> str:
    """The time, with an offset instead of the `Z` that CAP does not know."""
    return about.time.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _info(dossier: Dossier) -> str:
    one, days = dossier.incident, bounds(date_of(dossier.incident.field("date")))
    known = days is not None and days[0] == days[1]
    certain = "Observed" if one.status == "accepted" else _LIKELIHOOD.get(one.information, "Unknown")
    kinds = [kind for name in ("type", "subtype") if (kind := word(one, name))]
    values = {"type": ": ".join(kinds)} | {
        name: toll_words(toll) for name in ("killed", "wounded") if (toll := total(one, name))
    }
    return element(
        "info",
        tag("language", "en"),
        tag("category", "Security"),
        tag("event", kinds[-1] if kinds else "Incident"),
        tag("urgency", "Past"),
        tag("severity", _severity(one)),
        tag("certainty", certain),
        tag("onset", f"{days[0].isoformat()}T00:00:00+00:00" if days and known else None),
        tag("senderName", "Constat"),
        tag("headline", headline(dossier)),
        tag("description", summary(dossier)),
        tag("web", next(iter(dossier.links), None)),
        *(element("parameter", tag("valueName", name), tag("value", value)) for name, value in values.items() if value),
        _area(dossier),
    )


def _severity(one: Incident) -> str:
    """By what is stated of people; nothing stated is unknown, not minor."""
    killed, wounded = total(one, "killed"), total(one, "wounded")
    if killed is None and wounded is None:
        return "Unknown"
    dead = 0 if killed is None else killed.low if killed.best is None else killed.best
    if dead or (killed and killed.high is None):
        return "Extreme" if dead >= _MANY else "Severe"
    return "Moderate" if wounded and wounded.high != 0 else "Minor"


def _area(dossier: Dossier) -> str:
    cells, place = row(dossier), place_of(dossier.incident)
    where = ", ".join(part for part in (cells["place"], cells["admin1"], cells["country_name"]) if part)
    if not where:
        return ""
    circle = None
    if place and place.lat is not None and place.lon is not None:
        circle = tag("circle", f"{place.lat},{place.lon} {place.radius_km or 0:g}")
    code = cells["country"]
    geocode = element("geocode", tag("valueName", "ISO 3166-1"), tag("value", code)) if code else ""
    return element("area", tag("areaDesc", where), circle or "", geocode)
