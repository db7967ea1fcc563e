"""The guides: every command of the platforms stands in its guide, and Discord's is followed to the first digest."""

from __future__ import annotations

import re

import pytest

from bot.messages.commands import COMMANDS, JOINTS, SCHEDULE_ACTIONS, TARGET_ACTIONS
from bot.platforms.discord.client import connected
from bot.platforms.slack.manifest import OWN, command_names
from tests.discord.conftest import FakeDesk
from tests.discord.fake import TOKEN, running
from tests.docs.pages import ROOT, blocks, inline, text_of
from tests.evaluation.first_digest import follow, guide_commands, guide_steps, section

DISCORD, SLACK = (text_of(ROOT / "docs" / name) for name in ("discord.md", "slack.md"))
REFERENCE = text_of(ROOT / "docs" / "reference.md")
FIGURES = text_of(ROOT / "docs" / "evaluation.md")


@pytest.fixture
async def registered():
    """Commands as Discord gets them: with those of groups, each with its fields."""
    async with (
        running() as discord,
        connected(FakeDesk(), TOKEN, api_url=discord.api_url, gateway_url=discord.gateway_url, pause=0.01),
    ):
        found = {}
        for command in discord.commands:
            parts = [each for each in command["options"] if each["type"] == 1]
            for each in parts or [command]:
                name = f"/{command['name']} {each['name']}" if parts else f"/{command['name']}"
                found[name] = {option["name"] for option in each.get("options", [])}
        return found


async def test_every_command_of_discord_stands_in_its_guide(registered):
    named = inline(DISCORD)
    assert [name for name in registered if not any(re.match(rf"{name}\b", each) for each in named)] == []


async def test_every_command_that_the_guide_to_discord_shows_is_there_with_its_fields(registered):
    lines = [line for block in blocks(DISCORD) for line in block.lines] + inline(DISCORD)
    shown = [line for line in lines if re.match(r"/[a-z]", line)]
    assert len(shown) > 30
    wrong = []
    for line in shown:
        command, *fields = re.split(r" (\w+): ", line)
        inside = {name.split()[0] for name in registered}
        if command not in registered and command not in inside:
            wrong.append(line)
        elif unknown := set(fields[::2]) - registered.get(command, set()):
            wrong.append(f"{line}: no {unknown}")
    assert wrong == []


def test_every_command_of_slack_stands_in_its_guide():
    named = inline(SLACK)
    assert {f"/{name}" for name in command_names({}).values()} <= set(named)
    words = {each.split()[0] for each in named if re.match(r"/[a-z]+(?: |$)", each)}
    assert words <= {f"/{name}" for name in (*COMMANDS, OWN, "invite", "slack")}


@pytest.mark.parametrize(
    ("command", "actions"),
    [("schedule", SCHEDULE_ACTIONS), ("targets", TARGET_ACTIONS), ("actors", (*JOINTS, "list", "undo"))],
)
def test_all_that_a_command_can_do_stands_in_the_reference(command, actions):
    rows = set(re.findall(rf"^\| `attache {command} (\w+)", REFERENCE, re.MULTILINE))
    assert set(actions) == rows


async def test_the_guide_to_discord_leads_from_a_token_to_a_digest(tmp_path):
    way = await follow(DISCORD, tmp_path)
    assert list(way.answers) == guide_commands(DISCORD)
    shown = {line: str(answer) for line, answer in way.answers.items()}
    (added,) = [answer for line, answer in shown.items() if line.startswith("/feeds add")]
    assert "Following Aldenmoor Wire" in added
    assert "Tregonia’s top court orders recount" in shown["/digest"]
    (post,) = way.posts
    assert "Tregonia’s top court orders recount" in str(post)


def test_the_figures_count_the_steps_of_the_guides():
    tutorial = len(re.findall(r"^## \d+\.", text_of(ROOT / "docs" / "tutorial.md"), re.MULTILINE))
    slack = len(re.findall(r"^\d+\. \*\*", section(SLACK), re.MULTILINE))
    counts = {"tutorial": tutorial, "Discord": len(guide_steps(DISCORD)), "Slack": slack}
    assert counts == {"tutorial": 10, "Discord": 7, "Slack": 10}
    for name, number in counts.items():
        assert re.search(rf"^\| {name}[^|]*\| {number} \|", FIGURES, re.MULTILINE), name
