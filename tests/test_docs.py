"""The reference is tested: every command, option and setting stands in it, and nothing else. `tests/docs` has the other pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from bot.__main__ import verbs
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")


def commands(group=None, above="attache"):
    group = group or typer.main.get_command(verbs())
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{above} {name}")
        else:
            yield f"{above} {name}", command


def rows(heading):
    """The table behind a heading of the reference: cells by the name in the first of them."""
    section = REFERENCE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in section.splitlines() if line.startswith("| `")]
    return {re.match(r"`([A-Za-z_-]+(?: [a-z-]+)*)", row[0].strip())[1]: row for row in cells}


COMMAND_ROWS, SETTING_ROWS = rows("Commands"), rows("Settings")
EVERYWHERE = {"--json", "--workspace", "--help"}
"""What the sentence above the table says of all look-ups."""
AS_ADDED = "by the same options"
"""A row that says so has the options of the row before it."""


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_stands_in_the_reference(name):
    assert name in COMMAND_ROWS


def test_every_command_of_the_reference_exists():
    assert set(COMMAND_ROWS) == {name for name, _ in commands()}


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=lambda v: v if isinstance(v, str) else "")
def test_every_option_stands_beside_its_command(name, command):
    row = "|".join(COMMAND_ROWS[name])
    if AS_ADDED in row:
        row += "|".join(COMMAND_ROWS["attache schedule add"])
    shown = set(re.findall(r"--[a-z-]+", row))
    options = {o for p in command.params for o in p.opts if o.startswith("--")}
    assert options - EVERYWHERE <= shown
    assert shown <= options | EVERYWHERE


@pytest.mark.parametrize(
    ("name", "field"), sorted(Settings.model_fields.items()), ids=lambda v: v if isinstance(v, str) else ""
)
def test_every_setting_stands_in_the_reference_with_its_default(name, field):
    default = SETTING_ROWS[f"ATTACHE_{name.upper()}"][2].strip()
    given = field.get_default(call_default_factory=True, validated_data={})
    if name == "database_url":
        assert default == "an SQLite file in the user's data folder"
    elif given is None or not (given or isinstance(given, bool)):
        assert default
        assert "`" not in default
    else:
        shown = (
            str(given).lower()
            if isinstance(given, bool)
            else f"{given:g}"
            if isinstance(given, float)
            else str(given)
        )
        (told,) = re.findall(r"`([^`]+)`", default)
        assert shown == told or (told.endswith("…") and shown.startswith(told[:-1].rstrip()))


def test_every_documented_setting_exists():
    assert set(SETTING_ROWS) == {f"ATTACHE_{name.upper()}" for name in Settings.model_fields}


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
