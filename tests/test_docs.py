"""The pages say what the program does: every command, option, field, setting and exit code."""

from __future__ import annotations

import importlib.util
import inspect
import re
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
import typer

from constat import briefs_cli, casebook_cli, cli, console, desk_cli, imports_cli, incidents_cli, reading_cli
from constat.exports import exporters
from constat.fields import EMPTY
from constat.settings import Settings

FORMATS = {name.replace("_", "-") for name in exporters()}
ROOT = Path(__file__).parent.parent
CONTRACT = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = {"read": reading_cli.read, "evaluate": reading_cli.evaluate, "languages": reading_cli.languages} | {
    command.callback.__name__: command.callback
    for command in (
        *casebook_cli.app.registered_commands,
        *desk_cli.app.registered_commands,
        *briefs_cli.app.registered_commands,
        *imports_cli.app.registered_commands,
        *incidents_cli.app.registered_commands,
    )
    if command.callback
}


def section(command: str) -> str:
    return CONTRACT.split(f"\n## `constat {command}", 1)[1].split("\n## ", 1)[0]


def options(command: str) -> set[str]:
    """The long options of a command, as its signature declares them."""
    found = set()
    hints = get_type_hints(COMMANDS[command], include_extras=True)
    for name in inspect.signature(COMMANDS[command]).parameters:
        declared = next((a for a in get_args(hints[name]) if type(a).__name__ == "OptionInfo"), None)
        if declared is not None:
            named = (declared.default, *(declared.param_decls or ()))
            found |= {n for n in named if isinstance(n, str) and n.startswith("--")} or {f"--{name.replace('_', '-')}"}
    return found


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_in_the_contract_and_no_other(command: str) -> None:
    documented = set(re.findall(r"^\| `(--[a-z-]+)", section(command), re.MULTILINE))
    assert documented == options(command) | {"--help"}


def test_every_command_is_in_the_contract() -> None:
    registered = {c.name or c.callback.__name__ for c in cli.app.registered_commands if c.callback}
    groups = {g.name or g.typer_instance.info.name for g in cli.app.registered_groups if g.typer_instance}
    assert registered == set(COMMANDS)
    assert registered | groups == set(re.findall(r"^## `constat (\w+)", CONTRACT, re.MULTILINE))


def test_every_command_of_a_group_is_in_the_contract() -> None:
    for group in cli.app.registered_groups:
        assert group.typer_instance is not None
        name = group.name or group.typer_instance.info.name
        commands = {c.name or c.callback.__name__ for c in group.typer_instance.registered_commands if c.callback}
        commands = {"FORMAT" if name == "export" and c in FORMATS else c for c in commands}
        heading = re.search(rf"^## `constat {name} (\S+)`", CONTRACT, re.MULTILINE)
        assert heading is not None and set(heading[1].split("|")) == commands


def test_every_field_is_in_the_contract() -> None:
    documented = set(re.findall(r"`([a-z_0-9]+)`", section("read")))
    assert {name for name, _ in EMPTY} <= documented


def test_every_setting_is_in_the_contract() -> None:
    assert set(re.findall(r"^\| `([a-z_]+)` \|", CONTRACT.split("## Settings")[1], re.MULTILINE)) == set(
        Settings.__struct_fields__
    )


def test_every_exit_code_is_in_the_contract() -> None:
    for code in (console.FAILED, console.MISUSED, console.INTERRUPTED, console.PIPE_CLOSED):
        assert re.search(rf"^\| [\d, ]*\b{code}\b", CONTRACT, re.MULTILINE), code


def test_the_commands_of_the_readme_exist() -> None:
    for command, arguments in re.findall(r"constat (\w+)((?: +[^ #\n]+)*)", README):
        if command in COMMANDS:
            assert set(re.findall(r"--[a-z-]+", arguments)) <= options(command)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^    make (\w+)", README, re.MULTILINE):
        assert f"\n{target}:" in makefile


def test_links_lead_somewhere() -> None:
    for page in ("README.md", "CONTRIBUTING.md", "docs/cli.md"):
        for target in re.findall(r"\]\(([^):#]+)\)", (ROOT / page).read_text(encoding="utf-8")):
            assert ((ROOT / page).parent / target).exists(), f"{page}: {target}"


def test_the_picture_is_drawn_by_the_program() -> None:
    path = ROOT / "docs" / "picture.py"
    spec = importlib.util.spec_from_file_location("picture", path)
    assert spec and spec.loader
    picture = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(picture)
    drawn = picture.draw()
    committed = picture.PICTURE.read_text(encoding="utf-8")
    assert picture.SOURCE.is_file() and "@font-face" not in drawn

    def labels(svg: str) -> set[str]:
        shown = re.sub(r"<[^>]+>", " ", svg).replace("&#160;", " ")
        return {label for label in ("when", "where", "killed", "wounded", "not stated", "sources") if label in shown}

    # Values change whenever a pack learns something; that the picture shows such a page does not.
    assert labels(drawn) & labels(committed) >= {"where", "killed", "wounded", "sources"}


def test_every_export_format_and_option_is_documented() -> None:
    page = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    table = page.split("## Formats")[1].split("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
    assert {name for cell in cells for name in re.findall(r"`([a-z-]+)`", cell)} == FORMATS
    for name, exporter in exporters().items():
        if exporter.FORMAT.extra:
            assert re.search(rf"`{name}`.*`constat\[{exporter.FORMAT.extra}\]`", table), name
    options_shown = re.findall(r"^\| `(--[a-z-]+)", section("export FORMAT").split("evidence DIR")[0], re.MULTILINE)
    group = typer.main.get_command(cli.app).commands["export"]  # type: ignore[attr-defined]
    declared = {name for option in group.commands["csv"].params for name in option.opts if name.startswith("--")}
    assert set(options_shown) == declared | {"--help"}
