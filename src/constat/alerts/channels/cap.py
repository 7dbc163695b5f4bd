"""CAP 1.2 files in a folder, one an alert: updates and cancellations name the earlier ones; drafts until accepted."""

from __future__ import annotations

from pathlib import Path

import msgspec

from constat.alerts.alert import Alert
from constat.alerts.channels import Context
from constat.alerts.writing import replace
from constat.exports.formats.cap import SPACE
from constat.exports.xml import HEAD, element, tag
from constat.phrasing import where

_MANY = 25  # dead from which the severity is extreme
_LIKELIHOOD = {1: "Likely", 2: "Likely", 3: "Possible", 4: "Possible", 5: "Unlikely", 6: "Unknown"}


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`path`: the folder, from that of the casebook on; `sender` as CAP wants it, without blanks and commas."""

    path: str = "alerts-cap"
    sender: str = ""

    def check(self) -> Options:
        """The channel itself."""
        return self

    def targets(self) -> tuple[str, ...]:
        """The one folder."""
        return ("",)

    def send(self, alert: Alert, target: str, context: Context) -> None:
        """Write the file of the alert."""
        replace(context.folder / Path(self.path).expanduser() / f"{alert.id}.xml", self._xml(alert, context).encode())

    def renew(self, context: Context) -> None:
        """Take away the files of alerts whose words were forgotten."""
        known = {f"{alert.id}.xml" for alert in context.sent}
        folder = context.folder / Path(self.path).expanduser()
        for path in folder.glob("*.xml"):
            if path.name not in known and len(path.stem) == 32:
                path.unlink()

    def _xml(self, alert: Alert, context: Context) -> str:
        sender = "".join((self.sender or f"constat:{alert.casebook}").replace(",", "").split())
        sent = {one.id: _time(one.at) for one in context.sent}
        earlier = " ".join(f"{sender},{id},{sent[id]}" for id in alert.earlier if id in sent)
        kind = "Cancel" if alert.kind in ("merged", "withdrawn") else "Update"
        return (
            HEAD
            + element(
                "alert",
                tag("identifier", alert.id),
                tag("sender", sender),
                tag("sent", _time(alert.at)),
                tag("status", "Actual" if alert.standing.status == "accepted" else "Draft"),
                tag("msgType", kind if earlier else "Alert"),
                tag("source", alert.watch),
                tag("scope", "Public"),
                tag("references", earlier),
                tag("incidents", alert.thread),
                _info(alert),
                xmlns=SPACE,
            )
            + "\n"
        )


def _time(at: str) -> str:
    return at[:19] + "+00:00"


def _info(alert: Alert) -> str:
    stands, said = alert.standing, alert.words
    date = stands.date.value if stands.date and stands.date.precision in ("day", "hour", "part of day") else None
    certain = "Observed" if stands.status == "accepted" else _LIKELIHOOD.get(stands.information, "Unknown")
    return element(
        "info",
        tag("language", alert.lang),
        tag("category", "Security"),
        tag("event", said.named("type", stands.subtype or stands.type) or said("say.incident")),
        tag("urgency", "Past"),
        tag("severity", _severity(alert)),
        tag("certainty", certain),
        tag("onset", f"{date}T00:00:00+00:00") if date and len(date) == 10 else "",
        tag("senderName", "Constat"),
        tag("headline", alert.subject),
        tag("description", alert.text()),
        tag("web", next((r.url for r in alert.reports if r.url), None)),
        _area(alert),
    )


def _severity(alert: Alert) -> str:
    """By what is stated of people; nothing stated is unknown, not minor."""
    killed, wounded = alert.standing.killed, alert.standing.wounded
    if killed is None and wounded is None:
        return "Unknown"
    if alert.killed or (killed and killed.high is None):
        return "Extreme" if (alert.killed or 0) >= _MANY else "Severe"
    return "Moderate" if wounded and wounded.high != 0 else "Minor"


def _area(alert: Alert) -> str:
    stands = alert.standing
    place = where(stands, alert.words)
    if not place:
        return ""
    point = stands.lat is not None and stands.lon is not None
    circle = tag("circle", f"{stands.lat},{stands.lon} {stands.radius_km or 0:g}") if point else ""
    return element("area", tag("areaDesc", place), circle)
