"""A brief as PDF, by WeasyPrint, which knows Arabic letters and pages and asks the network for nothing."""

from __future__ import annotations

from typing import Any

from constat.briefs.brief import Brief
from constat.briefs.html import html
from constat.errors import MissingExtraError


def pdf(brief: Brief) -> bytes:
    """The pages; raises `MissingExtraError`."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:  # OSError: the package is there and Pango is not
        raise MissingExtraError("brief", f"WeasyPrint and Pango ({error})", "brief") from error

    def refused(url: str, *_: Any, **__: Any) -> Any:
        raise ValueError(f"{url}: a brief needs nothing from outside")

    made: bytes = HTML(string=html(brief), url_fetcher=refused).write_pdf()
    return made
