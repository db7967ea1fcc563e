"""The documentation is tested: every command and setting stands in it, and what it shows is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from bot.__main__ import app
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
DOCS = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
]
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")


def commands(group=None, above="attache"):
    group = group or typer.main.get_command(app)
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{above} {name}")
        else:
            yield f"{above} {name}", command


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_stands_in_the_reference(name):
    assert f"`{name}" in REFERENCE


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=lambda v: v if isinstance(v, str) else "")
def test_every_option_stands_in_the_reference(name, command):
    options = {o for p in command.params for o in p.opts if o.startswith("--")} - {"--help"}
    missing = {option for option in options if f"`{option}" not in REFERENCE}
    assert missing == set()


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_stands_in_the_reference(name):
    assert f"`ATTACHE_{name.upper()}`" in REFERENCE


def test_every_documented_setting_exists():
    documented = set(re.findall(r"`ATTACHE_([A-Z_]+)", REFERENCE))
    assert documented == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("page", DOCS, ids=lambda p: p.name)
def test_links_between_pages_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


THREATS = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", THREATS)


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)))
def test_every_test_that_the_threat_model_names_is_there(file, name):
    assert re.search(rf"^(?:async )?def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_every_line_of_the_threat_model_names_a_test():
    rows = [row for row in re.findall(r"^\|.*\|$", THREATS, re.MULTILINE) if set(row) - set("|- ")]
    rows = [row for row in rows if not row.endswith("| test |")]
    assert len(rows) > 30
    assert [row for row in rows if "`tests/" not in row.rsplit("|", 2)[1]] == []
    assert THREATS.count("tests/") == len(NAMED), "a test that is named otherwise is not looked for"
