"""Old place indexes do not pile up, and none that is in use is lost."""

from __future__ import annotations

import os
import time
from pathlib import Path

from constat.gazetteer.kept import forget_unused, used

DAY = 86_400


def index(folder: Path, name: str, days: float) -> Path:
    """An index, and its lock, that was last used some days ago."""
    path = folder / f"gazetteer-{name}.sqlite"
    path.write_bytes(b"index")
    path.with_suffix(".lock").touch()
    then = time.time() - days * DAY
    os.utime(path, (then, then))
    return path


def test_what_nobody_opened_for_a_month_goes(tmp_path: Path) -> None:
    old, recent, made = index(tmp_path, "a", 31), index(tmp_path, "b", 29), index(tmp_path, "c", 0)
    other = tmp_path / "pack-en-1.pickle"
    other.touch()
    os.utime(other, (0, 0))
    assert forget_unused(made) == [old]
    assert sorted(tmp_path.iterdir()) == sorted(
        (recent, recent.with_suffix(".lock"), made, made.with_suffix(".lock"), other)
    )


def test_one_that_is_opened_stays(tmp_path: Path) -> None:
    old, made = index(tmp_path, "a", 31), index(tmp_path, "b", 0)
    used(old)
    assert forget_unused(made) == [] and old.exists()


def test_the_one_just_made_stays_whatever_its_date(tmp_path: Path) -> None:
    made = index(tmp_path, "a", 400)
    assert forget_unused(made) == [] and made.exists()


def test_a_folder_that_is_gone_is_no_error(tmp_path: Path) -> None:
    used(tmp_path / "none" / "gazetteer-a.sqlite")
    assert forget_unused(tmp_path / "none" / "gazetteer-a.sqlite") == []
