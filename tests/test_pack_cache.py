"""Compiled packs in the cache: the same pack, made anew when anything changes or the file is not to be trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from constat import pack_cache
from constat.pack_cache import cached_pack
from constat.packs import load_pack


def test_a_kept_pack_is_the_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = cached_pack("fr", (), tmp_path)
    monkeypatch.setattr(pack_cache, "load_pack", lambda *_: pytest.fail("it was compiled again"))
    kept = cached_pack("fr", (), tmp_path)
    text = "Deux soldats ont été tués par une mine près de Gossi."
    assert kept.digest == made.digest == load_pack("fr").digest
    assert kept.sentences(text, "text", 0, None) == made.sentences(text, "text", 0, None)


@pytest.mark.parametrize("damage", ["cut", "writable"])
def test_a_file_not_to_be_trusted_is_made_anew(tmp_path: Path, damage: str) -> None:
    digest = cached_pack("fr", (), tmp_path).digest
    (kept,) = tmp_path.glob("pack-fr-*.pickle")
    if damage == "cut":
        kept.write_bytes(kept.read_bytes()[:1000])
    else:
        kept.chmod(0o666)
    assert cached_pack("fr", (), tmp_path).digest == digest
    (made,) = tmp_path.glob("pack-fr-*.pickle")
    assert made.stat().st_size > 1000
    assert not made.stat().st_mode & 0o022


def test_an_overlay_makes_another_pack_and_the_old_file_goes(tmp_path: Path) -> None:
    overlay, cache = tmp_path / "own", tmp_path / "cache"
    (overlay / "fr").mkdir(parents=True)
    table = "phrase\tinflect\ttag\tkey\texample\nbidulard\t\tPPL\tpeople\tUn bidulard passe.\n"
    (overlay / "fr" / "people.tsv").write_text(table, encoding="utf-8")
    plain = cached_pack("fr", (), cache)
    own = cached_pack("fr", (overlay,), cache)
    assert plain.digest != own.digest
    assert len(list(cache.glob("pack-fr-*.pickle"))) == 1
