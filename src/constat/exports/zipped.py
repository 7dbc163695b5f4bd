"""ZIP archives that are the same bytes for the same content: no clock, no file modes of this machine."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from typing import IO

_DAY = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP archive can say


def archive(out: IO[bytes], members: Iterable[tuple[str, bytes]], stored: Iterable[str] = ()) -> None:
    """Write members in their order; those named in `stored` are not compressed."""
    plain = set(stored)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, data in members:
            info = zipfile.ZipInfo(name, _DAY)
            info.external_attr = 0o644 << 16
            info.create_system = 3
            info.compress_type = zipfile.ZIP_STORED if name in plain else zipfile.ZIP_DEFLATED
            packed.writestr(info, data)
    out.write(made.getvalue())


def rezip(data: IO[bytes], out: IO[bytes], edit: Callable[[str, bytes], bytes]) -> None:
    """An archive written anew without its clock, each member as `edit` gives it back."""
    data.seek(0)
    with zipfile.ZipFile(data) as packed:
        archive(out, [(info.filename, edit(info.filename, packed.read(info))) for info in packed.infolist()])
