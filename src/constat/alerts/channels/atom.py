"""An Atom feed in a file, for feed readers: an entry an alert, updates in reply to the first one (RFC 4685)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath

import msgspec

from constat import __version__
from constat.alerts.alert import Alert
from constat.alerts.channels import Context
from constat.alerts.writing import replace
from constat.exports.dossier import About
from constat.exports.xml import HEAD, element, tag

_SPACES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss" '
    'xmlns:thr="http://purl.org/syndication/thread/1.0"'
)
_NAMES = About()


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`path` from the folder of the casebook on; `entries`: the newest so many stay in the feed."""

    path: str = "alerts.atom"
    title: str = "Alerts"
    entries: int = 200

    def check(self) -> Options:
        """The channel itself."""
        return self

    def targets(self) -> tuple[str, ...]:
        """The one file."""
        return ("",)

    def send(self, alert: Alert, target: str, context: Context) -> None:
        """Write the feed with the alert in it, once however often it is sent."""
        known = [a for a in context.sent if a.id != alert.id]
        self._write([*known, alert], context.folder, alert.casebook)

    def renew(self, context: Context) -> None:
        """Write the feed of what is still known."""
        if (context.folder / Path(self.path).expanduser()).exists():
            self._write(context.sent, context.folder, context.sent[0].casebook if context.sent else "")

    def _write(self, alerts: Sequence[Alert], folder: Path, casebook: str) -> None:
        newest = list(alerts)[-self.entries :][::-1]
        head = (
            tag("id", _NAMES.urn(f"alerts of {casebook} at {PurePath(self.path).name}")),
            tag("title", self.title),
            tag("updated", newest[0].at if newest else "1970-01-01T00:00:00Z"),
            element("author", tag("name", "Constat")),
            tag("generator", "Constat", version=__version__),
        )
        feed = "\n".join((*head, *map(_entry, newest)))
        replace(folder / Path(self.path).expanduser(), f"{HEAD}<feed {_SPACES}>\n{feed}\n</feed>\n".encode())


def _entry(alert: Alert) -> str:
    stands = alert.standing
    links = [r.url for r in alert.reports if r.url]
    return element(
        "entry",
        tag("id", _NAMES.urn(f"alert {alert.id}")),
        tag("title", alert.subject),
        tag("updated", alert.at),
        tag("thr:in-reply-to", ref=_NAMES.urn(f"alert {alert.earlier[0]}")) if alert.earlier else "",
        *(tag("link", rel="related" if n else "alternate", href=url) for n, url in enumerate(links)),
        tag("category", term=alert.kind),
        tag("category", term=stands.subtype) if stands.subtype else "",
        tag("content", alert.text(), type="text", xml_lang=alert.lang),
        tag("georss:point", f"{stands.lat} {stands.lon}") if stands.lat is not None and stands.lon is not None else "",
    )
