"""Fetches a country's official GeoNames dump; a broken download goes on where it stopped."""

from __future__ import annotations

import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

from constat.errors import GazetteerError

ADDRESS = "https://download.geonames.org/export/dump/{code}.zip"
_BLOCK = 1 << 16  # bytes
_PATIENCE = 30  # seconds without an answer


def dump(code: str, folder: Path, progress: Callable[[int, int], None], address: str = ADDRESS) -> Path:
    """The dump of a country of two letters, kept in a folder; `progress` is told bytes had and bytes in all."""
    path, part = folder / f"{code}.zip", folder / f"{code}.zip.part"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(address.format(code=code), headers={"Range": f"bytes={have}-"} if have else {})
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
            if have and answer.status != 206:  # the server sends the whole
                have = 0
            whole = have + int(answer.headers.get("Content-Length") or 0)
            with part.open("ab" if have else "wb") as out:
                while block := answer.read(_BLOCK):
                    out.write(block)
                    have += len(block)
                    progress(have, whole)
            if whole > have and answer.headers.get("Content-Length"):  # reading by blocks does not tell a cut line
                raise OSError(f"the line broke after {have:,} of {whole:,} bytes")
    except (urllib.error.URLError, OSError) as error:
        raise GazetteerError(
            f"{request.full_url}: {error}; what came is kept, run it again to go on, "
            f"or fetch {code}.zip elsewhere and use --geonames"
        ) from error
    if not zipfile.is_zipfile(part):
        part.unlink()
        raise GazetteerError(f"{request.full_url}: what came is no zip file; is {code} a country of two letters?")
    part.replace(path)
    return path
