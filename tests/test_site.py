"""The documentation site: every record, command, setting and exporter has its place; it is built without a warning."""

from __future__ import annotations

import importlib.util
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import typer

from constat import cli, records
from constat.exports import exporters
from constat.settings import Settings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md"))}


def structs() -> dict[str, type[msgspec.Struct]]:
    found = vars(records).items()
    return {
        name: kind
        for name, kind in found
        if inspect.isclass(kind) and issubclass(kind, msgspec.Struct) and kind.__module__ == records.__name__
    }


@pytest.mark.parametrize("name", structs())
def test_every_record_is_documented_with_its_fields_and_no_other(name: str) -> None:
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGES["records.md"], re.MULTILINE | re.DOTALL))
    assert set(sections) == set(structs())
    fields = re.findall(r"`(\w+)`", sections[name].split("Fields:")[1])
    assert tuple(fields) == structs()[name].__struct_fields__


def commands(group: typer.core.TyperGroup, before: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every command with its long options, down to those of groups."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", [o for p in command.params for o in p.opts if o.startswith("--")]


def told_of(group: str) -> str:
    """The sections of a command in the contract, with the pages that they point at."""
    sections = re.findall(rf"^## `constat {group}\b.*?(?=^## |\Z)", PAGES["cli.md"], re.MULTILINE | re.DOTALL)
    linked = {page for text in sections for page in re.findall(r"\]\(([\w.-]+\.md)\)", text)}
    return "\n".join([*sections, *(PAGES[page] for page in sorted(linked))])


def test_every_command_and_every_option_has_its_place() -> None:
    formats = {name.replace("_", "-") for name in exporters()}
    for name, options in commands(typer.main.get_command(cli.app)):  # type: ignore[arg-type]
        group, _, rest = name.partition(" ")
        told = told_of(group)
        assert told, name
        if rest and not (group == "export" and rest in formats):
            assert re.search(rf"^## `constat {group} .*\b{re.escape(rest)}\b", told, re.MULTILINE), name
        for option in options:
            assert re.search(rf"(?<![\w-]){option}(?![\w-])", told), f"{name} {option}"


def test_every_setting_and_every_exporter_has_its_place() -> None:
    for name in Settings.__struct_fields__:
        assert f"| `{name}` |" in PAGES["cli.md"], name
    for name in exporters():
        assert f"`{name.replace('_', '-')}`" in PAGES["exports.md"], name


def test_every_page_is_in_the_navigation() -> None:
    listed = set(re.findall(r"([\w.-]+\.md)\s*$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == set(PAGES)


def test_links_of_every_page_lead_somewhere() -> None:
    for page, text in PAGES.items():
        for target in re.findall(r"\]\(([^):#\s]+)\)", text):
            assert (DOCS / target).exists(), f"docs/{page}: {target}"


@pytest.mark.parametrize("page", ["index.md", "quickstart.fr.md", "quickstart.ar.md"])
def test_the_commands_of_the_quick_starts_exist(page: str) -> None:
    known = dict(commands(typer.main.get_command(cli.app)))  # type: ignore[arg-type]
    lines = re.findall(r"^    constat (.+)$", PAGES[page], re.MULTILINE)
    assert len(lines) >= 8
    for line in lines:
        words = line.split("#")[0].split()
        name = next(n for n in (" ".join(words[:2]), words[0]) if n in known)
        assert set(re.findall(r"--[a-z-]+", line.split("#")[0])) <= set(known[name]), line
    for target in re.findall(r"examples/[\w.-]+", PAGES[page]):
        assert (ROOT / target).is_file()


def test_the_quick_starts_run_the_same_commands() -> None:
    def names(page: str) -> list[str]:
        return re.findall(r"^    constat (\w+)", PAGES[page], re.MULTILINE)

    assert names("quickstart.fr.md") == names("quickstart.ar.md")
    assert set(names("index.md")) == set(names("quickstart.fr.md"))


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    if importlib.util.find_spec("material") is None:
        pytest.skip("NO MKDOCS-MATERIAL HERE: the documentation site was not built")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    home = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="https?://(?!squidfunk)', home)
    assert 'dir="rtl"' in (tmp_path / "site" / "quickstart.ar" / "index.html").read_text(encoding="utf-8")
