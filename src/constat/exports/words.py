"""An incident in plain sentences, made of its values and nothing else: for formats that hold text for people."""

from __future__ import annotations

from collections.abc import Iterator

from constat.exports.dossier import Dossier
from constat.exports.row import listed, row, toll_words, total
from constat.records import Incident


def headline(dossier: Dossier) -> str:
    """What, where and when in one line."""
    cells = row(dossier)
    what = cells["subtype"] or cells["type"] or "Incident"
    where = cells["place"] or cells["country_name"]
    return ", ".join(part for part in (what, where, cells["date"]) if part)


def summary(dossier: Dossier) -> str:
    """All that is stated, a sentence a line."""
    return "\n".join(_sentences(dossier))


def _sentences(dossier: Dossier) -> Iterator[str]:
    one, cells = dossier.incident, row(dossier)
    kind = cells["type"] if cells["type"] and cells["type"] != cells["subtype"] else None
    when = [cells["date"], f"to the {cells['date_precision']}" if cells["date"] else None, cells["part_of_day"]]
    yield f"{headline(dossier)}{f' ({kind})' if kind else ''}."
    if cells["date"] or cells["part_of_day"]:
        yield f"When: {', '.join(part for part in when if part)}."
    if cells["place"]:
        around = f"within {cells['radius_km']:g} km" if cells["radius_km"] else None
        code = f"precision {cells['place_precision']}" if cells["place_precision"] else None
        unit = (cells["admin1"], cells["country_name"] or cells["country"], cells["place_kind"], around, code)
        yield f"Where: {cells['place']} ({', '.join(part for part in unit if part)})."
    certainty = f" ({cells['perpetrator_certainty']})" if cells["perpetrator_certainty"] else ""
    for label, value in (
        ("By", f"{cells['perpetrator']}{certainty}" if cells["perpetrator"] else None),
        ("Against", cells["target"]),
        ("Claimed by", cells["claimed_by"]),
        ("With", ", ".join(listed(one, "weapons"))),
        ("Killed", _toll(one, "killed")),
        ("Wounded", _toll(one, "wounded")),
        ("Damage", cells["damage"]),
        ("Response", ", ".join(listed(one, "responses"))),
        ("Told by", (cells["voices"] or "").replace(" | ", ", ")),
        ("Citing", ", ".join(listed(one, "sources"))),
    ):
        if value:
            yield f"{label}: {value}."
    if cells["denied"]:
        yield f"Denied by: {cells['denied'].replace(' | ', ', ')}."
    if cells["uncertain"]:
        yield "A report calls it or its toll unconfirmed."
    if cells["rivals"]:
        yield f"Also stated: {cells['rivals'].replace(' | ', '; ')}."
    why = f", {one.information_why}" if one.information_why else ""
    yield f"Credibility {one.information} of 6{why}; one incident with probability {one.confidence:g}."
    for note in one.notes:
        yield f"Note: {note}"


def _toll(one: Incident, name: str) -> str:
    """A toll with its groups; that nothing is stated is said, for it is not zero."""
    toll = total(one, name)
    if toll is None:
        return "not stated"
    groups = [f"{t.group} {toll_words(t)}" for t in one.tolls if t.field == name and t.group]
    return toll_words(toll) + (f"; {', '.join(groups)}" if groups else "")
