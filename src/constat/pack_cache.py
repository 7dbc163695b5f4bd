"""Compiled packs, kept in the user's cache folder by the hash of all that made them: tables, ontology, code, Python.

The file is Python's own pickle, as trusted as its byte code: it is read only if the user owns it and
no one else may write it.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from constat.packs import LANGUAGES, ONTOLOGY, Pack, load_pack

_ROOT = Path(__file__).parent
_CODE = ("packs.py", "lexicon.py", "grammar.py", "patterns.py", "text.py", "tables.py", "folding.py", "actors.py")


def cached_pack(code: str, overlays: Sequence[Path], cache: Path) -> Pack:
    """The pack of a language, from the cache if it was compiled before; raises `PackError` like `load_pack`."""
    if not hasattr(os, "getuid"):
        return load_pack(code, overlays)  # nobody's ownership can be told here
    path = cache / f"pack-{code}-{_key(code, overlays)}.pickle"
    kept = _read(path)
    if kept is not None:
        return kept
    pack = load_pack(code, overlays)
    with contextlib.suppress(OSError):  # a cache that cannot be written costs time, nothing else
        _write(path, pack)
    return pack


def is_cached(code: str, overlays: Sequence[Path], cache: Path) -> bool:
    """Whether the pack of a language was compiled before, as it is now."""
    return (cache / f"pack-{code}-{_key(code, overlays)}.pickle").is_file()


def _key(code: str, overlays: Sequence[Path]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    folders = [LANGUAGES / code, ONTOLOGY, *(o / part for o in overlays for part in (code, "ontology"))]
    for path in (*(_ROOT / name for name in _CODE), *(p for folder in folders for p in sorted(folder.rglob("*")))):
        if path.is_file():
            digest.update(str(path).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:20]


def _read(path: Path) -> Pack | None:
    try:
        stat = path.stat()
        if stat.st_uid != os.getuid() or stat.st_mode & 0o022:
            return None
        with _no_collection():
            kept = pickle.loads(path.read_bytes())
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, TypeError, ValueError):
        return None
    return kept if isinstance(kept, Pack) else None


def _write(path: Path, pack: Pack) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix="pack-", suffix=".new")
    with os.fdopen(handle, "wb") as file:
        file.write(pickle.dumps(pack, protocol=5))
    os.replace(aside, path)
    for old in path.parent.glob(f"pack-{pack.code}-*.pickle"):
        if old != path:
            old.unlink(missing_ok=True)


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Nothing that loading makes is garbage; looking for some takes half the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
