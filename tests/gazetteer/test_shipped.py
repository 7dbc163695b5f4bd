"""An index that a wheel ships is unpacked on first use; without one, or with another's, the index is built."""

from __future__ import annotations

from pathlib import Path

import pytest

from constat.errors import GazetteerError
from constat.gazetteer import Gazetteer, index, shipped


@pytest.fixture
def made(tmp_path: Path) -> Path:
    path = tmp_path / "gazetteer-0123456789ab.sqlite"
    path.write_bytes(b"an index" * 1000)
    return path


def test_what_is_packed_is_unpacked_to_the_byte(made: Path, tmp_path: Path) -> None:
    before = made.read_bytes()
    held = shipped.pack(made, tmp_path)
    assert held.stat().st_size < len(before) / 10
    made.unlink()
    assert shipped.unpack(made, tmp_path)
    assert made.read_bytes() == before and not list(tmp_path.glob("*.part"))


def test_one_of_other_tables_is_not_taken(made: Path, tmp_path: Path) -> None:
    shipped.pack(made, tmp_path)
    other = tmp_path / "gazetteer-ba9876543210.sqlite"
    assert not shipped.unpack(other, tmp_path) and not other.exists()
    other.write_bytes(b"another")
    shipped.pack(other, tmp_path)
    assert [path.name for path in tmp_path.glob("*.xz")] == [f"{other.name}.xz"]


def test_a_damaged_one_says_what_to_do(made: Path, tmp_path: Path) -> None:
    held = shipped.pack(made, tmp_path)
    held.write_bytes(held.read_bytes()[:60])
    made.unlink()
    with pytest.raises(GazetteerError, match="delete the file, and the index is built"):
        shipped.unpack(made, tmp_path)
    assert not made.exists() and not list(tmp_path.glob("*.part"))


def test_opening_unpacks_rather_than_builds(
    gazetteer: Gazetteer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def unpack(path: Path) -> bool:
        asked.append(path)
        path.symlink_to(gazetteer.path)
        return True

    monkeypatch.setenv("CONSTAT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(index, "unpack", unpack)
    monkeypatch.setattr(index, "build", None)
    assert Gazetteer.open().digest == gazetteer.digest
    assert asked == [Gazetteer.open().path]
