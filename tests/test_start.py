"""How the program starts: no more is loaded than the command needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from constat import start
from constat.reading_cli import app


def loaded(*arguments: str) -> tuple[int, set[str]]:
    """The exit status of a command, and the modules that it loaded."""
    program = (
        "import sys, constat.start\n"
        f"sys.argv = ['constat', *{list(arguments)!r}]\n"
        "try:\n    constat.start.main()\nexcept SystemExit as ended:\n"
        "    print('\\n', ended.code, *sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    code, *modules = done.stderr.splitlines()[-1].split()
    return int(code), set(modules)


def test_the_commands_that_start_by_themselves_are_those_that_read() -> None:
    assert set(start._READING) == {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}


def test_reading_loads_no_other_command(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Two soldiers were killed by a mine near Gao on Monday.", encoding="utf-8")
    code, modules = loaded("read", "--json", str(tmp_path / "a.txt"))
    assert code == 0
    assert "constat.pipeline" in modules
    assert not modules & {"constat.cli", "constat.desk_cli", "constat.casebook", "trafilatura"}


def test_help_and_a_wrong_argument_load_no_reader() -> None:
    for arguments, expected in ((("read", "--help"), 0), (("read", "--nonsense"), 2)):
        code, modules = loaded(*arguments)
        assert code == expected
        assert not modules & {"constat.pipeline", "constat.gazetteer", "constat.packs"}


def test_every_other_command_is_there() -> None:
    code, modules = loaded("--help")
    assert code == 0 and "constat.cli" in modules
