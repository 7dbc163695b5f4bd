"""Which column of a table is which field of a report, and rows as reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from constat.captures import Draft, Refused
from constat.documents.dates import iso_day
from constat.documents.extract import Context
from constat.documents.reports import FIELDS, make_document
from constat.errors import InputError

# Names that tables give to the fields of a report, in the order in which they are looked for.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "report_id", "uuid", "uri"),
    "text": ("text", "texte", "body", "content", "full_text", "article", "notes", "description", "summary", "message"),
    "title": ("title", "titre", "headline", "subject"),
    "published": ("published", "date", "publication_date", "published_at", "pubdate", "event_date", "created_at"),
    "lang": ("lang", "language", "langue"),
    "publisher": ("publisher", "source", "outlet", "media", "site"),
    "url": ("url", "link", "address", "lien", "source_url"),
}


class Row(msgspec.Struct, frozen=True):
    """A row of a table: its cells, where it stands, and what was odd about reading it."""

    cells: Sequence[object]
    where: str
    flags: tuple[str, ...] = ()


class Columns(msgspec.Struct, frozen=True):
    """For each field of a report the number of its column."""

    places: Mapping[str, int]

    @classmethod
    def of(cls, head: Sequence[object], mapping: Mapping[str, str], name: str) -> Columns:
        """The columns by their names; raises `InputError` if the mapping names none, or no column holds the text."""
        heads = [str(cell or "").strip() for cell in head]
        folded = [h.lower().replace(" ", "_").replace("-", "_") for h in heads]
        places = {}
        for field in FIELDS:
            if field in mapping:
                if mapping[field] not in heads:
                    raise InputError(name, 1, f"there is no column {mapping[field]!r}; there are {_list(heads)}")
                places[field] = heads.index(mapping[field])
                continue
            known = [folded.index(n) for n in _NAMES[field] if n in folded]
            if known:
                places[field] = known[0]
        if "text" not in places:
            raise InputError(
                name, 1, f"no column is known to hold the reports; name it with --map text=COLUMN, of {_list(heads)}"
            )
        return cls(places)


def row_draft(
    columns: Columns, row: Sequence[object], where: str, name: str, flags: tuple[str, ...], context: Context
) -> Draft | Refused:
    """One row as a report, or why it is none; a date that cannot be read is a flag, not a reason to lose the row."""
    cells = {f: str(row[i]).strip() for f, i in columns.places.items() if i < len(row) and row[i] is not None}
    given = cells.get("id") or None
    if not cells.get("text"):
        return Refused(locator=where, cause="the row has no text")
    if said := cells.pop("published", None):
        if day := iso_day(said):
            cells["published"] = day
        else:
            flags = (*flags, f"date not read: {said[:40]}")
    fields = {"id": given or where, "title": None, **{k: v or None for k, v in cells.items() if k != "id"}}
    try:
        document = make_document(fields, name, None, context.known, context.settings, flags)
    except InputError as error:
        return Refused(locator=where, cause=error.cause)
    return Draft(document=document, locator=where, given=given)


def _list(heads: Sequence[str]) -> str:
    return ", ".join(heads[:20]) + (" …" if len(heads) > 20 else "") or "none"
