"""The front end's sources: types hold, and nothing in them reaches for markup or another host."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "desk"
FILES = sorted((ROOT / "src").glob("*.ts*"))


def test_types_hold() -> None:
    compiler = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
    if not compiler.is_file() or shutil.which("node") is None:
        pytest.skip("Node or the front end's packages are not there (`make desk`): ITS TYPES ARE NOT CHECKED")
    done = subprocess.run(
        ["node", str(compiler), "--noEmit"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_no_text_becomes_markup_and_no_other_host_is_named(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySet|\beval\(|new Function", text
    )
    assert not re.findall(r"https?://(?!\\S|…)[\w.-]+\.\w+", text.replace("https://github.com", ""))


def test_no_file_is_long() -> None:
    for file in (*FILES, *(ROOT / "style").glob("*.css")):
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 400, file.name
