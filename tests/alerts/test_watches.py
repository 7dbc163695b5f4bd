"""Watches as they are written in settings, quiet hours, areas, and the command."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from looking import KASSALA, report
from typer.testing import CliRunner

from constat.alerts_cli import app
from constat.casebook import Casebook
from constat.errors import SettingsError
from constat.settings import Settings
from constat.watching import Watch

SQUARE = ((10.0, 10.0), (10.0, 20.0), (20.0, 20.0), (20.0, 10.0))


def at(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2024, 5, 3, hour, minute, tzinfo=dt.UTC)


def test_quiet_hours_may_go_over_midnight_and_are_those_of_a_zone() -> None:
    night = Watch(name="w", quiet="22:00-06:30", time_zone="UTC").check()
    assert [night.is_quiet(at(h, m)) for h, m in ((21, 59), (22, 0), (3, 0), (6, 29), (6, 30))] == [
        False, True, True, True, False,
    ]  # fmt: skip
    noon = Watch(name="w", quiet="12:00-13:00", time_zone="Etc/GMT-3").check()
    assert noon.is_quiet(at(9, 30)) and not noon.is_quiet(at(12, 30))
    assert not Watch(name="w").is_quiet(at(3))


@pytest.mark.parametrize(
    ("point", "inside"), [((15, 15), True), ((25, 15), False), ((15, 5), False), ((None, None), False)]
)
def test_an_area_holds_what_lies_in_it(point: tuple[float | None, float | None], inside: bool) -> None:
    assert Watch(name="w", area=SQUARE).holds(*point) is inside


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('name = "w"\ncolour = "red"', "colour"),
        ('name = ""', "a name of 1 to 60"),
        ('name = "w"\nquiet = "25:00-06:00"', "hours such as"),
        ('name = "w"\ntime_zone = "Nowhere/None"', "Africa/Khartoum"),
        ('name = "w"\nsince = "March"', "a day such as"),
        ('name = "w"\narea = [[1, 2], [3, 4]]', "three corners"),
        ('name = "w"\nchannels = []', "name a channel"),
        ('name = "w"\n[[watch]]\nname = "w"', "two"),
    ],
)
def test_a_wrong_watch_is_refused_with_what_would_be_right(written: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"[[watch]]\n{written}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=said):
        Settings.load(path, {})


def test_a_casebook_does_not_choose_where_alerts_go(tmp_path: Path) -> None:
    over = tmp_path / "casebook.toml"
    over.write_text('[[channel]]\nname = "x"\nkind = "atom"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="does not choose where alerts go"):
        Settings.load(None, {}, over)


def test_the_command_notes_raises_tries_dry_and_tells_what_waits(
    book: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[[channel]]\nname = "feed"\nkind = "atom"\npath = "in the way/a.atom"\n', encoding="utf-8")
    monkeypatch.setenv("CONSTAT_SETTINGS", str(own))
    folder = book.folder
    where = ["-C", str(folder)]
    run = CliRunner().invoke
    assert "no [[watch]]" in run(app, ["run", *where]).output
    with (folder / "casebook.toml").open("a", encoding="utf-8") as file:
        file.write('[[watch]]\nname = "all"\nchannels = ["terminal", "feed"]\nwrite_in = "fr"\n')
    assert run(app, ["run", *where]).exit_code == 0
    report(book, tmp_path, "Matin", killed=2, **KASSALA)
    book.close()  # as after an intake: nobody writes
    dry = run(app, ["run", *where, "--dry-run"])
    assert "Kassala, Soudan" in dry.output and "6 mars 2024" in dry.output and dry.exit_code == 0
    (folder / "in the way").write_text("")
    first = run(app, ["run", *where])
    assert first.exit_code == 1 and "[all] Nouveau" in first.stdout and "nothing is lost" in first.output
    assert '"waiting":1' in run(app, ["status", *where, "--json"]).stdout.replace(" ", "")
    (folder / "in the way").unlink()
    again = run(app, ["run", *where, "--retry"])
    assert again.exit_code == 0 and "Nouveau" not in again.stdout
    assert (folder / "in the way" / "a.atom").read_text(encoding="utf-8").count("<entry>") == 1
    assert run(app, ["try", "terminal", *where]).exit_code == 0
    assert "no channel 'pigeon'" in run(app, ["try", "pigeon", *where]).output
