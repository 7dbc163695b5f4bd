"""Files made of the incidents that are looked at, the same ones that `constat export` writes; names are covered."""

from __future__ import annotations

import io

import msgspec

from constat.desk.endpoint import Call, Plain
from constat.dossiers import export
from constat.exports import exporter, exporters


class FormatRow(msgspec.Struct, frozen=True):
    """A format that incidents can be written in."""

    name: str
    title: str
    suffix: str


class Formats(msgspec.Struct, frozen=True):
    """All formats."""

    formats: tuple[FormatRow, ...]


def formats(call: Call) -> Formats:
    """The formats that incidents can be written in."""
    return Formats(tuple(FormatRow(name, e.FORMAT.title, e.FORMAT.suffix) for name, e in exporters().items()))


def write(call: Call) -> Plain:
    """The incidents that are asked for, in a format; restricted names are covered."""
    made, out = exporter(call.path["format"]).FORMAT, io.BytesIO()
    call.desk.settle()
    with call.desk.casebook() as book:
        export(book, call.path["format"], out, call.query)
        name = book.folder.resolve().name
    return Plain(out.getvalue(), f"{name}{made.suffix}", made.media_type)
