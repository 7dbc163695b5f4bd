"""The index as a wheel ships it (`make wheel`): packed beside the tables, under the hash of what it is built from."""

from __future__ import annotations

import lzma
import os
import shutil
import tempfile
from pathlib import Path

from constat.errors import GazetteerError
from constat.gazetteer.tables import DATA

_SUFFIX = ".xz"
_PRESET = 3  # 211 MB become 62 MB, unpacked in four seconds; with gzip they are 89 MB, unpacked in two


def packed(path: Path, folder: Path = DATA) -> Path:
    """The file that an index of this name is packed in, whether or not it is there."""
    return folder / f"{path.name}{_SUFFIX}"


def pack(path: Path, folder: Path = DATA) -> Path:
    """Pack an index, in place of any other that the folder holds."""
    into = packed(path, folder)
    aside = into.with_suffix(".part")
    with path.open("rb") as source, lzma.open(aside, "wb", preset=_PRESET) as out:
        shutil.copyfileobj(source, out, 1 << 20)
    for other in folder.glob(f"*.sqlite{_SUFFIX}"):
        other.unlink()
    os.replace(aside, into)
    return into


def unpack(path: Path, folder: Path = DATA) -> bool:
    """Unpack an index that was shipped, aside first and then renamed; False where none of this name was.

    Raises `GazetteerError` where it is damaged or the disk is full.
    """
    source = packed(path, folder)
    if not source.exists():
        return False
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    aside = Path(name)
    try:
        with lzma.open(source) as held, os.fdopen(handle, "wb") as out:
            shutil.copyfileobj(held, out, 1 << 20)
        os.chmod(aside, 0o644)
        os.replace(aside, path)
    except (lzma.LZMAError, EOFError, OSError) as error:
        raise GazetteerError(
            f"{source}: the place index that was shipped cannot be unpacked to {path} ({error}); free some disk, or "
            "delete the file, and the index is built instead"
        ) from error
    finally:
        aside.unlink(missing_ok=True)
    return True
