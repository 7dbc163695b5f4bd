"""One member of an office document, which is a ZIP archive, within limits."""

from __future__ import annotations

import zipfile

from constat.captures import Kept
from constat.errors import InputError, LimitError
from constat.settings import Settings


def members(kept: Kept, wanted: tuple[str, ...], settings: Settings) -> dict[str, bytes]:
    """The members of these names that are there; raises `InputError` for a broken archive or one over the limits."""
    found, left = {}, settings.max_page_bytes
    try:
        with zipfile.ZipFile(kept.path) as archive:
            if len(archive.infolist()) > settings.max_archive_members:
                raise LimitError(kept.name, None, "more members than `max_archive_members`")
            for info in archive.infolist():
                if info.filename in wanted:
                    with archive.open(info) as file:
                        data = file.read(left + 1)
                    if len(data) > left:
                        raise LimitError(kept.name, None, f"{info.filename} unpacks to more than `max_page_bytes`")
                    left -= len(data)
                    found[info.filename] = data
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError) as error:
        raise InputError(kept.name, None, f"a broken or locked office document: {error}") from error
    except Exception as error:
        if type(error).__module__ in ("zlib", "_lzma", "_bz2"):
            raise InputError(kept.name, None, f"a broken office document: {error}") from error
        raise
    return found
